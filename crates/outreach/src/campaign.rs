//! A campaign as a state with its dates and actors. A move takes the campaign and may refuse with a code; the caller
//! stores what comes back. Two people for more than one recipient or an attachment (trust.md 5). Leaves permission to access.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::{CampaignId, MediaId, Timestamp, UserId};

use crate::audience::codes;

/// The time between approval and launch in which it can be called off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CancelWindow(TimeDelta);

impl CancelWindow {
    /// The shortest one of an organisation.
    pub const LEAST: TimeDelta = TimeDelta::minutes(10);

    /// As the organisation set it; never shorter than [`Self::LEAST`].
    pub fn set_to(span: TimeDelta) -> Self {
        Self(span.max(Self::LEAST))
    }

    /// How long it is.
    pub const fn span(self) -> TimeDelta {
        self.0
    }

    /// For an organisation flagged *demo*: 10 s.
    pub const fn demo() -> Self {
        Self(TimeDelta::seconds(10))
    }
}

codes! {
    /// Why a move is refused.
    CampaignRefusal {
        /// Not possible from the present state.
        WrongState = "wrong_state",
        /// The approver wrote or submitted it.
        OwnApproval = "own_approval",
        /// The approver has not opened every attachment.
        AttachmentUnopened = "attachment_unopened",
        /// The cancel window is still open.
        WindowOpen = "window_open",
        /// The scheduled time has not come.
        NotYet = "not_yet",
        /// Scheduled for the past.
        InThePast = "in_the_past",
        /// Scheduled for so late that the year is a slip of the pen.
        TooFarAhead = "too_far_ahead",
        /// Nobody would get it.
        NobodyToReach = "nobody_to_reach",
    }
}

/// The furthest ahead a message is scheduled: the same day of next year.
const FURTHEST: TimeDelta = TimeDelta::days(366);

/// Whether something can be scheduled for this time.
///
/// # Errors
/// The past; more than a year ahead, which is a slip of the pen and would be forgotten if it were not.
pub fn can_leave_at(at: Timestamp, now: Timestamp) -> Result<(), CampaignRefusal> {
    match at {
        at if at < now => Err(CampaignRefusal::InThePast),
        at if at > now.plus(FURTHEST) => Err(CampaignRefusal::TooFarAhead),
        _ => Ok(()),
    }
}

codes! {
    /// Why a campaign stands still.
    PauseReason {
        /// Somebody paused it.
        ByHand = "by_hand",
        /// The channel's monthly limit is reached.
        MonthlyLimit = "monthly_limit",
        /// The channel refuses our credentials.
        ChannelRefused = "channel_refused",
        /// The mandate under which another body's channel is used is over.
        MandateOver = "mandate_over",
        /// What is to leave cannot be made of what was written: LINE would refuse it.
        CannotBeMade = "cannot_be_made",
        /// The database was restored: what was delivered after the backup is not known in it.
        Restored = "restored",
    }
}

/// Whether a second person is needed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalRule {
    /// More than one recipient, or an attachment. In an office of one, an outside approver is named.
    #[default]
    TwoPeople,
    /// One recipient, nothing attached.
    OneIsEnough,
}

impl ApprovalRule {
    /// The rule for a message.
    pub const fn of(recipients: u64, attachments: usize) -> Self {
        if recipients > 1 || attachments > 0 { Self::TwoPeople } else { Self::OneIsEnough }
    }
}

/// What approval settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Until then it can be cancelled and is not launched.
    pub cancel_until: Timestamp,
    /// Not before then.
    pub scheduled_for: Timestamp,
    /// What it was given under: alone only for one recipient, also at the launch.
    #[serde(default)]
    pub under: ApprovalRule,
}

impl Approval {
    /// Whether a time was chosen for it, rather than the end of the cancel window.
    pub fn waits_for_its_time(&self) -> bool {
        self.scheduled_for > self.cancel_until
    }
}

