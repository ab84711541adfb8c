//! A row of a school's list, from cells as text to what will be done with it: `read` (cells to values, with problems and
//! warnings), `beside` (rows that name nobody), `judge` (new, changed, same, doubtful, wrong or nobody's), `join` (two rows of one person). Cells are kept as written beside the values. Leaves
//! finding columns to `documents`, finding known persons to `storage`, and applying to `acts`.

mod beside;
mod join;
mod judge;
mod next;
mod read;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::{FiscalYear, PersonId, SchoolId};

use crate::matching::{Candidate, Traits};
pub use crate::residence::Place;
use crate::{Person, SchoolKind};
pub use join::joined;
pub use judge::{Repeats, changes, fuller_name, judge};
pub use next::NextStep;
pub use read::read;

/// The cells of one row, as written; what the file lacks is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RawRow {
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// Family and given name in one cell.
    pub full_name: String,
    /// Kana of the family name.
    pub family_kana: String,
    /// Kana of the given name.
    pub given_kana: String,
    /// Kana of the whole name.
    pub full_kana: String,
    /// Birth date.
    pub birth_date: String,
    /// High school.
    pub school: String,
    /// Fiscal year of graduation.
    pub graduation_year: String,
    /// Where the person goes next.
    pub next_school: String,
    /// Kind of the next place.
    pub next_kind: String,
    /// Prefecture or municipality of the next place.
    pub next_place: String,
    /// E-mail.
    pub email: String,
    /// Telephone.
    pub phone: String,
    /// Postal code.
    pub postal_code: String,
    /// Address.
    pub address: String,
    /// Guardian's name.
    pub guardian_name: String,
    /// Guardian's e-mail.
    pub guardian_email: String,
    /// Guardian's telephone.
    pub guardian_phone: String,
    /// The school's own number of the student.
    pub student_number: String,
    /// Remarks.
    pub note: String,
    /// The first cell with anything in it, whatever its column.
    pub first: String,
}

/// What the office said about the whole file, and what is needed to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileContext {
    /// Today.
    pub today: NaiveDate,
    /// The school of rows that name none.
    pub school: Option<SchoolId>,
    /// The fiscal year of graduation of rows that name none.
    pub graduation: Option<FiscalYear>,
    /// What a bare year in the column of graduation years is.
    pub years: GraduationYears,
    /// Schools of the organisation by comparable name.
    pub schools: BTreeMap<String, SchoolId>,
}

/// What a bare year in a column of graduation years is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GraduationYears {
    /// A fiscal year.
    #[default]
    Fiscal,
    /// The calendar year in whose March they leave: the fiscal year before.
    OfMarch,
}

impl GraduationYears {
    /// As the column's header says: 卒業年 is the year of the ceremony, 卒業年度 the school year. A header that speaks of
    /// neither leaves it at what the page asks for, the fiscal year.
    pub fn headed(label: &str) -> Self {
        let label = tsunagari_kernel::names::comparable(label);
        let speaks = |words: &[&str]| words.iter().any(|word| label.contains(word));
        if speaks(&["卒", "GRADUAT"]) && !speaks(&["年度", "FISCAL"]) { Self::OfMarch } else { Self::Fiscal }
    }
}

/// The values of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadRow {
    /// Family name as written.
    pub family: String,
    /// Given name as written; empty when the cell was not divided.
    pub given: String,
    /// Family name in full-width katakana.
    pub family_kana: String,
    /// Given name in full-width katakana.
    pub given_kana: String,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// High school, when the organisation keeps it.
    pub school: Option<SchoolId>,
    /// High school as written.
    pub school_name: String,
    /// Fiscal year of graduation.
    pub graduation: Option<FiscalYear>,
    /// What comes next.
    pub next: Option<NextStep>,
    /// E-mail, normalised.
    pub email: Option<String>,
    /// Telephone in E.164.
    pub phone: Option<String>,
    /// Postal code `NNN-NNNN`.
    pub postal_code: Option<String>,
    /// Address as written.
    pub address: String,
    /// Guardian's name as written.
    pub guardian_name: String,
    /// Guardian's e-mail, normalised.
    pub guardian_email: Option<String>,
    /// Guardian's telephone in E.164.
    pub guardian_phone: Option<String>,
    /// The school's own number of the student.
    pub student_number: String,
    /// Remarks as written.
    pub note: String,
}

impl ReadRow {
    /// What matching compares.
    pub fn traits(&self) -> Traits {
        let full = |a: &str, b: &str| format!("{a}{b}");
        Traits {
            name_key: tsunagari_kernel::names::comparable(&full(&self.family, &self.given)),
            kana_key: tsunagari_kernel::names::comparable_kana(&full(&self.family_kana, &self.given_kana)),
            birth_date: self.birth_date,
            school: self.school,
            cohort: self.graduation,
        }
    }

    /// The names and birth date of a stored person, to compare a row with; the caller adds what else is stored.
    pub fn of(person: &Person) -> Self {
        Self {
            family: person.family.clone(),
            given: person.given.clone(),
            family_kana: person.family_kana.clone(),
            given_kana: person.given_kana.clone(),
            birth_date: person.birth_date,
            ..Self::default()
        }
    }
}

coded! {
    /// A field of a row, for problems and changes.
    RowField {
        /// Name.
        Name = "name",
        /// Kana.
        Kana = "kana",
        /// Birth date.
        BirthDate = "birth_date",
        /// High school.
        School = "school",
        /// Fiscal year of graduation.
        GraduationYear = "graduation_year",
        /// What comes next.
        Next = "next",
        /// What they do then: a kind of school, work, or something else.
        Occupation = "occupation",
        /// Where it is.
        NextPlace = "next_place",
        /// E-mail.
        Email = "email",
        /// Telephone.
        Phone = "phone",
        /// Postal code.
        PostalCode = "postal_code",
        /// Address.
        Address = "address",
        /// Guardian's name.
        GuardianName = "guardian_name",
        /// Guardian's e-mail.
        GuardianEmail = "guardian_email",
        /// Guardian's telephone.
        GuardianPhone = "guardian_phone",
    }
}

