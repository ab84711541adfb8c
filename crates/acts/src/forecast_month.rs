//! Whether a month's LINE messages will do: those used, as LINE tells, and those still to leave in it against what the plan or
//! LINE's console allows. LINE is asked only while something is to leave, and not twice in a minute.

use chrono::Datelike;
use tsunagari_access::Granted;
use tsunagari_access::permission::ViewMessages;
use tsunagari_kernel::{CampaignId, ChannelId, Timestamp};
use tsunagari_storage::line_greeting::ChannelTerms;
use tsunagari_storage::{Reader, StorageError};

use crate::preview_campaign::{plan_of, told};
use crate::{ActError, House};

/// The most messages looked at.
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
    let now = house.now();
    let planned = planned(&mut reader, (now, now), None).await?;
    let Some(line) = reader.sending_line_channel().await?.filter(|_| planned > 0) else { return Ok(None) };
    drop(reader);
    let Some(month) = told(house, by, &line).await else { return Ok(None) };
    let plan = plan_of(&line, &ChannelTerms::default());
    let of_plan = plan.included.map(|included| included.saturating_add(plan.additional_ceiling));
    let short = month.allowed.into_iter().chain(of_plan).min().filter(|allowed| month.used + planned > *allowed);
    Ok(short.map(|allowed| MonthShort { channel: line.id, used: month.used, planned, allowed }))
}

/// Whether two moments lie in one month in Japan: LINE counts by it.
pub(crate) fn same_month(one: Timestamp, other: Timestamp) -> bool {
    let month = |at: Timestamp| (at.jst_date().year(), at.jst_date().month());
    month(one) == month(other)
}

/// The LINE messages that are still to leave in the month of `at`, but for one: of what is approved for it, and, in the month
/// of `now`, the rest of what is being sent or stands still.
pub(crate) async fn planned(
    reader: &mut Reader,
    (at, now): (Timestamp, Timestamp),
    but: Option<CampaignId>,
) -> Result<u64, StorageError> {
    let this_month = same_month(at, now);
    let mut planned = 0;
    for line in reader.campaigns(&["approved", "launching", "sending", "paused"], MOST, 0).await? {
        if Some(line.id) == but {
            continue;
        }
        let rest = reader.deliveries_by_line(line.id).await?;
        let n = match rest {
            Some(open) if this_month => open,
            Some(_) => 0,
            // Its audience is not frozen: what was overdue leaves now.
            None => {
                let due = line.due_at.map_or(now, |due| due.max(now));
                let counts = line.audience.filter(|_| same_month(due, at));
                counts.map_or(0, |counts| counts.by_line)
            }
        };
        planned += u64::try_from(n).unwrap_or(0);
    }
    Ok(planned)
}
