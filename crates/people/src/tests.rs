//! Builders for the tests of this crate: a person with facts in one line each. Each noun has its own tests beside it.

use chrono::NaiveDate;
use tsunagari_kernel::{
    ConsentId, ContactPointId, EnrolmentId, FiscalYear, Moment, PersonId, ResidenceId, Span, TieId, Timestamp,
};
use uuid::Uuid;

use crate::residence::Place;
use crate::*;

/// A day from ISO text.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Midnight in Japan.
pub fn at(text: &str) -> Timestamp {
    Timestamp::start_of(day(text))
}

/// The end of a day.
pub fn end(text: &str) -> Moment {
    Moment::end_of(day(text))
}

/// An id for tests.
pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// A person without facts.
pub fn person(n: u128, family: &str, given: &str, birth: &str) -> Person {
    Person {
        id: PersonId(id(n)),
        family: family.into(),
        given: given.into(),
        family_kana: String::new(),
        given_kana: String::new(),
        birth_date: birth.parse().ok(),
        locale: PersonLocale::Ja,
        address_protected: false,
        team: None,
        merged_into: None,
        created_at: at("2024-04-01"),
    }
}

/// A person who can be reached by LINE for `news` from 2025-04-01 on.
pub fn reachable() -> PersonRecord {
    let mut it = PersonRecord::of(person(1, "佐藤", "花子", "2007-06-01"));
    it.ties.push(tie(TieKind::Origin, "2025-04-01", None));
    it.consents.push(consent(GivenBy::Myself, "2025-04-01", None));
    it.contact_points.push(point(1, ContactKind::Line, "2025-04-01"));
    it
}

/// A tie.
pub fn tie(kind: TieKind, from: &str, until: Option<&str>) -> Tie {
    Tie { id: TieId(id(1)), kind, span: Span { from: day(from), until: until.map(day) }, ended: None }
}

/// A consent to `news`.
pub fn consent(given_by: GivenBy, from: &str, until: Option<&str>) -> Consent {
    let span = Span { from: at(from), until: until.map(at) };
    Consent { id: ConsentId(id(1)), purpose: Purpose::of("news"), wording_version: 1, given_by, span, ended: None }
}

/// A verified, working contact point.
pub fn point(n: u128, kind: ContactKind, from: &str) -> ContactPoint {
    ContactPoint {
        id: ContactPointId(id(n)),
        kind,
        provider: None,
        kept: Span::since(at(from)),
        verified_at: Some(at(from)),
        working: vec![Working { span: Span::since(at(from)), ended: None }],
        confirmed: Vec::new(),
    }
}

/// A course from April of a fiscal year.
pub fn course(n: u128, kind: SchoolKind, start: i32, years: u8, pause: u8) -> Enrolment {
    Enrolment::starting(EnrolmentId(id(n)), kind, "島根県立益田高等学校", FiscalYear(start), years, pause)
}

/// A stay in a municipality or, by a prefecture's code, a prefecture.
pub fn lives(n: u128, code: &str, from: &str, until: Option<&str>) -> Residence {
    let code: tsunagari_kernel::MunicipalityCode = code.parse().unwrap();
    let place = if code.is_prefecture() { Place::Prefecture(code) } else { Place::Municipality(code) };
    Residence { id: ResidenceId(id(n)), place, span: Span { from: day(from), until: until.map(day) } }
}
