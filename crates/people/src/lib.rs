//! People as one organisation knows them: persons, ties, households and guardianships, schools and enrolments, life
//! stage and job-hunting window, residences, contact points, consents, and the computed answer `reach`. Their facts for
//! the rule language (`facts`), matching, import rows and merging. Pure: the moment and the policy are parameters. Leaves
//! storing to `storage` (which gives every fact its SQL, proven equal to `facts`), and what is done to people to `acts`.

#[macro_use]
mod coded;

pub mod aspect;
pub mod consent;
pub mod contact_point;
pub mod enrolment;
pub mod facts;
pub mod household;
pub mod import;
pub mod interest;
pub mod job_hunting;
pub mod life_stage;
pub mod matching;
pub mod merge;
pub mod occupation;
pub mod outcome;
pub mod person;
pub mod plausible;
pub mod policy;
pub mod protection;
pub mod reach;
pub mod record;
pub mod residence;
pub mod school;
#[cfg(test)]
mod tests;
pub mod tie;

pub use aspect::Aspect;
pub use coded::UnknownCode;
pub use consent::{Consent, ConsentState, GivenBy, Purpose};
pub use contact_point::{ContactKind, ContactPoint, EndReason, PointState, Working};
pub use enrolment::Enrolment;
pub use facts::{FACTS, PersonFact, PersonFacts};
pub use household::{Guardianship, Household, HouseholdMember};
pub use interest::Interest;
pub use job_hunting::JobHunting;
pub use life_stage::LifeStage;
pub use occupation::{Occupation, OccupationKind};
pub use outcome::{Outcome, OutcomeKind};
pub use person::{Person, PersonLocale};
pub use policy::{Policy, ReachPolicy};
pub use reach::{Reach, ReachReason, reach};
pub use record::PersonRecord;
pub use residence::Residence;
pub use school::{School, SchoolKind};
pub use tie::{Tie, TieEnd, TieKind};
