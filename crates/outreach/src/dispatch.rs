//! One request to a channel, frozen before it leaves: key, body hash, recipients; and what follows from its outcome.
//! Leaves reading HTTP and SMTP answers (into `Classified`) to channels.

use chrono::TimeDelta;
use tsunagari_kernel::{CampaignId, DispatchId, PersonId, Timestamp};
use uuid::Uuid;

use crate::audience::{Channel, codes};
use crate::campaign::PauseReason;

/// LINE keeps a retry key 24 h and takes a later use for a new message; an hour is kept as margin (formats.md 8).
pub const RETRY_FOR: TimeDelta = TimeDelta::hours(23);
/// The first wait; doubled with every attempt.
pub const FIRST_WAIT: TimeDelta = TimeDelta::seconds(2);
/// The longest wait.
pub const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(30);
/// How long a worker owns a claim.
pub const LEASE: TimeDelta = TimeDelta::seconds(60);

/// A frozen request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch {
    /// Its id.
    pub id: DispatchId,
    /// Of which campaign.
    pub campaign: CampaignId,
    /// By which channel.
    pub channel: Channel,
    /// The key sent with every attempt.
    pub retry_key: Uuid,
    /// SHA-256 of the frozen body.
    pub body_hash: [u8; 32],
    /// Who is named in it, in the body's order.
    pub recipients: Vec<PersonId>,
    /// Attempts made, the one in flight included.
    pub attempt: u32,
    /// When the first left.
    pub first_attempt_at: Timestamp,
}

/// What the channel's answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Classified {
    /// 2xx, or 250 after the final dot.
    Accepted,
    /// 409 with the id of the accepted request.
    AcceptedBefore,
    /// Another 4xx, or 5yz of SMTP.
    Refused,
    /// 429 for the rate; LINE names no time, a server may.
    RateLimited {
        /// What the server asked for.
        retry_after: Option<TimeDelta>,
    },
    /// 429 for the month.
    MonthlyLimit,
    /// 401 or 403: our credentials.
    ChannelRefused,
    /// 5xx, time-out or a cut connection: it may have been accepted.
    Uncertain,
    /// It surely did not leave, for a reason that meets every other request too (no connection, no answer before anything
    /// of the message was written, 4yz of SMTP).
    NotSent,
    /// It surely did not leave, because this one mailbox takes nothing now (4yz to its name); others may.
    Deferred,
    /// It was not made: the message stands still, the process stops, or its turn came too late. This attempt has told
    /// nothing about the channel.
    NotMade,
}

impl Classified {
    /// Whether the channel should be given time before anything else is asked of it.
    pub const fn asks_for_time(self) -> bool {
        match self {
            Self::RateLimited { .. } | Self::Uncertain | Self::NotSent => true,
            Self::Accepted
            | Self::AcceptedBefore
            | Self::Refused
            | Self::MonthlyLimit
            | Self::ChannelRefused
            | Self::Deferred
            | Self::NotMade => false,
        }
    }

    /// Whether the attempt surely brought nothing to anybody.
    const fn surely_nothing(self) -> bool {
        match self {
            Self::RateLimited { .. }
            | Self::MonthlyLimit
            | Self::ChannelRefused
            | Self::NotSent
            | Self::Deferred
            | Self::NotMade => true,
            // What was refused for good brought nothing either, and is not asked about: nothing of it waits.
            Self::Accepted | Self::AcceptedBefore | Self::Refused | Self::Uncertain => false,
        }
    }
}

/// Whether anybody named in the request has withdrawn since it was frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consents {
    /// Nobody has.
    Stand,
    /// Somebody has.
    Withdrawn,
}

codes! {
    /// Why an outcome stays open for a person.
    UnknownReason {
        /// 23 hours are over.
        TooLate = "too_late",
        /// Somebody named in it has withdrawn.
        ConsentWithdrawn = "consent_withdrawn",
        /// Mail cut off after the final dot.
        MailUncertain = "mail_uncertain",
        /// The message was called off while it was being sent.
        CalledOff = "called_off",
        /// Its sending had begun when the backup was made that the database was restored from.
        Restored = "restored",
    }
}

/// What to commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// All its deliveries are sent.
    Sent,
    /// All failed.
    Failed,
    /// The same key and body again, not before then.
    Retry {
        /// Not before.
        at: Timestamp,
    },
    /// All are unknown.
    Unknown(UnknownReason),
    /// Nothing left: its deliveries go back to the queue to be judged and frozen anew.
    Requeue,
    /// Nothing left, and nothing will: the message was called off.
    CallOff,
    /// The channel's campaigns are paused.
    StopChannel {
        /// Why.
        reason: PauseReason,
        /// `None`: nothing left, the deliveries go back to the queue. An instant: an earlier attempt may have been
        /// accepted, so this very request is repeated after the pause, not before then and not after [`RETRY_FOR`].
        same_again: Option<Timestamp>,
    },
}

