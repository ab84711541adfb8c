//! The people an application is about: the applicant as the organisation knows them, those the applicant names (a student, the
//! members of a group), guardians and the household. What somebody is named with is all that is known of them: nothing of an
//! adult student is looked up for a parent. Leaves finding the known ones to storage and judging to `eligibility`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::{EnrolmentId, FiscalYear, MunicipalityCode, PersonId, ResidenceId, Span, Timestamp};
use tsunagari_people::residence::Place;
use tsunagari_people::{Enrolment, Person, PersonFacts, PersonLocale, PersonRecord, Policy, Residence, SchoolKind};
use tsunagari_rules::Facts;
use uuid::Uuid;

use crate::answer_facts::PartyFacts;
use crate::eligibility::{About, Parties};
use crate::form::{Answers, FieldCode, Form};

/// Who handed an application in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandedBy {
    /// The applicant, in the portal.
    Applicant,
    /// The staff, from paper.
    Staff,
}

impl HandedBy {
    /// The public code, as stored and as in the locale keys `handed-by-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::Staff => "staff",
        }
    }
}

impl std::str::FromStr for HandedBy {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        [Self::Applicant, Self::Staff].into_iter().find(|it| it.code() == code).ok_or(())
    }
}

/// Somebody an applicant names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// Reading of the family name.
    pub family_kana: String,
    /// Reading of the given name.
    pub given_kana: String,
    /// Birth date.
    pub birth: Option<NaiveDate>,
    /// The municipality or prefecture they live in, where that is asked.
    pub lives: Option<MunicipalityCode>,
    /// The sort of school they are at, where that is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub studies: Option<SchoolKind>,
}

impl Named {
    /// What is known of them on a day: what was said, and nothing else.
    pub fn record(&self, on: NaiveDate) -> PersonRecord {
        let mut it = PersonRecord::of(Person {
            id: PersonId(Uuid::nil()),
            family: self.family.clone(),
            given: self.given.clone(),
            family_kana: self.family_kana.clone(),
            given_kana: self.given_kana.clone(),
            birth_date: self.birth,
            locale: PersonLocale::Ja,
            address_protected: false,
            team: None,
            merged_into: None,
            created_at: Timestamp::start_of(on),
        });
        let place = |code: MunicipalityCode| match code.is_prefecture() {
            true => Place::Prefecture(code),
            false => Place::Municipality(code),
        };
        let here = |place| Residence { id: ResidenceId(Uuid::nil()), place, span: Span::since(NaiveDate::MIN) };
        // Nobody said since when: it began with this year, which no condition of a group asks about.
        let at_school = |kind: SchoolKind| {
            let start = FiscalYear::of(on);
            Enrolment::starting(EnrolmentId(Uuid::nil()), kind, String::new(), start, kind.usual_years(), 0)
        };
        it.enrolments = self.studies.map(at_school).into_iter().collect();
        it.residences = self.lives.map(place).map(here).into_iter().collect();
        it
    }

    /// What tells them from everybody else: name and birth date, as compared. Nothing without a birth date.
    pub fn told_by(&self) -> Option<String> {
        let on = self.birth?;
        Some(format!("{}\n{on}", self.record(on).person.name_key()))
    }
}

/// What was handed in: everything the applicant wrote, and what was written to them about it. It is kept sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// The answers to the form.
    pub answers: Answers,
    /// Whom it is for, where the applicant names them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<Named>,
    /// The name of the group or company.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// The members of the group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Named>,
    /// What the staff asked to be mended, in their words, each time it was sent back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent_back: Vec<String>,
}

impl Paper {
    /// What may be shown of it where an address is protected: nothing that may tell where somebody is, and no answer the
    /// form does not know.
    #[must_use]
    pub fn without_whereabouts(mut self, form: &Form) -> Self {
        let open = |code: &FieldCode| form.0.iter().any(|it| it.code == *code && !it.kind.tells_whereabouts());
        self.answers.0.retain(|code, _| open(code));
        for it in self.named.iter_mut().chain(&mut self.members) {
            (it.lives, it.studies) = (None, None);
        }
        self
    }
}

/// Everybody an application is about.
#[derive(Debug, Clone)]
pub struct Involved {
    /// The one who applies.
    pub applicant: PersonRecord,
    /// Whom it is for, where they are somebody else.
    pub beneficiary: Option<PersonRecord>,
    /// Those who may speak as a guardian of the one it is for.
    pub guardians: Vec<PersonRecord>,
    /// The household of the one it is for.
    pub household: Vec<PersonRecord>,
    /// The members of the group.
    pub group: Vec<PersonRecord>,
}

impl Involved {
    /// Somebody who applies for themselves, of whom nothing else is known.
    pub const fn alone(applicant: PersonRecord) -> Self {
        Self { applicant, beneficiary: None, guardians: Vec::new(), household: Vec::new(), group: Vec::new() }
    }

    /// Their facts under an organisation's policy, with what was answered.
    pub fn parties<'a>(&'a self, policy: &'a Policy, answers: &'a Answers) -> Known<'a> {
        let facts = |record: &'a PersonRecord| PartyFacts { person: Some(PersonFacts { record, policy }), answers };
        let all = |records: &'a [PersonRecord]| records.iter().map(facts).collect();
        Known {
            applicant: [facts(&self.applicant)],
            beneficiary: [facts(self.beneficiary.as_ref().unwrap_or(&self.applicant))],
            guardians: all(&self.guardians),
            household: all(&self.household),
            group: all(&self.group),
        }
    }
}

/// The facts of everybody an application is about.
pub struct Known<'a> {
    applicant: [PartyFacts<'a>; 1],
    beneficiary: [PartyFacts<'a>; 1],
    guardians: Vec<PartyFacts<'a>>,
    household: Vec<PartyFacts<'a>>,
    group: Vec<PartyFacts<'a>>,
}

impl<'a> Known<'a> {
    /// Of the one it is for.
    pub const fn beneficiary(&self) -> &PartyFacts<'a> {
        let [it] = &self.beneficiary;
        it
    }
}

impl Parties for Known<'_> {
    fn facts(&self, about: About) -> Vec<&dyn Facts> {
        let these = match about {
            About::Applicant => &self.applicant[..],
            About::Beneficiary => &self.beneficiary[..],
            About::Guardian => &self.guardians,
            About::Household => &self.household,
            About::Group => &self.group,
        };
        these.iter().map(|it| it as &dyn Facts).collect()
    }
}
