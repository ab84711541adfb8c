//! Age from the birth date by comparison of birthdays.

use chrono::Datelike;

use crate::rule_sql::Compiler;

/// Unknown: without a birth date, or before birth.
pub(crate) fn known(c: &mut Compiler<'_>) -> String {
    format!("p.birth_date <= {}", c.day())
}

/// The latest birth date, as stored text, with which somebody is at least `years` old on the day. The month and day are
/// compared as text, so that 29 February falls after the 28th and before 1 March.
pub(crate) fn latest_birth(c: &Compiler<'_>, years: i64) -> String {
    let year = i64::from(c.at.date.year()).saturating_sub(years);
    match year {
        // Nobody is as old; everybody is.
        ..0 => String::new(),
        0..=9999 => format!("{year:04}-{}", c.at.date.format("%m-%d")),
        10_000.. => "9999-99-99".to_owned(),
    }
}