/// Where a campaign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CampaignState {
    /// Being written.
    Draft,
    /// Waits for approval.
    Submitted {
        /// By whom.
        by: UserId,
        /// When.
        at: Timestamp,
        /// How many would get it then.
        recipients: u64,
    },
    /// Waits for the window and the schedule.
    Approved(Approval),
    /// The audience is being frozen.
    Launching {
        /// Since.
        at: Timestamp,
        /// Under which approval.
        approval: Approval,
    },
    /// Requests leave.
    Sending {
        /// Since.
        at: Timestamp,
    },
    /// Stands still.
    Paused {
        /// Since.
        at: Timestamp,
        /// Why.
        reason: PauseReason,
        /// The approval it goes on under where its audience was not frozen yet; otherwise it goes on sending.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approval: Option<Approval>,
    },
    /// Every delivery has an outcome.
    Done {
        /// When.
        at: Timestamp,
    },
    /// Called off.
    Cancelled {
        /// By whom.
        by: UserId,
        /// When.
        at: Timestamp,
    },
    /// Could not be launched (the audience could not be computed).
    Failed {
        /// When.
        at: Timestamp,
    },
}

impl CampaignState {
    /// The public code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted { .. } => "submitted",
            Self::Approved(_) => "approved",
            Self::Launching { .. } => "launching",
            Self::Sending { .. } => "sending",
            Self::Paused { .. } => "paused",
            Self::Done { .. } => "done",
            Self::Cancelled { .. } => "cancelled",
            Self::Failed { .. } => "failed",
        }
    }
}

/// What an approver asked of the writer instead of releasing a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentBack {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// In their words.
    pub word: String,
}

/// Who approved a message: told also once it has left or was called off, when its state no longer holds the approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// A message on its way to a frozen audience.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// Everyone who changed the content since it was created; none of them can approve it.
    pub authors: BTreeSet<UserId>,
    /// What is attached.
    pub attachments: BTreeSet<MediaId>,
    /// Where it stands.
    pub state: CampaignState,
    /// Why it is a draft again, until it is handed in once more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_back: Option<SentBack>,
    /// Its approval, until the content changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released: Option<Released>,
    /// When the writer would have it leave; the approver decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Timestamp>,
}

type Move = Result<Campaign, CampaignRefusal>;

impl Campaign {
    /// A draft.
    pub fn drafted(id: CampaignId, author: UserId) -> Self {
        Self {
            id,
            authors: BTreeSet::from([author]),
            attachments: BTreeSet::new(),
            state: CampaignState::Draft,
            sent_back: None,
            released: None,
            proposed: None,
        }
    }

    fn to(self, state: CampaignState) -> Self {
        Self { state, ..self }
    }

    /// Content changed: back to draft, whatever was approved is void.
    ///
    /// # Errors
    /// Once it is launching or over.
    pub fn edit(mut self, by: UserId, attachments: BTreeSet<MediaId>) -> Move {
        match self.state {
            CampaignState::Draft | CampaignState::Submitted { .. } | CampaignState::Approved(_) => {
                self.authors.insert(by);
                self.attachments = attachments;
                self.released = None;
                Ok(self.to(CampaignState::Draft))
            }
            CampaignState::Launching { .. }
            | CampaignState::Sending { .. }
            | CampaignState::Paused { .. }
            | CampaignState::Done { .. }
            | CampaignState::Cancelled { .. }
            | CampaignState::Failed { .. } => Err(CampaignRefusal::WrongState),
        }
    }

    /// Handed in for approval, with the number of recipients shown.
    ///
    /// # Errors
    /// Not a draft, or nobody to reach.
    pub fn submit(self, by: UserId, recipients: u64, now: Timestamp) -> Move {
        if self.state != CampaignState::Draft {
            return Err(CampaignRefusal::WrongState);
        }
        if recipients == 0 {
            return Err(CampaignRefusal::NobodyToReach);
        }
        let answered = Self { sent_back: None, ..self };
        Ok(answered.to(CampaignState::Submitted { by, at: now, recipients }))
    }

    /// Given back to the writer with a word: a draft again.
    ///
    /// # Errors
    /// Not submitted.
    pub fn send_back(self, by: UserId, word: String, now: Timestamp) -> Move {
        let CampaignState::Submitted { .. } = self.state else { return Err(CampaignRefusal::WrongState) };
        let told = Self { sent_back: Some(SentBack { by, at: now, word }), ..self };
        Ok(told.to(CampaignState::Draft))
    }

