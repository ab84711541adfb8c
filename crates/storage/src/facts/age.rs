//! Age from the birth date by comparison of birthdays.

use chrono::Datelike;

use crate::rule_sql::Compiler;

/// Completed years; the month and day are compared as text, so that 29 February falls after the 28th and before 1 March.
pub(super) fn age(c: &mut Compiler<'_>) -> String {
    let date = c.at.date;
    let (day, year) = (c.day(), c.bind(i64::from(date.year())));
    let month_day = c.bind(date.format("%m-%d").to_string());
    format!(
        "(CASE WHEN p.birth_date <= {day} THEN {year} - CAST(substr(p.birth_date, 1, 4) AS bigint) \
         - CASE WHEN {month_day} < substr(p.birth_date, 6) THEN 1 ELSE 0 END END)"
    )
}
