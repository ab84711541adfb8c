//! Guardians a row names and the import does not take over, with the reason: of somebody of age nothing is kept about a
//! guardian, of somebody known already the list changes nobody's guardian, and one without a name cannot be entered. The
//! office is told, or it would think them kept. Leaves entering to `apply_import`.

use std::collections::HashMap;

use chrono::NaiveDate;
use tsunagari_kernel::{PersonId, age, names};
use tsunagari_people::ContactKind;
use tsunagari_people::import::{Finding, Problem, ReadRow, RowField, RowVerdict};
use tsunagari_storage::OrgStore;

use super::stored::{Stored, read_stored};
use crate::ActError;

/// Whether somebody is of age, of whom no guardian is kept. Who has no birth date is taken for a minor.
pub(crate) fn is_of_age(birth: Option<NaiveDate>, today: NaiveDate) -> bool {
    birth.is_some_and(|birth| age::is_at_least(birth, age::ADULT, today))
}

/// The row as two rows of one list are compared: of somebody of age without the guardian, who will not be kept anyway.
pub(super) fn comparable(row: &ReadRow, today: NaiveDate) -> ReadRow {
    let mut row = row.clone();
    if is_of_age(row.birth_date, today) {
        row.guardian_name = String::new();
        row.guardian_email = None;
        row.guardian_phone = None;
    }
    row
}

/// The guardians of these people today, with their addresses.
pub(super) async fn guardians_of(
    here: &OrgStore,
    wards: impl Iterator<Item = &Stored>,
    today: NaiveDate,
) -> Result<HashMap<PersonId, Stored>, ActError> {
    let mut ids: Vec<PersonId> = wards.flat_map(|ward| current(ward, today)).collect();
    ids.sort();
    ids.dedup();
    read_stored(here, &ids).await
}

fn current(ward: &Stored, today: NaiveDate) -> impl Iterator<Item = PersonId> + '_ {
    ward.record.guardianships.iter().filter(move |one| one.span.contains(today)).map(|one| one.guardian)
}

/// What to tell about a row's guardian; nothing when the row names none, or the one who is known, or one who is entered.
pub(super) fn left_out(
    row: &ReadRow,
    verdict: &RowVerdict,
    known: Option<&Stored>,
    guardians: &HashMap<PersonId, Stored>,
    today: NaiveDate,
) -> Option<Finding> {
    let address = row.guardian_phone.as_deref().or(row.guardian_email.as_deref());
    let named = Some(row.guardian_name.as_str()).filter(|name| !name.is_empty());
    let found = named.or(address)?;
    let birth = row.birth_date.or_else(|| known.and_then(|it| it.record.person.birth_date));
    let (problem, found) = match verdict {
        RowVerdict::Repeats(_) | RowVerdict::Wrong(_) | RowVerdict::Beside(_) => return None,
        _ if is_of_age(birth, today) => (Problem::GuardianOfAdult, found),
        RowVerdict::Changed(..) | RowVerdict::Same(_) => {
            let theirs: Vec<&Stored> = known?
                .record
                .guardianships
                .iter()
                .filter_map(|one| one.span.contains(today).then(|| guardians.get(&one.guardian)).flatten())
                .collect();
            beside_the_known(row, &theirs, found)?
        }
        RowVerdict::New | RowVerdict::Doubtful(_) if named.is_none() => (Problem::GuardianNameless, found),
        RowVerdict::New | RowVerdict::Doubtful(_) => return None,
    };
    Some(Finding { field: RowField::GuardianName, problem, found: found.to_owned() })
}

/// Of somebody known: another guardian than theirs, or theirs with an address nobody knew. A protected address is never
/// compared, so that no preview tells whether it is the one.
fn beside_the_known<'r>(row: &'r ReadRow, theirs: &[&Stored], found: &'r str) -> Option<(Problem, &'r str)> {
    let key = |name: &str| names::comparable(name);
    let same = |it: &&&Stored| row.guardian_name.is_empty() || key(&it.record.person.name()) == key(&row.guardian_name);
    let same: Vec<&&Stored> = theirs.iter().filter(same).collect();
    if theirs.is_empty() {
        return Some((Problem::GuardianLeftOut, found));
    }
    if same.is_empty() {
        return Some((Problem::GuardianDiffers, found));
    }
    if same.iter().any(|it| it.record.person.address_protected) {
        return None;
    }
    let kept = |kind: ContactKind, clear: &&str| {
        same.iter().any(|it| it.addresses.iter().any(|(of, one)| *of == kind && one == clear))
    };
    let phone = row.guardian_phone.as_deref().filter(|clear| !kept(ContactKind::Phone, clear));
    let email = row.guardian_email.as_deref().filter(|clear| !kept(ContactKind::Email, clear));
    phone.or(email).map(|address| (Problem::GuardianAddress, address))
}
