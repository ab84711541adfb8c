//! What will be done with a row, given what matching says and what is stored. A blank in the list never erases what is
//! stored. Leaves doing it to `acts`.

use std::collections::HashMap;

use chrono::NaiveDate;
use tsunagari_kernel::contact::comparable_address;
use tsunagari_kernel::{FiscalYear, PersonId, names};

use super::{Doubt, FieldChange, Finding, NextStep, ReadRow, RowField, RowVerdict};
use crate::matching::Match;

/// Judges a row. `stored` gives the values of the person the row was matched with.
pub fn judge(
    row: &ReadRow,
    findings: &[Finding],
    found: &Match,
    stored: impl Fn(PersonId) -> Option<ReadRow>,
) -> RowVerdict {
    if let Some(nobody) = findings.iter().find(|f| f.problem.names_nobody()) {
        return RowVerdict::Beside(nobody.clone());
    }
    let wrong: Vec<Finding> = findings.iter().filter(|f| f.problem.makes_wrong()).cloned().collect();
    if !wrong.is_empty() {
        return RowVerdict::Wrong(wrong);
    }
    match found {
        Match::New => RowVerdict::New,
        Match::Doubtful(candidates) => RowVerdict::Doubtful(Doubt::Who(candidates.clone())),
        Match::Same(candidate) => {
            let Some(stored) = stored(candidate.person) else {
                return RowVerdict::Doubtful(Doubt::Who(vec![candidate.clone()]));
            };
            let changes = changes(&stored, row);
            if changes.is_empty() {
                RowVerdict::Same(candidate.person)
            } else {
                RowVerdict::Changed(candidate.person, changes)
            }
        }
    }
}

/// What a row would change: the fields in which it says something else than what is stored. Spelling counts, but for a
/// variant character that the list does not have; blanks do not, nor does how an address is spelt (width, spaces,
/// hyphens): the same house is no change.
pub fn changes(stored: &ReadRow, row: &ReadRow) -> Vec<FieldChange> {
    let (before, mut after) = (texts(stored), texts(row));
    let (family, given) = fuller_name((&stored.family, &stored.given), (&row.family, &row.given));
    for (_, name) in after.iter_mut().filter(|(field, _)| *field == RowField::Name) {
        *name = pair(family, given);
    }
    before
        .into_iter()
        .zip(after)
        .filter(|((field, before), (_, after))| {
            let same = match field {
                RowField::Address => comparable_address(before) == comparable_address(after),
                _ => before == after,
            };
            !after.is_empty() && !same
        })
        .map(|((field, before), (_, after))| FieldChange { field, before, after })
        .collect()
}

/// A name as it stands once a row has said it: each part as the row writes it, unless that is only plainer.
pub fn fuller_name<'n>(known: (&'n str, &'n str), said: (&'n str, &'n str)) -> (&'n str, &'n str) {
    (names::fuller(known.0, said.0), names::fuller(known.1, said.1))
}

fn pair(one: &str, other: &str) -> String {
    format!("{one} {other}").trim().to_owned()
}

fn texts(row: &ReadRow) -> Vec<(RowField, String)> {
    let date = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let next = row.next.as_ref();
    let place = next.and_then(|next| next.place.as_ref());
    vec![
        (RowField::Name, pair(&row.family, &row.given)),
        (RowField::Kana, pair(&row.family_kana, &row.given_kana)),
        (RowField::BirthDate, date(row.birth_date)),
        (RowField::School, row.school.map(|school| school.to_string()).unwrap_or_default()),
        (RowField::GraduationYear, row.graduation.map(|FiscalYear(year)| year.to_string()).unwrap_or_default()),
        (RowField::Next, next.map(|next| next.name.clone()).unwrap_or_default()),
        (RowField::Occupation, next.and_then(NextStep::occupation).unwrap_or_default()),
        (
            RowField::NextPlace,
            place.and_then(|p| p.municipality().or(p.prefecture())).map(|code| code.to_string()).unwrap_or_default(),
        ),
        (RowField::Email, text(&row.email)),
        (RowField::Phone, text(&row.phone)),
        (RowField::PostalCode, text(&row.postal_code)),
        (RowField::Address, row.address.clone()),
        (RowField::GuardianName, row.guardian_name.clone()),
        (RowField::GuardianEmail, text(&row.guardian_email)),
        (RowField::GuardianPhone, text(&row.guardian_phone)),
    ]
}

/// Finds rows that name a person an earlier row of the file named: by name and birth date; without a birth date by name,
/// kana, school and year.
#[derive(Debug, Default)]
pub struct Repeats(HashMap<RowKey, (usize, ReadRow)>);

/// Name, kana, birth date, class; what is not needed to tell persons apart stays empty.
type RowKey = (String, String, Option<NaiveDate>, String);

impl Repeats {
    /// Takes the next row with its number; answers when it repeats an earlier one. Rows without a name never do, nor do
    /// those that cannot be taken in: a good row below would be left out for the sake of one that never enters.
    pub fn next(&mut self, number: usize, row: &ReadRow, findings: &[Finding]) -> Option<RowVerdict> {
        let traits = row.traits();
        let stays_out = findings.iter().any(|f| f.problem.makes_wrong() || f.problem.names_nobody());
        if stays_out || traits.name_key.is_empty() {
            return None;
        }
        let key = match traits.birth_date {
            Some(_) => (traits.name_key, String::new(), traits.birth_date, String::new()),
            None => (traits.name_key, traits.kana_key, None, format!("{:?}{:?}", traits.school, traits.cohort)),
        };
        let Some((first, earlier)) = self.0.get(&key) else {
            self.0.insert(key, (number, row.clone()));
            return None;
        };
        // Another student number is another person of the same name and birthday.
        let numbers = (&earlier.student_number, &row.student_number);
        if !numbers.0.is_empty() && !numbers.1.is_empty() && numbers.0 != numbers.1 {
            return Some(RowVerdict::Doubtful(Doubt::Repeated(*first, Vec::new())));
        }
        let differing = changes(earlier, row);
        Some(if differing.is_empty() {
            RowVerdict::Repeats(*first)
        } else {
            RowVerdict::Doubtful(Doubt::Repeated(*first, differing))
        })
    }
}
