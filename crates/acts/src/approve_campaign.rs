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

/// Approves the version that was looked at; `scheduled_for` is in the programme's calendar, `None`: after the cancel window.
/// Answers when it leaves.
///
/// # Errors
/// `campaign_changed` when it is not that version any more; the domain's refusals; storage's.
pub async fn approve_campaign(
    house: &House,
    by: &Granted<ApproveMessages>,
    (id, seen): (CampaignId, i64),
    scheduled_for: Option<Timestamp>,
) -> Result<Timestamp, ActError> {
    let now = house.now();
    let mut tx = house.org(by.org()).write().await?;
    let mut kept = tx.campaign_for_move(id).await?;
    // The text or the audience may have been changed and handed in again since the page was opened.
    if kept.version != seen {
        tx.undo().await?;
        return Err(ActError::refused("campaign_changed"));
    }
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
    tx.close_work(launch_campaign::GREW, &id.to_string(), by.user()).await?;
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
