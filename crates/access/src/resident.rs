//! Proofs for residents and for guardians who act for a minor. A guardian's proof names the fields it opens and ends at
//! 00:00 JST of the 18th birthday (trust.md 6). Leaves whether the guardianship stands to people.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::age::adult_from;
use tsunagari_kernel::{GuardianshipId, OrgId, PersonId, SessionId, Timestamp};

use crate::actor::Actor;
use crate::session::{Session, Subject};

/// How a resident showed who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInWay {
    /// LINE Login.
    LineLogin,
    /// A link sent by e-mail.
    EmailLink,
    /// A signed link of limited use (unsubscribe, guardian consent).
    SignedLink,
}

/// Proof that a resident is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resident {
    org: OrgId,
    person: PersonId,
    how: SignInWay,
    session: Option<SessionId>,
}

impl Resident {
    /// From a live session; `None` for a dead one or one of staff.
    pub fn of_session(org: OrgId, session: &Session, now: Timestamp) -> Option<Self> {
        match session.subject {
            Subject::Resident(person, how) if session.is_live(now) => {
                Some(Self { org, person, how, session: Some(session.id) })
            }
            Subject::Resident(..) | Subject::Staff(_) => None,
        }
    }

    /// From a one-purpose link whose signature and term the caller has checked.
    pub const fn of_checked_link(org: OrgId, person: PersonId) -> Self {
        Self { org, person, how: SignInWay::SignedLink, session: None }
    }

    /// The organisation.
    pub const fn org(&self) -> OrgId {
        self.org
    }

    /// Who.
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// How they signed in.
    pub const fn how(&self) -> SignInWay {
        self.how
    }

    /// The session they act in; none behind a signed link.
    pub const fn session(&self) -> Option<SessionId> {
        self.session
    }

    /// For the audit record.
    pub const fn actor(&self) -> Actor {
        Actor::Resident(self.person)
    }
}

/// What a guardian may see or change. Case notes are not in the list and cannot be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WardField {
    /// The minor's name and kana.
    Name,
    /// The date of birth.
    BirthDate,
    /// School and graduation year.
    School,
    /// Consents: see, give, withdraw.
    Consents,
    /// Contact points, shortened.
    ContactPoints,
}

/// Proof that a guardian may act for one minor now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActingFor {
    org: OrgId,
    guardianship: GuardianshipId,
    ward: PersonId,
}

impl ActingFor {
    /// The fields the proof opens.
    pub const FIELDS: &'static [WardField] =
        &[WardField::Name, WardField::BirthDate, WardField::School, WardField::Consents, WardField::ContactPoints];

    /// For a guardianship the caller has found to stand; `None` from 00:00 JST of the ward's 18th birthday.
    pub fn allowed(
        org: OrgId,
        guardianship: GuardianshipId,
        ward: PersonId,
        ward_born: NaiveDate,
        now: Timestamp,
    ) -> Option<Self> {
        (now < adult_from(ward_born)).then_some(Self { org, guardianship, ward })
    }

    /// The organisation.
    pub const fn org(&self) -> OrgId {
        self.org
    }

    /// For whom.
    pub const fn ward(&self) -> PersonId {
        self.ward
    }

    /// For the audit record.
    pub const fn actor(&self) -> Actor {
        Actor::Guardian { guardianship: self.guardianship, ward: self.ward }
    }
}
