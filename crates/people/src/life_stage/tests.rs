//! Stages of the usual courses, 高専, six years, two years, repeats, gaps.

use rstest::rstest;

use super::*;
use crate::tests::{course, day};

#[rstest]
#[case(SchoolKind::HighSchool, 3, 0, "2024-04-01", "high_1")]
#[case(SchoolKind::HighSchool, 3, 0, "2027-03-31", "high_3")]
#[case(SchoolKind::HighSchool, 3, 0, "2027-04-01", "after_school")]
#[case(SchoolKind::HighSchool, 4, 0, "2027-04-01", "high_4")]
#[case(SchoolKind::TechnicalCollege, 5, 0, "2028-04-01", "technical_5")]
#[case(SchoolKind::TechnicalCollege, 5, 0, "2029-04-01", "after_school")]
#[case(SchoolKind::University, 4, 0, "2026-05-01", "university_3")]
#[case(SchoolKind::University, 4, 1, "2026-05-01", "university_2")]
#[case(SchoolKind::University, 4, 1, "2024-05-01", "university_1")]
#[case(SchoolKind::University, 4, 1, "2025-05-01", "university_1")]
#[case(SchoolKind::University, 4, 1, "2028-05-01", "university_4")]
#[case(SchoolKind::University, 6, 0, "2029-05-01", "university_6")]
#[case(SchoolKind::JuniorCollege, 2, 0, "2025-05-01", "junior_college_2")]
#[case(SchoolKind::JuniorCollege, 3, 0, "2026-05-01", "junior_college_3")]
#[case(SchoolKind::Vocational, 2, 0, "2024-05-01", "vocational_1")]
#[case(SchoolKind::GraduateSchool, 2, 0, "2025-05-01", "graduate_2")]
#[case(SchoolKind::Other, 1, 0, "2024-05-01", "other_school")]
#[case(SchoolKind::JuniorHigh, 3, 0, "2024-05-01", "before_high")]
#[case(SchoolKind::JuniorHigh, 3, 0, "2027-05-01", "before_high")]
fn stages(#[case] kind: SchoolKind, #[case] years: u8, #[case] pause: u8, #[case] on: &str, #[case] want: &str) {
    let stage = LifeStage::on(&[course(1, kind, 2024, years, pause)], day(on));
    assert_eq!(stage.map(LifeStage::code), Some(want));
}

#[test]
fn nothing_known_is_unknown() {
    assert_eq!(LifeStage::on(&[], day("2026-05-01")), None);
    assert_eq!(LifeStage::on(&[course(1, SchoolKind::HighSchool, 2026, 3, 0)], day("2026-03-31")), None);
}

#[test]
fn who_left_early_is_after_school() {
    let mut university = course(1, SchoolKind::University, 2024, 4, 0);
    university.left_on = Some(day("2025-10-01"));
    assert_eq!(LifeStage::on(std::slice::from_ref(&university), day("2025-09-30")), Some(LifeStage::University2));
    assert_eq!(LifeStage::on(&[university], day("2025-10-01")), Some(LifeStage::AfterSchool));
}

#[test]
fn of_two_the_latest_started_is_current() {
    let both = [course(1, SchoolKind::Vocational, 2025, 2, 0), course(2, SchoolKind::University, 2024, 4, 0)];
    assert_eq!(LifeStage::on(&both, day("2025-06-01")), Some(LifeStage::Vocational1));
    assert_eq!(LifeStage::on(&both, day("2024-06-01")), Some(LifeStage::University1));
}

#[test]
fn a_transfer_keeps_the_cohort_of_the_latest_end() {
    let first = course(1, SchoolKind::HighSchool, 2023, 3, 0);
    let second = course(2, SchoolKind::HighSchool, 2024, 3, 0);
    let kosen = course(3, SchoolKind::TechnicalCollege, 2023, 5, 0);
    assert_eq!(high_school(&[second.clone(), first, kosen.clone()]), Some(&second));
    assert_eq!(high_school(&[kosen]), None);
}

#[test]
fn every_stage_is_reached_by_some_course() {
    let mut seen: Vec<LifeStage> = SchoolKind::ALL.iter().flat_map(|kind| LifeStage::of_kind(*kind)).copied().collect();
    seen.push(LifeStage::AfterSchool);
    seen.sort();
    assert_eq!(seen, LifeStage::ALL);
}
