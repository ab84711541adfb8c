//! What an applicant is told of a step of their application, and how it went. A step they took themselves and saw on the screen is told
//! only where it settles something. Leaves words to the locale files and sending to acts.

use crate::ledger::{Event, Lot, Screening};
use crate::standing::{Place, Standing};

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// It came in.
    Received,
    /// They have a place.
    Held,
    /// They wait for a place.
    Waiting,
    /// A place became free for them.
    Offered,
    /// Something is to be mended.
    SentBack,
    /// They were not chosen.
    NotChosen,
    /// Nobody answered the offer in time.
    Lapsed,
    /// The office called it off.
    CalledOff,
    /// A parcel is about to leave: where shall it go to?
    AddressAsked,
    /// A parcel is on its way.
    Sent,
    /// A parcel came back.
    CameBack,
    /// Money was decided for them: which account shall it go to?
    AccountAsked,
    /// It was paid.
    MoneyPaid,
    /// The bank gave it back.
    MoneyCameBack,
    /// What they have a place at is tomorrow.
    Tomorrow,
    /// They took part: how was it?
    Afterwards,
}

impl Notice {
    /// Every notice.
    pub const ALL: [Self; 16] = [
        Self::Received,
        Self::Held,
        Self::Waiting,
        Self::Offered,
        Self::SentBack,
        Self::NotChosen,
        Self::Lapsed,
        Self::CalledOff,
        Self::AddressAsked,
        Self::Sent,
        Self::CameBack,
        Self::AccountAsked,
        Self::MoneyPaid,
        Self::MoneyCameBack,
        Self::Tomorrow,
        Self::Afterwards,
    ];

    /// The public code, as stored and as in the locale keys `step-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Held => "held",
            Self::Waiting => "waiting",
            Self::Offered => "offered",
            Self::SentBack => "sent_back",
            Self::NotChosen => "not_chosen",
            Self::Lapsed => "lapsed",
            Self::CalledOff => "called_off",
            Self::AddressAsked => "address_asked",
            Self::Sent => "sent",
            Self::CameBack => "came_back",
            Self::AccountAsked => "account_asked",
            Self::MoneyPaid => "money_paid",
            Self::MoneyCameBack => "money_came_back",
            Self::Tomorrow => "tomorrow",
            Self::Afterwards => "afterwards",
        }
    }

    /// Whether it still says something true where the application stands now: a message may wait for the morning.
    pub fn holds(self, standing: &Standing) -> bool {
        match self {
            Self::Tomorrow => standing.place == Place::Held && standing.came.is_none(),
            Self::AddressAsked | Self::AccountAsked => standing.place == Place::Held,
            Self::Offered => matches!(standing.place, Place::Offered { .. }),
            Self::SentBack => standing.place == Place::SentBack,
            Self::Received | Self::Held | Self::Waiting | Self::NotChosen | Self::Lapsed | Self::CalledOff => true,
            Self::Sent | Self::CameBack | Self::MoneyPaid | Self::MoneyCameBack | Self::Afterwards => true,
        }
    }

    /// What is told of events that were appended together, and where the application stands after them.
    pub fn of(events: &[Event], standing: &Standing) -> Option<Self> {
        let mut told = events.iter().filter_map(|event| match event {
            Event::Applied => Some(Self::Received),
            Event::Screened { outcome: Screening::SentBack, .. } => Some(Self::SentBack),
            Event::Screened { outcome: Screening::NotChosen, .. } => Some(Self::NotChosen),
            Event::Enrolled | Event::Accepted | Event::Drawn { lot: Lot::Won, .. } => Some(Self::Held),
            Event::Queued { .. } | Event::Drawn { lot: Lot::Behind, .. } => Some(Self::Waiting),
            Event::Offered { .. } => Some(Self::Offered),
            Event::Lapsed => Some(Self::Lapsed),
            Event::CancelledByOffice => Some(Self::CalledOff),
            Event::Screened { .. }
            | Event::Amended
            | Event::Withdrawn
            | Event::Declined
            | Event::Attended
            | Event::Absent
            | Event::Fulfilled { .. }
            | Event::Returned { .. }
            | Event::Rewarded { .. }
            | Event::Completed
            | Event::Corrected { .. } => None,
        });
        // What it came to in the end; whom a draw leaves without a list has no place.
        told.next_back().map(|notice| match (notice, standing.place) {
            (Self::Waiting, Place::Over { .. }) => Self::NotChosen,
            (notice, _) => notice,
        })
    }
}

impl std::str::FromStr for Notice {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|it| it.code() == code).ok_or(())
    }
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Went {
    /// Not yet sent.
    Due,
    /// By LINE.
    Line,
    /// By mail.
    Mail,
    /// No message reaches them: the office tells them in another way.
    Nowhere,
    /// It was no longer true when it could be sent.
    Overtaken,
}

impl Went {
    /// Every way.
    pub const ALL: [Self; 5] = [Self::Due, Self::Line, Self::Mail, Self::Nowhere, Self::Overtaken];

    /// The public code, as stored and as in the locale keys `went-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Line => "line",
            Self::Mail => "mail",
            Self::Nowhere => "nowhere",
            Self::Overtaken => "overtaken",
        }
    }
}

impl std::str::FromStr for Went {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|it| it.code() == code).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_thing_that_settles_something_is_told() {
        let of = |events: &[Event], place| Notice::of(events, &Standing { place, ..Standing::asked() });
        assert_eq!(of(&[Event::Applied], Place::Asked), Some(Notice::Received));
        assert_eq!(of(&[Event::Applied, Event::Enrolled], Place::Held), Some(Notice::Held));
        assert_eq!(
            of(&[Event::Applied, Event::Queued { order: 1 }], Place::Waiting { order: 1 }),
            Some(Notice::Waiting)
        );
        assert_eq!(of(&[Event::Withdrawn], Place::Asked), None);
        assert_eq!(of(&[Event::Attended], Place::Held), None);
        let held = Standing { place: Place::Held, ..Standing::asked() };
        let came = Standing { came: Some(crate::standing::Came::Yes), ..held.clone() };
        assert!(Notice::Tomorrow.holds(&held) && !Notice::Tomorrow.holds(&came));
        assert!(!Notice::Tomorrow.holds(&Standing::asked()) && Notice::Afterwards.holds(&came));
        for notice in Notice::ALL {
            assert_eq!(notice.code().parse(), Ok(notice));
        }
        for went in Went::ALL {
            assert_eq!(went.code().parse(), Ok(went));
        }
    }
}
