//! Every shipped case comes to what it says, every blueprint has cases, and each of its conditions refuses somebody in them.

use std::collections::BTreeSet;

use crate::{CaseVerdict, blueprint_by_slug, blueprints, cases};

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
