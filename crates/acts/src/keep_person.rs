//! What is recorded of a person's own: names, reading, birth date, language, department, protected address. Changed only
//! when nobody changed it since the form was opened. Leaves ties, schools and places to their own acts.

use chrono::NaiveDate;
use tsunagari_access::permission::EditPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{PersonId, TeamId, era, names};
use tsunagari_people::plausible::{self, Impossible};
use tsunagari_people::{Aspect, Person, PersonLocale};

use crate::add_staff::require_team;
use crate::remember_change::{Change, remember};
use crate::{ActError, House, Reason};

/// Whether the address must be kept secret (支援措置).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// Nothing special.
    Open,
    /// Never shown, printed or exported.
    Protected,
}

/// What the form brings, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonGiven {
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// Family name in kana; any width.
    pub family_kana: String,
    /// Given name in kana.
    pub given_kana: String,
    /// Birth date in any form people write, empty when unknown.
    pub birth: String,
    /// The language to write in.
    pub locale: PersonLocale,
    /// The address.
    pub protection: Protection,
    /// The department.
    pub team: Option<TeamId>,
}

/// Longest name in characters.
pub const LONGEST_NAME: usize = 60;

/// A day as people write it; `None` for an empty text.
pub(crate) fn read_day(field: &'static str, text: &str) -> Result<Option<NaiveDate>, Reason> {
    match era::eras().read(text) {
        Ok(read) => Ok(Some(read.day)),
        Err(era::DateError::Empty) => Ok(None),
        Err(era::DateError::NoSuchDay) => Err(Reason::at(field, "date_no_such_day")),
        Err(_) => Err(Reason::at(field, "date_unreadable")),
    }
}

/// A day as typed that may not lie ahead of us; empty: today.
pub(crate) fn read_day_past(field: &'static str, text: &str, today: NaiveDate) -> Result<NaiveDate, ActError> {
    let day = read_day(field, text).map_err(|reason| ActError::Refused(vec![reason]))?.unwrap_or(today);
    if day > today { Err(ActError::refused_at(field, "day_to_come")) } else { Ok(day) }
}

/// The day somebody's stay, tie or work began, as typed, when it can have; empty: today. It may not lie ahead of us.
pub(crate) fn read_beginning(
    field: &'static str,
    text: &str,
    birth: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<NaiveDate, ActError> {
    let day = read_day_past(field, text, today)?;
    plausible::day(day, birth, today).map_err(|why| ActError::Refused(vec![impossible(field, why)]))?;
    Ok(day)
}

/// What cannot be, at the field that says it.
pub(crate) fn impossible(field: &'static str, why: Impossible) -> Reason {
    Reason::at(field, why.code())
        .with("oldest", plausible::OLDEST)
        .with("youngest", plausible::YOUNGEST)
        .with("graduate", plausible::YOUNGEST_GRADUATE)
        .with("ahead", plausible::FARTHEST)
}

/// The person a form means, written over what is known.
pub(crate) fn judged(given: &PersonGiven, before: Person, today: NaiveDate) -> Result<Person, Vec<Reason>> {
    let mut wrong = Vec::new();
    let family = names::tidy(&given.family);
    let given_name = names::tidy(&given.given);
    if family.is_empty() {
        wrong.push(Reason::at("family", "field_empty"));
    }
    for (field, text) in [("family", &family), ("given", &given_name)] {
        if text.chars().count() > LONGEST_NAME {
            wrong.push(Reason::at(field, "field_too_long").with("most", LONGEST_NAME));
        }
    }
    let mut kana = |field: &'static str, text: &str| {
        let full = names::half_to_full(&names::tidy(text));
        if !full.is_empty() && !names::is_reading(&full) {
            wrong.push(Reason::at(field, "kana_not_kana"));
        } else if full.chars().count() > LONGEST_NAME {
            wrong.push(Reason::at(field, "field_too_long").with("most", LONGEST_NAME));
        }
        full
    };
    let family_kana = kana("family_kana", &given.family_kana);
    let given_kana = kana("given_kana", &given.given_kana);
    let birth_date = match read_day("birth", &given.birth) {
        Ok(Some(day)) => {
            wrong.extend(plausible::birth(day, today).err().map(|why| impossible("birth", why)));
            Some(day)
        }
        Ok(None) => None,
        Err(reason) => {
            wrong.push(reason);
            None
        }
    };
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(Person {
        family,
        given: given_name,
        family_kana,
        given_kana,
        birth_date,
        locale: given.locale,
        address_protected: given.protection == Protection::Protected,
        team: given.team,
        ..before
    })
}

/// Keeps the change; a form saved as it was leaves no trace.
///
/// # Errors
/// A reason at each field that is wrong; `Conflict` when the person was changed since `version`.
pub async fn keep_person(
    house: &House,
    by: &Granted<EditPeople>,
    id: PersonId,
    version: i64,
    given: &PersonGiven,
) -> Result<(), ActError> {
    let now = house.now();
    let operation = house.operation();
    let mut tx = house.org(by.org()).write().await?;
    let before = tx.person(id).await?;
    if before.merged_into.is_some() {
        tx.undo().await?;
        return Err(ActError::refused("person_merged"));
    }
    require_team(&mut tx, given.team).await?;
    let record = tx.person_record(id).await?;
    // What was kept of a person before stays as it is; a date that is changed fits it.
    let fitting = |after: Person| match after.birth_date.filter(|_| after.birth_date != before.birth_date) {
        Some(birth) => match plausible::fits(birth, &record) {
            Ok(()) => Ok(after),
            Err(why) => Err(vec![impossible("birth", why)]),
        },
        None => Ok(after),
    };
    let after = match judged(given, before.clone(), now.jst_date()).and_then(fitting) {
        Ok(after) => after,
        Err(wrong) => {
            tx.undo().await?;
            return Err(ActError::Refused(wrong));
        }
    };
    if after == before && tx.person_version(id).await? == version {
        // Saved as it was: nothing happened, so nothing is told.
        tx.undo().await?;
        return Ok(());
    }
    tx.keep_person_at(&after, version).await?;
    let change = Change { person: id, what: Aspect::Person, before: Some(&before), after: Some(&after) };
    remember(&mut tx, operation, now, change).await?;
    tx.commit(&Act::named("keep_person", by.actor(), operation).on("person", id)).await?;
    Ok(())
}