    /// Approved: `opened` is what the approver opened, `window` the organisation's.
    ///
    /// # Errors
    /// Own work, unopened attachments, a time at which nothing can leave, or not submitted.
    pub fn approve(
        self,
        by: UserId,
        opened: &BTreeSet<MediaId>,
        scheduled_for: Option<Timestamp>,
        window: CancelWindow,
        now: Timestamp,
    ) -> Move {
        let CampaignState::Submitted { by: submitter, recipients, .. } = self.state else {
            return Err(CampaignRefusal::WrongState);
        };
        let own = by == submitter || self.authors.contains(&by);
        let under = match ApprovalRule::of(recipients, self.attachments.len()) {
            ApprovalRule::TwoPeople if own => return Err(CampaignRefusal::OwnApproval),
            ApprovalRule::OneIsEnough if own => ApprovalRule::OneIsEnough,
            ApprovalRule::TwoPeople | ApprovalRule::OneIsEnough => ApprovalRule::TwoPeople,
        };
        if !self.attachments.is_subset(opened) {
            return Err(CampaignRefusal::AttachmentUnopened);
        }
        if let Some(at) = scheduled_for {
            can_leave_at(at, now)?;
        }
        let cancel_until = now.plus(window.0);
        let scheduled_for = scheduled_for.unwrap_or(cancel_until).max(cancel_until);
        let released = Self { released: Some(Released { by, at: now }), ..self };
        Ok(released.to(CampaignState::Approved(Approval { by, at: now, cancel_until, scheduled_for, under })))
    }

    /// Whether this person may approve it: somebody else's, or one's own where one is enough.
    pub fn may_be_approved_by(&self, by: UserId) -> bool {
        let CampaignState::Submitted { by: submitter, recipients, .. } = self.state else { return false };
        let own = by == submitter || self.authors.contains(&by);
        !own || ApprovalRule::of(recipients, self.attachments.len()) == ApprovalRule::OneIsEnough
    }

    /// The audience is frozen from now.
    ///
    /// # Errors
    /// Not approved, or too early.
    pub fn launch(self, now: Timestamp) -> Move {
        let CampaignState::Approved(approval) = self.state else { return Err(CampaignRefusal::WrongState) };
        if now < approval.cancel_until {
            return Err(CampaignRefusal::WindowOpen);
        }
        if now < approval.scheduled_for {
            return Err(CampaignRefusal::NotYet);
        }
        Ok(self.to(CampaignState::Launching { at: now, approval }))
    }

    /// The deliveries stand.
    ///
    /// # Errors
    /// Not launching.
    pub fn launched(self, now: Timestamp) -> Move {
        let CampaignState::Launching { .. } = self.state else { return Err(CampaignRefusal::WrongState) };
        Ok(self.to(CampaignState::Sending { at: now }))
    }

    /// More people than one would get what one person approved alone: handed in again, for a second one to approve.
    ///
    /// # Errors
    /// Not launching, approved by two, or still for one only.
    pub fn grew(self, recipients: u64, now: Timestamp) -> Move {
        let CampaignState::Launching { approval, .. } = self.state else { return Err(CampaignRefusal::WrongState) };
        match (approval.under, ApprovalRule::of(recipients, self.attachments.len())) {
            (ApprovalRule::OneIsEnough, ApprovalRule::TwoPeople) => {
                let handed_in = CampaignState::Submitted { by: approval.by, at: now, recipients };
                Ok(Self { released: None, ..self }.to(handed_in))
            }
            (ApprovalRule::TwoPeople, _) | (_, ApprovalRule::OneIsEnough) => Err(CampaignRefusal::WrongState),
        }
    }

    /// The audience could not be computed.
    ///
    /// # Errors
    /// Not launching.
    pub fn fail(self, now: Timestamp) -> Move {
        let CampaignState::Launching { .. } = self.state else { return Err(CampaignRefusal::WrongState) };
        Ok(self.to(CampaignState::Failed { at: now }))
    }

    /// Stops claiming.
    ///
    /// # Errors
    /// Not sending.
    pub fn pause(self, reason: PauseReason, now: Timestamp) -> Move {
        let CampaignState::Sending { .. } = self.state else { return Err(CampaignRefusal::WrongState) };
        Ok(self.to(CampaignState::Paused { at: now, reason, approval: None }))
    }

