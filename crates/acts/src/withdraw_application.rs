//! A resident takes an application back, or the office calls it off. A place that becomes free is offered to whoever waits. What
//! somebody came to or was given is not taken back. Leaves other decisions to `screen_application`.

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Granted, Resident};
use tsunagari_kernel::{ApplicationId, OrgId};
use tsunagari_programmes::Event;

use crate::fill_places::fill_places;
use crate::running_programme::running;
use crate::tell_step::take_step;
use crate::{ActError, House};

/// Takes one's own application back.
///
/// # Errors
/// Not found for somebody else's; `ledger_…` where it cannot be taken back any more.
pub async fn withdraw_application(house: &House, by: &Resident, id: ApplicationId) -> Result<(), ActError> {
    let application = house.org(by.org()).read_by_key().await?.application(id).await?;
    if application.applicant != Some(by.person()) {
        return Err(ActError::NotFound);
    }
    let act = Act::named("withdraw_application", by.actor(), house.operation());
    end(house, by.org(), id, act, Event::Withdrawn).await
}

/// The office calls one off.
///
/// # Errors
/// Not found; `ledger_…` where it is over already.
pub async fn call_off_application(
    house: &House,
    by: &Granted<HandleApplications>,
    id: ApplicationId,
) -> Result<(), ActError> {
    let act = Act::named("call_off_application", by.actor(), house.operation());
    end(house, by.org(), id, act, Event::CancelledByOffice).await
}

async fn end(house: &House, org: OrgId, id: ApplicationId, act: Act, event: Event) -> Result<(), ActError> {
    let mut tx = house.org(org).write().await?;
    let application = tx.application(id).await?;
    let round = tx.lock_round(application.round).await?.round;
    let running = running(house, &mut tx, application.programme, round.version_no).await?;
    if let Err(refusal) = take_step(house, &mut tx, id, &[event], &act.actor).await? {
        tx.undo().await?;
        return Err(ActError::refused(refusal.code()));
    }
    let offered = fill_places(house, &mut tx, &running.policy, &round).await?;
    let act = act.on("application", id);
    let count = i64::try_from(offered.len()).unwrap_or(i64::MAX);
    Ok(tx.commit(&if count > 0 { act.counting("offered", count) } else { act }).await?)
}
