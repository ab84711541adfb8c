//! Ages on civil days in Japan (formats.md 7). Under the Act on Calculation of Ages an age is attained at the end of the
//! eve of the birthday; on the level of days this is the usual comparison of birthdays, and who is born on 29 February
//! has the birthday on 1 March in common years. Leaves school years to `cohort`.

use chrono::{Datelike, Days, NaiveDate};

use crate::Timestamp;

/// The age of majority (Civil Code, article 4, since 2022-04-01).
pub const ADULT: i32 = 18;

/// Completed years on a day; `None` before birth.
pub fn age_on(birth: NaiveDate, day: NaiveDate) -> Option<i32> {
    (day >= birth).then(|| {
        let before_birthday = (day.month(), day.day()) < (birth.month(), birth.day());
        day.year() - birth.year() - i32::from(before_birthday)
    })
}

/// Whether a person is at least `years` old on a day.
pub fn is_at_least(birth: NaiveDate, years: i32, day: NaiveDate) -> bool {
    day >= birthday(birth, years)
}

/// The birthday on which `years` are completed: 1 March for 29 February in common years.
pub fn birthday(birth: NaiveDate, years: i32) -> NaiveDate {
    let year = birth.year().saturating_add(years);
    NaiveDate::from_ymd_opt(year, birth.month(), birth.day())
        .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
        .unwrap_or(NaiveDate::MAX)
}

/// The day at whose end `years` are attained by law: the eve of the birthday.
pub fn attained_at_end_of(birth: NaiveDate, years: i32) -> NaiveDate {
    birthday(birth, years).checked_sub_days(Days::new(1)).unwrap_or(NaiveDate::MIN)
}

/// The instant from which a person is of age: 00:00 in Japan on the 18th birthday (trust.md 6).
pub fn adult_from(birth: NaiveDate) -> Timestamp {
    Timestamp::start_of(birthday(birth, ADULT))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[rstest]
    #[case("2008-04-01", "2026-03-31", Some(17))]
    #[case("2008-04-01", "2026-04-01", Some(18))]
    #[case("2008-02-29", "2026-02-28", Some(17))]
    #[case("2008-02-29", "2026-03-01", Some(18))]
    #[case("2008-02-29", "2028-02-28", Some(19))]
    #[case("2008-02-29", "2028-02-29", Some(20))]
    #[case("2008-04-01", "2008-04-01", Some(0))]
    #[case("2008-04-01", "2008-03-31", None)]
    fn ages(#[case] birth: &str, #[case] on: &str, #[case] want: Option<i32>) {
        assert_eq!(age_on(day(birth), day(on)), want);
    }

    #[test]
    fn the_leap_day_attains_eighteen_at_the_end_of_28_february() {
        assert_eq!(attained_at_end_of(day("2008-02-29"), 18), day("2026-02-28"));
        assert_eq!(adult_from(day("2008-02-29")).rfc3339(), "2026-02-28T15:00:00.000000Z");
    }

    #[test]
    fn eighteen_begins_at_midnight_in_japan() {
        let from = adult_from(day("2008-04-01"));
        assert_eq!(from.rfc3339(), "2026-03-31T15:00:00.000000Z");
        assert_eq!(from.jst_date(), day("2026-04-01"));
    }

    proptest! {
        #[test]
        fn both_ways_of_asking_agree(birth in 0u64..20_000, later in 0u64..20_000, years in 0i32..60) {
            let birth = day("1990-01-01") + Days::new(birth);
            let on = birth + Days::new(later);
            prop_assert_eq!(is_at_least(birth, years, on), age_on(birth, on).unwrap() >= years);
        }
    }
}
