//! A person's agreement to a purpose: which wording, who gave it, from when until when. Leaves the wordings to storage
//! and who may give one to `acts`.

use std::fmt;

use serde::{Deserialize, Serialize};
use tsunagari_kernel::{ConsentId, PersonId, Span, Timestamp};

/// The code of a purpose the organisation asks consent for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Purpose(pub String);

impl Purpose {
    /// From a code.
    pub fn of(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    /// The code.
    pub fn code(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who gave a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GivenBy {
    /// The person.
    Myself,
    /// A guardian; the person, when the organisation keeps them.
    Guardian(Option<PersonId>),
}

impl GivenBy {
    /// The stored code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Myself => "self",
            Self::Guardian(_) => "guardian",
        }
    }

    /// From the stored code and guardian.
    ///
    /// # Errors
    /// When the code is unknown.
    pub fn of(code: &str, guardian: Option<PersonId>) -> Result<Self, crate::UnknownCode> {
        match code {
            "self" => Ok(Self::Myself),
            "guardian" => Ok(Self::Guardian(guardian)),
            _ => Err(crate::UnknownCode { list: "GivenBy", code: code.to_owned() }),
        }
    }
}

coded! {
    /// How a consent ended.
    ConsentEnd {
        /// The person withdrew it.
        WithdrawnBySelf = "withdrawn_by_self",
        /// The guardian withdrew it.
        WithdrawnByGuardian = "withdrawn_by_guardian",
        /// The office recorded a withdrawal it was told of.
        WithdrawnByOffice = "withdrawn_by_office",
        /// The person left.
        Left = "left",
        /// A newer consent to the same purpose took its place.
        Replaced = "replaced",
        /// An import that brought it was undone.
        Undone = "undone",
    }
}

/// A consent, in force at the instants of its span as far as who gave it suffices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// To what.
    pub purpose: Purpose,
    /// The version of the wording that was shown.
    pub wording_version: u32,
    /// Who gave it.
    pub given_by: GivenBy,
    /// From giving until withdrawal.
    pub span: Span<Timestamp>,
    /// How it ended, when it did.
    pub ended: Option<ConsentEnd>,
}

/// Where a person stands with a purpose at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConsentState {
    /// In force.
    InForce,
    /// The person gave it, but is under the set age (or of unknown age) and no guardian has.
    GuardianNeeded,
    /// It was in force or given before, and none is now.
    Withdrawn,
    /// Never given.
    Never,
}

impl ConsentState {
    /// The state for a purpose. `own`: whether the age set for guardians' consent is reached. A guardian's
    /// consent stays in force whatever the age, until it ends.
    pub fn of(consents: &[Consent], purpose: &Purpose, at: Timestamp, own: OwnConsent) -> Self {
        let begun: Vec<&Consent> = consents.iter().filter(|c| c.purpose == *purpose && c.span.from <= at).collect();
        let mut alive = begun.iter().filter(|c| c.span.contains(at)).peekable();
        match (begun.is_empty(), alive.peek().is_none(), own) {
            (true, _, _) => Self::Never,
            (false, true, _) => Self::Withdrawn,
            (false, false, OwnConsent::Suffices) => Self::InForce,
            (false, false, OwnConsent::NeedsGuardian) => {
                if alive.any(|c| matches!(c.given_by, GivenBy::Guardian(_))) {
                    Self::InForce
                } else {
                    Self::GuardianNeeded
                }
            }
        }
    }
}

/// Whether a person's own consent is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OwnConsent {
    /// They have reached the age the organisation set.
    Suffices,
    /// They have not, or their birth date is unknown.
    NeedsGuardian,
}
