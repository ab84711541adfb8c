//! A message is called off: before its launch, or what is left of a paused one. Who writes may drop a draft too; who
//! releases may only call off what was released. What is on the network at that moment comes to its own end
//! (`settle_dispatch`); what a dead worker left is looked after by the job that sends, until nothing waits any more.

use tsunagari_access::permission::{StopMessages, WriteMessages};
use tsunagari_access::{Act, Actor, Granted};
use tsunagari_kernel::{CampaignId, Timestamp};
use tsunagari_storage::Tx;
use tsunagari_storage::campaign::KeptCampaign;
use tsunagari_storage::delivery::NextOpen;

use crate::campaign_refusal::refused;
use crate::{ActError, House, send_campaign};

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
    if let Some(at) = settle_the_rest(house, &mut tx, kept).await?.under_way_until {
        tx.enqueue(send_campaign::KIND, &send_campaign::payload(id), at, None).await?;
    }
    Ok(tx.commit(&Act::named("cancel_campaign", by, house.operation()).on("campaign", id)).await?)
}

/// What became of the rest of a message that was called off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rest {
    /// How many deliveries have an outcome now, or wait for a person to decide.
    pub settled: u64,
    /// Until when somebody may be making requests of it (real time).
    pub under_way_until: Option<Timestamp>,
}

/// Skips what waits, and gives up what is not on the network.
pub(crate) async fn settle_the_rest(house: &House, tx: &mut Tx, kept: &KeptCampaign) -> Result<Rest, ActError> {
    let id = kept.campaign.id;
    let (now, calendar) = (house.real_clock.now(), house.now());
    let waited = tx.skip_rest(id, calendar).await?;
    let begun = tx.give_up_repeats(id, now, calendar).await?;
    if begun.undecided > 0 {
        tx.add_work_item("unknown_deliveries", &id.to_string(), kept.team, "", None).await?;
    }
    let open = tx.open_by_channel(id).await?;
    Ok(Rest {
        settled: waited + begun.skipped + begun.undecided,
        under_way_until: open.into_values().filter_map(NextOpen::first).min(),
    })
}
