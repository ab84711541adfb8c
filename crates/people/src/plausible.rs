//! What cannot be true of one person, whoever types it: a birth before anybody alive was born, a stay before the birth, a
//! school left by a small child, a year far ahead. Refused where the office or the person enters it; what is merely unlikely
//! passes. Leaves lists, whose odd cells are told beside their rows, to `import`.

use chrono::NaiveDate;
use tsunagari_kernel::{FiscalYear, age, cohort};

use crate::{Enrolment, PersonRecord, SchoolKind};

/// Nobody lived so many years ago who is alive.
pub const OLDEST: i32 = 120;
/// Nobody younger enters a school that is kept, in whole years.
pub const YOUNGEST: i32 = 12;
/// Nobody younger has a high school behind them, in whole years.
pub const YOUNGEST_GRADUATE: i32 = 15;
/// A school that begins or ends later is not known of yet, in years.
pub const FARTHEST: i32 = 10;

coded! {
    /// Why something cannot be.
    Impossible {
        /// The birth lies after today.
        BirthInFuture = "birth_in_future",
        /// The birth lies before that of anybody alive.
        BirthTooLongAgo = "birth_too_long_ago",
        /// The birth lies after something the person is known for, or too near a school.
        BirthAgainstRecord = "birth_against_record",
        /// The day lies before the birth.
        BeforeBirth = "before_birth",
        /// The day or year lies before anybody alive was born.
        TooLongAgo = "too_long_ago",
        /// Too young at that school.
        TooYoungForSchool = "too_young_for_school",
        /// The year lies too far ahead.
        TooFarAhead = "too_far_ahead",
    }
}

fn too_long_ago(day: NaiveDate, today: NaiveDate) -> bool {
    age::birthday(day, OLDEST) < today
}

/// Whether somebody can have been born on a day.
///
/// # Errors
/// Why not.
pub fn birth(day: NaiveDate, today: NaiveDate) -> Result<(), Impossible> {
    if day > today {
        Err(Impossible::BirthInFuture)
    } else if too_long_ago(day, today) {
        Err(Impossible::BirthTooLongAgo)
    } else {
        Ok(())
    }
}

/// Whether something can have begun on a day in somebody's life.
///
/// # Errors
/// Why not.
pub fn day(day: NaiveDate, birth: Option<NaiveDate>, today: NaiveDate) -> Result<(), Impossible> {
    if birth.is_some_and(|birth| day < birth) {
        Err(Impossible::BeforeBirth)
    } else if too_long_ago(day, today) {
        Err(Impossible::TooLongAgo)
    } else {
        Ok(())
    }
}

/// Whether somebody can be in a school's class of a year: the fiscal year at whose end they leave it.
///
/// # Errors
/// Why not.
pub fn graduation(year: FiscalYear, birth: Option<NaiveDate>, today: NaiveDate) -> Result<(), Impossible> {
    if year.0 > FiscalYear::of(today).0 + FARTHEST {
        Err(Impossible::TooFarAhead)
    } else if too_long_ago(year.first_day(), today) {
        Err(Impossible::TooLongAgo)
    } else if birth.is_some_and(|birth| !age::is_at_least(birth, YOUNGEST_GRADUATE, year.plus(1).first_day())) {
        Err(Impossible::TooYoungForSchool)
    } else {
        Ok(())
    }
}

/// Whether somebody can be at a school as it is entered.
///
/// # Errors
/// Why not.
pub fn schooling(stay: &Enrolment, birth: Option<NaiveDate>, today: NaiveDate) -> Result<(), Impossible> {
    if stay.start_fy.0 > FiscalYear::of(today).0 + FARTHEST {
        Err(Impossible::TooFarAhead)
    } else if too_long_ago(stay.from_on, today) {
        Err(Impossible::TooLongAgo)
    } else if birth.is_some_and(|birth| !old_enough(stay, birth)) {
        Err(Impossible::TooYoungForSchool)
    } else {
        Ok(())
    }
}

/// The school year in which they become twelve ends junior high schools' intake; a high school is left no earlier than at
/// fifteen.
fn old_enough(stay: &Enrolment, birth: NaiveDate) -> bool {
    let enters = age::is_at_least(birth, YOUNGEST, stay.from_on);
    enters && (stay.kind != SchoolKind::HighSchool || age::is_at_least(birth, YOUNGEST_GRADUATE, stay.until_on))
}

/// Whether a high school is left in the year of the class somebody is born into, or up to three years later.
pub fn is_usual_class(year: FiscalYear, birth: NaiveDate) -> bool {
    (0..=3).contains(&(year.0 - cohort::high_school_graduation(birth).0))
}

