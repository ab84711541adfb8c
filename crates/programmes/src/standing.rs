//! Where an application stands: whether it has a place, whether they came, what was given. A move takes the standing and may
//! refuse with a code. Leaves the entries themselves to `ledger`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tsunagari_kernel::{Reason, Timestamp};

use crate::ledger::{BenefitNo, Event, Lot, Screening};

/// Why an application is over without a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// The applicant took it back.
    Withdrawn,
    /// The applicant refused the offer.
    Declined,
    /// The offer ran out.
    Lapsed,
    /// The office called it off.
    Cancelled,
    /// A review chose others.
    NotChosen,
}

/// Whether it has a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "place", rename_all = "snake_case")]
pub enum Place {
    /// Nothing is decided.
    Asked,
    /// The applicant is to mend it.
    SentBack,
    /// It is chosen; the place itself is still to be given.
    Chosen,
    /// On the list behind the places.
    Waiting {
        /// Its order; the least is next.
        order: u32,
    },
    /// A place is kept for it for a while.
    Offered {
        /// Until then.
        until: Timestamp,
    },
    /// It has a place.
    Held,
    /// It is over.
    Over {
        /// Why.
        why: Over,
    },
}

impl Place {
    /// The public code, as stored and as in the locale keys `place-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::SentBack => "sent_back",
            Self::Chosen => "chosen",
            Self::Waiting { .. } => "waiting",
            Self::Offered { .. } => "offered",
            Self::Held => "held",
            Self::Over { why: Over::Withdrawn } => "withdrawn",
            Self::Over { why: Over::Declined } => "declined",
            Self::Over { why: Over::Lapsed } => "lapsed",
            Self::Over { why: Over::Cancelled } => "cancelled",
            Self::Over { why: Over::NotChosen } => "not_chosen",
        }
    }

    /// Whether it takes one of the places: a place that is offered is nobody else's.
    pub const fn takes_a_place(self) -> bool {
        match self {
            Self::Chosen | Self::Offered { .. } | Self::Held => true,
            Self::Asked | Self::SentBack | Self::Waiting { .. } | Self::Over { .. } => false,
        }
    }

    /// Whether it counts towards a cap: everything that is not over.
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Over { .. })
    }
}

/// Whether they came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Came {
    /// They did.
    Yes,
    /// They did not.
    No,
}

/// Where an application stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Whether it has a place.
    pub place: Place,
    /// Whether they came, once that is known.
    pub came: Option<Came>,
    /// What was given, by benefit: the numbers, and which of them came back.
    pub given: BTreeMap<BenefitNo, Given>,
    /// Which rewards were granted.
    pub rewarded: BTreeSet<BenefitNo>,
    /// Everything is done.
    pub completed: bool,
    /// The rank it was drawn at.
    pub rank: Option<u32>,
}

/// What was given of a benefit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The numbers given, from 1.
    pub numbers: BTreeSet<u16>,
    /// Those of them that came back.
    pub returned: BTreeSet<u16>,
}

impl Given {
    /// How many were given and did not come back.
    pub fn kept(&self) -> usize {
        self.numbers.len() - self.returned.len()
    }
}

/// Why a move is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.code())]
pub enum Refusal {
    /// A ledger begins with an application.
    NotApplied,
    /// It is there already.
    AppliedAlready,
    /// It is over: what can still be done is to apply again.
    IsOver,
    /// It is decided already.
    Decided,
    /// It is not decided that they have a place.
    NoPlace,
    /// No place is offered.
    NotOffered,
    /// The offer ran out.
    OfferIsOver,
    /// The offer still holds.
    OfferHolds,
    /// It was given already.
    GivenAlready,
    /// It was not given, or came back already.
    NotGiven,
    /// Only those who came are rewarded.
    DidNotCome,
    /// Whether they came is recorded already.
    CameAlready,
    /// Everything was done already.
    CompletedAlready,
    /// They came, or were given something.
    UsedAlready,
    /// Nothing of that number counts.
    NothingToCorrect,
    /// A decision is made anew, not annulled.
    CannotBeCorrected,
}

