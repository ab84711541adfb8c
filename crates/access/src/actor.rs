//! Who did something, and the name of what was done: the value `Tx::commit` takes. Leaves sealing to `audit`.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use tsunagari_kernel::{GuardianshipId, OrgId, PersonId, UserId};
use uuid::Uuid;

/// One run of an act, shared by its log lines, audit rows and jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OperationId(pub Uuid);

impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

/// A code: 1-48 of `a-z 0-9 _`, beginning with a letter. It cannot hold a name, an address or a number to call.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ActCode(Cow<'static, str>);

impl ActCode {
    /// A code written in the program. What is no code becomes `malformed_code`, so that nothing personal slips in.
    pub const fn of(code: &'static str) -> Self {
        if is_code(code.as_bytes()) { Self(Cow::Borrowed(code)) } else { Self(Cow::Borrowed("malformed_code")) }
    }

    /// A code read back; `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        is_code(text.as_bytes()).then(|| Self(Cow::Owned(text.to_owned())))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const fn is_code(bytes: &[u8]) -> bool {
    if bytes.is_empty() || bytes.len() > 48 || !bytes[0].is_ascii_lowercase() {
        return false;
    }
    let mut i = 0;
    while i < bytes.len() {
        if !(bytes[i].is_ascii_lowercase() || bytes[i].is_ascii_digit() || bytes[i] == b'_') {
            return false;
        }
        i += 1;
    }
    true
}

impl TryFrom<String> for ActCode {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a code")
    }
}

impl From<ActCode> for String {
    fn from(code: ActCode) -> Self {
        code.0.into_owned()
    }
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "who", rename_all = "snake_case")]
pub enum Actor {
    /// A member of staff.
    User(UserId),
    /// A resident for themselves.
    Resident(PersonId),
    /// A guardian for a minor.
    Guardian {
        /// Under which guardianship.
        guardianship: GuardianshipId,
        /// For whom.
        ward: PersonId,
    },
    /// A job of the program itself.
    Machine(ActCode),
    /// A partner who signs in.
    Partner(UserId),
}

impl Actor {
    /// The public code of the kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Resident(_) => "resident",
            Self::Guardian { .. } => "guardian",
            Self::Machine(_) => "machine",
            Self::Partner(_) => "partner",
        }
    }

    /// The id behind the actor (for a guardian the guardianship); a machine has none.
    pub const fn id(&self) -> Option<Uuid> {
        match self {
            Self::User(id) | Self::Partner(id) => Some(id.0),
            Self::Resident(id) => Some(id.0),
            Self::Guardian { guardianship, .. } => Some(guardianship.0),
            Self::Machine(_) => None,
        }
    }
}

/// The program working for one organisation under the name of a job: the proof jobs hand to acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    org: OrgId,
    job: ActCode,
}

impl Machine {
    /// For a named job.
    pub const fn working(org: OrgId, job: &'static str) -> Self {
        Self { org, job: ActCode::of(job) }
    }

    /// The organisation.
    pub const fn org(&self) -> OrgId {
        self.org
    }

    /// The machine, for the audit record.
    pub fn actor(&self) -> Actor {
        Actor::Machine(self.job.clone())
    }
}

/// What is committed and by whom; `Tx::commit` takes it and writes it to the audit record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The act's code, e.g. `launch_campaign`.
    pub code: ActCode,
    /// Who.
    pub actor: Actor,
    /// Which run.
    pub operation: OperationId,
    /// What it was done to: kind and id.
    pub subjects: Vec<(ActCode, Uuid)>,
    /// How many, by code.
    pub counts: Vec<(ActCode, i64)>,
}

impl Act {
    /// An act without subjects yet.
    pub const fn named(code: &'static str, actor: Actor, operation: OperationId) -> Self {
        Self { code: ActCode::of(code), actor, operation, subjects: Vec::new(), counts: Vec::new() }
    }

    /// Adds a subject: `act.on("person", person_id)`.
    #[must_use]
    pub fn on(mut self, kind: &'static str, id: impl Into<Uuid>) -> Self {
        self.subjects.push((ActCode::of(kind), id.into()));
        self
    }

    /// Adds a count: `act.counting("rows", 412)`.
    #[must_use]
    pub fn counting(mut self, what: &'static str, n: i64) -> Self {
        self.counts.push((ActCode::of(what), n));
        self
    }
}
