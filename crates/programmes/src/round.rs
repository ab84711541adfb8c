//! A round: one opening of a programme, with its period, its places and the venues it is held at (several at once). A move takes
//! the round and may refuse. Leaves who may take part to `eligibility` and counting places to storage, behind the round's lock.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::{FiscalYear, ProgrammeId, Reason, RoundId, Timestamp, Yen};

use crate::capacity::{Capacity, WaitingList};

/// How far a round has come. Whether one can apply is a matter of its period, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The office prepares it; nobody else sees it.
    Draft,
    /// Everybody sees it.
    Announced,
    /// It is over; what it came to stays.
    Finished,
    /// The office called it off.
    CalledOff,
}

impl Stage {
    /// Every stage, in the order in which a round goes through them.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Announced, Self::Finished, Self::CalledOff];

    /// The public code, as stored and as in the locale keys `stage-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Announced => "announced",
            Self::Finished => "finished",
            Self::CalledOff => "called_off",
        }
    }
}

impl std::str::FromStr for Stage {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|it| it.code() == code).ok_or(())
    }
}

/// Somewhere a round is held, or a link where it is held without a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Venue {
    /// Its number in the round, from 1.
    pub no: u16,
    /// Its name.
    pub name: String,
    /// Where it is; empty where it is held online.
    pub address: String,
    /// The link under which it is held online; empty where there is none.
    pub online: String,
    /// When it begins, once that is known.
    pub starts: Option<Timestamp>,
    /// When it ends, once that is known.
    pub ends: Option<Timestamp>,
    /// Its own places, within those of the round; nothing where it shares the round's.
    pub places: Option<u32>,
}

/// A round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Its id.
    pub id: RoundId,
    /// What it opens.
    pub programme: ProgrammeId,
    /// Under which version of it.
    pub version_no: u32,
    /// Its title, as residents read it.
    pub title: String,
    /// The fiscal year it belongs to: caps and figures count by it.
    pub year: FiscalYear,
    /// Which time it is held ("2nd year"), where that is said.
    pub edition: Option<u16>,
    /// How far it has come.
    pub stage: Stage,
    /// The first instant at which one can apply.
    pub opens: Timestamp,
    /// The first instant at which one cannot any more; nothing for no end.
    pub closes: Option<Timestamp>,
    /// How many places there are, over all venues.
    pub capacity: Capacity,
    /// The list behind them.
    pub waiting_list: WaitingList,
    /// What it may cost; nothing where none is set.
    pub budget: Option<Yen>,
    /// What must hold besides the programme's own conditions, in the rule language; empty for nothing.
    pub also: String,
    /// What the office wants to say about it.
    pub note: String,
    /// Where it is held, in their order; empty for what is held nowhere (a parcel).
    pub venues: Vec<Venue>,
}

/// Why a round does not take an application, or a move is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.code())]
pub enum RoundRefusal {
    /// It is not announced.
    Draft,
    /// One cannot apply yet.
    NotYet,
    /// One cannot apply any more.
    Over,
    /// It was called off.
    CalledOff,
    /// It is announced already.
    Announced,
    /// It would end before it begins.
    EndsBeforeItBegins,
    /// Its end has passed already.
    EndHasPassed,
    /// A venue's own places are more than the round's.
    VenueTooLarge,
}

impl RoundRefusal {
    /// The public code, as in the locale keys `reason-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "round_draft",
            Self::NotYet => "round_not_yet",
            Self::Over => "round_over",
            Self::CalledOff => "round_called_off",
            Self::Announced => "round_announced",
            Self::EndsBeforeItBegins => "round_ends_before",
            Self::EndHasPassed => "round_end_passed",
            Self::VenueTooLarge => "round_venue_too_large",
        }
    }

    /// The reason as it is stored and translated.
    pub const fn reason(self) -> Reason {
        Reason::of(self.code())
    }
}

impl Round {
    /// Whether somebody can apply at an instant.
    ///
    /// # Errors
    /// Why not.
    pub fn takes(&self, now: Timestamp) -> Result<(), RoundRefusal> {
        match self.stage {
            Stage::Draft => Err(RoundRefusal::Draft),
            Stage::CalledOff => Err(RoundRefusal::CalledOff),
            Stage::Finished => Err(RoundRefusal::Over),
            Stage::Announced if now < self.opens => Err(RoundRefusal::NotYet),
            Stage::Announced if self.closes.is_some_and(|end| end <= now) => Err(RoundRefusal::Over),
            Stage::Announced => Ok(()),
        }
    }

    /// The venue of a number.
    pub fn venue(&self, no: u16) -> Option<&Venue> {
        self.venues.iter().find(|it| it.no == no)
    }

    /// The day of the event somebody goes to: of their venue, or of the first one that has a day.
    pub fn event_day(&self, venue: Option<u16>) -> Option<NaiveDate> {
        let theirs = venue.and_then(|no| self.venue(no)).and_then(|it| it.starts);
        let first = || self.venues.iter().find_map(|it| it.starts);
        theirs.or_else(first).map(Timestamp::jst_date)
    }

    /// Everybody sees it from now on.
    ///
    /// # Errors
    /// It cannot be announced as it stands.
    pub fn announce(self, now: Timestamp) -> Result<Self, RoundRefusal> {
        match self.stage {
            Stage::Announced => return Err(RoundRefusal::Announced),
            Stage::CalledOff => return Err(RoundRefusal::CalledOff),
            Stage::Finished => return Err(RoundRefusal::Over),
            Stage::Draft => {}
        }
        self.is_whole()?;
        if self.closes.is_some_and(|end| end <= now) {
            return Err(RoundRefusal::EndHasPassed);
        }
        Ok(Self { stage: Stage::Announced, ..self })
    }

    /// Whether its dates and numbers fit each other.
    ///
    /// # Errors
    /// What does not.
    pub fn is_whole(&self) -> Result<(), RoundRefusal> {
        let backward = |from: Timestamp, until: Option<Timestamp>| until.is_some_and(|until| until <= from);
        if backward(self.opens, self.closes)
            || self.venues.iter().any(|it| it.starts.is_some_and(|from| backward(from, it.ends)))
        {
            return Err(RoundRefusal::EndsBeforeItBegins);
        }
        match self.capacity {
            Capacity::Places(all) if self.venues.iter().any(|it| it.places.is_some_and(|own| own > all)) => {
                Err(RoundRefusal::VenueTooLarge)
            }
            Capacity::Places(_) | Capacity::Open => Ok(()),
        }
    }

    /// The office calls it off.
    ///
    /// # Errors
    /// It is over already.
    pub fn call_off(self) -> Result<Self, RoundRefusal> {
        match self.stage {
            Stage::Draft | Stage::Announced => Ok(Self { stage: Stage::CalledOff, ..self }),
            Stage::Finished => Err(RoundRefusal::Over),
            Stage::CalledOff => Err(RoundRefusal::CalledOff),
        }
    }

    /// It is over.
    ///
    /// # Errors
    /// It was never announced, or is over already.
    pub fn finish(self) -> Result<Self, RoundRefusal> {
        match self.stage {
            Stage::Announced => Ok(Self { stage: Stage::Finished, ..self }),
            Stage::Draft => Err(RoundRefusal::Draft),
            Stage::Finished => Err(RoundRefusal::Over),
            Stage::CalledOff => Err(RoundRefusal::CalledOff),
        }
    }
}

#[cfg(test)]
mod tests;
