//! A message is called off: before its launch, or what is left of a paused one.

use tsunagari_access::permission::WriteMessages;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::CampaignId;

use crate::campaign_refusal::refused;
use crate::{ActError, House};

/// Calls it off.
///
/// # Errors
/// `campaign_wrong_state`; storage's.
pub async fn cancel_campaign(house: &House, by: &Granted<WriteMessages>, id: CampaignId) -> Result<(), ActError> {
    let now = house.now();
    let mut tx = house.org(by.org()).write().await?;
    let mut kept = tx.campaign_for_move(id).await?;
    kept.campaign = kept.campaign.cancel(by.user(), now).map_err(refused)?;
    tx.keep_campaign(&kept, now).await?;
    tx.skip_rest(id, now).await?;
    tx.give_up_repeats(id, house.real_clock.now(), now).await?;
    Ok(tx.commit(&Act::named("cancel_campaign", by.actor(), house.operation()).on("campaign", id)).await?)
}
