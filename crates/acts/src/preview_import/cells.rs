//! Cells by column to the fields of a row. Undoes what spreadsheets do to values: bare day numbers of dates, telephone
//! numbers that lost their leading zero. Leaves reading the values to people.

use tsunagari_documents::ImportField;
use tsunagari_kernel::era::{ExcelEpoch, excel_serial};
use tsunagari_people::import::RawRow;

/// The fields of a row.
pub(super) fn raw_row(columns: &[ImportField], cells: &[String]) -> RawRow {
    let first = cells.iter().map(|cell| cell.trim()).find(|cell| !cell.is_empty()).unwrap_or_default();
    let mut row = RawRow { first: first.to_owned(), ..RawRow::default() };
    for (field, cell) in columns.iter().zip(cells) {
        if cell.trim().is_empty() {
            continue;
        }
        let Some(slot) = slot(&mut row, *field) else { continue };
        if !slot.is_empty() {
            slot.push(' ');
        }
        slot.push_str(&restored(*field, cell));
    }
    row
}

fn slot(row: &mut RawRow, field: ImportField) -> Option<&mut String> {
    Some(match field {
        ImportField::FamilyName => &mut row.family,
        ImportField::GivenName => &mut row.given,
        ImportField::FullName => &mut row.full_name,
        ImportField::FamilyKana => &mut row.family_kana,
        ImportField::GivenKana => &mut row.given_kana,
        ImportField::FullKana => &mut row.full_kana,
        ImportField::BirthDate => &mut row.birth_date,
        ImportField::School => &mut row.school,
        ImportField::GraduationYear => &mut row.graduation_year,
        ImportField::NextSchool => &mut row.next_school,
        ImportField::NextSchoolKind => &mut row.next_kind,
        ImportField::NextPlace => &mut row.next_place,
        ImportField::Email => &mut row.email,
        ImportField::Phone => &mut row.phone,
        ImportField::PostalCode => &mut row.postal_code,
        ImportField::Address => &mut row.address,
        ImportField::GuardianName => &mut row.guardian_name,
        ImportField::GuardianEmail => &mut row.guardian_email,
        ImportField::GuardianPhone => &mut row.guardian_phone,
        ImportField::StudentNumber => &mut row.student_number,
        ImportField::Note => &mut row.note,
        // Known, shown, and of no use after school.
        ImportField::Class | ImportField::Number | ImportField::Ignore => return None,
    })
}

fn restored(field: ImportField, cell: &str) -> String {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match field {
        ImportField::BirthDate if digits(cell) && (4..=5).contains(&cell.len()) => {
            let day = cell.parse::<f64>().ok().and_then(|serial| excel_serial(serial, ExcelEpoch::From1900).ok());
            day.map_or_else(|| cell.to_owned(), |day| day.to_string())
        }
        // Four digits are a year.
        ImportField::GraduationYear if digits(cell) && cell.len() == 5 => restored(ImportField::BirthDate, cell),
        ImportField::Phone | ImportField::GuardianPhone
            if digits(cell) && (9..=10).contains(&cell.len()) && !cell.starts_with('0') =>
        {
            format!("0{cell}")
        }
        ImportField::PostalCode if digits(cell) && cell.len() == 6 => format!("0{cell}"),
        _ => cell.to_owned(),
    }
}
