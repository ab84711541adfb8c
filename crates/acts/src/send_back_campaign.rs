//! An approver gives a message back to its writer with a word instead of releasing it: a draft again. The word stands on it
//! and on the writer's first page until it is handed in once more. Leaves releasing to `approve_campaign`.

use tsunagari_access::permission::ApproveMessages;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::CampaignId;

use crate::campaign_refusal::refused;
use crate::{ActError, House};

/// The longest word, in characters.
pub const LONGEST_WORD: usize = 500;

/// Gives it back.
///
/// # Errors
/// `send_back_word_missing`, `send_back_word_too_long`, `campaign_wrong_state`; storage's.
pub async fn send_back_campaign(
    house: &House,
    by: &Granted<ApproveMessages>,
    id: CampaignId,
    word: &str,
) -> Result<(), ActError> {
    let word = word.trim();
    if word.is_empty() {
        return Err(ActError::refused_at("word", "send_back_word_missing"));
    }
    if word.chars().count() > LONGEST_WORD {
        return Err(ActError::refused_at("word", "send_back_word_too_long"));
    }
    let now = house.now();
    let mut tx = house.org(by.org()).write().await?;
    let mut kept = tx.campaign_for_move(id).await?;
    kept.campaign = kept.campaign.send_back(by.user(), word.to_owned(), now).map_err(refused)?;
    kept.audience = None;
    tx.keep_campaign(&kept, now).await?;
    Ok(tx.commit(&Act::named("send_back_campaign", by.actor(), house.operation()).on("campaign", id)).await?)
}
