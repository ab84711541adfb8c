//! A computed result and its freezing. A draft can be computed again; publishing consumes it and freezes definition,
//! moment, counts and denominators. Leaves the list of people behind it to storage, which freezes it in the same change.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use tsunagari_kernel::{FigureId, FiscalYear, IndicatorId, Moment, Timestamp, UserId};
use tsunagari_people::Policy;

use crate::{Provenance, Rate, Target};

/// One denominator with its number as counted or stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// The denominator's stable name.
    pub slug: String,
    /// People; `None` is blank.
    pub people: Option<u64>,
    /// Where a stated number comes from; `None` for a counted one.
    pub provenance: Option<Provenance>,
    /// The denominator's name then; empty for one frozen before it was kept.
    #[serde(default)]
    pub name: String,
    /// The source of a stated number in words.
    #[serde(default)]
    pub source: String,
    /// The canonical text of the rule that was counted; `None` for a stated one.
    #[serde(default)]
    pub rule: Option<String>,
}

impl Count {
    /// A number alone.
    pub fn of(slug: impl Into<String>, people: Option<u64>) -> Self {
        Self { slug: slug.into(), people, provenance: None, name: String::new(), source: String::new(), rule: None }
    }
}

/// What an indicator was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// The unit.
    pub unit: String,
    /// Reach for which purpose, by its code.
    pub purpose: String,
}

/// A result that is not yet published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its id.
    pub id: FigureId,
    /// What was measured.
    pub indicator: IndicatorId,
    /// For which fiscal year.
    pub fiscal_year: FiscalYear,
    /// The moment the question was asked for.
    pub as_of: Moment,
    /// When it was computed.
    pub computed_at: Timestamp,
    /// Canonical text of the numerator rule.
    pub rule: String,
    /// SHA-256 of that text, hexadecimal.
    pub rule_hash: String,
    /// People the rule selects.
    pub people: u64,
    /// The denominators.
    pub denominators: Vec<Count>,
    /// The target that stood then; `None` is blank.
    pub target: Option<Target>,
    /// What the organisation had set on the moment; `None`: computed before that was kept beside it.
    #[serde(default)]
    pub set: Option<Policy>,
    /// What the indicator was called then; `None`: computed before that was kept beside it.
    #[serde(default)]
    pub named: Option<Named>,
}

/// A frozen result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    figure: Draft,
    by: UserId,
    at: Timestamp,
}

/// Why a draft was not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PublishError {
    /// The moment it speaks of is not over yet.
    #[error("the as-of moment lies in the future")]
    AsOfInFuture,
    /// The list of people behind it does not have as many people as the figure.
    #[error("the list behind the figure has another number of people")]
    ListDiffers,
}

impl PublishError {
    /// The public reason code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AsOfInFuture => "figure_as_of_in_future",
            Self::ListDiffers => "figure_list_differs",
        }
    }
}

impl Draft {
    /// The indicator's name then, or the one it has now.
    pub fn name_or<'n>(&'n self, now: &'n str) -> &'n str {
        self.named.as_ref().map_or(now, |it| &it.name)
    }

    /// The rate on a denominator; `None` when the denominator is unknown, blank or 0.
    pub fn rate(&self, denominator: &str) -> Option<Rate> {
        let count = self.denominators.iter().find(|count| count.slug == denominator)?;
        Rate::of(self.people, count.people?)
    }

    /// Freezes the figure with a list of `listed` people. A refused draft comes back.
    ///
    /// # Errors
    /// `PublishError`, with the draft unchanged.
    pub fn publish(self, listed: u64, by: UserId, at: Timestamp) -> Result<Published, Box<(Self, PublishError)>> {
        if self.as_of.instant > at {
            return Err(Box::new((self, PublishError::AsOfInFuture)));
        }
        if listed != self.people {
            return Err(Box::new((self, PublishError::ListDiffers)));
        }
        Ok(Published { figure: self, by, at })
    }
}

impl Published {
    /// A published figure as it was stored. Only for storage: nothing is checked again.
    pub const fn stored(figure: Draft, by: UserId, at: Timestamp) -> Self {
        Self { figure, by, at }
    }

    /// What was frozen.
    pub const fn figure(&self) -> &Draft {
        &self.figure
    }

    /// Who published it.
    pub const fn by(&self) -> UserId {
        self.by
    }

    /// When.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// How a recomputation today differs from what was frozen, in people.
    pub fn drift(&self, recomputed: u64) -> i128 {
        i128::from(recomputed) - i128::from(self.figure.people)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use tsunagari_kernel::Chance;

    use super::*;

    pub(crate) fn draft() -> Draft {
        let (chance, at) = (Chance::seeded(7), Timestamp::from_micros(1_000_000));
        Draft {
            id: FigureId::born(&chance, at),
            indicator: IndicatorId::born(&chance, at),
            fiscal_year: FiscalYear(2025),
            as_of: Moment { date: at.jst_date(), instant: at },
            computed_at: at,
            rule: "everyone".into(),
            rule_hash: "0".into(),
            people: 1457,
            denominators: vec![
                Count::of("cohorts", Some(2914)),
                Count { provenance: Some(Provenance::Derived), ..Count::of("blank", None) },
            ],
            target: Some(Target::exactly(1457)),
            set: None,
            named: None,
        }
    }

    #[test]
    fn each_denominator_has_its_own_rate() {
        assert_eq!(draft().rate("cohorts").unwrap().to_string(), "50.0");
        assert_eq!((draft().rate("blank"), draft().rate("none")), (None, None));
    }

    #[test]
    fn publishing_freezes_or_gives_the_draft_back() {
        let by = UserId::born(&Chance::seeded(1), Timestamp::default());
        let later = Timestamp::from_micros(2_000_000);
        let published = draft().publish(1457, by, later).unwrap();
        assert_eq!((published.figure().people, published.by(), published.drift(1450)), (1457, by, -7));
        let (same, why) = *draft().publish(1456, by, later).unwrap_err();
        assert_eq!((same, why), (draft(), PublishError::ListDiffers));
        assert_eq!(draft().publish(1457, by, Timestamp::default()).unwrap_err().1, PublishError::AsOfInFuture);
    }
}
