//! Values of the command line that people write: days, fiscal years, moments, counts. Read in the forms of every page, and
//! refused in words that name the form.

use chrono::{DateTime, NaiveDate};
use tsunagari_kernel::era::{DateError, eras};
use tsunagari_kernel::{FiscalYear, Timestamp};

/// A day: 2026-03-16, R8.3.16, 令和8年3月16日.
///
/// # Errors
/// In words.
pub fn day(text: &str) -> Result<NaiveDate, String> {
    eras().read(text).map(|it| it.day).map_err(|error| match error {
        DateError::NoSuchDay => "there is no such day; a day reads 2026-03-16".to_owned(),
        DateError::Empty | DateError::Unreadable | DateError::UnknownEra => "a day reads 2026-03-16".to_owned(),
    })
}

/// A fiscal year, named by the year of its April: 2025, R7, 令和7.
///
/// # Errors
/// In words.
pub fn fiscal_year(text: &str) -> Result<FiscalYear, String> {
    let read = eras().read_fiscal_year(text);
    read.map_err(|_| "a fiscal year reads 2025 or R7: the year of its April".to_owned())
}

/// A moment with its offset: 2026-03-16T02:00:00+09:00.
///
/// # Errors
/// In words.
pub fn moment(text: &str) -> Result<Timestamp, String> {
    DateTime::parse_from_rfc3339(text.trim())
        .map(|it| Timestamp::from_micros(it.timestamp_micros()))
        .map_err(|_| "a moment reads 2026-03-16T02:00:00+09:00".to_owned())
}

/// How many people; nobody is no demonstration.
///
/// # Errors
/// In words.
pub fn people(text: &str) -> Result<u64, String> {
    match text.trim().parse() {
        Ok(0) | Err(_) => Err("it is a whole number of people, 1 or more: 2000".to_owned()),
        Ok(people) => Ok(people),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_read_or_refused_with_the_form() {
        let day_of = NaiveDate::from_ymd_opt(2026, 3, 16);
        for text in ["2026-03-16", "R8.3.16", "令和8年3月16日"] {
            assert_eq!(day(text).ok(), day_of, "{text}");
        }
        assert_eq!(day("2026-02-30").unwrap_err(), "there is no such day; a day reads 2026-03-16");
        assert_eq!(day("tomorrow").unwrap_err(), "a day reads 2026-03-16");
        for text in ["2025", "R7", "令和7", "令和7年度"] {
            assert_eq!(fiscal_year(text), Ok(FiscalYear(2025)), "{text}");
        }
        for text in ["25", "this", "2025-04", ""] {
            assert!(fiscal_year(text).unwrap_err().contains("reads 2025 or R7"), "{text}");
        }
        assert!(moment("2026-03-16T02:00:00+09:00").is_ok());
        assert!(moment("2026-03-16").unwrap_err().contains("2026-03-16T02:00:00+09:00"));
        assert_eq!(people("2000"), Ok(2000));
        assert!(people("0").is_err() && people("-3").is_err());
    }
}