impl Refusal {
    /// The public code, as in the locale keys `reason-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotApplied => "ledger_not_applied",
            Self::AppliedAlready => "ledger_applied_already",
            Self::IsOver => "ledger_is_over",
            Self::Decided => "ledger_decided",
            Self::NoPlace => "ledger_no_place",
            Self::NotOffered => "ledger_not_offered",
            Self::OfferIsOver => "ledger_offer_is_over",
            Self::OfferHolds => "ledger_offer_holds",
            Self::GivenAlready => "ledger_given_already",
            Self::NotGiven => "ledger_not_given",
            Self::DidNotCome => "ledger_did_not_come",
            Self::CameAlready => "ledger_came_already",
            Self::CompletedAlready => "ledger_completed_already",
            Self::UsedAlready => "ledger_used_already",
            Self::NothingToCorrect => "ledger_nothing_to_correct",
            Self::CannotBeCorrected => "ledger_cannot_be_corrected",
        }
    }

    /// The reason as it is stored and translated.
    pub const fn reason(self) -> Reason {
        Reason::of(self.code())
    }
}

type Move = Result<Standing, Refusal>;

impl Standing {
    /// Where everything begins: it came in, and nothing is decided.
    pub const fn asked() -> Self {
        Self {
            place: Place::Asked,
            came: None,
            given: BTreeMap::new(),
            rewarded: BTreeSet::new(),
            completed: false,
            rank: None,
        }
    }

    /// The standing a ledger's first entry makes.
    ///
    /// # Errors
    /// It is no application.
    pub fn begun_by(event: &Event) -> Move {
        match event {
            Event::Applied => Ok(Self::asked()),
            _ => Err(Refusal::NotApplied),
        }
    }

    /// The standing after what happened.
    ///
    /// # Errors
    /// It cannot happen from here.
    pub fn after(self, event: &Event, at: Timestamp) -> Move {
        match event {
            Event::Applied => Err(Refusal::AppliedAlready),
            Event::Amended => self.amended(),
            Event::Screened { outcome, .. } => self.screened(*outcome),
            Event::Drawn { lot, rank } => self.drawn(*lot, *rank),
            Event::Queued { order } => self.queued(*order),
            Event::Offered { until } => self.offered(*until),
            Event::Accepted => self.accepted(at),
            Event::Enrolled => self.enrolled(),
            Event::Lapsed => self.lapsed(at),
            Event::Declined => self.of_an_offer()?.over(Over::Declined),
            Event::Withdrawn => self.not_used()?.over(Over::Withdrawn),
            Event::CancelledByOffice => self.over(Over::Cancelled),
            Event::Attended => self.told(Came::Yes),
            Event::Absent => self.told(Came::No),
            Event::Fulfilled { benefit, number } => self.given(*benefit, *number),
            Event::Returned { benefit, number } => self.returned(*benefit, *number),
            Event::Rewarded { benefit } => self.rewarded(*benefit),
            Event::Completed => self.completed(),
            // What an entry annuls is known to the ledger alone.
            Event::Corrected { .. } => Err(Refusal::CannotBeCorrected),
        }
    }

    fn at(self, place: Place) -> Move {
        Ok(Self { place, ..self })
    }

    /// Amended: while nothing is decided, and when it was sent back, which hands it in again.
    fn amended(self) -> Move {
        match self.place {
            Place::Asked | Place::SentBack => self.at(Place::Asked),
            Place::Over { .. } => Err(Refusal::IsOver),
            Place::Chosen | Place::Waiting { .. } | Place::Offered { .. } | Place::Held => Err(Refusal::Decided),
        }
    }

    fn undecided(self) -> Move {
        match self.place {
            Place::Asked => Ok(self),
            Place::Over { .. } => Err(Refusal::IsOver),
            Place::SentBack | Place::Chosen | Place::Waiting { .. } | Place::Offered { .. } | Place::Held => {
                Err(Refusal::Decided)
            }
        }
    }

    fn screened(self, outcome: Screening) -> Move {
        self.undecided()?.at(match outcome {
            Screening::Admitted => Place::Asked,
            Screening::Chosen => Place::Chosen,
            Screening::SentBack => Place::SentBack,
            Screening::NotChosen => Place::Over { why: Over::NotChosen },
        })
    }

    fn drawn(self, lot: Lot, rank: u32) -> Move {
        let place = match lot {
            Lot::Won => Place::Chosen,
            Lot::Behind => Place::Waiting { order: rank },
        };
        Self { rank: Some(rank), ..self.undecided()? }.at(place)
    }

