//! The facts about people that rules may speak of: their definitions (`FACTS`), their typed form (`PersonFact`) and their
//! values for one person in memory (`PersonFacts`). The definition of every fact stands at its variant; storage gives
//! each its SQL by exhaustive match and is tested to agree. To add a fact: a variant, an entry in `FACTS`, a line in
//! `PersonFact::of`, its value below, its SQL in storage, its words (`fact-…`) in every locale.

mod definitions;

use std::collections::BTreeSet;

use tsunagari_kernel::{FiscalYear, Moment, age};
use tsunagari_rules::{FactCall, Facts, Value};

use crate::life_stage::{current, high_school};
use crate::{
    ConsentState, ContactKind, LifeStage, OutcomeKind, PersonRecord, Policy, Purpose, Reach, ReachReason, TieKind,
    reach, residence,
};
pub use definitions::{FACTS, code_key};

/// A fact about a person with its arguments. `d` is the moment's date, `t` its instant; intervals are half-open.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PersonFact {
    /// Number: completed years on `d` by comparison of birthdays (29 February has it on 1 March in common years);
    /// unknown without birth date or before birth.
    Age,
    /// Date: birth date; unknown when not recorded.
    BirthDate,
    /// Number: `end_fy` of the high-school enrolment: of kind `high_school`, the one greatest by (`end_fy`, `from_on`, id),
    /// whatever the date; unknown without one.
    Cohort,
    /// Number: fiscal year of `d` − `Cohort`: 0 in the last year of high school, 1 in the year after.
    CohortAge,
    /// Code of list `schools`: the school's id, hyphenated, of the enrolment of `Cohort`; unknown without one or when
    /// that enrolment has a free name only.
    HighSchool,
    /// Code: kind of the current enrolment: of those with `from_on <= d < until_on` and (`left_on` none or `d < left_on`) the one
    /// greatest by (`from_on`, id); unknown without one.
    SchoolKind,
    /// Number: of the current enrolment, `years − (end_fy − FY(d))` held within 1 and `years`.
    StudyYear,
    /// Code: see [`LifeStage::on`].
    LifeStage,
    /// Truth: see [`crate::JobHunting::on`]; unknown without any enrolment.
    JobHunting,
    /// Code of list `prefectures` (`320005`): of the current residence: of those whose span contains `d` the one greatest by
    /// (`from`, id); unknown without one or abroad.
    ResidencePrefecture,
    /// Code of list `municipalities` (`322041`): likewise; unknown also when only the prefecture is known.
    ResidenceMunicipality,
    /// Truth: the current residence is in another country; unknown without one. "Not in the prefecture" is
    /// `residence_prefecture != … or residence_abroad`, because abroad the prefecture is unknown.
    ResidenceAbroad,
    /// Truth: a tie of the kind contains `d`. Never unknown.
    Tie(TieKind),
    /// Truth: a tie of the kind contains `d`, or it had begun by `d` and ended otherwise than as a mistake or by death.
    /// Never unknown.
    HadTie(TieKind),
    /// Truth: an outcome of the kind is on record whose day is not after `d`. Never unknown.
    Outcome(OutcomeKind),
    /// Set of list `interests`: whose span contains `t`. Never unknown.
    Interest,
    /// Truth: [`ConsentState::InForce`] for the purpose at `t` on `d`. Never unknown; regardless of a merge.
    Consent(Purpose),
    /// Truth: [`Reach::is_reachable`]. Never unknown.
    Reachable(Purpose),
    /// Truth: reachable, and through this kind of contact point. Never unknown.
    ReachableBy(Purpose, ContactKind),
    /// Truth: [`Reach::has_reason`]. Never unknown.
    Reason(ReachReason, Purpose),
    /// Truth: a contact point of the kind is kept at `t`, working or not. Never unknown.
    HasContact(ContactKind),
    /// Code: the language to write in. Never unknown.
    Locale,
    /// Truth: a guardianship's span contains `d` and the person is not known to be 18 or older on `d`. Never unknown.
    GuardianKnown,
}

impl PersonFact {
    /// The fact a checked rule calls; `None` for a fact of another crate.
    pub fn of(call: &FactCall) -> Option<Self> {
        let purpose = |index| call.code(index).map(Purpose::of);
        Some(match call.fact.name {
            "age" => Self::Age,
            "birth_date" => Self::BirthDate,
            "cohort" => Self::Cohort,
            "cohort_age" => Self::CohortAge,
            "high_school" => Self::HighSchool,
            "school_kind" => Self::SchoolKind,
            "study_year" => Self::StudyYear,
            "life_stage" => Self::LifeStage,
            "job_hunting" => Self::JobHunting,
            "residence_prefecture" => Self::ResidencePrefecture,
            "residence_municipality" => Self::ResidenceMunicipality,
            "residence_abroad" => Self::ResidenceAbroad,
            "tie" => Self::Tie(call.code(0)?.parse().ok()?),
            "had_tie" => Self::HadTie(call.code(0)?.parse().ok()?),
            "outcome" => Self::Outcome(call.code(0)?.parse().ok()?),
            "interest" => Self::Interest,
            "consent" => Self::Consent(purpose(0)?),
            "reachable" => Self::Reachable(purpose(0)?),
            "reachable_by" => Self::ReachableBy(purpose(0)?, call.code(1)?.parse().ok()?),
            "reason" => Self::Reason(call.code(0)?.parse().ok()?, purpose(1)?),
            "has_contact" => Self::HasContact(call.code(0)?.parse().ok()?),
            "locale" => Self::Locale,
            "guardian_known" => Self::GuardianKnown,
            _ => return None,
        })
    }
}

