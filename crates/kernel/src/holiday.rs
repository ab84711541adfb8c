//! National holidays of Japan and the days on which banks work. By the law as it stands since 2022; the equinoxes by their
//! usual formula, valid until 2099 (each February the government announces those of the next year). Earlier years had
//! holidays moved for the games of Tokyo and an enthronement, and are not told here.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The first year whose holidays are known here.
pub const FROM: i32 = 2022;
/// The last.
pub const UNTIL: i32 = 2099;

/// Whether a day is a national holiday, a substitute for one that fell on a Sunday, or a day between two; nothing for a year
/// whose holidays are not known here.
pub fn is_holiday(day: NaiveDate) -> Option<bool> {
    if !(FROM..=UNTIL).contains(&day.year()) {
        return None;
    }
    Some(by_law(day) || substitute(day) || between(day))
}

/// Whether banks transfer money on a day: no Saturday, Sunday or holiday, nor 31 December to 3 January. Nothing for a year whose
/// holidays are not known here.
pub fn is_bank_day(day: NaiveDate) -> Option<bool> {
    let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let new_year = matches!((day.month(), day.day()), (12, 31) | (1, 1..=3));
    Some(!weekend && !new_year && !is_holiday(day)?)
}

fn by_law(day: NaiveDate) -> bool {
    let (year, month) = (day.year(), day.month());
    let monday = |nth: u32| day.weekday() == Weekday::Mon && (day.day() - 1) / 7 + 1 == nth;
    match (month, day.day()) {
        (1, 1) | (2, 11 | 23) | (4, 29) | (5, 3..=5) | (8, 11) | (11, 3 | 23) => true,
        (3, n) => n == equinox(year, 20.8431),
        (9, n) => n == equinox(year, 23.2488) || monday(3),
        (1 | 10, _) => monday(2),
        (7, _) => monday(3),
        _ => false,
    }
}

/// The day of the month of an equinox, by the formula of the astronomical observatory's almanac for 1980 to 2099.
fn equinox(year: i32, base: f64) -> u32 {
    let years = year - 1980;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a day of the month")]
    let day = (base + 0.242_194 * f64::from(years)).floor() as u32;
    day - u32::try_from(years / 4).unwrap_or(0)
}

/// The first day after a holiday on a Sunday that is none itself.
fn substitute(day: NaiveDate) -> bool {
    let mut before = day.checked_sub_days(Days::new(1));
    while let Some(it) = before.filter(|it| by_law(*it)) {
        if it.weekday() == Weekday::Sun {
            return true;
        }
        before = it.checked_sub_days(Days::new(1));
    }
    false
}

/// A day between two holidays.
fn between(day: NaiveDate) -> bool {
    let around = [day.checked_sub_days(Days::new(1)), day.checked_add_days(Days::new(1))];
    day.weekday() != Weekday::Sun && around.into_iter().all(|it| it.is_some_and(by_law))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn of(year: i32) -> Vec<(u32, u32)> {
        let days = (0..366).filter_map(|n| NaiveDate::from_yo_opt(year, n + 1));
        days.filter(|day| is_holiday(*day) == Some(true)).map(|day| (day.month(), day.day())).collect()
    }

    #[rstest]
    #[case(2024, &[(1, 1), (1, 8), (2, 11), (2, 12), (2, 23), (3, 20), (4, 29), (5, 3), (5, 4), (5, 5), (5, 6), (7, 15), (8, 11), (8, 12), (9, 16), (9, 22), (9, 23), (10, 14), (11, 3), (11, 4), (11, 23)])]
    #[case(2025, &[(1, 1), (1, 13), (2, 11), (2, 23), (2, 24), (3, 20), (4, 29), (5, 3), (5, 4), (5, 5), (5, 6), (7, 21), (8, 11), (9, 15), (9, 23), (10, 13), (11, 3), (11, 23), (11, 24)])]
    #[case(2026, &[(1, 1), (1, 12), (2, 11), (2, 23), (3, 20), (4, 29), (5, 3), (5, 4), (5, 5), (5, 6), (7, 20), (8, 11), (9, 21), (9, 22), (9, 23), (10, 12), (11, 3), (11, 23)])]
    fn the_holidays_of_a_year(#[case] year: i32, #[case] want: &[(u32, u32)]) {
        assert_eq!(of(year), want);
    }

    #[rstest]
    #[case("2026-12-30", Some(true))]
    #[case("2026-12-31", Some(false))]
    #[case("2027-01-04", Some(true))]
    #[case("2026-09-22", Some(false))]
    #[case("2026-11-21", Some(false))]
    #[case("2019-05-01", None)]
    fn banks_work_on_working_days(#[case] day: &str, #[case] want: Option<bool>) {
        assert_eq!(is_bank_day(day.parse().unwrap()), want);
    }
}
