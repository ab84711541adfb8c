//! How often somebody may: a cap counts what stands in the ledger, per person, household or group, in a round, a fiscal year or
//! ever. Leaves counting to storage, which reads the ledger's rows behind the round's lock; there are no stored counters.

use serde::{Deserialize, Serialize};
use tsunagari_kernel::{FiscalYear, Reason};

/// Who is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// The one who applies.
    Applicant,
    /// The one it is for.
    Beneficiary,
    /// The household of the one it is for; somebody without one is a household of their own.
    Household,
    /// The group that applies.
    Group,
}

/// Over which time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Within {
    /// This round.
    Round,
    /// The fiscal year of the round, over all its rounds.
    FiscalYear,
    /// Every round of the programme there ever was.
    Lifetime,
}

/// A cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// Who is counted together.
    pub per: Per,
    /// Over which time.
    pub within: Within,
    /// How many applications there may be that are not over.
    pub at_most: u32,
}

impl Cap {
    /// Whether one more may be, when so many are there.
    ///
    /// # Errors
    /// It is full.
    pub const fn one_more(self, there: u32) -> Result<(), Full> {
        if there < self.at_most { Ok(()) } else { Err(Full(self)) }
    }

    /// The public code of being refused for it, as in the locale keys `reason-…`.
    pub const fn code(self) -> &'static str {
        match (self.per, self.within) {
            (Per::Applicant, Within::Round) => "cap_applicant_round",
            (Per::Applicant, Within::FiscalYear) => "cap_applicant_year",
            (Per::Applicant, Within::Lifetime) => "cap_applicant_ever",
            (Per::Beneficiary, Within::Round) => "cap_beneficiary_round",
            (Per::Beneficiary, Within::FiscalYear) => "cap_beneficiary_year",
            (Per::Beneficiary, Within::Lifetime) => "cap_beneficiary_ever",
            (Per::Household, Within::Round) => "cap_household_round",
            (Per::Household, Within::FiscalYear) => "cap_household_year",
            (Per::Household, Within::Lifetime) => "cap_household_ever",
            (Per::Group, Within::Round) => "cap_group_round",
            (Per::Group, Within::FiscalYear) => "cap_group_year",
            (Per::Group, Within::Lifetime) => "cap_group_ever",
        }
    }

    /// The same as it is stored and translated.
    pub const fn reason(self) -> Reason {
        Reason::of(self.code())
    }
}

/// A cap that lets nobody more in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.reason())]
pub struct Full(pub Cap);

/// Which rounds a cap looks at, seen from one of a fiscal year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// This one.
    AtThis,
    /// Those of the programme in this year.
    AtYear(FiscalYear),
    /// Those of the programme.
    AtAll,
}

impl Within {
    /// The rounds it looks at from a round of a year.
    pub const fn looks(self, year: FiscalYear) -> Looked {
        match self {
            Self::Round => Looked::AtThis,
            Self::FiscalYear => Looked::AtYear(year),
            Self::Lifetime => Looked::AtAll,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// sources.md 3, catalogue/yuzawa-shiokuri: at most six in a year.
    #[test]
    fn the_seventh_is_refused_with_its_reason() {
        let cap = Cap { per: Per::Household, within: Within::FiscalYear, at_most: 6 };
        assert_eq!(cap.one_more(5), Ok(()));
        assert_eq!(cap.one_more(6).unwrap_err().to_string(), "cap_household_year");
        assert_eq!(cap.within.looks(FiscalYear(2025)), Looked::AtYear(FiscalYear(2025)));
    }
}
