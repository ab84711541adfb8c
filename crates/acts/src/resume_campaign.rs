//! A paused message goes on, by whoever may stop it; one that waited for its launch waits again. Where LINE's monthly limit had stopped the
//! account, trying again is what resuming means: the account works again, and stops again if LINE still says no. An
//! account the office stopped is the settings' to start.

use tsunagari_access::permission::StopMessages;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::CampaignId;

use tsunagari_outreach::Channel;
use tsunagari_outreach::campaign::{CampaignState, PauseReason};
use tsunagari_storage::Tx;
use tsunagari_storage::line_channel::{ChannelKind, ChannelState};

use crate::campaign_refusal::refused;
use crate::{ActError, House, launch_campaign, send_campaign};

/// Goes on.
///
/// # Errors
/// `campaign_wrong_state`, `line_stopped`; storage's.
pub async fn resume_campaign(house: &House, by: &Granted<StopMessages>, id: CampaignId) -> Result<(), ActError> {
    let now = house.now();
    let mut tx = house.org(by.org()).write().await?;
    let mut kept = tx.campaign_for_move(id).await?;
    kept.campaign = kept.campaign.resume(now).map_err(refused)?;
    if kept.message.channels().contains(&Channel::Line) && !start_line(&mut tx, by).await? {
        tx.undo().await?;
        return Err(ActError::refused("line_stopped"));
    }
    tx.keep_campaign(&kept, now).await?;
    let waits = matches!(kept.campaign.state, CampaignState::Approved(_));
    let kind = if waits { launch_campaign::KIND } else { send_campaign::KIND };
    tx.enqueue(kind, &send_campaign::payload(id), house.real_clock.now(), None).await?;
    Ok(tx.commit(&Act::named("resume_campaign", by.actor(), house.operation()).on("campaign", id)).await?)
}

/// Whether LINE can be tried: it works, there is none (mail goes on alone), or the month's limit had stopped it.
async fn start_line(tx: &mut Tx, by: &Granted<StopMessages>) -> Result<bool, ActError> {
    if tx.sending_line_channel().await?.is_some() {
        return Ok(true);
    }
    let all = tx.line_channels().await?;
    let Some(mut account) = all.into_iter().find(|it| it.kind == ChannelKind::Messaging) else { return Ok(true) };
    if account.stopped_reason.as_deref() != Some(PauseReason::MonthlyLimit.code()) {
        return Ok(false);
    }
    account.state = ChannelState::Working;
    (account.stopped_reason, account.stopped_at) = (None, None);
    tx.keep_line_channel(&account).await?;
    tx.close_work("channel_stopped", Channel::Line.code(), by.user()).await?;
    Ok(true)
}