coded! {
    /// What is odd or wrong with a row. Those up to `NotPostalCode` make it wrong, those from `TotalRow` on nobody's; the
    /// others are told and let it pass.
    Problem {
        /// No name is written.
        NameMissing = "name_missing",
        /// Digits or brackets in the name of somebody with a birth date.
        NameNotAName = "name_not_a_name",
        /// Something other than kana stands in a kana column.
        KanaNotKana = "kana_not_kana",
        /// Not written as a date.
        DateUnreadable = "date_unreadable",
        /// An era that does not exist.
        DateUnknownEra = "date_unknown_era",
        /// No such day in the calendar.
        DateNoSuchDay = "date_no_such_day",
        /// A birth date that is not in the past.
        BirthInFuture = "birth_in_future",
        /// A child, too young for a school's list: mostly another era than was meant.
        BirthTooYoung = "birth_too_young",
        /// Before anybody alive was born: mostly another century or era than was meant.
        BirthTooLongAgo = "birth_too_long_ago",
        /// Not a fiscal year.
        YearUnreadable = "year_unreadable",
        /// Not an e-mail address.
        NotEmail = "not_email",
        /// Not a Japanese telephone number.
        NotPhone = "not_phone",
        /// Not a postal code.
        NotPostalCode = "not_postal_code",
        /// The name has no space between family and given name.
        NameNotDivided = "name_not_divided",
        /// The day lies outside the era it names.
        DateOutsideEra = "date_outside_era",
        /// The age does not fit a school's list.
        BirthUnlikely = "birth_unlikely",
        /// The graduation is not in the year the birth date suggests.
        GraduationUnlikely = "graduation_unlikely",
        /// The graduation is one year beside the class: a fiscal year taken for a calendar year, or the other way round.
        GraduationBesideClass = "graduation_beside_class",
        /// The organisation keeps no school of this name.
        SchoolUnknown = "school_unknown",
        /// The kind of the next place was taken from its name.
        NextGuessed = "next_guessed",
        /// The kind of the next place is not known.
        NextUnknown = "next_unknown",
        /// No municipality or prefecture, or several, bear this name.
        PlaceUnknown = "place_unknown",
        /// No year of graduation, in the row or for the file: neither the school nor what comes after it is taken over.
        GraduationMissing = "graduation_missing",
        /// The guardian the row names is not taken over: the child is known already, without a guardian.
        GuardianLeftOut = "guardian_left_out",
        /// The guardian the row names is not taken over: the person is of age.
        GuardianOfAdult = "guardian_of_adult",
        /// The guardian is not taken over: there is an address and no name.
        GuardianNameless = "guardian_nameless",
        /// The child is known already with another guardian, who stays.
        GuardianDiffers = "guardian_differs",
        /// The guardian is known already without this address, which is not taken over.
        GuardianAddress = "guardian_address",
        /// The person is known and has no tie any more (the code of its end): nothing of the row is written.
        TieEnded = "tie_ended",
        /// Sums up the rows above it.
        TotalRow = "total_row",
        /// Says that the list ends.
        EndOfList = "end_of_list",
        /// A remark about the list.
        RemarkRow = "remark_row",
        /// Digits or brackets where a name stands, and no birth date.
        NotAPerson = "not_a_person",
    }
}

impl Problem {
    /// Whether a row with this problem is wrong and cannot be applied.
    pub fn makes_wrong(self) -> bool {
        self <= Self::NotPostalCode
    }

    /// Whether a row with this problem names nobody.
    pub fn names_nobody(self) -> bool {
        self >= Self::TotalRow
    }
}

/// A problem with the cell it stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Where.
    pub field: RowField,
    /// What.
    pub problem: Problem,
    /// The cell as written.
    pub found: String,
}

/// A field that will be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Which.
    pub field: RowField,
    /// What is stored; empty when nothing is.
    pub before: String,
    /// What the row says.
    pub after: String,
}

/// What will be done with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowVerdict {
    /// A person will be entered.
    New,
    /// A known person will be changed.
    Changed(PersonId, Vec<FieldChange>),
    /// A known person, nothing to change.
    Same(PersonId),
    /// The same as an earlier row of the file that is not wrong (its number); nothing will be done.
    Repeats(usize),
    /// The office decides: who is meant, or which of two rows holds.
    Doubtful(Doubt),
    /// Cannot be applied until these are put right.
    Wrong(Vec<Finding>),
    /// Names nobody: a total, the end of the list, a remark. Left out as the titles are.
    Beside(Finding),
}

/// What is doubtful.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// One of these known persons, or somebody new.
    Who(Vec<Candidate>),
    /// An earlier row (its number) names the same person and says something else in these fields.
    Repeated(usize, Vec<FieldChange>),
}

impl RowVerdict {
    /// The public code; a repeated row counts as the same.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed(..) => "changed",
            Self::Same(_) | Self::Repeats(_) => "same",
            Self::Doubtful(_) => "doubtful",
            Self::Wrong(_) => "wrong",
            Self::Beside(_) => "beside",
        }
    }
}

/// The kind of school a course after high school is at, with its usual years.
pub(crate) const fn usual(kind: SchoolKind) -> (SchoolKind, u8) {
    (kind, kind.usual_years())
}

#[cfg(test)]
mod tests;