    /// Stands still because it cannot go on, being sent or before: launched without its channel, it would leave the channel's
    /// readers out for good. Resumed, it goes on where it was; one whose audience was not frozen waits for its launch again.
    ///
    /// # Errors
    /// Not released, still already, or over.
    pub fn stand_still(self, reason: PauseReason, now: Timestamp) -> Move {
        let approval = match self.state {
            CampaignState::Approved(approval) | CampaignState::Launching { approval, .. } => Some(approval),
            CampaignState::Sending { .. } => None,
            CampaignState::Draft
            | CampaignState::Submitted { .. }
            | CampaignState::Paused { .. }
            | CampaignState::Done { .. }
            | CampaignState::Cancelled { .. }
            | CampaignState::Failed { .. } => return Err(CampaignRefusal::WrongState),
        };
        Ok(self.to(CampaignState::Paused { at: now, reason, approval }))
    }

    /// Stands still because the database was restored, whether it waited, was being sent or stood still already: somebody
    /// has to say what became of it since the backup.
    ///
    /// # Errors
    /// Not approved yet, or over.
    pub fn hold(self, now: Timestamp) -> Move {
        let CampaignState::Paused { approval, .. } = self.state else {
            return self.stand_still(PauseReason::Restored, now);
        };
        Ok(self.to(CampaignState::Paused { at: now, reason: PauseReason::Restored, approval }))
    }

    /// Goes on: to its launch where the audience was not frozen yet, otherwise to the rest of it.
    ///
    /// # Errors
    /// Not paused.
    pub fn resume(self, now: Timestamp) -> Move {
        let CampaignState::Paused { approval, .. } = self.state else { return Err(CampaignRefusal::WrongState) };
        Ok(self.to(approval.map_or(CampaignState::Sending { at: now }, CampaignState::Approved)))
    }

    /// Every delivery has an outcome (storage has counted none open).
    ///
    /// # Errors
    /// Not sending.
    pub fn finish(self, now: Timestamp) -> Move {
        let CampaignState::Sending { .. } = self.state else { return Err(CampaignRefusal::WrongState) };
        Ok(self.to(CampaignState::Done { at: now }))
    }

    /// Deliveries of it are to be sent again after all; one that is not over yet stays where it is.
    ///
    /// # Errors
    /// Called off, never launched.
    pub fn reopen(self, now: Timestamp) -> Move {
        match self.state {
            CampaignState::Done { .. } => Ok(self.to(CampaignState::Sending { at: now })),
            CampaignState::Sending { .. } | CampaignState::Paused { approval: None, .. } => Ok(self),
            CampaignState::Draft
            | CampaignState::Submitted { .. }
            | CampaignState::Approved(_)
            | CampaignState::Launching { .. }
            | CampaignState::Paused { approval: Some(_), .. }
            | CampaignState::Cancelled { .. }
            | CampaignState::Failed { .. } => Err(CampaignRefusal::WrongState),
        }
    }

    /// Called off by somebody who does not write: what was released before its launch, or the rest of a paused one.
    ///
    /// # Errors
    /// Not approved yet; as [`Self::cancel`].
    pub fn call_off(self, by: UserId, now: Timestamp) -> Move {
        match self.state {
            CampaignState::Draft | CampaignState::Submitted { .. } => Err(CampaignRefusal::WrongState),
            CampaignState::Approved(_)
            | CampaignState::Paused { .. }
            | CampaignState::Launching { .. }
            | CampaignState::Sending { .. }
            | CampaignState::Done { .. }
            | CampaignState::Cancelled { .. }
            | CampaignState::Failed { .. } => self.cancel(by, now),
        }
    }

    /// Called off: before the launch, or the rest of a paused one.
    ///
    /// # Errors
    /// Launching, sending (pause first) or over.
    pub fn cancel(self, by: UserId, now: Timestamp) -> Move {
        match self.state {
            CampaignState::Draft
            | CampaignState::Submitted { .. }
            | CampaignState::Approved(_)
            | CampaignState::Paused { .. } => Ok(self.to(CampaignState::Cancelled { by, at: now })),
            CampaignState::Launching { .. }
            | CampaignState::Sending { .. }
            | CampaignState::Done { .. }
            | CampaignState::Cancelled { .. }
            | CampaignState::Failed { .. } => Err(CampaignRefusal::WrongState),
        }
    }
}
