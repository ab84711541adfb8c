//! The machine commits what requests brought, and decides which of those that wait are made again. What follows from an
//! outcome is the domain's; a request that names somebody who has withdrawn since is never repeated, and of a message that
//! was called off nothing is.

use std::collections::{BTreeMap, BTreeSet};

use tsunagari_access::{Act, Machine};
use tsunagari_kernel::{CampaignId, Timestamp};
use tsunagari_outreach::campaign::{CampaignState, PauseReason};
use tsunagari_outreach::dispatch::{Consents, LEASE, RETRY_FOR, UnknownReason};
use tsunagari_outreach::{Channel, Classified, Dispatch, NextStep};
use tsunagari_people::EndReason;
use tsunagari_storage::Tx;
use tsunagari_storage::campaign::KeptCampaign;
use tsunagari_storage::dispatch::{KeptDispatch, Settled, channel_of, outcome_code, outcome_of};

use crate::campaign_refusal::refused;
use crate::judge_audience::terms_of;
use crate::make_request::Attempt;
use crate::send_batch::Ready;
use crate::send_campaign::Sender;
use crate::stop_channel::{goes_on_without, hold_messages, stop_channel};
use crate::{ActError, House};

/// What the requests of a batch mean for the rest of the message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aftermath {
    /// The channels that asked for a slower pace, or did not answer.
    pub slow: BTreeSet<Channel>,
    /// The message is not on its way any more: nothing further of it is made.
    pub stopped: bool,
    /// Channels by which nothing leaves any more, while the message goes on by another.
    pub closed: BTreeSet<Channel>,
}

impl Aftermath {
    /// With what came later.
    pub fn add(&mut self, later: Self) {
        self.slow.extend(later.slow);
        self.stopped |= later.stopped;
        self.closed.extend(later.closed);
    }
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
    // Held before anything is written, so that calling the message off comes wholly before this or wholly after it.
    let mut held = hold(&mut tx, kept.campaign.id, attempts).await?;
    let state = tx.campaign(kept.campaign.id).await?.campaign.state;
    let accepted = |it: &&Attempt| matches!(it.outcome, Classified::Accepted | Classified::AcceptedBefore);
    let done: Vec<Settled> = attempts.iter().filter(accepted).map(|it| settled(it, NextStep::Sent)).collect();
    tx.settle_accepted(&done, now, calendar).await?;
    let mut aftermath = Aftermath { stopped: !matches!(state, CampaignState::Sending { .. }), ..Aftermath::default() };
    let mut stops: BTreeMap<Channel, PauseReason> = BTreeMap::new();
    for attempt in attempts.iter().filter(|it| !accepted(it)) {
        let consents = consents(house, &mut tx, kept, &attempt.ready).await?;
        let it = dispatch(kept, &attempt.ready);
        let usual = it.next(attempt.outcome, consents, now);
        let step = if let CampaignState::Cancelled { .. } = state {
            it.next_called_off(attempt.outcome, consents, now)
        } else {
            usual
        };
        if attempt.failure == Some("no_such_mailbox") {
            note_dead_mailboxes(&mut tx, attempt, kept, calendar).await?;
        }
        tx.settle(&settled(attempt, step), now, calendar).await?;
        if attempt.outcome.asks_for_time() {
            aftermath.slow.insert(it.channel);
        }
        if let NextStep::Unknown(_) = step {
            tx.add_work_item("unknown_deliveries", &kept.campaign.id.to_string(), kept.team, "", None).await?;
        }
        if let NextStep::StopChannel { reason, .. } = usual {
            stops.insert(it.channel, reason);
        }
    }
    for stop in stops {
        stop_channel(house, &mut tx, &mut held, kept, stop).await?;
        if goes_on_without(kept, stop.0) {
            aftermath.closed.insert(stop.0);
        } else {
            aftermath.stopped = true;
        }
    }
    if let CampaignState::Paused { approval: None, .. } = state
        && tx.open_by_channel(kept.campaign.id).await?.is_empty()
    {
        // It was stopped while its last requests were on the network: nothing is left that could go on.
        let mut over = tx.campaign(kept.campaign.id).await?;
        over.campaign = over.campaign.resume(calendar).and_then(|it| it.finish(calendar)).map_err(refused)?;
        tx.keep_campaign(&over, calendar).await?;
    }
    let act = Act::named("settle_dispatch", by.actor(), house.operation())
        .on("campaign", kept.campaign.id)
        .counting("requests", i64::try_from(attempts.len()).unwrap_or(0))
        .counting("accepted", i64::try_from(done.len()).unwrap_or(0));
    tx.commit(&act).await?;
    Ok(aftermath)
}

/// Locks the message, and with it every other one on its way where an answer may stop their channel.
async fn hold(tx: &mut Tx, id: CampaignId, attempts: &[Attempt]) -> Result<Vec<KeptCampaign>, ActError> {
    let stops = |it: &Attempt| matches!(it.outcome, Classified::MonthlyLimit | Classified::ChannelRefused);
    if attempts.iter().any(stops) {
        return hold_messages(tx, Some(id)).await;
    }
    Ok(vec![tx.campaign_for_move(id).await?])
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

async fn consents(house: &House, tx: &mut Tx, kept: &KeptCampaign, ready: &Ready) -> Result<Consents, ActError> {
    let persons = tx.hold_named(ready.id, &kept.purpose).await?;
    // Now that nobody can withdraw before this is committed: a moment from before the lock may be older than a withdrawal
    // that was committed while this waited for it, and would take it for one of the future.
    let terms = terms_of(tx, kept, house.now()).await?;
    Ok(if tx.still_consent(&persons, &terms).await? { Consents::Stand } else { Consents::Withdrawn })
}

/// A refusal that says the mailbox does not exist ends the contact point's working, as a hard bounce would.
async fn note_dead_mailboxes(
    tx: &mut Tx,
    attempt: &Attempt,
    kept: &KeptCampaign,
    calendar: Timestamp,
) -> Result<(), ActError> {
    for (person, contact) in tx.contacts_of_dispatch(kept.campaign.id, attempt.ready.id).await? {
        // The entry may have been merged since: the address went with it.
        let person = tx.living_entry(person).await?;
        tx.contact_fails(person, contact, calendar, EndReason::HardBounce).await?;
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
    let state = tx.campaign_for_move(kept.campaign.id).await?.campaign.state;
    if !matches!(state, CampaignState::Sending { .. }) {
        tx.undo().await?;
        return Ok(Vec::new());
    }
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
        let consents = consents(house, &mut tx, kept, &again).await?;
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
            | NextStep::CallOff
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
        other @ (NextStep::Sent | NextStep::Failed | NextStep::Unknown(_) | NextStep::Requeue | NextStep::CallOff) => {
            other
        }
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
