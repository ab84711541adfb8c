//! The life of a parcel: to pack, packed, handed over, delivered or returned, and from there sent again or given up. Every move
//! may refuse. Each sending has its own number and receipt, so that a late line of a carrier about an earlier sending never
//! moves a later one. Leaves whom it goes to and how it is stored to acts, and what a carrier's file holds to documents.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// The carrier's number of a parcel: capital letters and digits, without the hyphens it is printed with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TrackingNumber(String);

impl TrackingNumber {
    /// Shorter than this no carrier counts, and longer fits on no label.
    const LENGTHS: std::ops::RangeInclusive<usize> = 8..=20;

    /// The number as a carrier's list or a person writes it: full width, with hyphens or spaces.
    ///
    /// # Errors
    /// When it cannot be one.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        // A spreadsheet turns a hyphen into whatever dash its fonts prefer; none of them means anything.
        let dash = |sign: char| matches!(sign, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}');
        let kept: String = text.nfkc().filter(|sign| !sign.is_whitespace() && !dash(*sign)).collect();
        let kept = kept.to_ascii_uppercase();
        let sound =
            kept.chars().all(|sign| sign.is_ascii_alphanumeric()) && kept.chars().any(|sign| sign.is_ascii_digit());
        if sound && Self::LENGTHS.contains(&kept.len()) { Ok(Self(kept)) } else { Err(Refusal::NotATrackingNumber) }
    }

    /// As it is kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TrackingNumber {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self, Refusal> {
        Self::parse(&text)
    }
}

impl From<TrackingNumber> for String {
    fn from(it: TrackingNumber) -> Self {
        it.0
    }
}

/// Where a parcel stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nobody has packed it yet.
    #[default]
    ToPack,
    /// It waits for the carrier.
    Packed,
    /// The carrier has it.
    HandedOver {
        /// The carrier's number, once its list has come back.
        tracking: Option<TrackingNumber>,
    },
    /// It arrived.
    Delivered {
        /// The carrier's number, where one was told.
        tracking: Option<TrackingNumber>,
    },
    /// It came back.
    Returned {
        /// The carrier's number, where one was told.
        tracking: Option<TrackingNumber>,
    },
    /// It is sent no more.
    GivenUp,
}

impl State {
    /// The codes of every state, in the order of a parcel's life.
    pub const CODES: [&'static str; 6] = ["to_pack", "packed", "handed_over", "delivered", "returned", "given_up"];

    /// The public code, as stored and as in the locale keys `parcel-state-…`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ToPack => "to_pack",
            Self::Packed => "packed",
            Self::HandedOver { .. } => "handed_over",
            Self::Delivered { .. } => "delivered",
            Self::Returned { .. } => "returned",
            Self::GivenUp => "given_up",
        }
    }

    /// The carrier's number, where one was told.
    pub const fn tracking(&self) -> Option<&TrackingNumber> {
        match self {
            Self::HandedOver { tracking } | Self::Delivered { tracking } | Self::Returned { tracking } => {
                tracking.as_ref()
            }
            Self::ToPack | Self::Packed | Self::GivenUp => None,
        }
    }

    /// The state of a code; nothing for a code there is not.
    fn read(code: &str, tracking: Option<TrackingNumber>) -> Option<Self> {
        Some(match code {
            "to_pack" => Self::ToPack,
            "packed" => Self::Packed,
            "handed_over" => Self::HandedOver { tracking },
            "delivered" => Self::Delivered { tracking },
            "returned" => Self::Returned { tracking },
            "given_up" => Self::GivenUp,
            _ => return None,
        })
    }
}

/// A parcel: where it stands, and in which sending.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Parcel {
    state: State,
    sending: u16,
}

impl Default for Parcel {
    fn default() -> Self {
        Self { state: State::ToPack, sending: 1 }
    }
}

/// Why a move is refused. The texts are public codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum Refusal {
    /// Packed already, or further.
    PackedAlready,
    /// Nobody has packed it.
    NotPacked,
    /// The carrier does not have it.
    NotOnItsWay,
    /// The carrier has it already, or had it.
    HandedOverAlready,
    /// Another number is on record for this sending.
    OtherTrackingNumber,
    /// It did not come back.
    NotReturned,
    /// It has arrived, or was given up.
    Over,
    /// The line is about another sending.
    OtherSending,
    /// Nothing was done that could be taken back.
    NothingToTakeBack,
    /// No carrier's number looks like this.
    NotATrackingNumber,
}

impl Refusal {
    /// The public code, as in the locale keys `refused-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PackedAlready => "parcel_packed_already",
            Self::NotPacked => "parcel_not_packed",
            Self::NotOnItsWay => "parcel_not_on_its_way",
            Self::HandedOverAlready => "parcel_handed_over_already",
            Self::OtherTrackingNumber => "parcel_other_tracking_number",
            Self::NotReturned => "parcel_not_returned",
            Self::Over => "parcel_over",
            Self::OtherSending => "parcel_other_sending",
            Self::NothingToTakeBack => "parcel_nothing_to_take_back",
            Self::NotATrackingNumber => "parcel_not_a_tracking_number",
        }
    }
}

impl Parcel {
    /// A parcel as it was stored; nothing for what this program never wrote.
    pub fn stored(state: &str, tracking: &str, sending: u16) -> Option<Self> {
        let tracking = if tracking.is_empty() { None } else { Some(TrackingNumber::parse(tracking).ok()?) };
        Some(Self { state: State::read(state, tracking)?, sending })
    }

