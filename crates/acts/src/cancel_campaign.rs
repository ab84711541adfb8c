//! A message is called off: before its launch, or what is left of a paused one. Who writes may drop a draft too; who
//! releases may only call off what was released.

use tsunagari_access::permission::{StopMessages, WriteMessages};
use tsunagari_access::{Act, Actor, Granted};
use tsunagari_kernel::{CampaignId, Timestamp};
use tsunagari_storage::Tx;
use tsunagari_storage::campaign::KeptCampaign;

use crate::campaign_refusal::refused;
use crate::{ActError, House};

/// Calls it off, whether it was released or not.
///
/// # Errors
/// `campaign_wrong_state`; storage's.
pub async fn cancel_campaign(house: &House, by: &Granted<WriteMessages>, id: CampaignId) -> Result<(), ActError> {
    let now = house.now();
    let mut tx = house.org(by.org()).write().await?;
    let mut kept = tx.campaign_for_move(id).await?;
    kept.campaign = kept.campaign.cancel(by.user(), now).map_err(refused)?;
    end(house, tx, &kept, by.actor(), now).await
}

/// Calls off what was released.
///
/// # Errors
/// As `cancel_campaign`; `campaign_wrong_state` before the approval too.
pub async fn call_off_campaign(house: &House, by: &Granted<StopMessages>, id: CampaignId) -> Result<(), ActError> {
    let now = house.now();
    let mut tx = house.org(by.org()).write().await?;
    let mut kept = tx.campaign_for_move(id).await?;
    kept.campaign = kept.campaign.call_off(by.user(), now).map_err(refused)?;
    end(house, tx, &kept, by.actor(), now).await
}

async fn end(house: &House, mut tx: Tx, kept: &KeptCampaign, by: Actor, now: Timestamp) -> Result<(), ActError> {
    let id = kept.campaign.id;
    tx.keep_campaign(kept, now).await?;
    tx.skip_rest(id, now).await?;
    tx.give_up_repeats(id, house.real_clock.now(), now).await?;
    Ok(tx.commit(&Act::named("cancel_campaign", by, house.operation()).on("campaign", id)).await?)
}
