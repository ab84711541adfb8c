//! Whether the month's LINE messages will do: those used, as LINE tells, and those of messages approved for this month against
//! what the plan or LINE's console allows. LINE is asked only while something is approved, and not twice in a minute.

use tsunagari_access::Granted;
use tsunagari_access::permission::ViewMessages;
use tsunagari_kernel::{ChannelId, Timestamp};
use tsunagari_storage::campaign::CampaignLine;
use tsunagari_storage::line_greeting::ChannelTerms;

use crate::preview_campaign::{plan_of, told};
use crate::{ActError, House};

/// The most approved messages looked at.
const MOST: i64 = 200;

/// A month that will not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthShort {
    /// The channel whose plan it is.
    pub channel: ChannelId,
    /// Used so far.
    pub used: u64,
    /// Still to leave this month.
    pub planned: u64,
    /// Allowed in the month.
    pub allowed: u64,
}

/// The month, when it will not do; nothing when it will, when there is no limit, or while LINE does not answer.
///
/// # Errors
/// Storage's.
pub async fn forecast_month(house: &House, by: &Granted<ViewMessages>) -> Result<Option<MonthShort>, ActError> {
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    let approved = reader.campaigns(&["approved", "launching"], MOST, 0).await?;
    let planned = planned(&approved, house.now());
    let Some(line) = reader.sending_line_channel().await?.filter(|_| planned > 0) else { return Ok(None) };
    drop(reader);
    let Some(month) = told(house, by, &line).await else { return Ok(None) };
    let plan = plan_of(&line, &ChannelTerms::default());
    let of_plan = plan.included.map(|included| included.saturating_add(plan.additional_ceiling));
    let short = month.allowed.into_iter().chain(of_plan).min().filter(|allowed| month.used + planned > *allowed);
    Ok(short.map(|allowed| MonthShort { channel: line.id, used: month.used, planned, allowed }))
}

/// The LINE messages of what leaves before the month of `now` ends in Japan.
fn planned(approved: &[CampaignLine], now: Timestamp) -> u64 {
    use chrono::Datelike;
    let month = |at: Timestamp| (at.jst_date().year(), at.jst_date().month());
    let leaves = approved.iter().filter(|it| it.due_at.is_none_or(|due| month(due) <= month(now)));
    leaves.filter_map(|it| it.audience.as_ref()).map(|counts| u64::try_from(counts.by_line).unwrap_or(0)).sum()
}
