//! Cells to values. Every cell is read on its own, so that one look at the preview shows everything there is to put
//! right. Leaves comparing with what is stored to `judge`.

use tsunagari_kernel::contact::{self, AddressError};
use tsunagari_kernel::era::{DateError, DateWarning, eras};
use tsunagari_kernel::{FiscalYear, age, cohort, municipality, names};

use super::beside;
use super::next::word;
use super::{FileContext, Finding, GraduationYears, NextStep, Place, Problem, RawRow, ReadRow, RowField};
use crate::plausible;

/// Reads a row: its values, and what is odd or wrong with it. Values of wrong cells are left out. Of a row that names nobody
/// only that is found.
pub fn read(raw: &RawRow, file: &FileContext) -> (ReadRow, Vec<Finding>) {
    let mut it = Reading { file, findings: Vec::new() };
    if eras().read(&raw.birth_date).is_err()
        && let Some(problem) = beside::why(raw)
    {
        let (family, given) = parts(&raw.family, &raw.given, &raw.full_name);
        it.found(RowField::Name, problem, &names::tidy(&raw.first));
        return (ReadRow { family, given, ..ReadRow::default() }, it.findings);
    }
    let (family, given) = it.names(raw);
    let (family_kana, given_kana) = it.kana(raw);
    let row = ReadRow {
        family,
        given,
        family_kana,
        given_kana,
        birth_date: it.birth(&raw.birth_date),
        school: it.school(&raw.school),
        school_name: names::tidy(&raw.school),
        graduation: it.graduation(&raw.graduation_year),
        next: it.next(raw),
        email: it.address(RowField::Email, &raw.email, contact::email),
        phone: it.address(RowField::Phone, &raw.phone, contact::phone),
        postal_code: it.address(RowField::PostalCode, &raw.postal_code, contact::postal_code),
        address: names::tidy(&raw.address),
        guardian_name: names::tidy(&raw.guardian_name),
        guardian_email: it.address(RowField::GuardianEmail, &raw.guardian_email, contact::email),
        guardian_phone: it.address(RowField::GuardianPhone, &raw.guardian_phone, contact::phone),
        student_number: names::tidy(&raw.student_number),
        note: names::tidy(&raw.note),
    };
    it.plausible(&row, raw);
    it.beside_class(&row, raw);
    (row, it.findings)
}

struct Reading<'f> {
    file: &'f FileContext,
    findings: Vec<Finding>,
}

