//! A channel stops, because of what it answered or because the office says so: every message on its way by it stands still,
//! and the office is told. Also why the LINE account stands still, for whoever would otherwise take its readers for people
//! nobody can reach. Leaves starting again to `keep_line_channel`, `keep_mail_channel` and `resume_campaign`.

use tsunagari_kernel::{CampaignId, Timestamp};
use tsunagari_outreach::Channel;
use tsunagari_outreach::campaign::PauseReason;
use tsunagari_storage::campaign::KeptCampaign;
use tsunagari_storage::line_channel::{ChannelKind, ChannelState};
use tsunagari_storage::{Reader, StorageError, Tx};

use crate::{ActError, House};

/// The most messages that are on their way at once.
const MOST: i64 = 1_000;

/// Every message on its way, and one more, locked until this transaction ends. In the order of their ids: two channels that
/// stop at the same moment would otherwise wait for each other.
pub(crate) async fn hold_messages(tx: &mut Tx, also: Option<CampaignId>) -> Result<Vec<KeptCampaign>, ActError> {
    let on_their_way = tx.campaigns(&["sending"], MOST, 0).await?;
    let mut ids: Vec<CampaignId> = on_their_way.into_iter().map(|line| line.id).chain(also).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut held = Vec::with_capacity(ids.len());
    for id in ids {
        held.push(tx.campaign_for_move(id).await?);
    }
    Ok(held)
}

/// Every message on its way by a channel stands still.
pub(crate) async fn pause_all(
    tx: &mut Tx,
    held: &mut [KeptCampaign],
    channel: Channel,
    reason: PauseReason,
    calendar: Timestamp,
) -> Result<(), ActError> {
    for it in held {
        if !it.message.channels().contains(&channel) {
            continue;
        }
        let Ok(paused) = it.campaign.clone().pause(reason, calendar) else { continue };
        it.campaign = paused;
        tx.keep_campaign(it, calendar).await?;
        it.version += 1;
    }
    Ok(())
}

/// Whether a message goes on where a channel stops because of what it answered: who is written to by mail need not wait for
/// the LINE account. What waits for it stands still once nothing else is left (`send_campaign`).
pub(crate) fn goes_on_without(kept: &KeptCampaign, channel: Channel) -> bool {
    channel == Channel::Line && kept.message.channels().contains(&Channel::Email)
}

/// The same, because of what the channel answered. The LINE account itself is stopped too; mail is not, because letters with
/// a link may still leave by it.
pub(crate) async fn stop_channel(
    house: &House,
    tx: &mut Tx,
    held: &mut [KeptCampaign],
    kept: &KeptCampaign,
    (channel, reason): (Channel, PauseReason),
) -> Result<(), ActError> {
    let (now, calendar) = (house.real_clock.now(), house.now());
    for it in held.iter_mut().filter(|it| !goes_on_without(it, channel)) {
        pause_all(tx, std::slice::from_mut(it), channel, reason, calendar).await?;
    }
    if let (Channel::Line, Some(mut account)) = (channel, tx.sending_line_channel().await?) {
        account.state = ChannelState::Stopped;
        account.stopped_reason = Some(reason.code().to_owned());
        account.stopped_at = Some(now);
        tx.keep_line_channel(&account).await?;
    }
    tx.add_work_item("channel_stopped", channel.code(), kept.team, reason.code(), None).await?;
    Ok(())
}

/// Why nothing leaves by LINE although there is an account; `None`: it works, or there is none.
pub(crate) async fn why_line_stands_still(reader: &mut Reader) -> Result<Option<PauseReason>, StorageError> {
    let accounts: Vec<_> =
        reader.line_channels().await?.into_iter().filter(|it| it.kind == ChannelKind::Messaging).collect();
    for it in accounts.iter().filter(|it| it.state == ChannelState::Working) {
        if reader.mandate_holds(it).await? {
            return Ok(None);
        }
    }
    if accounts.iter().any(|it| it.state == ChannelState::Working) {
        return Ok(Some(PauseReason::MandateOver));
    }
    Ok(accounts.first().map(|it| match it.stopped_reason.as_deref() {
        Some(reason) if reason == PauseReason::MonthlyLimit.code() => PauseReason::MonthlyLimit,
        Some(_) | None => PauseReason::ChannelRefused,
    }))
}
