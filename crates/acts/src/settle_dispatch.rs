//! The machine commits what requests brought, and decides which of those that wait are made again. What follows from an
//! outcome is the domain's; a request that names somebody who has withdrawn since is never repeated.

use tsunagari_access::{Act, Machine};
use tsunagari_kernel::Timestamp;
use tsunagari_outreach::campaign::{CampaignState, PauseReason};
use tsunagari_outreach::dispatch::{Consents, LEASE, RETRY_FOR, UnknownReason};
use tsunagari_outreach::{Channel, Classified, Dispatch, NextStep};
use tsunagari_people::EndReason;
use tsunagari_storage::Tx;
use tsunagari_storage::campaign::KeptCampaign;
use tsunagari_storage::dispatch::{KeptDispatch, Settled, channel_of, outcome_code, outcome_of};
use tsunagari_storage::line_channel::ChannelState;

use crate::judge_audience::terms_of;
use crate::make_request::Attempt;
use crate::send_batch::Ready;
use crate::send_campaign::Sender;
use crate::{ActError, House};

/// What the requests of a batch mean for the rest of the message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Aftermath {
    /// The channel asked for a slower pace, or did not answer.
    pub slow_down: bool,
    /// The message was paused.
    pub stopped: Option<PauseReason>,
}

fn dispatch(kept: &KeptCampaign, ready: &Ready) -> Dispatch {
    Dispatch {
        id: ready.id,
        campaign: kept.campaign.id,
        channel: channel_of(ready.way),
        retry_key: ready.retry_key,
        body_hash: [0; 32],
        recipients: Vec::new(),
        attempt: ready.attempt,
        first_attempt_at: ready.first_attempt_at,
    }
}

/// Commits the outcomes of some requests together.
///
/// # Errors
/// Storage's; then nothing was kept, and the leases run out.
pub async fn settle_dispatches(
    sender: &Sender,
    by: &Machine,
    kept: &KeptCampaign,
    attempts: &[Attempt],
) -> Result<Aftermath, ActError> {
    let house = &sender.house;
    let (now, calendar) = (house.real_clock.now(), house.now());
    let mut tx = house.org(by.org()).write().await?;
    let accepted = |it: &&Attempt| matches!(it.outcome, Classified::Accepted | Classified::AcceptedBefore);
    let done: Vec<Settled> = attempts.iter().filter(accepted).map(|it| settled(it, NextStep::Sent)).collect();
    tx.settle_accepted(&done, now, calendar).await?;
    let mut aftermath = Aftermath::default();
    for attempt in attempts.iter().filter(|it| !accepted(it)) {
        let consents = consents(&mut tx, kept, &attempt.ready, calendar).await?;
        let step = dispatch(kept, &attempt.ready).next(attempt.outcome, consents, now);
        if attempt.failure == Some("no_such_mailbox") {
            note_dead_mailboxes(&mut tx, attempt, kept, calendar).await?;
        }
        tx.settle(&settled(attempt, step), now, calendar).await?;
        aftermath.slow_down |= matches!(step, NextStep::Retry { .. } | NextStep::Requeue);
        if let NextStep::Unknown(_) = step {
            tx.add_work_item("unknown_deliveries", &kept.campaign.id.to_string(), kept.team, "", None).await?;
        }
        if let NextStep::StopChannel { reason, .. } = step {
            aftermath.stopped = Some(reason);
        }
    }
    if let Some(reason) = aftermath.stopped {
        let channel = attempts.iter().find(|it| !accepted(it)).map_or(Channel::Line, |it| channel_of(it.ready.way));
        stop_channel(house, &mut tx, kept, channel, reason).await?;
    }
    let act = Act::named("settle_dispatch", by.actor(), house.operation())
        .on("campaign", kept.campaign.id)
        .counting("requests", i64::try_from(attempts.len()).unwrap_or(0))
        .counting("accepted", i64::try_from(done.len()).unwrap_or(0));
    tx.commit(&act).await?;
    Ok(aftermath)
}

fn settled(attempt: &Attempt, step: NextStep) -> Settled {
    Settled {
        id: attempt.ready.id,
        attempt: attempt.ready.attempt,
        step,
        outcome: outcome_code(attempt.outcome),
        failure: attempt.failure,
        request_id: attempt.request_id.clone(),
    }
}

async fn consents(tx: &mut Tx, kept: &KeptCampaign, ready: &Ready, calendar: Timestamp) -> Result<Consents, ActError> {
    let terms = terms_of(tx, kept, calendar).await?;
    Ok(if tx.all_still_consent(ready.id, &terms).await? { Consents::Stand } else { Consents::Withdrawn })
}

/// A refusal that says the mailbox does not exist ends the contact point's working, as a hard bounce would.
async fn note_dead_mailboxes(
    tx: &mut Tx,
    attempt: &Attempt,
    kept: &KeptCampaign,
    calendar: Timestamp,
) -> Result<(), ActError> {
    for (person, contact) in tx.contacts_of_dispatch(kept.campaign.id, attempt.ready.id).await? {
        tx.contact_fails(person, contact, calendar, EndReason::HardBounce).await?;
    }
    Ok(())
}

