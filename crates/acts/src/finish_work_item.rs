//! An item of a department's work list is done, with what came of it.

use tsunagari_access::permission::HandleWork;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::WorkId;

use crate::{ActError, House, Reason};

/// The most characters of what came of it.
pub const LONGEST_OUTCOME: usize = 300;

/// Marks it done; `outcome` may be empty.
///
/// # Errors
/// `work_done_already`, `field_too_long`; not found.
pub async fn finish_work_item(
    house: &House,
    by: &Granted<HandleWork>,
    id: WorkId,
    outcome: &str,
) -> Result<(), ActError> {
    let outcome = outcome.trim();
    if outcome.chars().count() > LONGEST_OUTCOME {
        let reason = Reason::at("outcome", "field_too_long").with("most", LONGEST_OUTCOME);
        return Err(ActError::Refused(vec![reason]));
    }
    let user = by.user();
    let mut tx = house.org(by.org()).write().await?;
    tx.work_item(id).await?;
    if !tx.finish_work_item(id, user, outcome).await? {
        tx.undo().await?;
        return Err(ActError::refused("work_done_already"));
    }
    tx.commit(&Act::named("finish_work_item", by.actor(), house.operation()).on("work_item", id)).await?;
    Ok(())
}
