//! An item of a department's work list is done.

use tsunagari_access::permission::EditPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::WorkId;

use crate::{ActError, House};

/// Marks it done.
///
/// # Errors
/// `work_done_already`; not found.
pub async fn finish_work_item(house: &House, by: &Granted<EditPeople>, id: WorkId) -> Result<(), ActError> {
    let user = by.user();
    let mut tx = house.org(by.org()).write().await?;
    tx.work_item(id).await?;
    if !tx.finish_work_item(id, user).await? {
        tx.undo().await?;
        return Err(ActError::refused("work_done_already"));
    }
    tx.commit(&Act::named("finish_work_item", by.actor(), house.operation()).on("work_item", id)).await?;
    Ok(())
}