/// One person's facts under an organisation's policy.
#[derive(Debug, Clone, Copy)]
pub struct PersonFacts<'r> {
    /// The person.
    pub record: &'r PersonRecord,
    /// What the organisation has set.
    pub policy: &'r Policy,
}

impl PersonFacts<'_> {
    /// The value of a scalar fact; `None` is unknown. `Interest`, a set, has no scalar value.
    pub fn scalar(&self, fact: &PersonFact, at: &Moment) -> Option<Value> {
        let record = self.record;
        let number = |n: i32| Some(Value::Number(i64::from(n)));
        let truth = |holds: bool| Some(Value::Truth(holds));
        let year = FiscalYear::of(at.date);
        match fact {
            PersonFact::Age => number(age::age_on(record.person.birth_date?, at.date)?),
            PersonFact::BirthDate => record.person.birth_date.map(Value::Date),
            PersonFact::Cohort => number(high_school(&record.enrolments)?.end_fy.0),
            PersonFact::CohortAge => number(year.0 - high_school(&record.enrolments)?.end_fy.0),
            PersonFact::HighSchool => code(high_school(&record.enrolments)?.school?),
            PersonFact::SchoolKind => code(current(&record.enrolments, at.date)?.kind),
            PersonFact::StudyYear => number(i32::from(current(&record.enrolments, at.date)?.study_year(year))),
            PersonFact::LifeStage => code(LifeStage::on(&record.enrolments, at.date)?),
            PersonFact::JobHunting => truth(self.policy.job_hunting.on(&record.enrolments, at.date)?),
            PersonFact::ResidencePrefecture => {
                code(residence::current(&record.residences, at.date)?.place.prefecture()?)
            }
            PersonFact::ResidenceMunicipality => {
                code(residence::current(&record.residences, at.date)?.place.municipality()?)
            }
            PersonFact::ResidenceAbroad => truth(residence::current(&record.residences, at.date)?.place.is_abroad()),
            PersonFact::Tie(kind) => truth(record.ties.iter().any(|t| t.kind == *kind && t.span.contains(at.date))),
            PersonFact::HadTie(kind) => truth(record.ties.iter().any(|t| t.kind == *kind && t.had_by(at.date))),
            PersonFact::Outcome(kind) => truth(record.outcomes.iter().any(|it| it.kind == *kind && it.by(at.date))),
            PersonFact::Interest => None,
            PersonFact::Consent(purpose) => {
                let own = self.policy.reach.own_consent(record.person.birth_date, at);
                truth(ConsentState::of(&record.consents, purpose, at.instant, own) == ConsentState::InForce)
            }
            PersonFact::Reachable(purpose) => truth(self.reach(purpose, at).is_reachable()),
            PersonFact::ReachableBy(purpose, kind) => truth(self.reach(purpose, at).via().contains(kind)),
            PersonFact::Reason(reason, purpose) => truth(self.reach(purpose, at).has_reason(*reason)),
            PersonFact::HasContact(kind) => {
                truth(record.contact_points.iter().any(|p| p.kind == *kind && p.kept.contains(at.instant)))
            }
            PersonFact::Locale => code(record.person.locale),
            PersonFact::GuardianKnown => {
                truth(record.guardianships.iter().any(|g| g.in_force(record.person.birth_date, at.date)))
            }
        }
    }

    fn reach(&self, purpose: &Purpose, at: &Moment) -> Reach {
        reach(self.record, purpose, at, &self.policy.reach)
    }
}

fn code(code: impl ToString) -> Option<Value> {
    Some(Value::Code(code.to_string()))
}

impl Facts for PersonFacts<'_> {
    fn value(&self, call: &FactCall, at: &Moment) -> Option<Value> {
        self.scalar(&PersonFact::of(call)?, at)
    }

    fn set(&self, call: &FactCall, at: &Moment) -> Option<BTreeSet<String>> {
        let alive = self.record.interests.iter().filter(|i| i.span.contains(at.instant));
        (PersonFact::of(call)? == PersonFact::Interest).then(|| alive.map(|i| i.code.clone()).collect())
    }
}

#[cfg(test)]
mod tests;
