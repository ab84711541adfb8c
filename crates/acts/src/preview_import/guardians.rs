//! Guardians a row names and the import does not take over: of somebody known already the list changes nobody's guardian,
//! and one without a name cannot be entered. The office is told, or it would think them kept. Leaves entering to `apply_import`.

use chrono::NaiveDate;
use tsunagari_kernel::age;
use tsunagari_people::import::{Finding, Problem, ReadRow, RowField, RowVerdict};

use super::Stored;

/// What to tell about a row's guardian; nothing of adults, of whom no guardian is kept.
pub(super) fn left_out(
    row: &ReadRow,
    verdict: &RowVerdict,
    known: Option<&Stored>,
    today: NaiveDate,
) -> Option<Finding> {
    let contacts = [row.guardian_email.as_deref(), row.guardian_phone.as_deref()];
    let found = match row.guardian_name.as_str() {
        "" => contacts.into_iter().flatten().next()?,
        name => name,
    };
    let birth = row.birth_date.or_else(|| known.and_then(|it| it.record.person.birth_date));
    let adult = birth.is_some_and(|birth| age::is_at_least(birth, age::ADULT, today));
    let has_one = || known.is_some_and(|it| it.record.guardianships.iter().any(|one| one.span.contains(today)));
    let left_out = match verdict {
        RowVerdict::Changed(..) | RowVerdict::Same(_) => !has_one(),
        RowVerdict::New | RowVerdict::Doubtful(_) => row.guardian_name.is_empty(),
        RowVerdict::Repeats(_) | RowVerdict::Wrong(_) | RowVerdict::Beside(_) => false,
    };
    (left_out && !adult).then(|| Finding {
        field: RowField::GuardianEmail,
        problem: Problem::GuardianLeftOut,
        found: found.to_owned(),
    })
}
