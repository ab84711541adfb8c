//! A row changes a known person: what it says otherwise is written, a blank erases nothing, and an address is added beside
//! those known instead of replacing what the person gave. Leaves what counts as a change to people's import and writing
//! to `difference`.

use std::collections::HashMap;

use tsunagari_kernel::{AuditId, ContactPointId, Timestamp};
use tsunagari_people::import::{FieldChange, ReadRow, RowField, changes, fuller_name};
use tsunagari_people::{Aspect, ContactKind, Enrolment, PersonRecord, occupation, residence};
use tsunagari_storage::person::HistoryEntry;

use super::enter::Frame;
use crate::preview_import::{Stored, comparable_row, high_school, next_school, postal, stored_row};

/// A person before and after a row.
pub(super) struct Revised {
    pub(super) before: PersonRecord,
    pub(super) after: PersonRecord,
    /// Addresses of contact points only in `after`.
    pub(super) addresses: HashMap<ContactPointId, String>,
    changes: Vec<FieldChange>,
}

impl Revised {
    /// For the person's history: names, dates and schools as they were and are; of addresses only that they were added.
    pub(super) fn history(&self, at: Timestamp, audit: AuditId) -> HistoryEntry {
        let side = |text: fn(&FieldChange) -> &str| {
            let fields: serde_json::Map<String, serde_json::Value> = self
                .changes
                .iter()
                .map(|it| (it.field.code().to_owned(), if sealed(it.field) { "".into() } else { text(it).into() }))
                .collect();
            Some(serde_json::Value::Object(fields).to_string())
        };
        HistoryEntry { at, audit, what: Aspect::Import, before: side(|it| &it.before), after: side(|it| &it.after) }
    }
}

/// Whether a field's value is kept sealed, and so never written to a history.
fn sealed(field: RowField) -> bool {
    match field {
        RowField::Email
        | RowField::Phone
        | RowField::PostalCode
        | RowField::Address
        | RowField::GuardianName
        | RowField::GuardianEmail
        | RowField::GuardianPhone => true,
        RowField::Name
        | RowField::Kana
        | RowField::BirthDate
        | RowField::School
        | RowField::GraduationYear
        | RowField::Next
        | RowField::Occupation
        | RowField::NextPlace => false,
    }
}

/// What a row makes of a person.
pub(super) fn revised(frame: &Frame<'_>, known: &Stored, row: &ReadRow) -> Revised {
    let row = &comparable_row(row, Some(known));
    let changes = changes(&stored_row(known, row), row);
    let mut it = Revised {
        before: known.record.clone(),
        after: known.record.clone(),
        addresses: HashMap::new(),
        changes: changes.clone(),
    };
    for change in &changes {
        match change.field {
            RowField::Name => {
                let before = &known.record.person;
                let (family, given) = fuller_name((&before.family, &before.given), (&row.family, &row.given));
                (it.after.person.family, it.after.person.given) = (family.to_owned(), given.to_owned());
            }
            RowField::Kana => {
                it.after.person.family_kana.clone_from(&row.family_kana);
                it.after.person.given_kana.clone_from(&row.given_kana);
            }
            RowField::BirthDate => it.after.person.birth_date = row.birth_date,
            RowField::Email => it.add(frame, ContactKind::Email, row.email.clone()),
            RowField::Phone => it.add(frame, ContactKind::Phone, row.phone.clone()),
            RowField::School
            | RowField::GraduationYear
            | RowField::Next
            | RowField::Occupation
            | RowField::NextPlace
            | RowField::PostalCode
            | RowField::Address
            | RowField::GuardianName
            | RowField::GuardianEmail
            | RowField::GuardianPhone => {}
        }
    }
    let has = |fields: &[RowField]| changes.iter().any(|change| fields.contains(&change.field));
    if has(&[RowField::PostalCode, RowField::Address]) {
        it.add(frame, ContactKind::Postal, postal(row));
    }
    if has(&[RowField::School, RowField::GraduationYear]) {
        it.high_school(frame, row);
    }
    if has(&[RowField::Next, RowField::Occupation]) {
        it.next_school(frame, row);
    }
    if has(&[RowField::Occupation]) {
        it.turn_to(frame, row);
    }
    if has(&[RowField::NextPlace]) {
        it.move_to(frame, row);
    }
    it
}