impl Dispatch {
    /// What follows from an outcome. A claim whose lease ran out (a crash) is `Uncertain`.
    ///
    /// On LINE an answer that says *this attempt* did not leave (rate, month, credentials) says nothing about earlier
    /// attempts, so after the first one the same key is kept: the request is never made anew. Mail is only ever
    /// repeated after it surely did not leave, so its earlier attempts leave no doubt.
    pub fn next(&self, outcome: Classified, consents: Consents, now: Timestamp) -> NextStep {
        match outcome {
            Classified::Accepted | Classified::AcceptedBefore => NextStep::Sent,
            Classified::Refused => NextStep::Failed,
            Classified::Uncertain => match (self.channel, consents) {
                (Channel::Email, Consents::Stand | Consents::Withdrawn) => {
                    NextStep::Unknown(UnknownReason::MailUncertain)
                }
                (Channel::Line, Consents::Withdrawn) => NextStep::Unknown(UnknownReason::ConsentWithdrawn),
                (Channel::Line, Consents::Stand) => self.retry_in(TimeDelta::zero(), now),
            },
            Classified::RateLimited { retry_after } => {
                self.not_left(retry_after.unwrap_or(TimeDelta::zero()), consents, now)
            }
            Classified::NotSent => self.not_left(TimeDelta::zero(), consents, now),
            Classified::Deferred => self.deferred(consents, now),
            Classified::NotMade => self.not_made(consents, now),
            Classified::MonthlyLimit => self.stop(PauseReason::MonthlyLimit, consents, now),
            Classified::ChannelRefused => self.stop(PauseReason::ChannelRefused, consents, now),
        }
    }

    /// The same for a message that was called off meanwhile: nothing of it is made again, so nothing of it may wait.
    pub fn next_called_off(&self, outcome: Classified, consents: Consents, now: Timestamp) -> NextStep {
        match self.next(outcome, consents, now) {
            step @ (NextStep::Sent | NextStep::Failed | NextStep::Unknown(_)) => step,
            NextStep::Requeue | NextStep::CallOff => NextStep::CallOff,
            NextStep::Retry { .. } | NextStep::StopChannel { .. } if outcome.surely_nothing() && !self.in_doubt() => {
                NextStep::CallOff
            }
            NextStep::Retry { .. } | NextStep::StopChannel { .. } => NextStep::Unknown(UnknownReason::CalledOff),
        }
    }

    const fn in_doubt(&self) -> bool {
        match self.channel {
            Channel::Line => self.attempt > 1,
            Channel::Email => false,
        }
    }

    fn not_left(&self, wait: TimeDelta, consents: Consents, now: Timestamp) -> NextStep {
        match (consents, self.in_doubt()) {
            (Consents::Stand, true) => self.retry_in(wait, now),
            // However long the channel was away: what never left is no riddle for a person, it waits for another day.
            (Consents::Stand, false) => match self.retry_in(wait, now) {
                NextStep::Unknown(UnknownReason::TooLate) => NextStep::Requeue,
                step => step,
            },
            (Consents::Withdrawn, true) => NextStep::Unknown(UnknownReason::ConsentWithdrawn),
            (Consents::Withdrawn, false) => NextStep::Requeue,
        }
    }

    /// One mailbox that never takes anything must not keep the message from coming to its end: after the last attempt a
    /// person decides.
    fn deferred(&self, consents: Consents, now: Timestamp) -> NextStep {
        match consents {
            Consents::Stand => self.retry_in(TimeDelta::zero(), now),
            Consents::Withdrawn => self.not_left(TimeDelta::zero(), consents, now),
        }
    }

    /// What never was asked of the channel is judged and frozen anew, so that it can never grow too old to be repeated. An
    /// earlier attempt in doubt keeps its key, and soon has its turn again: the channel did nothing to be given more time.
    fn not_made(&self, consents: Consents, now: Timestamp) -> NextStep {
        match consents {
            Consents::Stand | Consents::Withdrawn if !self.in_doubt() => NextStep::Requeue,
            Consents::Stand => self.again_at(now.plus(FIRST_WAIT)),
            Consents::Withdrawn => NextStep::Unknown(UnknownReason::ConsentWithdrawn),
        }
    }

    fn stop(&self, reason: PauseReason, consents: Consents, now: Timestamp) -> NextStep {
        if !self.in_doubt() {
            return NextStep::StopChannel { reason, same_again: None };
        }
        match self.not_left(LONGEST_WAIT, consents, now) {
            NextStep::Retry { at } => NextStep::StopChannel { reason, same_again: Some(at) },
            other => other,
        }
    }

    fn retry_in(&self, asked: TimeDelta, now: Timestamp) -> NextStep {
        let doubled = FIRST_WAIT * (1i32 << self.attempt.saturating_sub(1).min(16));
        self.again_at(now.plus(doubled.min(LONGEST_WAIT).max(asked)))
    }

    fn again_at(&self, at: Timestamp) -> NextStep {
        if at < self.first_attempt_at.plus(RETRY_FOR) {
            return NextStep::Retry { at };
        }
        NextStep::Unknown(UnknownReason::TooLate)
    }
}
