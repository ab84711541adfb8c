//! Venues have codes of their own, and places and times as a town sets them; the shipped ones are those the sources name.

use rstest::rstest;

use super::*;
use crate::{ParameterValue, blueprint_by_slug, load_blueprint};

const TWO: &str = r#"
slug = "x/two"
kind = "event"
organisation = "322016"
organisation_name = "松江市"
title = "二つの会場"
source = { document = "x", heading = "x" }
sheet = { overview = "x" }
who = { applicant = "oneself", beneficiary = "applicant", judged_on = "event_day" }
choose = { how = "first_come", places = "{seats}" }

[[parameters]]
name = "seats"
label = "定員"
number = 30

[[parameters]]
name = "small"
label = "小さい会場の定員"
number = 10

[[parameters]]
name = "open"
label = "開くか"
flag = true

[[venues]]
code = "east"
name = "東京"

[[venues]]
code = "west"
name = "大阪"
places = "{small}"
times = 2

[[gets]]
kind = "seat"
name = "席"
"#;

#[test]
fn a_venue_has_its_own_places_or_the_programmes() {
    let blueprint = load_blueprint("x/two.toml", TWO).unwrap();
    let mut values = Values::of(&blueprint.parameters);
    values.0.insert("small".into(), ParameterValue::Number(12));
    let venues = blueprint.venues_with(&values).unwrap();
    let told: Vec<_> = venues.iter().map(|it| (it.code.as_str(), it.name.as_str(), it.places, it.times)).collect();
    assert_eq!(told, [("east", "東京", Some(30), None), ("west", "大阪", Some(12), Some(2))]);
    values.0.insert("small".into(), ParameterValue::Number(-1));
    assert!(blueprint.venues_with(&values).unwrap_err().problem.contains("small"));
}

#[rstest]
#[case("code = \"west\"", "code = \"east\"", "venues", "stands twice")]
#[case("name = \"大阪\"", "name = \" \"", "venues", "has no name")]
#[case("places = \"{small}\"", "places = \"{open}\"", "parameters", "{open} is no parameter")]
#[case("times = 2", "times = \"{often}\"", "parameters", "{often} is no parameter")]
#[case("times = 2", "months = 2", "months", "unknown field")]
fn a_mistake_is_named(#[case] right: &str, #[case] wrong: &str, #[case] field: &str, #[case] problem: &str) {
    let error = load_blueprint("x/two.toml", &TWO.replacen(right, wrong, 1)).unwrap_err();
    assert_eq!(error.field, field, "{error}");
    assert!(error.problem.contains(problem) && error.line > 30, "{error}");
}

/// sources.md 1: 川本町 4 places; 津和野町 2 in Tokyo and 2 in Osaka; 益田市 both; 雲南市's ふるさと会 in three.
#[rstest]
#[case("shimane/kawamoto-reunions", &[("関東", None), ("関西", None), ("広島", None), ("県内", None)])]
#[case("shimane/tsuwano-seminars", &[("東京", Some(2)), ("大阪", Some(2))])]
#[case("shimane/masuda-city-gatherings", &[("東京", None), ("大阪", None)])]
#[case("shimane/unnan-city-gatherings", &[("東京", None), ("近畿", None), ("広島", None)])]
fn the_places_of_the_sources(#[case] slug: &str, #[case] wanted: &[(&str, Option<u32>)]) {
    let blueprint = blueprint_by_slug(slug).unwrap().unwrap();
    let venues = blueprint.venues_with(&Values::of(&blueprint.parameters)).unwrap();
    let told: Vec<_> = venues.iter().map(|it| (it.name.as_str(), it.times)).collect();
    assert_eq!(told, wanted);
}