    /// Where it stands.
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// The number of the sending, from 1.
    pub const fn sending(&self) -> u16 {
        self.sending
    }

    /// Whether the recipient may still change where it goes: once packed its label may be printed.
    pub const fn takes_address(&self) -> bool {
        matches!(self.state, State::ToPack)
    }

    /// It is packed.
    ///
    /// # Errors
    /// When it was before, or its life is over.
    pub fn pack(&self) -> Result<Self, Refusal> {
        match self.state {
            State::ToPack => Ok(self.in_state(State::Packed)),
            State::Delivered { .. } | State::GivenUp => Err(Refusal::Over),
            State::Packed | State::HandedOver { .. } | State::Returned { .. } => Err(Refusal::PackedAlready),
        }
    }

    /// The last move was a mistake. What was given up is packed anew under another receipt, as nobody knows whether its first
    /// sending ever left.
    ///
    /// # Errors
    /// When nothing was done yet, or the carrier has told its number: then it left.
    pub fn take_back(&self) -> Result<Self, Refusal> {
        let on_its_way = |tracking: &Option<TrackingNumber>| State::HandedOver { tracking: tracking.clone() };
        Ok(match &self.state {
            State::ToPack => return Err(Refusal::NothingToTakeBack),
            State::Packed => self.in_state(State::ToPack),
            State::HandedOver { tracking: None } => self.in_state(State::Packed),
            State::HandedOver { tracking: Some(_) } => return Err(Refusal::HandedOverAlready),
            State::Delivered { tracking } | State::Returned { tracking } => self.in_state(on_its_way(tracking)),
            State::GivenUp => self.anew(),
        })
    }

    /// The carrier gets it.
    ///
    /// # Errors
    /// When it is not packed, or the carrier had it.
    pub fn hand_over(&self) -> Result<Self, Refusal> {
        self.only_packed()?;
        Ok(self.in_state(State::HandedOver { tracking: None }))
    }

    /// The carrier's list tells the number of a sending. The same number twice changes nothing: a list is read again.
    ///
    /// # Errors
    /// When it is about another sending, the carrier never had it, or another number is on record.
    pub fn track(&self, sending: u16, number: TrackingNumber) -> Result<Self, Refusal> {
        if sending != self.sending {
            return Err(Refusal::OtherSending);
        }
        let known = |tracking: &Option<TrackingNumber>| match tracking {
            Some(before) if *before != number => Err(Refusal::OtherTrackingNumber),
            _ => Ok(Some(number.clone())),
        };
        let state = match &self.state {
            State::HandedOver { tracking } => State::HandedOver { tracking: known(tracking)? },
            State::Delivered { tracking } => State::Delivered { tracking: known(tracking)? },
            State::Returned { tracking } => State::Returned { tracking: known(tracking)? },
            State::ToPack | State::Packed | State::GivenUp => return Err(Refusal::NotOnItsWay),
        };
        Ok(self.in_state(state))
    }

    /// It arrived.
    ///
    /// # Errors
    /// When it is not on its way.
    pub fn deliver(&self) -> Result<Self, Refusal> {
        Ok(self.in_state(State::Delivered { tracking: self.on_its_way()? }))
    }

    /// It came back.
    ///
    /// # Errors
    /// When it is not on its way.
    pub fn come_back(&self) -> Result<Self, Refusal> {
        Ok(self.in_state(State::Returned { tracking: self.on_its_way()? }))
    }

    /// It is to be sent again. It is packed anew, for its address was wrong and what was in it may have spoilt.
    ///
    /// # Errors
    /// When it did not come back.
    pub fn send_again(&self) -> Result<Self, Refusal> {
        match self.state {
            State::Returned { .. } => Ok(self.anew()),
            _ => Err(Refusal::NotReturned),
        }
    }

    /// It is sent no more: it came back, or it never left.
    ///
    /// # Errors
    /// When the carrier has it, or its life is over.
    pub fn give_up(&self) -> Result<Self, Refusal> {
        match self.state {
            State::ToPack | State::Packed | State::Returned { .. } => Ok(self.in_state(State::GivenUp)),
            State::HandedOver { .. } => Err(Refusal::HandedOverAlready),
            State::Delivered { .. } | State::GivenUp => Err(Refusal::Over),
        }
    }

    const fn anew(&self) -> Self {
        Self { state: State::ToPack, sending: self.sending.saturating_add(1) }
    }

    const fn in_state(&self, state: State) -> Self {
        Self { state, sending: self.sending }
    }

    const fn only_packed(&self) -> Result<(), Refusal> {
        match self.state {
            State::Packed => Ok(()),
            State::ToPack => Err(Refusal::NotPacked),
            State::HandedOver { .. } | State::Returned { .. } => Err(Refusal::HandedOverAlready),
            State::Delivered { .. } | State::GivenUp => Err(Refusal::Over),
        }
    }

    fn on_its_way(&self) -> Result<Option<TrackingNumber>, Refusal> {
        match &self.state {
            State::HandedOver { tracking } => Ok(tracking.clone()),
            State::Delivered { .. } | State::GivenUp => Err(Refusal::Over),
            State::ToPack | State::Packed | State::Returned { .. } => Err(Refusal::NotOnItsWay),
        }
    }
}

#[cfg(test)]
mod tests;
