//! A resident withdraws a consent. It holds from the commit on: nothing is claimed for sending after it. It is
//! acknowledged when requests that were on their way and name the person have ended, ten seconds at most (trust.md 3).

use std::time::Duration;

use tsunagari_access::{Act, Resident};
use tsunagari_kernel::{Moment, OrgId, PersonId};
use tsunagari_people::Purpose;
use tsunagari_people::consent::ConsentEnd;

use crate::{ActError, House};

/// The longest a withdrawal waits for requests under way.
pub const WAITS_AT_MOST: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Withdraws every open consent to a purpose.
///
/// # Errors
/// Storage's.
pub async fn withdraw_consent(house: &House, by: &Resident, purpose: &str) -> Result<(), ActError> {
    let at = Moment::now(&*house.clock);
    let mut tx = house.org(by.org()).write().await?;
    let person = tx.living_entry(by.person()).await?;
    let ended = tx.withdraw_consent(person, &Purpose::of(purpose), at.instant, ConsentEnd::WithdrawnBySelf).await?;
    let act = Act::named("withdraw_consent", by.actor(), house.operation()).on("person", person);
    tx.commit(&act.counting("consents", i64::try_from(ended).unwrap_or(i64::MAX))).await?;
    wait_for_requests(house, by.org(), &[by.person(), person]).await
}

/// Waits until no request under way names the person, under any of these entries.
///
/// # Errors
/// Storage's.
pub(crate) async fn wait_for_requests(house: &House, org: OrgId, entries: &[PersonId]) -> Result<(), ActError> {
    let here = house.org(org);
    let started = std::time::Instant::now();
    while started.elapsed() < WAITS_AT_MOST {
        let (mut reader, mut under_way) = (here.read().await?, 0);
        for person in entries {
            under_way += reader.in_flight_dispatches_naming(*person, house.real_clock.now()).await?;
        }
        drop(reader);
        if under_way == 0 {
            return Ok(());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    tracing::warn!(%org, "a withdrawal was acknowledged while a request under way had not ended");
    Ok(())
}
