//! A message that is being sent stands still: requests already made are settled, no further ones are made.

use tsunagari_access::permission::StopMessages;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::CampaignId;
use tsunagari_outreach::campaign::PauseReason;

use crate::campaign_refusal::refused;
use crate::{ActError, House};

/// Pauses it.
///
/// # Errors
/// `campaign_wrong_state`; storage's.
pub async fn pause_campaign(house: &House, by: &Granted<StopMessages>, id: CampaignId) -> Result<(), ActError> {
    let now = house.now();
    let mut tx = house.org(by.org()).write().await?;
    let mut kept = tx.campaign_for_move(id).await?;
    kept.campaign = kept.campaign.pause(PauseReason::ByHand, now).map_err(refused)?;
    tx.keep_campaign(&kept, now).await?;
    Ok(tx.commit(&Act::named("pause_campaign", by.actor(), house.operation()).on("campaign", id)).await?)
}
