//! The office says that two entries that look alike are two people. They are not proposed again,
//! until the office takes that back.

use tsunagari_access::permission::MergePeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::PersonId;
use tsunagari_storage::erasure_request::PersonWork;

use crate::{ActError, House};

/// Tells two entries apart.
///
/// # Errors
/// `merge_same_person`; not found.
pub async fn dismiss_duplicate(
    house: &House,
    by: &Granted<MergePeople>,
    one: PersonId,
    other: PersonId,
) -> Result<(), ActError> {
    if one == other {
        return Err(ActError::refused("merge_same_person"));
    }
    let user = by.user();
    let mut tx = house.org(by.org()).write().await?;
    tx.person(one).await?;
    tx.person(other).await?;
    tx.tell_apart(one, other, user).await?;
    for person in [one, other] {
        tx.close_work(PersonWork::DoubtfulJoin.code(), &person.to_string(), user).await?;
    }
    let act = Act::named("dismiss_duplicate", by.actor(), house.operation()).on("person", one).on("person", other);
    tx.commit(&act).await?;
    Ok(())
}

/// Takes back that two entries were told apart: they are proposed again.
///
/// # Errors
/// Not found, for two who were not told apart too.
pub async fn take_back_dismissal(
    house: &House,
    by: &Granted<MergePeople>,
    one: PersonId,
    other: PersonId,
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    tx.person(one).await?;
    tx.person(other).await?;
    if !tx.tell_together(one, other).await? {
        tx.undo().await?;
        return Err(ActError::NotFound);
    }
    let act = Act::named("take_back_dismissal", by.actor(), house.operation());
    tx.commit(&act.on("person", one).on("person", other)).await?;
    Ok(())
}