impl Reading<'_> {
    fn found(&mut self, field: RowField, problem: Problem, cell: &str) {
        self.findings.push(Finding { field, problem, found: cell.to_owned() });
    }

    fn names(&mut self, raw: &RawRow) -> (String, String) {
        let (family, given) = parts(&raw.family, &raw.given, &raw.full_name);
        if family.is_empty() && given.is_empty() {
            self.found(RowField::Name, Problem::NameMissing, "");
        } else if beside::unlike_a_name(&format!("{family}{given}")) {
            self.found(RowField::Name, Problem::NameNotAName, format!("{family} {given}").trim_end());
        } else if family.is_empty() || given.is_empty() {
            self.found(RowField::Name, Problem::NameNotDivided, &format!("{family}{given}"));
        }
        (family, given)
    }

    fn kana(&mut self, raw: &RawRow) -> (String, String) {
        let (family, given) = parts(&raw.family_kana, &raw.given_kana, &raw.full_kana);
        let both = format!("{family}{given}");
        // Names of foreign residents have their reading in Latin letters in some lists; they are kept as written.
        if !both.is_empty() && !names::is_reading(&both) {
            self.found(RowField::Kana, Problem::KanaNotKana, &both);
            return (String::new(), String::new());
        }
        (names::half_to_full(&family), names::half_to_full(&given))
    }

    fn birth(&mut self, cell: &str) -> Option<chrono::NaiveDate> {
        let problem = match eras().read(cell) {
            Ok(read) => {
                if let Some(DateWarning::OutsideEra) = read.warning {
                    self.found(RowField::BirthDate, Problem::DateOutsideEra, cell);
                }
                if read.day < self.file.today {
                    return Some(read.day);
                }
                Problem::BirthInFuture
            }
            Err(DateError::Empty) => return None,
            Err(DateError::Unreadable) => Problem::DateUnreadable,
            Err(DateError::UnknownEra) => Problem::DateUnknownEra,
            Err(DateError::NoSuchDay) => Problem::DateNoSuchDay,
        };
        self.found(RowField::BirthDate, problem, cell);
        None
    }

    fn school(&mut self, cell: &str) -> Option<tsunagari_kernel::SchoolId> {
        let key = names::comparable(cell);
        if key.is_empty() {
            return self.file.school;
        }
        let known = self.file.schools.get(&key).copied();
        if known.is_none() {
            self.found(RowField::School, Problem::SchoolUnknown, cell);
        }
        known
    }

    fn graduation(&mut self, cell: &str) -> Option<FiscalYear> {
        if cell.trim().is_empty() {
            return self.file.graduation;
        }
        let year = graduation_year(cell, self.file.years);
        if year.is_none() {
            self.found(RowField::GraduationYear, Problem::YearUnreadable, cell);
        }
        year
    }

    fn next(&mut self, raw: &RawRow) -> Option<NextStep> {
        let name = names::tidy(&raw.next_school);
        if name.is_empty() && raw.next_kind.trim().is_empty() {
            return None;
        }
        let word = match (word(&raw.next_kind), word(&name)) {
            (Some(kind), _) => Some(kind),
            (None, Some(guess)) => {
                self.found(RowField::Next, Problem::NextGuessed, &name);
                Some(guess)
            }
            (None, None) => {
                self.found(RowField::Next, Problem::NextUnknown, if name.is_empty() { &raw.next_kind } else { &name });
                None
            }
        };
        let (course, does) = word.map_or((None, None), |word| (word.course(), word.does()));
        Some(NextStep { course, does, name, place: self.place(&raw.next_place) })
    }

    fn place(&mut self, cell: &str) -> Option<Place> {
        if cell.trim().is_empty() {
            return None;
        }
        let place = match municipality::named(cell).as_slice() {
            [one] if one.code.is_prefecture() => Some(Place::Prefecture(one.code)),
            [one] => Some(Place::Municipality(one.code)),
            [] | [_, _, ..] => prefecture_short(cell),
        };
        if place.is_none() {
            self.found(RowField::NextPlace, Problem::PlaceUnknown, cell);
        }
        place
    }

    fn address(
        &mut self,
        field: RowField,
        cell: &str,
        read: fn(&str) -> Result<String, AddressError>,
    ) -> Option<String> {
        let problem = match read(cell) {
            Ok(address) => return Some(address),
            Err(AddressError::Empty) => return None,
            Err(AddressError::NotEmail) => Problem::NotEmail,
            Err(AddressError::NotPhone) => Problem::NotPhone,
            Err(AddressError::NotPostalCode) => Problem::NotPostalCode,
        };
        self.found(field, problem, cell);
        None
    }

    /// Warnings that need two cells: lists of schools name people of 14 to 25, who leave in the year of their class or
    /// up to three years later.
    fn plausible(&mut self, row: &ReadRow, raw: &RawRow) {
        let Some(birth) = row.birth_date else { return };
        let age = age::age_on(birth, self.file.today);
        if age.is_some_and(|age| age < plausible::YOUNGEST) {
            self.found(RowField::BirthDate, Problem::BirthTooYoung, &raw.birth_date);
        } else if plausible::birth(birth, self.file.today).is_err() {
            self.found(RowField::BirthDate, Problem::BirthTooLongAgo, &raw.birth_date);
        } else if age.is_none_or(|age| !(14..=40).contains(&age)) {
            self.found(RowField::BirthDate, Problem::BirthUnlikely, &raw.birth_date);
        } else if let Some(graduation) = row.graduation
            && !plausible::is_usual_class(graduation, birth)
        {
            self.found(RowField::GraduationYear, Problem::GraduationUnlikely, &raw.graduation_year);
        }
    }

    /// A year written in the row that is one beside the class's: more often the other way of counting than another class.
    /// The class is the file's, else that of the birth date.
    fn beside_class(&mut self, row: &ReadRow, raw: &RawRow) {
        let told = |it: &Finding| it.problem == Problem::GraduationUnlikely;
        if raw.graduation_year.trim().is_empty() || self.findings.iter().any(told) {
            return;
        }
        let class = self.file.graduation.or_else(|| row.birth_date.map(cohort::high_school_graduation));
        if let (Some(FiscalYear(year)), Some(FiscalYear(class))) = (row.graduation, class)
            && (year - class).abs() == 1
        {
            self.found(RowField::GraduationYear, Problem::GraduationBesideClass, &raw.graduation_year);
        }
    }
}

/// Two cells, or one divided at its space. An undivided cell beside an empty one is divided likewise.
fn parts(first: &str, second: &str, whole: &str) -> (String, String) {
    let (first, second) = (names::tidy(first), names::tidy(second));
    match (first.is_empty(), second.is_empty()) {
        (true, true) => names::split(whole),
        (false, true) => names::split(&first),
        (true | false, false) => (first, second),
    }
}

/// A day or month of graduation (2026-03-01, `R8.3`): the fiscal year it lies in. A fiscal year, where 年度 is written. A
/// calendar year, where 卒 is (2026年卒), in whose March they leave. A bare year is what the column's header says.
fn graduation_year(cell: &str, years: GraduationYears) -> Option<FiscalYear> {
    if let Ok(read) = eras().read(cell) {
        return Some(FiscalYear::of(read.day));
    }
    let plain = names::comparable(&cell.replace(['.', '．', '/', '／'], "年"));
    let bare = ["見込み", "見込", "卒業", "卒"].iter().fold(plain.clone(), |text, word| text.replace(word, ""));
    if let Some((year, _)) = bare.split_once("年度") {
        return eras().read_fiscal_year(year).ok();
    }
    if let Some((year, month)) = bare.trim_end_matches('月').split_once(['年', '-'])
        && let Ok(month @ 1..=12) = month.parse::<i32>()
    {
        let calendar = eras().read_fiscal_year(year).ok()?;
        return Some(calendar.plus(-i32::from(month < 4)));
    }
    let year = eras().read_fiscal_year(&bare).ok()?;
    let of_march = plain.contains('卒') || years == GraduationYears::OfMarch;
    Some(year.plus(-i32::from(of_march)))
}

/// A prefecture written without its last character, which no list of municipalities knows.
fn prefecture_short(cell: &str) -> Option<Place> {
    let cell = names::comparable(cell);
    let short = |name: &str| ["都", "府", "県"].iter().find_map(|end| name.strip_suffix(end).map(str::to_owned));
    let found =
        municipality::prefectures().find(|m| short(m.prefecture).is_some_and(|name| names::comparable(&name) == cell));
    found.map(|m| Place::Prefecture(m.code))
}
