//! A resident leaves: every consent is withdrawn, every tie ends, every session closes, at once; what they allowed our LINE
//! Login ends at LINE (`line_access`). Addresses stay, so that they can come back or ask to be erased, which is a request of
//! its own (`request_erasure`).

use tsunagari_access::{Act, Resident};
use tsunagari_kernel::Moment;
use tsunagari_people::TieEnd;
use tsunagari_people::consent::ConsentEnd;

use crate::jobs::link_line_menu;
use crate::remember_change::remember_difference;
use crate::withdraw_consent::wait_for_requests;
use crate::{ActError, House};

/// Leaves.
///
/// # Errors
/// Storage's.
pub async fn leave(house: &House, by: &Resident) -> Result<(), ActError> {
    let at = Moment::now(&*house.clock);
    let mut tx = house.org(by.org()).write().await?;
    let person = tx.living_entry(by.person()).await?;
    let consents = tx.withdraw_consents(person, at.instant, ConsentEnd::Left).await?;
    let operation = house.operation();
    let before = tx.person_record(person).await?;
    let ties = tx.end_ties(person, at.date, TieEnd::Left).await?;
    let after = tx.person_record(person).await?;
    remember_difference(&mut tx, operation, at.instant, &before, &after).await?;
    tx.end_sessions_of_person(person, house.real_clock.now()).await?;
    link_line_menu::enqueue(&mut tx, person, house.real_clock.now()).await?;
    crate::line_access::end_soon(&mut tx, person, house.real_clock.now()).await?;
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let act = Act::named("leave", by.actor(), operation).on("person", person);
    tx.commit(&act.counting("consents", count(consents)).counting("ties", count(ties))).await?;
    wait_for_requests(house, by.org(), &[by.person(), person]).await
}