    fn queued(self, order: u32) -> Move {
        self.undecided()?.at(Place::Waiting { order })
    }

    fn offered(self, until: Timestamp) -> Move {
        match self.place {
            Place::Chosen | Place::Waiting { .. } => self.at(Place::Offered { until }),
            Place::Over { .. } => Err(Refusal::IsOver),
            Place::Asked | Place::SentBack => Err(Refusal::NoPlace),
            Place::Offered { .. } | Place::Held => Err(Refusal::Decided),
        }
    }

    fn of_an_offer(self) -> Move {
        if matches!(self.place, Place::Offered { .. }) { Ok(self) } else { Err(Refusal::NotOffered) }
    }

    fn accepted(self, at: Timestamp) -> Move {
        match self.place {
            Place::Offered { until } if at < until => self.at(Place::Held),
            Place::Offered { .. } => Err(Refusal::OfferIsOver),
            _ => Err(Refusal::NotOffered),
        }
    }

    fn lapsed(self, at: Timestamp) -> Move {
        match self.place {
            Place::Offered { until } if at < until => Err(Refusal::OfferHolds),
            _ => self.of_an_offer()?.over(Over::Lapsed),
        }
    }

    /// A place, without an offer: open to all, first come, or chosen by a review or a draw that offers nothing.
    fn enrolled(self) -> Move {
        match self.place {
            Place::Asked | Place::Chosen | Place::Waiting { .. } => self.at(Place::Held),
            Place::Over { .. } => Err(Refusal::IsOver),
            Place::SentBack | Place::Offered { .. } | Place::Held => Err(Refusal::Decided),
        }
    }

    /// What somebody came to, or was given, cannot be taken back by them; the office can still take it away.
    fn not_used(self) -> Move {
        if self.came == Some(Came::Yes) || self.given.values().any(|it| it.kept() > 0) {
            return Err(Refusal::UsedAlready);
        }
        Ok(self)
    }

    fn over(self, why: Over) -> Move {
        match self.place {
            Place::Over { .. } => Err(Refusal::IsOver),
            _ if self.completed => Err(Refusal::CompletedAlready),
            _ => self.at(Place::Over { why }),
        }
    }

    fn with_a_place(self) -> Move {
        match self.place {
            Place::Held => Ok(self),
            Place::Over { .. } => Err(Refusal::IsOver),
            Place::Asked | Place::SentBack | Place::Chosen | Place::Waiting { .. } | Place::Offered { .. } => {
                Err(Refusal::NoPlace)
            }
        }
    }

    fn told(self, came: Came) -> Move {
        let it = self.with_a_place()?;
        if it.came.is_some() {
            return Err(Refusal::CameAlready);
        }
        Ok(Self { came: Some(came), ..it })
    }

    /// The number of the next piece of a benefit.
    pub fn next_of(&self, benefit: BenefitNo) -> u16 {
        let last = self.given.get(&benefit).and_then(|it| it.numbers.last());
        last.map_or(1, |n| n.saturating_add(1))
    }

    fn given(self, benefit: BenefitNo, number: u16) -> Move {
        let mut it = self.with_a_place()?;
        if !it.given.entry(benefit).or_default().numbers.insert(number) {
            return Err(Refusal::GivenAlready);
        }
        Ok(it)
    }

    fn returned(mut self, benefit: BenefitNo, number: u16) -> Move {
        let known = self.given.get_mut(&benefit).filter(|it| it.numbers.contains(&number));
        match known.map(|it| it.returned.insert(number)) {
            Some(true) => Ok(self),
            Some(false) | None => Err(Refusal::NotGiven),
        }
    }

    fn rewarded(self, benefit: BenefitNo) -> Move {
        let mut it = self.with_a_place()?;
        if it.came != Some(Came::Yes) {
            return Err(Refusal::DidNotCome);
        }
        if !it.rewarded.insert(benefit) {
            return Err(Refusal::GivenAlready);
        }
        Ok(it)
    }

    fn completed(self) -> Move {
        let it = self.with_a_place()?;
        if it.completed {
            return Err(Refusal::CompletedAlready);
        }
        Ok(Self { completed: true, ..it })
    }
}
