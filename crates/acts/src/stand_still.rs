//! The machine finds that a message cannot go on: it stands still with its reason, and the office is told. Leaves stopping the
//! channel itself to `stop_channel`, going on to `resume_campaign`.

use tsunagari_access::{Act, Machine};
use tsunagari_outreach::campaign::{CampaignState, PauseReason};
use tsunagari_storage::Tx;
use tsunagari_storage::campaign::KeptCampaign;

use crate::campaign_refusal::refused;
use crate::{ActError, House};

/// Ends the transaction that holds the message; nothing when it stands still, is over or was called off already.
pub(crate) async fn stand_still(
    house: &House,
    by: &Machine,
    mut tx: Tx,
    mut kept: KeptCampaign,
    reason: PauseReason,
) -> Result<(), ActError> {
    let (now, id) = (house.now(), kept.campaign.id);
    match kept.campaign.state {
        CampaignState::Sending { .. } => {}
        // Its audience is not frozen: it will be launched anew.
        CampaignState::Approved(_) | CampaignState::Launching { .. } => kept.launched_at = None,
        CampaignState::Draft
        | CampaignState::Submitted { .. }
        | CampaignState::Paused { .. }
        | CampaignState::Done { .. }
        | CampaignState::Cancelled { .. }
        | CampaignState::Failed { .. } => return Ok(tx.undo().await?),
    }
    kept.campaign = kept.campaign.stand_still(reason, now).map_err(refused)?;
    tx.keep_campaign(&kept, now).await?;
    let (kind, subject) = match reason {
        PauseReason::CannotBeMade => ("message_stopped", id.to_string()),
        PauseReason::ByHand
        | PauseReason::MonthlyLimit
        | PauseReason::ChannelRefused
        | PauseReason::MandateOver
        | PauseReason::Restored => ("channel_stopped", "campaign".to_owned()),
    };
    tx.add_work_item(kind, &subject, kept.team, reason.code(), None).await?;
    Ok(tx.commit(&Act::named("pause_campaign", by.actor(), house.operation()).on("campaign", id)).await?)
}
