//! An audience is put away. Messages that used it keep their own copy of the rule.

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
