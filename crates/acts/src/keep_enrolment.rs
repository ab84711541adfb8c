//! A stay at a school is added, corrected or taken out. Years are told by the fiscal year of entry and the length of the
//! course; the expected graduation follows. Leaves the life stage to people.

use chrono::NaiveDate;
use tsunagari_access::permission::EditPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{EnrolmentId, PersonId, SchoolId, era};
use tsunagari_people::{Aspect, Enrolment, Person, SchoolKind, plausible};

use crate::keep_person::{impossible, read_day};
use crate::read_place::read_place;
use crate::remember_change::{Change, remember};
use crate::{ActError, House, Reason};

/// What the form brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentGiven {
    /// A school the organisation keeps.
    pub school: Option<SchoolId>,
    /// Otherwise its name as written.
    pub school_name: String,
    /// The kind of school.
    pub kind: SchoolKind,
    /// Where it is, as typed; empty when not known.
    pub place: String,
    /// The fiscal year of entry as typed: 2024, 令和6年度, R6.
    pub start: String,
    /// Years of the course.
    pub years: i64,
    /// Years repeated or on leave.
    pub pause: i64,
    /// The first day no longer there, as typed; empty while there.
    pub left: String,
}

fn judged(
    given: &EnrolmentGiven,
    id: EnrolmentId,
    name: &str,
    of: &Person,
    today: NaiveDate,
) -> Result<Enrolment, Vec<Reason>> {
    let mut wrong = Vec::new();
    if name.is_empty() {
        wrong.push(Reason::at("school_name", "field_empty"));
    }
    let bounds = [("years", given.years, 1, 9), ("pause", given.pause, 0, 9)];
    for (field, n, least, most) in bounds {
        if !(least..=most).contains(&n) {
            wrong.push(Reason::at(field, "number_out_of_range").with("least", least).with("most", most));
        }
    }
    let start = era::eras().read_fiscal_year(&given.start);
    if start.is_err() {
        wrong.push(Reason::at("start", "year_unreadable"));
    }
    let left = read_day("left", &given.left).unwrap_or_else(|reason| {
        wrong.push(reason);
        None
    });
    let place = read_place(&given.place).unwrap_or_else(|reason| {
        wrong.push(reason);
        None
    });
    let small = |n: i64| u8::try_from(n).ok();
    match (start, small(given.years), small(given.pause)) {
        (Ok(start), Some(years), Some(pause)) if wrong.is_empty() => {
            let mut it = Enrolment::starting(id, given.kind, name, start, years, pause);
            wrong.extend(plausible::schooling(&it, of.birth_date, today).err().map(|why| impossible("start", why)));
            if left.is_some_and(|left| left < it.from_on) {
                wrong.push(Reason::at("left", "left_before_entry"));
            }
            if !wrong.is_empty() {
                return Err(wrong);
            }
            it.school = given.school;
            it.place = place.map(|it| it.code);
            it.left_on = left;
            Ok(it)
        }
        (Ok(_) | Err(_), _, _) => Err(wrong),
    }
}

/// Keeps a stay; without an id it is a new one. One saved as it was leaves no trace.
///
/// # Errors
/// A reason at each wrong field; not found.
pub async fn keep_enrolment(
    house: &House,
    by: &Granted<EditPeople>,
    person: PersonId,
    id: Option<EnrolmentId>,
    given: &EnrolmentGiven,
) -> Result<EnrolmentId, ActError> {
    let now = house.now();
    let operation = house.operation();
    let mut tx = house.org(by.org()).write().await?;
    let record = tx.person_record(person).await?;
    let before = match id {
        Some(id) => Some(record.enrolments.iter().find(|it| it.id == id).cloned().ok_or(ActError::NotFound)?),
        None => None,
    };
    let name = match given.school {
        Some(school) => tx.school(school).await?.name,
        None => given.school_name.trim().to_owned(),
    };
    let id = id.unwrap_or_else(|| EnrolmentId::born(&house.chance, now));
    let after = match judged(given, id, &name, &record.person, now.jst_date()) {
        Ok(after) => after,
        Err(wrong) => {
            tx.undo().await?;
            return Err(ActError::Refused(wrong));
        }
    };
    if before.as_ref() == Some(&after) {
        tx.undo().await?;
        return Ok(id);
    }
    tx.keep_enrolment(person, &after).await?;
    let change = Change { person, what: Aspect::Enrolment, before: before.as_ref(), after: Some(&after) };
    remember(&mut tx, operation, now, change).await?;
    tx.commit(&Act::named("keep_enrolment", by.actor(), operation).on("person", person).on("enrolment", id)).await?;
    Ok(id)
}

/// Takes out a stay that was entered by mistake.
///
/// # Errors
/// Not found.
pub async fn remove_enrolment(
    house: &House,
    by: &Granted<EditPeople>,
    person: PersonId,
    id: EnrolmentId,
) -> Result<(), ActError> {
    let now = house.now();
    let operation = house.operation();
    let mut tx = house.org(by.org()).write().await?;
    let record = tx.person_record(person).await?;
    let before = record.enrolments.iter().find(|it| it.id == id).ok_or(ActError::NotFound)?;
    tx.remove_enrolment(person, id).await?;
    remember(&mut tx, operation, now, Change { person, what: Aspect::Enrolment, before: Some(before), after: None })
        .await?;
    tx.commit(&Act::named("remove_enrolment", by.actor(), operation).on("person", person).on("enrolment", id)).await?;
    Ok(())
}
