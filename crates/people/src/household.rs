//! Households, the counting unit of caps, and guardianships: who may act for a minor. A guardianship ends by itself at
//! 00:00 in Japan of the child's 18th birthday, whatever was recorded (trust.md 6). Leaves what a guardian may see to `access`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::{GuardianshipId, HouseholdId, PersonId, Span, age};

/// A household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    /// Its id.
    pub id: HouseholdId,
    /// What the office calls it; may be empty.
    pub name: String,
}

/// A person's stay in a household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdMember {
    /// The household.
    pub household: HouseholdId,
    /// Days of belonging to it.
    pub span: Span<NaiveDate>,
}

/// A person who may act for a child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guardianship {
    /// Its id.
    pub id: GuardianshipId,
    /// Who acts.
    pub guardian: PersonId,
    /// Days it is recorded for.
    pub span: Span<NaiveDate>,
}

impl Guardianship {
    /// Whether the guardian may act for the child on a day: recorded, and the child is not yet 18. An unknown birth date
    /// leaves what is recorded.
    pub fn in_force(&self, child_birth: Option<NaiveDate>, day: NaiveDate) -> bool {
        self.span.contains(day) && child_birth.is_none_or(|birth| !age::is_at_least(birth, age::ADULT, day))
    }
}
