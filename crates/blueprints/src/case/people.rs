//! The people of a case: what a file says of them, as records. Somebody of whom nothing is said is somebody of whom nothing is
//! known.

use chrono::NaiveDate;
use serde::Deserialize;
use tsunagari_kernel::{EnrolmentId, FiscalYear, MunicipalityCode, PersonId, ResidenceId, Span, TieId, Timestamp};
use tsunagari_people::residence::Place;
use tsunagari_people::{Enrolment, Person, PersonLocale, PersonRecord, Residence, SchoolKind, Tie, TieKind};
use uuid::Uuid;

/// What is known of somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CasePerson {
    /// Their birth date.
    #[serde(default)]
    birth: Option<NaiveDate>,
    /// Where they live: a municipality's or prefecture's code, or a country's two letters.
    #[serde(default)]
    lives: Option<String>,
    /// The school they are at.
    #[serde(default)]
    studies: Option<SchoolKind>,
    /// In which year of it.
    #[serde(default)]
    year: Option<i32>,
    /// The fiscal year at whose end they finish, or finished, high school, beside what they are at now.
    #[serde(default)]
    high_school_until: Option<i32>,
    /// What ties them to the town.
    #[serde(default)]
    ties: Vec<TieKind>,
    /// How many of them there are, in a group.
    #[serde(default)]
    pub(super) times: Option<usize>,
}

impl CasePerson {
    /// The same where places have other codes.
    pub(super) fn moved(mut self, code: &impl Fn(&str) -> String) -> Self {
        self.lives = self.lives.map(|it| code(&it));
        self
    }

    pub(super) fn record(&self, on: NaiveDate) -> PersonRecord {
        let long_ago = NaiveDate::MIN;
        let nobody = Uuid::nil();
        let mut it = PersonRecord::of(Person {
            id: PersonId(nobody),
            family: String::new(),
            given: String::new(),
            family_kana: String::new(),
            given_kana: String::new(),
            birth_date: self.birth,
            locale: PersonLocale::Ja,
            address_protected: false,
            team: None,
            merged_into: None,
            created_at: Timestamp::start_of(on),
        });
        let place = self.lives.as_deref().map(|lives| match lives.parse::<MunicipalityCode>() {
            Ok(code) if code.is_prefecture() => Place::Prefecture(code),
            Ok(code) => Place::Municipality(code),
            Err(_) => Place::Abroad(lives.to_owned()),
        });
        it.residences = place
            .map(|place| Residence { id: ResidenceId(nobody), place, span: Span::since(long_ago) })
            .into_iter()
            .collect();
        let before = self.high_school_until.map(|year| {
            let kind = SchoolKind::HighSchool;
            Enrolment::ending(EnrolmentId(nobody), kind, String::new(), FiscalYear(year), kind.usual_years())
        });
        it.enrolments = before.into_iter().chain(self.studies.map(|kind| self.enrolment(kind, on))).collect();
        let tie = |kind: &TieKind| Tie { id: TieId(nobody), kind: *kind, span: Span::since(long_ago), ended: None };
        it.ties = self.ties.iter().map(tie).collect();
        it
    }

    fn enrolment(&self, kind: SchoolKind, on: NaiveDate) -> Enrolment {
        let before = self.year.unwrap_or(1) - 1;
        let start = FiscalYear::of(on).plus(-before);
        Enrolment::starting(EnrolmentId(Uuid::nil()), kind, String::new(), start, kind.usual_years(), 0)
    }
}
