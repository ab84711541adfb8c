//! A row becomes a person: names as written, a tie of origin, the high school with its year, what comes after it, where
//! they will live, unverified contact points; and the guardian of a minor when the list names one. Leaves writing to
//! `apply_import`.

use std::collections::HashMap;

use chrono::NaiveDate;
use tsunagari_kernel::{
    ContactPointId, EnrolmentId, GuardianshipId, OccupationId, PersonId, ResidenceId, SchoolId, Span, TieId, Timestamp,
    names,
};
use tsunagari_people::import::ReadRow;
use tsunagari_people::matching::Traits;
use tsunagari_people::{
    ContactKind, ContactPoint, Enrolment, Guardianship, Occupation, Person, PersonLocale, PersonRecord, Residence,
    School, SchoolKind, Tie, TieKind,
};
use tsunagari_storage::Reader;
use tsunagari_storage::person::Arrival;

use crate::preview_import::{is_of_age, postal};
use crate::{ActError, House};

/// What rows are entered within.
pub(super) struct Frame<'h> {
    pub(super) house: &'h House,
    pub(super) now: Timestamp,
    pub(super) today: NaiveDate,
    pub(super) schools: HashMap<SchoolId, School>,
}

impl<'h> Frame<'h> {
    pub(super) async fn read(house: &'h House, reader: &mut Reader) -> Result<Self, ActError> {
        let schools = reader.schools().await?.into_iter().map(|school| (school.id, school)).collect();
        let now = house.now();
        Ok(Self { house, now, today: now.jst_date(), schools })
    }

    /// The stay at the high school, when the row says when it ends.
    pub(super) fn high_school(&self, row: &ReadRow) -> Option<Enrolment> {
        let school = row.school.and_then(|id| self.schools.get(&id));
        let name = school.map_or(row.school_name.as_str(), |school| school.name.as_str());
        let years = school.map_or(SchoolKind::HighSchool.usual_years(), |school| school.years);
        let id = EnrolmentId::born(&self.house.chance, self.now);
        let mut stay = Enrolment::ending(id, SchoolKind::HighSchool, name, row.graduation?, years);
        stay.school = row.school;
        stay.place = school.and_then(|school| school.municipality);
        Some(stay)
    }

    /// The stay at what comes after it, when that is a school.
    pub(super) fn next_school(&self, row: &ReadRow) -> Option<Enrolment> {
        let next = row.next.as_ref()?;
        let (kind, years) = next.course?;
        let id = EnrolmentId::born(&self.house.chance, self.now);
        let mut stay = Enrolment::starting(id, kind, next.name.as_str(), row.graduation?.plus(1), years, 0);
        stay.place = next.place.as_ref().and_then(|place| place.municipality().or_else(|| place.prefecture()));
        Some(stay)
    }

    /// Where they live from April after graduation.
    pub(super) fn residence(&self, row: &ReadRow) -> Option<Residence> {
        let place = row.next.as_ref()?.place.clone()?;
        let from = row.graduation?.plus(1).first_day();
        Some(Residence { id: ResidenceId::born(&self.house.chance, self.now), place, span: Span::since(from) })
    }

    /// What they do from April after graduation, when that is no school.
    pub(super) fn occupation(&self, row: &ReadRow) -> Option<Occupation> {
        let kind = row.next.as_ref()?.does?;
        let span = Span::since(row.graduation?.plus(1).first_day());
        Some(Occupation { id: OccupationId::born(&self.house.chance, self.now), kind, span })
    }

    pub(super) fn contact(&self, kind: ContactKind) -> ContactPoint {
        ContactPoint {
            id: ContactPointId::born(&self.house.chance, self.now),
            kind,
            provider: None,
            kept: Span::since(self.now),
            verified_at: None,
            working: Vec::new(),
            confirmed: Vec::new(),
        }
    }

    pub(super) fn tie(&self, kind: TieKind, from: NaiveDate) -> Tie {
        Tie { id: TieId::born(&self.house.chance, self.now), kind, span: Span::since(from), ended: None }
    }

    fn person(&self, family: &str, given: &str) -> Person {
        Person {
            id: PersonId::born(&self.house.chance, self.now),
            family: family.to_owned(),
            given: given.to_owned(),
            family_kana: String::new(),
            given_kana: String::new(),
            birth_date: None,
            locale: PersonLocale::Ja,
            address_protected: false,
            team: None,
            merged_into: None,
            created_at: self.now,
        }
    }
}

/// A new person, with a guardian when there is one.
pub(super) struct Entered {
    pub(super) traits: Traits,
    pub(super) person: Arrival,
    pub(super) guardian: Option<Arrival>,
}

impl Entered {
    /// All who arrive.
    pub(super) fn arrivals(&self) -> impl Iterator<Item = &Arrival> {
        self.guardian.iter().chain([&self.person])
    }
}

/// The person a row enters.
pub(super) fn entered(frame: &Frame<'_>, row: &ReadRow) -> Entered {
    let mut person = frame.person(&row.family, &row.given);
    person.family_kana.clone_from(&row.family_kana);
    person.given_kana.clone_from(&row.given_kana);
    person.birth_date = row.birth_date;
    let mut record = PersonRecord::of(person);
    record.enrolments.extend(frame.high_school(row));
    let since = record.enrolments.first().map_or(frame.today, |stay| stay.from_on);
    record.ties.push(frame.tie(TieKind::Origin, since.min(frame.today)));
    record.enrolments.extend(frame.next_school(row));
    record.residences.extend(frame.residence(row));
    record.occupations.extend(frame.occupation(row));
    let mut addresses = HashMap::new();
    let given = [
        (ContactKind::Email, row.email.clone()),
        (ContactKind::Phone, row.phone.clone()),
        (ContactKind::Postal, postal(row)),
    ];
    add_contacts(frame, &mut record, &mut addresses, given);
    let guardian = guardian(frame, row);
    if let Some(guardian) = &guardian {
        record.guardianships.push(Guardianship {
            id: GuardianshipId::born(&frame.house.chance, frame.now),
            guardian: guardian.record.person.id,
            span: Span::since(frame.today),
        });
    }
    Entered { traits: row.traits(), person: Arrival { record, source: "import".to_owned(), addresses }, guardian }
}

fn add_contacts<const N: usize>(
    frame: &Frame<'_>,
    record: &mut PersonRecord,
    addresses: &mut HashMap<ContactPointId, String>,
    given: [(ContactKind, Option<String>); N],
) {
    for (kind, clear) in given {
        if let Some(clear) = clear {
            let point = frame.contact(kind);
            addresses.insert(point.id, clear);
            record.contact_points.push(point);
        }
    }
}

/// Of an adult nothing is kept about a guardian.
fn guardian(frame: &Frame<'_>, row: &ReadRow) -> Option<Arrival> {
    if row.guardian_name.is_empty() || is_of_age(row.birth_date, frame.today) {
        return None;
    }
    let (family, given) = names::split(&row.guardian_name);
    let mut record = PersonRecord::of(frame.person(&family, &given));
    record.ties.push(frame.tie(TieKind::Guardian, frame.today));
    let mut addresses = HashMap::new();
    let given = [(ContactKind::Email, row.guardian_email.clone()), (ContactKind::Phone, row.guardian_phone.clone())];
    add_contacts(frame, &mut record, &mut addresses, given);
    Some(Arrival { record, source: "import".to_owned(), addresses })
}
