//! A mistake in a file is named with its place and what to write instead; values a town sets are put into the rules.

use rstest::rstest;
use tsunagari_programmes::{Capacity, How};

use super::*;
use crate::{BLUEPRINTS, blueprint_by_slug};

fn morioka() -> &'static str {
    BLUEPRINTS.iter().find(|(file, _)| *file == "catalogue/morioka-yell.toml").unwrap().1
}

#[rstest]
#[case("number = 15\n", "number = 15\nflag = true\n", "parameters", "more than one")]
#[case("name = \"oldest\"", "name = \"youngest\"", "parameters", "stands twice")]
#[case("{oldest}", "{eldest}", "parameters", "{eldest} is no parameter")]
#[case("answered_yes(student)", "answered_yes(studnet)", "rule", "studnet")]
#[case("answered_yes(student)", "answered_yes(student", "rule", "answered_yes")]
#[case("takes = \"day\"", "takes = \"number\"", "form", "without its bounds")]
#[case("field = \"in_japan\"", "field = \"lives\"", "form", "does not stand before it")]
#[case("code = \"outside\"", "code = \"age\"", "conditions", "stands twice")]
#[case("places = \"{boxes}\"", "places = \"{town}\"", "parameters", "{town} is no parameter")]
#[case("how = \"first_come\"", "how = \"by_lot\"", "how", "unknown variant")]
#[case("kind = \"parcel\"\nname", "king = \"parcel\"\nname", "king", "unknown field")]
fn a_mistake_is_named(#[case] right: &str, #[case] wrong: &str, #[case] field: &str, #[case] problem: &str) {
    assert!(morioka().contains(right), "{right}");
    let text = morioka().replacen(right, wrong, 1);
    let error = load_blueprint("catalogue/morioka-yell.toml", &text).unwrap_err();
    assert_eq!(error.field, field, "{error}");
    assert!(error.problem.contains(problem), "{error}");
    assert!(error.line > 1 && !error.fix.is_empty(), "{error}");
}

#[test]
fn a_file_is_named_after_its_slug() {
    let error = load_blueprint("catalogue/other.toml", morioka()).unwrap_err();
    assert_eq!((error.field.as_str(), error.line), ("slug", 2));
}

#[test]
fn what_a_town_sets_stands_in_the_policy() {
    let blueprint = blueprint_by_slug("catalogue/morioka-yell").unwrap().unwrap();
    let mut values = Values::of(&blueprint.parameters);
    values.0.insert("boxes".into(), ParameterValue::Number(30));
    let policy = blueprint.policy(&values).unwrap();
    assert_eq!((policy.choosing.how, policy.choosing.capacity), (How::FirstCome, Capacity::Places(30)));
    values.0.insert("boxes".into(), ParameterValue::Number(-1));
    assert!(blueprint.policy(&values).unwrap_err().problem.contains("boxes"));
}

#[test]
fn what_is_inferred_says_so() {
    for blueprint in crate::blueprints().unwrap() {
        let inferred = blueprint.parameters.iter().any(|it| it.inferred);
        let told = blueprint.notes.iter().any(|it| it.kind == crate::NoteKind::Inferred);
        assert!(told || !inferred, "{}", blueprint.slug);
        assert!(blueprint.parameters.iter().all(|it| !it.inferred || !it.note.is_empty()), "{}", blueprint.slug);
    }
}
