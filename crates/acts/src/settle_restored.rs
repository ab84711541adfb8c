//! The machine settles what a restored database cannot know: what was delivered after its backup was made. Messages that
//! waited or were being sent stand still until a person resumes or cancels each, requests that had begun are of unknown
//! outcome, letters older than a day do not leave late, and the office finds on Today why. Run once, before the program
//! answers; erasures are held against the database by `reapply_erasures`.

use chrono::TimeDelta;
use tsunagari_access::{Act, Machine};
use tsunagari_kernel::{OrgId, Timestamp};

use crate::campaign_refusal::refused;
use crate::jobs::send_letter;
use crate::{ActError, House, ask_reconfirmation, launch_campaign, send_campaign};

/// The kind of the work item.
pub const WORK: &str = "restored";
/// A letter that waited longer holds a link that opens nothing any more, or was sent since.
const LETTERS: TimeDelta = TimeDelta::days(1);

/// What was found and settled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Messages that stand still now.
    pub held: i64,
    /// Deliveries that are unknown now.
    pub unknown: i64,
    /// Letters that were dropped.
    pub letters: i64,
}

/// Settles one organisation, restored from the backup made at `of` (real time). Doing it again changes nothing.
///
/// # Errors
/// Storage's; then nothing was changed.
pub async fn settle_restored(house: &House, org: OrgId, of: Timestamp) -> Result<Settlement, ActError> {
    let by = Machine::working(org, "settle_restored");
    let (now, calendar) = (house.real_clock.now(), house.now());
    let mut done = Settlement::default();
    let mut tx = house.org(org).write().await?;
    for line in tx.campaigns(&["approved", "launching", "sending", "paused"], i64::MAX, 0).await? {
        let mut kept = tx.campaign_for_move(line.id).await?;
        kept.campaign = kept.campaign.hold(calendar).map_err(refused)?;
        tx.keep_campaign(&kept, calendar).await?;
        let unknown = tx.begun_is_unknown(line.id, now, calendar).await?;
        if unknown > 0 {
            tx.add_work_item("unknown_deliveries", &line.id.to_string(), kept.team, "", None).await?;
        }
        done.held += 1;
        done.unknown += i64::try_from(unknown).unwrap_or(i64::MAX);
    }
    // Whoever resumes a message puts its work in the queue again.
    tx.drop_jobs(&[launch_campaign::KIND, send_campaign::KIND], None).await?;
    let day = Timestamp::at_jst(of.jst_date(), chrono::NaiveTime::MIN);
    let late = now.minus(LETTERS).max(day);
    let letters = tx.drop_jobs(&[send_letter::KIND, ask_reconfirmation::SEND], Some(late)).await?;
    done.letters = i64::try_from(letters).unwrap_or(i64::MAX);
    let moment = of.micros().to_string();
    tx.add_work_item(WORK, &moment, None, &moment, None).await?;
    let act = Act::named("settle_restored", by.actor(), house.operation())
        .counting("held", done.held)
        .counting("unknown", done.unknown)
        .counting("letters", done.letters);
    tx.commit(&act).await?;
    Ok(done)
}

/// The same for every organisation, and takes the mark of the restored database away at the end.
///
/// # Errors
/// Storage's; the mark stays then.
pub async fn settle_everywhere(house: &House, of: Timestamp) -> Result<Settlement, ActError> {
    let organisations = house.store.platform().await?.organisations().await?;
    let mut all = Settlement::default();
    for organisation in organisations {
        let one = settle_restored(house, organisation.id, of).await?;
        all.held += one.held;
        all.unknown += one.unknown;
        all.letters += one.letters;
    }
    house.store.restored_is_settled().await?;
    Ok(all)
}