/// Every message that is being sent by the channel stands still, and the office is told.
async fn stop_channel(
    house: &House,
    tx: &mut Tx,
    kept: &KeptCampaign,
    channel: Channel,
    reason: PauseReason,
) -> Result<(), ActError> {
    let (now, calendar) = (house.real_clock.now(), house.now());
    pause_all(tx, channel, reason, calendar).await?;
    if let (Channel::Line, Some(mut account)) = (channel, tx.sending_line_channel().await?) {
        account.state = ChannelState::Stopped;
        account.stopped_reason = Some(reason.code().to_owned());
        account.stopped_at = Some(now);
        tx.keep_line_channel(&account).await?;
    }
    tx.add_work_item("channel_stopped", channel.code(), kept.team, reason.code(), None).await?;
    Ok(())
}

/// Every message on its way by a channel stands still.
pub(crate) async fn pause_all(
    tx: &mut Tx,
    channel: Channel,
    reason: PauseReason,
    calendar: Timestamp,
) -> Result<(), ActError> {
    for line in tx.campaigns(&["sending"], 1_000, 0).await? {
        let mut other = tx.campaign_for_move(line.id).await?;
        if !other.message.channels().contains(&channel)
            || !matches!(other.campaign.state, CampaignState::Sending { .. })
        {
            continue;
        }
        let Ok(paused) = other.campaign.clone().pause(reason, calendar) else { continue };
        other.campaign = paused;
        tx.keep_campaign(&other, calendar).await?;
    }
    Ok(())
}

/// The requests of a message that are due again: those that may be made are claimed anew, the others are settled.
///
/// # Errors
/// Storage's.
pub async fn repeat_dispatches(
    sender: &Sender,
    by: &Machine,
    kept: &KeptCampaign,
    most: i64,
) -> Result<Vec<Ready>, ActError> {
    let house = &sender.house;
    let (now, calendar) = (house.real_clock.now(), house.now());
    let mut tx = house.org(by.org()).write().await?;
    let due = tx.dispatches_to_repeat(kept.campaign.id, most, now).await?;
    if due.is_empty() {
        tx.undo().await?;
        return Ok(Vec::new());
    }
    let mut ready = Vec::with_capacity(due.len());
    let lease_until = now.plus(LEASE);
    let mut unknown = 0_i64;
    for it in due {
        let died = it.last.is_none();
        let outcome = outcome_of(it.last.as_deref());
        let again = ready_of(&it, lease_until);
        let consents = consents(&mut tx, kept, &again, calendar).await?;
        let step = next_of_due(kept, &again, outcome, consents, now);
        match step {
            NextStep::Retry { .. } => {
                tx.attempt_again(it.id, lease_until).await?;
                ready.push(Ready { attempt: it.attempt + 1, ..again });
            }
            NextStep::Sent
            | NextStep::Failed
            | NextStep::Unknown(_)
            | NextStep::Requeue
            | NextStep::StopChannel { .. } => {
                unknown += i64::from(matches!(step, NextStep::Unknown(_)));
                let outcome = if died { "uncertain" } else { outcome_code(outcome) };
                let settled =
                    Settled { id: it.id, attempt: it.attempt, step, outcome, failure: None, request_id: None };
                tx.settle(&settled, now, calendar).await?;
            }
        }
    }
    if unknown > 0 {
        tx.add_work_item("unknown_deliveries", &kept.campaign.id.to_string(), kept.team, "", None).await?;
    }
    let act = Act::named("repeat_dispatch", by.actor(), house.operation())
        .on("campaign", kept.campaign.id)
        .counting("repeated", i64::try_from(ready.len()).unwrap_or(0))
        .counting("unknown", unknown);
    tx.commit(&act).await?;
    Ok(ready)
}

/// What follows now for a request whose pause is over. The pause was decided before; here only time and consents count.
fn next_of_due(kept: &KeptCampaign, it: &Ready, outcome: Classified, consents: Consents, now: Timestamp) -> NextStep {
    let step = dispatch(kept, it).next(outcome, consents, now);
    match step {
        NextStep::Retry { .. } | NextStep::StopChannel { same_again: Some(_), .. } => {
            if now < it.first_attempt_at.plus(RETRY_FOR) {
                NextStep::Retry { at: now }
            } else {
                NextStep::Unknown(UnknownReason::TooLate)
            }
        }
        NextStep::StopChannel { same_again: None, .. } => NextStep::Requeue,
        other @ (NextStep::Sent | NextStep::Failed | NextStep::Unknown(_) | NextStep::Requeue) => other,
    }
}

fn ready_of(it: &KeptDispatch, lease_until: Timestamp) -> Ready {
    Ready {
        id: it.id,
        way: it.way,
        retry_key: it.retry_key,
        body: it.body.clone(),
        attempt: it.attempt,
        first_attempt_at: it.first_attempt_at,
        lease_until,
    }
}
