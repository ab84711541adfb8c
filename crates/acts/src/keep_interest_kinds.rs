//! The interests residents can choose: added or renamed one at a time. A code stays, because rules and answers hold it.

use tsunagari_access::permission::ManageSettings;
use tsunagari_access::{Act, Granted};
use tsunagari_storage::purpose::Labelled;

use crate::keep_wording::labelled_faults;
use crate::{ActError, House};

/// Adds a kind at the end of the list, or renames one.
///
/// # Errors
/// Reasons at `code`, `ja`, `easy`, `en`; `too_many_interests`.
pub async fn keep_interest_kind(house: &House, by: &Granted<ManageSettings>, given: &Labelled) -> Result<(), ActError> {
    let wrong = labelled_faults(given);
    if !wrong.is_empty() {
        return Err(ActError::Refused(wrong));
    }
    let mut tx = house.org(by.org()).write().await?;
    let known = tx.interest_kinds().await?;
    let place = known.iter().position(|it| it.code == given.code).unwrap_or(known.len());
    // More than this nobody reads on a telephone.
    if place >= 30 {
        tx.undo().await?;
        return Err(ActError::refused("too_many_interests"));
    }
    tx.keep_interest_kind(given, i64::try_from(place).unwrap_or(i64::MAX)).await?;
    tx.commit(&Act::named("keep_interest_kind", by.actor(), house.operation()).on("organisation", by.org())).await?;
    Ok(())
}
