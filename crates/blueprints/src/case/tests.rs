//! Every shipped case comes to what it says, every blueprint has cases, each of its conditions refuses somebody in them, and each
//! class and venue is met by somebody.

use std::collections::BTreeSet;

use rstest::rstest;

use crate::{Case, CaseVerdict, blueprint_by_slug, blueprints, cases, load_cases};

const LATE: &str = r#"
blueprint = "shimane/kawamoto-reunions"

[[case]]
name = "late"
on = "2025-06-01"
event_on = "2025-07-01"
applicant = { high_school_until = 2024 }
answers = { high_school = "shimane_chuo" }
verdict = "yes"
# says
"#;

#[test]
fn every_case_comes_to_what_it_says() {
    let mut wrong = Vec::new();
    for file in cases().unwrap() {
        let blueprint = blueprint_by_slug(&file.blueprint).unwrap().unwrap();
        for case in &file.cases {
            match case.differs(&blueprint) {
                Ok(None) => {}
                other => wrong.push(format!("{}: {}: {other:?}", file.blueprint, case.name)),
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_condition_and_cap_refuses_somebody_and_lets_somebody_in() {
    let files = cases().unwrap();
    for blueprint in blueprints().unwrap() {
        let of: Vec<_> = files.iter().filter(|it| it.blueprint == blueprint.slug).flat_map(|it| &it.cases).collect();
        assert!(of.iter().any(|it| it.verdict == CaseVerdict::Yes), "{}: somebody may", blueprint.slug);
        let refused: BTreeSet<&str> = of
            .iter()
            .filter(|it| it.verdict == CaseVerdict::No)
            .flat_map(|it| &it.because)
            .map(String::as_str)
            .collect();
        for condition in &blueprint.who.conditions {
            assert!(refused.contains(condition.code.as_str()), "{}: {} refuses nobody", blueprint.slug, condition.code);
        }
        assert_eq!(
            refused.iter().filter(|it| it.starts_with("cap_")).count(),
            blueprint.choose.caps.len(),
            "{}",
            blueprint.slug
        );
    }
}

#[test]
fn every_class_and_venue_is_met_by_somebody() {
    let files = cases().unwrap();
    for blueprint in blueprints().unwrap() {
        let of: Vec<&Case> =
            files.iter().filter(|it| it.blueprint == blueprint.slug).flat_map(|it| &it.cases).collect();
        let met = |code: &str, of_case: fn(&Case) -> Option<&str>| of.iter().any(|it| of_case(it) == Some(code));
        for class in &blueprint.who.classes {
            assert!(met(&class.code, |it| it.class.as_deref()), "{}: nobody is {}", blueprint.slug, class.code);
        }
        for venue in &blueprint.venues {
            assert!(met(&venue.code, |it| it.at.as_deref()), "{}: nobody comes to {}", blueprint.slug, venue.code);
        }
    }
}

/// Thirty places in each of four places, and ten who wait.
#[rstest]
#[case("at = \"kanto\"\ntaken = 29", Ok(CaseVerdict::Yes))]
#[case("at = \"kanto\"\ntaken = 30", Ok(CaseVerdict::Waits))]
#[case("at = \"kanto\"\ntaken = 30\nwaiting = 9", Ok(CaseVerdict::Waits))]
#[case("at = \"kanto\"\ntaken = 30\nwaiting = 10", Ok(CaseVerdict::Full))]
#[case("at = \"kanto\"\ntaken = 30\nset = { seats = 31 }", Ok(CaseVerdict::Yes))]
#[case("taken = 30\nwaiting = 10", Ok(CaseVerdict::Full))]
#[case("at = \"shikoku\"", Err("shikoku is no venue"))]
fn who_comes_late_waits_or_is_told(#[case] says: &str, #[case] wanted: Result<CaseVerdict, &str>) {
    let file = load_cases("cases/late.toml", &LATE.replace("# says", says)).unwrap();
    let blueprint = blueprint_by_slug(&file.blueprint).unwrap().unwrap();
    let came = file.cases[0].play(&blueprint).map(|it| it.verdict);
    assert_eq!(came.as_ref().map_err(String::as_str), wanted.as_ref().map_err(|it| *it));
}
