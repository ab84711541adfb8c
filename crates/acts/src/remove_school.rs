//! A school that was added by mistake is taken away, while nothing names it. Leaves putting one right to `keep_school`.

use tsunagari_access::permission::ManageSettings;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::SchoolId;

use crate::{ActError, House, Reason};

/// Takes it away.
///
/// # Errors
/// `school_in_use` with how many people, events, lists and rules name it; not found.
pub async fn remove_school(house: &House, by: &Granted<ManageSettings>, id: SchoolId) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    tx.school(id).await?;
    let found = tx.school_use(id).await?;
    if !found.is_none() {
        tx.undo().await?;
        let reason = Reason::of("school_in_use").with("stays", found.stays).with("events", found.events);
        return Err(ActError::Refused(vec![reason.with("lists", found.lists).with("rules", found.rules)]));
    }
    tx.remove_school(id).await?;
    Ok(tx.commit(&Act::named("remove_school", by.actor(), house.operation()).on("school", id)).await?)
}
