//! Everything about one person in memory. Leaves reading it to `storage`.

use serde::{Deserialize, Serialize};

use crate::{
    Consent, ContactPoint, Enrolment, Guardianship, HouseholdMember, Interest, Occupation, Outcome, Person, Residence,
    Tie,
};

/// One person with all facts, in any order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRecord {
    /// The person.
    pub person: Person,
    /// Ties.
    pub ties: Vec<Tie>,
    /// Stays in households.
    pub households: Vec<HouseholdMember>,
    /// Who may act for the person.
    pub guardianships: Vec<Guardianship>,
    /// Stays at schools.
    pub enrolments: Vec<Enrolment>,
    /// Stays in municipalities.
    pub residences: Vec<Residence>,
    /// What the person does besides school. Left out where nothing is told, so that what was kept before this was asked still
    /// reads, and is still the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub occupations: Vec<Occupation>,
    /// What came of it. Left out where there is nothing, as above.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Outcome>,
    /// Ways to reach the person.
    pub contact_points: Vec<ContactPoint>,
    /// Consents.
    pub consents: Vec<Consent>,
    /// Interests.
    pub interests: Vec<Interest>,
}

impl PersonRecord {
    /// A person of whom nothing further is known.
    pub const fn of(person: Person) -> Self {
        Self {
            person,
            ties: Vec::new(),
            households: Vec::new(),
            guardianships: Vec::new(),
            enrolments: Vec::new(),
            residences: Vec::new(),
            occupations: Vec::new(),
            outcomes: Vec::new(),
            contact_points: Vec::new(),
            consents: Vec::new(),
            interests: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::reachable;

    #[test]
    fn a_record_kept_before_occupations_were_told_reads_and_is_written_the_same() {
        let kept = serde_json::to_value(reachable()).unwrap();
        assert!(kept.get("occupations").is_none(), "{kept}");
        assert_eq!(serde_json::from_value::<PersonRecord>(kept).unwrap(), reachable());
    }
}