/// At what age somebody leaves a high school, in whole years, where that is not the usual one: a slip of the pen, or a school
/// for adults. Told, never refused. Who left early has not graduated.
pub fn unusual_age(stay: &Enrolment, birth: NaiveDate) -> Option<i32> {
    if stay.left_on.is_some() {
        return None;
    }
    let usual = stay.kind != SchoolKind::HighSchool || is_usual_class(stay.end_fy, birth);
    if usual { None } else { age::age_on(birth, stay.end_fy.last_day()) }
}

/// Whether a birth date fits all that is kept of somebody.
///
/// # Errors
/// `BirthAgainstRecord`.
pub fn fits(birth: NaiveDate, record: &PersonRecord) -> Result<(), Impossible> {
    let began = record.ties.iter().map(|it| it.span.from);
    let began = began.chain(record.residences.iter().map(|it| it.span.from));
    let mut began = began.chain(record.occupations.iter().map(|it| it.span.from));
    if began.any(|day| day < birth) || record.enrolments.iter().any(|stay| !old_enough(stay, birth)) {
        Err(Impossible::BirthAgainstRecord)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tsunagari_kernel::EnrolmentId;

    use super::*;
    use crate::tests::{day as on, id};

    const TODAY: &str = "2026-03-16";

    fn stay(kind: SchoolKind, start: i32, years: u8) -> Enrolment {
        Enrolment::starting(EnrolmentId(id(1)), kind, "架空", FiscalYear(start), years, 0)
    }

    #[test]
    fn births_of_anybody_alive_pass() {
        for (born, want) in [
            ("2026-03-16", Ok(())),
            ("2026-03-17", Err(Impossible::BirthInFuture)),
            ("1906-03-16", Ok(())),
            ("1906-03-15", Err(Impossible::BirthTooLongAgo)),
            ("1850-01-01", Err(Impossible::BirthTooLongAgo)),
        ] {
            assert_eq!(birth(on(born), on(TODAY)), want, "{born}");
        }
    }

    #[test]
    fn nothing_begins_before_the_birth() {
        let born = Some(on("2008-06-01"));
        assert_eq!(day(on("2008-06-01"), born, on(TODAY)), Ok(()));
        assert_eq!(day(on("2008-05-31"), born, on(TODAY)), Err(Impossible::BeforeBirth));
        assert_eq!(day(on("1850-01-01"), None, on(TODAY)), Err(Impossible::TooLongAgo));
    }

    #[test]
    fn a_class_needs_its_years() {
        let of = |year: i32, born: &str| graduation(FiscalYear(year), Some(on(born)), on(TODAY));
        assert_eq!(of(2025, "2007-06-01"), Ok(()));
        assert_eq!(of(2025, "1950-06-01"), Ok(()), "late is unlikely, not impossible");
        assert_eq!(of(2020, "2008-03-28"), Err(Impossible::TooYoungForSchool));
        assert_eq!(of(2025, "2019-05-01"), Err(Impossible::TooYoungForSchool));
        assert_eq!(of(2048, "2007-06-01"), Err(Impossible::TooFarAhead));
        assert_eq!(of(1800, "2007-06-01"), Err(Impossible::TooLongAgo));
    }

    #[test]
    fn an_unusual_age_is_told_of_high_schools() {
        let of = |kind: SchoolKind, born: &str| unusual_age(&stay(kind, 2023, 3), on(born));
        assert_eq!(of(SchoolKind::HighSchool, "2007-06-01"), None, "eighteen, as its class");
        assert_eq!(of(SchoolKind::HighSchool, "2005-03-31"), None, "three years later");
        assert_eq!(of(SchoolKind::HighSchool, "2004-03-31"), Some(22));
        assert_eq!(of(SchoolKind::HighSchool, "1950-06-01"), Some(75));
        assert_eq!(of(SchoolKind::HighSchool, "2008-06-01"), Some(17), "a year too early");
        assert_eq!(of(SchoolKind::University, "1950-06-01"), None);
        let early = Enrolment { left_on: Some(on("2024-09-30")), ..stay(SchoolKind::HighSchool, 2023, 3) };
        assert_eq!(unusual_age(&early, on("1950-06-01")), None);
    }

    #[test]
    fn a_stay_at_a_school_needs_its_years() {
        let of = |it: Enrolment, born: Option<&str>| schooling(&it, born.map(on), on(TODAY));
        assert_eq!(of(stay(SchoolKind::University, 2026, 4), Some("2007-06-01")), Ok(()));
        assert_eq!(of(stay(SchoolKind::JuniorHigh, 2020, 3), Some("2008-04-01")), Ok(()));
        assert_eq!(of(stay(SchoolKind::HighSchool, 2011, 1), Some("2007-06-01")), Err(Impossible::TooYoungForSchool));
        assert_eq!(of(stay(SchoolKind::University, 1800, 4), None), Err(Impossible::TooLongAgo));
        assert_eq!(of(stay(SchoolKind::University, 2048, 4), None), Err(Impossible::TooFarAhead));
    }
}
