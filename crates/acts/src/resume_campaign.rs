//! A paused message goes on.

use tsunagari_access::permission::WriteMessages;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::CampaignId;

use crate::campaign_refusal::refused;
use crate::{ActError, House, send_campaign};

/// Goes on.
///
/// # Errors
/// `campaign_wrong_state`; storage's.
pub async fn resume_campaign(house: &House, by: &Granted<WriteMessages>, id: CampaignId) -> Result<(), ActError> {
    let now = house.now();
    let mut tx = house.org(by.org()).write().await?;
    let mut kept = tx.campaign_for_move(id).await?;
    kept.campaign = kept.campaign.resume(now).map_err(refused)?;
    tx.keep_campaign(&kept, now).await?;
    tx.enqueue(send_campaign::KIND, &send_campaign::payload(id), house.real_clock.now(), None).await?;
    Ok(tx.commit(&Act::named("resume_campaign", by.actor(), house.operation()).on("campaign", id)).await?)
}
