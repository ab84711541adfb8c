//! An item of a department's work list is done, with what came of it. One whose cause is still open waits for the decision
//! that ends it, made where the cause is. To add such a kind: an arm in `cause_is_open`.

use tsunagari_access::permission::HandleWork;
use tsunagari_access::{Act, Granted};
use tsunagari_benefits::transfer_run::State;
use tsunagari_kernel::{CampaignId, WorkId};
use tsunagari_outreach::campaign::CampaignState;
use tsunagari_storage::work_item::WorkItem;
use tsunagari_storage::{Reader, StorageError};

use crate::{ActError, House, Reason};

/// The most characters of what came of it.
pub const LONGEST_OUTCOME: usize = 300;

/// Whether what an item is about still waits for a decision of its own, which ends the item too.
///
/// # Errors
/// Storage's.
pub async fn cause_is_open(reader: &mut Reader, it: &WorkItem) -> Result<bool, ActError> {
    let here = |found: Result<bool, StorageError>| match found {
        // What it was about is gone: nothing is left to decide.
        Err(StorageError::NotFound(_)) => Ok(false),
        other => other.map_err(ActError::from),
    };
    match (it.kind.as_str(), it.person(), it.subject.parse::<CampaignId>()) {
        ("erasure_request", Some(person), _) => {
            Ok(reader.erasure_case_of(person).await?.is_some_and(|case| case.state.is_open()))
        }
        ("doubtful_join", Some(person), _) => {
            for other in it.note.split_whitespace().filter_map(|id| id.parse().ok()) {
                if here(reader.pair_is_open(person, other).await)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        ("unknown_deliveries", _, Ok(message)) => {
            here(reader.result_lines(message).await.map(|all| all.iter().any(|line| line.state == "unknown")))
        }
        ("message_stopped", _, Ok(message)) => {
            here(reader.campaign(message).await.map(|it| matches!(it.campaign.state, CampaignState::Paused { .. })))
        }
        ("message_grew", _, Ok(message)) => {
            here(reader.campaign(message).await.map(|it| matches!(it.campaign.state, CampaignState::Submitted { .. })))
        }
        ("transfers_to_release", _, _) => match it.subject.parse() {
            Ok(no) => here(reader.transfer_run(no).await.map(|run| run.state == State::Proposed)),
            Err(_) => Ok(false),
        },
        _ => Ok(false),
    }
}

/// Marks it done; `outcome` may be empty.
///
/// # Errors
/// `work_done_already`, `work_cause_open`, `field_too_long`; not found.
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
    let item = tx.work_item(id).await?;
    if item.done_at.is_none() && cause_is_open(&mut tx, &item).await? {
        tx.undo().await?;
        return Err(ActError::refused("work_cause_open"));
    }
    if !tx.finish_work_item(id, user, outcome).await? {
        tx.undo().await?;
        return Err(ActError::refused("work_done_already"));
    }
    tx.commit(&Act::named("finish_work_item", by.actor(), house.operation()).on("work_item", id)).await?;
    Ok(())
}
