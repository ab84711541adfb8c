//! What a message costs on LINE: plans as data with the days they are valid, and the forecast before approval. One
//! message is one recipient, however many bubbles. Source of prices: LINE's Japanese price page, 2026-08; tax excluded.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::Yen;

/// A price plan as it stands for one organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// `free`, `light`, `standard`, `municipal`.
    pub code: String,
    /// A month's fee.
    pub monthly_fee: Yen,
    /// Messages a month; `None` is unlimited.
    pub included: Option<u64>,
    /// Price of each further message at most; `None` when there are none.
    pub additional_at_most: Option<Yen>,
    /// How many further ones the organisation allows.
    pub additional_ceiling: u64,
    /// First day of validity.
    pub valid_from: NaiveDate,
    /// First day it is no longer valid.
    pub valid_until: Option<NaiveDate>,
}

impl Plan {
    fn shipped(code: &str, fee: i64, included: Option<u64>, additional: Option<Yen>) -> Self {
        Self {
            code: code.to_owned(),
            monthly_fee: Yen(fee),
            included,
            additional_at_most: additional,
            additional_ceiling: 0,
            valid_from: NaiveDate::from_ymd_opt(2023, 6, 1).unwrap_or(NaiveDate::MIN),
            valid_until: None,
        }
    }

    /// The plans a town starts from.
    pub fn all_shipped() -> [Self; 4] {
        [
            Self::shipped("free", 0, Some(200), None),
            Self::shipped("light", 5_000, Some(5_000), None),
            Self::shipped("standard", 15_000, Some(30_000), Some(Yen(3))),
            Self::shipped("municipal", 0, None, None),
        ]
    }

    /// Whether the plan is valid on a day.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_until.is_none_or(|until| day < until)
    }
}

/// Whether it fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForecastVerdict {
    /// Within the month's messages.
    Fits,
    /// With additional messages that cost.
    FitsForMoney,
    /// Not this month.
    DoesNotFit,
    /// LINE did not say how many of the month's messages are gone.
    Unknown,
}

impl ForecastVerdict {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::FitsForMoney => "fits_for_money",
            Self::DoesNotFit => "does_not_fit",
            Self::Unknown => "unknown",
        }
    }
}

/// What a campaign would use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// Messages.
    pub messages: u64,
    /// Those beyond the plan's.
    pub over: u64,
    /// What these cost at most, were they bought.
    pub at_most: Yen,
    /// Whether it can be sent.
    pub verdict: ForecastVerdict,
}

/// The forecast for LINE recipients when `used` messages of the month are gone or promised to others; `None`: nobody knows.
pub fn forecast(recipients: u64, used: Option<u64>, plan: &Plan) -> Forecast {
    let without_price = |verdict| Forecast { messages: recipients, over: 0, at_most: Yen(0), verdict };
    let Some(included) = plan.included else { return without_price(ForecastVerdict::Fits) };
    let Some(used) = used else { return without_price(ForecastVerdict::Unknown) };
    let over_total = used.saturating_add(recipients).saturating_sub(included);
    let over = over_total.min(recipients);
    let price = plan.additional_at_most.unwrap_or(Yen(0));
    let at_most = i64::try_from(over).ok().and_then(|n| price.times(n)).unwrap_or(Yen(i64::MAX));
    let verdict = match (over, plan.additional_at_most) {
        (0, _) => ForecastVerdict::Fits,
        (_, Some(_)) if over_total <= plan.additional_ceiling => ForecastVerdict::FitsForMoney,
        (_, Some(_) | None) => ForecastVerdict::DoesNotFit,
    };
    Forecast { messages: recipients, over, at_most, verdict }
}

/// How often a month an audience can be written to within the plan; `None` is without limit.
pub fn times_a_month(recipients: u64, plan: &Plan) -> Option<u64> {
    plan.included.and_then(|included| included.checked_div(recipients))
}
