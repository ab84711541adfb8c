//! An audience is put away, or taken out again. Messages that used it keep their own copy of the rule.

use tsunagari_access::permission::ManageAudiences;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::SegmentId;

use crate::{ActError, House};

/// Puts it away.
///
/// # Errors
/// Not found.
pub async fn archive_segment(house: &House, by: &Granted<ManageAudiences>, id: SegmentId) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    tx.segment(id).await?;
    tx.archive_segment(id).await?;
    tx.commit(&Act::named("archive_segment", by.actor(), house.operation()).on("segment", id)).await?;
    Ok(())
}

/// Takes it out again.
///
/// # Errors
/// `name_taken` when another in use has its name by now; not found.
pub async fn take_out_segment(house: &House, by: &Granted<ManageAudiences>, id: SegmentId) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let it = tx.segment(id).await?;
    if tx.segments().await?.iter().any(|other| other.name == it.name && other.id != id) {
        tx.undo().await?;
        return Err(ActError::refused("audience_name_in_use"));
    }
    tx.take_out_segment(id).await?;
    tx.commit(&Act::named("take_out_segment", by.actor(), house.operation()).on("segment", id)).await?;
    Ok(())
}
