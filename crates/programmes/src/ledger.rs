//! The ledger of an application: what happened, in order, appended and never changed. Where an application stands is the
//! fold of its entries, and every move may refuse. A mistake in a fact (who came, what was given) is undone by an entry that
//! annuls it; a decision about a place is not: it is decided anew. Leaves numbers of places to `capacity`, storing to acts.

use serde::{Deserialize, Serialize};
use tsunagari_kernel::Timestamp;

use crate::standing::{Refusal, Standing};

/// The place of an entry in its ledger, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u32);

/// Which benefit of the programme, by its order in the blueprint, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BenefitNo(pub u16);

/// What a review came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Screening {
    /// They may take part, which the conditions left to the staff: how the programme chooses goes on with them.
    Admitted,
    /// They are to have a place.
    Chosen,
    /// The applicant is asked to mend it (差戻し).
    SentBack,
    /// They are not to have one.
    NotChosen,
}

/// What a draw came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lot {
    /// Within the places.
    Won,
    /// Behind the winners: takes part when the sequence goes on.
    Behind,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// The application came in.
    Applied,
    /// The applicant changed its answers.
    Amended,
    /// The applicant took it back.
    Withdrawn,
    /// A review decided.
    Screened {
        /// What it came to.
        outcome: Screening,
        /// Its points, when it was scored.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        points: Option<i64>,
    },
    /// A draw decided.
    Drawn {
        /// What it came to.
        lot: Lot,
        /// The rank in the drawn sequence, from 1.
        rank: u32,
    },
    /// There was no place: they wait.
    Queued {
        /// Their order on the list; the least is next.
        order: u32,
    },
    /// A place is offered.
    Offered {
        /// Until then it is kept.
        until: Timestamp,
    },
    /// The offer was taken.
    Accepted,
    /// The offer was refused.
    Declined,
    /// The offer ran out.
    Lapsed,
    /// They have a place.
    Enrolled,
    /// They came.
    Attended,
    /// They did not come.
    Absent,
    /// A benefit was given.
    Fulfilled {
        /// Which.
        benefit: BenefitNo,
        /// Its number among those the application was given.
        number: u16,
    },
    /// A benefit came back (a parcel, a transfer).
    Returned {
        /// Which.
        benefit: BenefitNo,
        /// Its number.
        number: u16,
    },
    /// The reward of a quest was granted.
    Rewarded {
        /// Which benefit it was.
        benefit: BenefitNo,
    },
    /// Everything that belongs to it is done.
    Completed,
    /// The office took the place or the application away.
    CancelledByOffice,
    /// An earlier entry was a mistake and counts no more.
    Corrected {
        /// Which.
        annuls: Seq,
    },
}

impl Event {
    /// The public code, as stored and as in the locale keys `entry-…`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Amended => "amended",
            Self::Withdrawn => "withdrawn",
            Self::Screened { .. } => "screened",
            Self::Drawn { .. } => "drawn",
            Self::Queued { .. } => "queued",
            Self::Offered { .. } => "offered",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Lapsed => "lapsed",
            Self::Enrolled => "enrolled",
            Self::Attended => "attended",
            Self::Absent => "absent",
            Self::Fulfilled { .. } => "fulfilled",
            Self::Returned { .. } => "returned",
            Self::Rewarded { .. } => "rewarded",
            Self::Completed => "completed",
            Self::CancelledByOffice => "cancelled_by_office",
            Self::Corrected { .. } => "corrected",
        }
    }

    /// Whether it tells a fact, which can be a mistake, rather than a decision about a place.
    pub const fn can_be_annulled(&self) -> bool {
        match self {
            Self::Attended | Self::Absent | Self::Fulfilled { .. } | Self::Returned { .. } => true,
            Self::Rewarded { .. } | Self::Completed => true,
            Self::Applied | Self::Amended | Self::Withdrawn | Self::Screened { .. } | Self::Drawn { .. } => false,
            Self::Queued { .. } | Self::Offered { .. } | Self::Accepted | Self::Declined | Self::Lapsed => false,
            Self::Enrolled | Self::CancelledByOffice | Self::Corrected { .. } => false,
        }
    }
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place.
    pub seq: Seq,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
}

/// The ledger of one application.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    entries: Vec<Entry>,
    standing: Option<Standing>,
}

impl Ledger {
    /// A ledger as it was stored.
    ///
    /// # Errors
    /// The first entry that does not follow from those before it: a ledger that was not written by this program.
    pub fn read(entries: Vec<Entry>) -> Result<Self, Refusal> {
        let mut ledger = Self::default();
        for entry in entries {
            ledger.append(entry.event, entry.at)?;
        }
        Ok(ledger)
    }

    /// Appends what happened; the new entry.
    ///
    /// # Errors
    /// The move is refused; the ledger is as before.
    pub fn append(&mut self, event: Event, at: Timestamp) -> Result<&Entry, Refusal> {
        let seq = Seq(u32::try_from(self.entries.len()).map_or(u32::MAX, |n| n + 1));
        let entry = Entry { seq, at, event };
        let standing = match &entry.event {
            Event::Corrected { annuls } => self.without(*annuls)?,
            event => match &self.standing {
                Some(standing) => standing.clone().after(event, at)?,
                None => Standing::begun_by(event)?,
            },
        };
        self.standing = Some(standing);
        self.entries.push(entry);
        self.entries.last().ok_or(Refusal::NotApplied)
    }

    /// Where it stands; nothing before anybody has applied.
    pub const fn standing(&self) -> Option<&Standing> {
        self.standing.as_ref()
    }

    /// Everything that happened.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries that count: neither annulled nor annulling.
    pub fn in_force(&self) -> impl Iterator<Item = &Entry> {
        let annulled = |seq| self.entries.iter().any(|it| it.event == Event::Corrected { annuls: seq });
        self.entries.iter().filter(move |it| !matches!(it.event, Event::Corrected { .. }) && !annulled(it.seq))
    }

    /// Where it would stand without an entry.
    fn without(&self, annulled: Seq) -> Result<Standing, Refusal> {
        let known = self.in_force().find(|it| it.seq == annulled).ok_or(Refusal::NothingToCorrect)?;
        if !known.event.can_be_annulled() {
            return Err(Refusal::CannotBeCorrected);
        }
        let mut kept = self.in_force().filter(|it| it.seq != annulled);
        let first = kept.next().ok_or(Refusal::NotApplied)?;
        kept.try_fold(Standing::begun_by(&first.event)?, |standing, entry| standing.after(&entry.event, entry.at))
    }
}

#[cfg(test)]
mod tests;
