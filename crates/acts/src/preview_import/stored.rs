//! What is stored about a person, in the shape of a row, so that a list and the record can be compared field by field.
//! A person may have several addresses: the one the row names counts, if it is among them. Protected addresses are never
//! compared, so that no preview shows them. Leaves the comparing to people.

use std::collections::HashMap;

use tsunagari_kernel::contact::comparable_address;
use tsunagari_kernel::{FiscalYear, PersonId};
use tsunagari_people::import::{NextStep, ReadRow};
use tsunagari_people::{ContactKind, Enrolment, OccupationKind, PersonRecord, SchoolKind, occupation, residence, tie};
use tsunagari_storage::OrgStore;

use crate::ActError;

/// Addresses in clear, by kind.
pub(crate) type Addresses = Vec<(ContactKind, String)>;

/// A person with the addresses kept.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) record: PersonRecord,
    pub(crate) addresses: Addresses,
}

/// Reads persons with their addresses.
pub(crate) async fn read_stored(here: &OrgStore, persons: &[PersonId]) -> Result<HashMap<PersonId, Stored>, ActError> {
    if persons.is_empty() {
        return Ok(HashMap::new());
    }
    let keys = here.person_keys(persons).await?;
    let mut reader = here.read().await?;
    let records = reader.person_records(persons).await?;
    let points: Vec<_> = records
        .iter()
        .flat_map(|record| {
            let kept = record.contact_points.iter().filter(|point| point.kept.until.is_none());
            kept.map(|point| (record.person.id, point.id))
        })
        .collect();
    let mut found: HashMap<PersonId, Stored> =
        records.into_iter().map(|record| (record.person.id, Stored { record, addresses: Vec::new() })).collect();
    for address in reader.addresses(&keys, &points).await? {
        if let Some(stored) = found.get_mut(&address.person) {
            stored.addresses.push((address.kind, address.clear.to_string()));
        }
    }
    Ok(found)
}

/// The high school a list is about: the one that ends last.
pub(crate) fn high_school(record: &PersonRecord) -> Option<&Enrolment> {
    let schools = record.enrolments.iter().filter(|it| it.kind == SchoolKind::HighSchool);
    schools.max_by_key(|it| (it.end_fy, it.from_on, it.id))
}

/// What came after it: the school begun in the April the list speaks of, or else the one begun last; junior high schools
/// and high schools aside.
pub(crate) fn next_school(record: &PersonRecord, april: Option<FiscalYear>) -> Option<&Enrolment> {
    let later =
        record.enrolments.iter().filter(|it| !matches!(it.kind, SchoolKind::HighSchool | SchoolKind::JuniorHigh));
    later.max_by_key(|it| (Some(it.start_fy) == april, it.from_on, it.id))
}

/// What they do instead of a school, to compare with a row: a list speaks of one April, and who studies and works is right
/// either way.
fn instead_of_school(record: &PersonRecord, april: FiscalYear, row: &ReadRow) -> Option<OccupationKind> {
    let studies = next_school(record, Some(april)).is_some_and(|it| it.start_fy == april);
    let says_school = row.next.as_ref().is_some_and(|it| it.course.is_some());
    let told = occupation::told_of(&record.occupations, april.first_day());
    told.filter(|_| !(studies && says_school)).map(|it| it.kind)
}

/// A postal address as one text: the code, a space, the address as written.
pub(crate) fn postal(row: &ReadRow) -> Option<String> {
    if row.address.is_empty() {
        return None;
    }
    Some(format!("{} {}", row.postal_code.as_deref().unwrap_or_default(), row.address).trim().to_owned())
}

/// The row without what is not stored, for comparing with what is. Of somebody known who graduates is known: a list
/// without years speaks of that one.
pub(crate) fn comparable_row(row: &ReadRow, known: Option<&Stored>) -> ReadRow {
    let mut row = row.clone();
    row.graduation = row.graduation.or_else(|| Some(high_school(&known?.record)?.end_fy));
    if row.graduation.is_none() {
        // The school ends and what comes after it begins in a year nobody knows.
        (row.school, row.school_name, row.next) = (None, String::new(), None);
    }
    if let Some(next) = &mut row.next
        && next.course.is_none()
    {
        next.name = String::new();
    }
    if row.address.is_empty() {
        row.postal_code = None;
    }
    row.guardian_name = String::new();
    row.guardian_email = None;
    row.guardian_phone = None;
    row
}

/// What is stored, as a row to compare a comparable one with. Nothing is written of who has no tie any more: a school's list
/// brings nobody back who has left.
pub(crate) fn stored_row(stored: &Stored, row: &ReadRow) -> ReadRow {
    let record = &stored.record;
    if tie::gone(&record.ties).is_some() {
        return row.clone();
    }
    let mut out = ReadRow::of(&record.person);
    if let Some(school) = high_school(record) {
        out.school = school.school;
        out.school_name.clone_from(&school.school_name);
        out.graduation = Some(FiscalYear(school.end_fy.0));
    }
    let april = row.graduation.map(|it| it.plus(1));
    let next = next_school(record, april);
    // A list speaks of one April: where they live since, they told later.
    let then = april.and_then(|april| residence::current(&record.residences, april.first_day()));
    let place = then.or_else(|| record.residences.iter().max_by_key(|it| (it.span.from, it.id)));
    out.next = Some(NextStep {
        course: next.map(|it| (it.kind, it.years)),
        does: april.and_then(|april| instead_of_school(record, april, row)),
        name: next.map(|it| it.school_name.clone()).unwrap_or_default(),
        place: place.map(|it| it.place.clone()),
    });
    if record.person.address_protected {
        out.email.clone_from(&row.email);
        out.phone.clone_from(&row.phone);
        out.postal_code.clone_from(&row.postal_code);
        out.address.clone_from(&row.address);
        out.next = row.next.clone();
        return out;
    }
    let of = |kind: ContactKind, wanted: Option<&str>| {
        let mut all = stored.addresses.iter().filter(|(it, _)| *it == kind).map(|(_, clear)| clear.clone());
        let listed = all.clone().find(|clear| Some(clear.as_str()) == wanted);
        listed.or_else(|| all.next())
    };
    out.email = of(ContactKind::Email, row.email.as_deref());
    out.phone = of(ContactKind::Phone, row.phone.as_deref());
    let wanted = postal(row).map(|it| comparable_address(&it));
    let mut houses = stored.addresses.iter().filter(|(it, _)| *it == ContactKind::Postal).map(|(_, clear)| clear);
    let listed = houses.clone().find(|clear| Some(comparable_address(clear)) == wanted);
    if let Some(kept) = listed.or_else(|| houses.next()) {
        let (code, address) = kept.split_once(' ').filter(|(code, _)| is_code(code)).unwrap_or(("", kept));
        out.postal_code = (!code.is_empty()).then(|| code.to_owned());
        out.address = address.to_owned();
    }
    out
}

fn is_code(text: &str) -> bool {
    text.len() == 8 && text.bytes().enumerate().all(|(n, b)| if n == 3 { b == b'-' } else { b.is_ascii_digit() })
}
