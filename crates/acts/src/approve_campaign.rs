//! A second person approves a message after opening each attachment; the cancel window begins, and the launch is put in
//! the queue with the approval.

use chrono::TimeDelta;
use tsunagari_access::permission::ApproveMessages;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{CampaignId, MediaId, Timestamp};
use tsunagari_outreach::campaign::{CampaignState, CancelWindow};
use tsunagari_storage::directory::Organisation;

use crate::campaign_refusal::refused;
use crate::launch_campaign;
use crate::{ActError, House};

/// Remembers that an approver opened an attachment.
///
/// # Errors
/// An unknown campaign or attachment; storage's.
pub async fn open_attachment(
    house: &House,
    by: &Granted<ApproveMessages>,
    id: CampaignId,
    media: MediaId,
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let kept = tx.campaign(id).await?;
    if !kept.campaign.attachments.contains(&media) {
        tx.undo().await?;
        return Err(ActError::NotFound);
    }
    tx.note_opened(id, media, by.user(), house.now()).await?;
    Ok(tx
        .commit(&Act::named("open_attachment", by.actor(), house.operation()).on("campaign", id).on("media", media))
        .await?)
}

/// Approves; `scheduled_for` is in the programme's calendar, `None`: after the cancel window. Answers when it leaves.
///
/// # Errors
/// The domain's refusals; storage's.
pub async fn approve_campaign(
    house: &House,
    by: &Granted<ApproveMessages>,
    id: CampaignId,
    scheduled_for: Option<Timestamp>,
) -> Result<Timestamp, ActError> {
    let now = house.now();
    let mut tx = house.org(by.org()).write().await?;
    let mut kept = tx.campaign_for_move(id).await?;
    let opened = tx.opened_by(id, by.user()).await?.into_iter().collect();
    let organisation = tx.organisation().await?;
    let window = window_of(&organisation);
    kept.campaign = kept.campaign.approve(by.user(), &opened, scheduled_for, window, now).map_err(refused)?;
    let CampaignState::Approved(approval) = kept.campaign.state else {
        return Err(ActError::Broken("an approved campaign is not approved".into()));
    };
    tx.keep_campaign(&kept, now).await?;
    let run_at = house.real_clock.now().plus(approval.scheduled_for.since(now));
    tx.enqueue(launch_campaign::KIND, &launch_campaign::payload(id), run_at, None).await?;
    tx.commit(&Act::named("approve_campaign", by.actor(), house.operation()).on("campaign", id)).await?;
    Ok(approval.scheduled_for)
}

/// The time between approval and launch in which an organisation's message can be called off.
pub(crate) fn window_of(organisation: &Organisation) -> CancelWindow {
    if organisation.demo {
        CancelWindow::demo()
    } else {
        CancelWindow::set_to(TimeDelta::seconds(organisation.cancel_seconds))
    }
}