/// A stay at the school of that April as a list says it. What a list says nothing of stays as it is known: of the same kind
/// of school its name, place, length and that somebody has left it.
fn put_right(known: Enrolment, said: Enrolment) -> Enrolment {
    if said.kind != known.kind {
        return Enrolment { id: known.id, ..said };
    }
    let name = if said.school_name.is_empty() { known.school_name.clone() } else { said.school_name };
    Enrolment { school_name: name, place: said.place.or(known.place), ..known }
}

impl Revised {
    fn add(&mut self, frame: &Frame<'_>, kind: ContactKind, clear: Option<String>) {
        if let Some(clear) = clear {
            let point = frame.contact(kind);
            self.addresses.insert(point.id, clear);
            self.after.contact_points.push(point);
        }
    }

    /// The stay is put right, or entered when there is none.
    fn high_school(&mut self, frame: &Frame<'_>, row: &ReadRow) {
        let known = high_school(&self.after).map(|stay| (stay.id, stay.school, stay.school_name.clone(), stay.end_fy));
        let mut row = row.clone();
        if let Some((id, school, name, end)) = known {
            self.after.enrolments.retain(|stay| stay.id != id);
            row.graduation = row.graduation.or(Some(end));
            if row.school.is_none() && row.school_name.is_empty() {
                row.school = school;
                row.school_name = name;
            }
            self.after.enrolments.extend(frame.high_school(&row).map(|stay| Enrolment { id, ..stay }));
        } else {
            self.after.enrolments.extend(frame.high_school(&row));
        }
    }

    /// A stay of the same April is put right, and gives way to work where the list says so; another one is entered beside
    /// what is known.
    fn next_school(&mut self, frame: &Frame<'_>, row: &ReadRow) {
        let Some(april) = row.graduation.map(|it| it.plus(1)) else { return };
        let known = next_school(&self.after, Some(april)).filter(|known| known.start_fy == april).cloned();
        let stay = frame.next_school(row);
        let instead = row.next.as_ref().is_some_and(|next| next.does.is_some());
        if let Some(known) = known.as_ref().filter(|_| stay.is_some() || instead) {
            self.after.enrolments.retain(|it| it.id != known.id);
        }
        self.after.enrolments.extend(stay.map(|stay| known.map_or(stay.clone(), |known| put_right(known, stay))));
    }

    /// What they do from that April is what the list says: work, or a school instead of it.
    fn turn_to(&mut self, frame: &Frame<'_>, row: &ReadRow) {
        let known = &self.after.occupations;
        let Some(april) = row.graduation.map(|it| it.plus(1).first_day()) else { return };
        let mut turned = occupation::until(known, april);
        if let Some(mut told) = frame.occupation(row) {
            told.span = occupation::lasting(known, april);
            turned.push(told);
        }
        self.after.occupations = turned;
    }

    /// Open stays end where the new one begins, and it where the next one known does; one of the same day gives way to it.
    fn move_to(&mut self, frame: &Frame<'_>, row: &ReadRow) {
        let Some(mut residence) = frame.residence(row) else { return };
        let from = residence.span.from;
        residence.span = residence::lasting(&self.after.residences, from);
        self.after.residences.retain(|it| it.span.from != from);
        for it in self
            .after
            .residences
            .iter_mut()
            .filter(|it| it.span.from < from && it.span.until.is_none_or(|until| until > from))
        {
            it.span = it.span.cut(from);
        }
        self.after.residences.push(residence);
    }
}
