//! Windows by the rules of product.md.

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::SchoolKind;
use crate::tests::{course, day};

#[rstest]
#[case(SchoolKind::University, 4, 0, Some(("2026-04-01", "2028-04-01")))]
#[case(SchoolKind::University, 4, 1, Some(("2027-04-01", "2029-04-01")))]
#[case(SchoolKind::University, 6, 0, Some(("2028-04-01", "2030-04-01")))]
#[case(SchoolKind::JuniorCollege, 2, 0, Some(("2024-04-01", "2026-04-01")))]
#[case(SchoolKind::Vocational, 1, 0, Some(("2024-04-01", "2025-04-01")))]
#[case(SchoolKind::Vocational, 3, 0, Some(("2025-04-01", "2027-04-01")))]
#[case(SchoolKind::TechnicalCollege, 5, 0, Some(("2027-04-01", "2029-04-01")))]
#[case(SchoolKind::GraduateSchool, 2, 0, Some(("2024-04-01", "2026-04-01")))]
#[case(SchoolKind::HighSchool, 3, 0, None)]
#[case(SchoolKind::JuniorHigh, 3, 0, None)]
fn windows(#[case] kind: SchoolKind, #[case] years: u8, #[case] pause: u8, #[case] want: Option<(&str, &str)>) {
    let window = JobHunting::default().window(&course(1, kind, 2024, years, pause));
    assert_eq!(window, want.map(|(from, until)| Span::between(day(from), day(until))));
}

#[test]
fn the_organisation_may_move_it() {
    let university = course(1, SchoolKind::University, 2024, 4, 0);
    let moved = |years_before_last, month| JobHunting { years_before_last, month }.window(&university).unwrap().from;
    assert_eq!(moved(0, 6), day("2027-06-01"));
    assert_eq!(moved(1, 3), day("2027-03-01"));
    assert_eq!(moved(2, 10), day("2025-10-01"));
    assert_eq!(moved(9, 4), day("2024-04-01"), "never before the stay begins");
}

#[test]
fn who_left_early_is_not_in_it() {
    let mut university = course(1, SchoolKind::University, 2024, 4, 0);
    university.left_on = Some(day("2025-10-01"));
    assert_eq!(JobHunting::default().window(&university), None);
    assert_eq!(JobHunting::default().on(&[university], day("2027-05-01")), Some(false));
    assert_eq!(JobHunting::default().on(&[], day("2027-05-01")), None);
}

proptest! {
    /// The bound SQL uses and the window itself say the same.
    #[test]
    fn the_bound_is_the_window(
        kind in 0usize..8, start in 2020i32..2030, years in 1u8..7, pause in 0u8..3,
        before in 0u8..4, month in 1u8..13, later in 0u64..4000,
    ) {
        let hunting = JobHunting { years_before_last: before, month };
        let stay = course(1, SchoolKind::ALL[kind], start, years, pause);
        let on = day("2019-04-01") + chrono::Days::new(later);
        let inside = hunting.window(&stay).is_some_and(|window| window.contains(on));
        prop_assert_eq!(hunting.on(&[stay], on), Some(inside));
    }
}
