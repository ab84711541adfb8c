//! The SQL of every fact about people, by exhaustive match: the same meaning as `people::PersonFacts`, NULL for unknown.
//! Leaves operators to `rule_sql`. To add a fact: the compiler points here; then the property test proves it.

pub(crate) mod age;
mod home;
mod reach;
mod school;
pub(crate) mod state;

use tsunagari_people::{ContactKind, PersonFact, Purpose, ReachReason, TieKind};

use crate::rule_sql::{Compiler, Over};

/// A fact's SQL, correlated with `person p`.
pub(crate) enum FactSql {
    /// A number, a day or a code; NULL is unknown.
    Scalar(String),
    /// An id, compared with ids.
    Id(String),
    /// A truth; NULL is unknown.
    Truth(String),
    /// A set of codes, never unknown: an `EXISTS (… code` left open before its comparison.
    Set(String),
    /// A column that lists codes.
    Listed(String),
    /// The age, which is compared through the birth date.
    Age,
}

/// Reachable through one of these kinds; through any, when none is named.
pub(crate) fn through(c: &mut Compiler<'_>, purpose: &Purpose, kinds: &[ContactKind]) -> String {
    match c.over {
        Over::Facts => reach::through(c, purpose, kinds),
        Over::State => state::through(c, purpose, kinds),
    }
}

/// Every reason against reaching the person for a purpose, as a number of `person_state::sign_bit`s.
pub(crate) fn reasons(c: &mut Compiler<'_>, purpose: &Purpose) -> String {
    match c.over {
        Over::Facts => reach::reasons(c, purpose),
        Over::State => state::reasons(c, purpose),
    }
}

pub(crate) fn sql(c: &mut Compiler<'_>, fact: &PersonFact) -> FactSql {
    match c.over {
        Over::Facts => of_facts(c, fact),
        Over::State => state::sql(c, fact).unwrap_or_else(|| c.over_facts(|c| of_facts(c, fact))),
    }
}

/// For every fact a row of `person_state` holds: that the row and the facts disagree. Lists of codes are left to the
/// property test, whose members are known.
pub(crate) fn differs(c: &mut Compiler<'_>) -> Vec<String> {
    let ties = TieKind::ALL.iter().map(|kind| PersonFact::Tie(*kind));
    let kept = ContactKind::ALL.iter().map(|kind| PersonFact::HasContact(*kind));
    let plain = [
        PersonFact::Cohort,
        PersonFact::HighSchool,
        PersonFact::SchoolKind,
        PersonFact::StudyYear,
        PersonFact::LifeStage,
        PersonFact::JobHunting,
        PersonFact::ResidencePrefecture,
        PersonFact::ResidenceMunicipality,
        PersonFact::ResidenceAbroad,
    ];
    let mut all = reach::differs(c);
    let of_info = |reason: &ReachReason| PersonFact::Reason(*reason, Purpose::of("info"));
    for fact in plain.into_iter().chain(ties).chain(kept).chain(ReachReason::ALL.iter().map(of_info)) {
        let (Some(state), facts) = (state::sql(c, &fact), of_facts(c, &fact)) else { continue };
        if let (
            FactSql::Scalar(a) | FactSql::Id(a) | FactSql::Truth(a),
            FactSql::Scalar(b) | FactSql::Id(b) | FactSql::Truth(b),
        ) = (state, facts)
        {
            all.push(format!("({a}) IS DISTINCT FROM ({b})"));
        }
    }
    all
}

fn of_facts(c: &mut Compiler<'_>, fact: &PersonFact) -> FactSql {
    match fact {
        PersonFact::Age => FactSql::Age,
        PersonFact::BirthDate => FactSql::Scalar("p.birth_date".to_owned()),
        PersonFact::Locale => FactSql::Scalar("p.locale".to_owned()),
        PersonFact::Cohort => FactSql::Scalar(school::cohort()),
        PersonFact::CohortAge => FactSql::Scalar(school::cohort_age(c)),
        PersonFact::HighSchool => FactSql::Id(school::high_school()),
        PersonFact::SchoolKind => FactSql::Scalar(school::current(c, "e.kind")),
        PersonFact::StudyYear => FactSql::Scalar(school::study_year(c)),
        PersonFact::LifeStage => FactSql::Scalar(school::life_stage(c)),
        PersonFact::JobHunting => FactSql::Truth(school::job_hunting(c)),
        PersonFact::ResidencePrefecture => FactSql::Scalar(home::current(c, "r.prefecture")),
        PersonFact::ResidenceMunicipality => FactSql::Scalar(home::current(c, "r.municipality")),
        PersonFact::ResidenceAbroad => FactSql::Truth(home::abroad(c)),
        PersonFact::Tie(kind) => FactSql::Truth(home::tie(c, *kind)),
        PersonFact::HadTie(kind) => FactSql::Truth(home::had_tie(c, *kind)),
        PersonFact::Outcome(kind) => FactSql::Truth(home::outcome(c, *kind)),
        PersonFact::Interest => FactSql::Set(home::interest(c)),
        PersonFact::GuardianKnown => FactSql::Truth(home::guardian_known(c)),
        PersonFact::Consent(purpose) => FactSql::Truth(reach::consent(c, purpose)),
        PersonFact::Reachable(purpose) => FactSql::Truth(reach::through(c, purpose, &[])),
        PersonFact::ReachableBy(purpose, kind) => FactSql::Truth(reach::through(c, purpose, &[*kind])),
        PersonFact::Reason(reason, purpose) => FactSql::Truth(reach::reason(c, *reason, purpose)),
        PersonFact::HasContact(kind) => FactSql::Truth(reach::has_contact(c, *kind)),
    }
}

/// How dear a fact is to ask, so that cheap ones are asked first.
pub(crate) const fn weight(fact: &PersonFact, over: Over) -> u32 {
    match over {
        Over::Facts => weight_of_facts(fact),
        Over::State => state::weight(fact),
    }
}

/// Columns of the person's own row, one look-up, several.
const fn weight_of_facts(fact: &PersonFact) -> u32 {
    match fact {
        PersonFact::BirthDate | PersonFact::Locale => 1,
        PersonFact::Age => 2,
        PersonFact::Interest | PersonFact::Tie(_) | PersonFact::HadTie(_) | PersonFact::Outcome(_) => 10,
        PersonFact::ResidencePrefecture | PersonFact::ResidenceMunicipality | PersonFact::ResidenceAbroad => 11,
        PersonFact::Consent(_) | PersonFact::HasContact(_) | PersonFact::GuardianKnown => 12,
        PersonFact::Cohort | PersonFact::CohortAge | PersonFact::HighSchool => 13,
        PersonFact::SchoolKind | PersonFact::StudyYear | PersonFact::JobHunting => 14,
        PersonFact::LifeStage => 20,
        PersonFact::Reachable(_) | PersonFact::ReachableBy(..) => 40,
        PersonFact::Reason(..) => 60,
    }
}

/// Columns `cohort` and `school` of the high school, for lists.
pub(crate) fn high_school_columns() -> String {
    format!("{} AS cohort, {} AS school", school::cohort(), school::high_school())
}
