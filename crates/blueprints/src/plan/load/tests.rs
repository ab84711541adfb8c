//! The shipped plans: every number of the six plans recomputes, blanks stay blank, faults are named.

use std::collections::BTreeSet;
use std::path::Path;

use rstest::rstest;
use tsunagari_figures::{Basis, Contribution, Provenance, Rate, Rollup, Target, yen_per_student};
use tsunagari_kernel::{FiscalYear, Yen};

use crate::{BLUEPRINTS, CASES, NoteKind, PLANS, load_plan, plan_by_slug, plans};

const SIX: [&str; 6] = ["matsue", "izumo", "masuda", "unnan", "kawamoto", "tsuwano"];

#[test]
fn every_file_of_the_folder_is_embedded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../blueprints");
    let mut found = BTreeSet::new();
    for folder in std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            found.insert(file.strip_prefix(&root).unwrap().to_str().unwrap().to_owned());
        }
    }
    let all = PLANS.iter().chain(BLUEPRINTS).chain(CASES);
    let embedded: BTreeSet<_> = all.map(|(file, _)| (*file).to_owned()).collect();
    assert_eq!(embedded, found);
}

#[rstest]
#[case("matsue", [Some(242), Some(747), Some(1502), Some(2366)], ["4.2", "13.2", "27.9", "44.3"], 28_000, 11_834)]
#[case("izumo", [Some(500), Some(1000), Some(1500), Some(2100)], ["15.2", "30.3", "45.5", "63.6"], 25_451, 12_120)]
#[case("masuda", [None, Some(520), Some(990), Some(1457)], ["", "35.0", "67.0", "100.0"], 28_000, 19_218)]
#[case("unnan", [Some(30), Some(186), Some(361), Some(567)], ["100.0", "60.0", "65.0", "70.0"], 12_000, 21_164)]
#[case("kawamoto", [Some(89), Some(156), Some(216), Some(217)], ["37.1", "67.0", "100.0", "100.0"], 26_700, 123_041)]
#[case("tsuwano", [Some(50), Some(80), Some(125), Some(165)], ["28.6", "46.0", "61.3", "71.7"], 13_973, 84_685)]
fn the_numbers_of_a_plan(
    #[case] town: &str,
    #[case] targets: [Option<u64>; 4],
    #[case] rates: [&str; 4],
    #[case] budget: i64,
    #[case] each: i64,
) {
    let plan = plan_by_slug(&format!("shimane/{town}")).unwrap().unwrap();
    let indicator = &plan.indicators[0];
    for ((year, target), rate) in (2022..).map(FiscalYear).zip(targets).zip(rates) {
        assert_eq!(indicator.target(year), target, "{town} {year:?}");
        let computed = target.zip(indicator.denominators[0].people(year)).and_then(|(n, of)| Rate::of(n, of));
        assert_eq!(computed.map(|rate| rate.to_string()).unwrap_or_default(), rate, "{town} {year:?}");
    }
    assert_eq!(plan.budget(), Yen(budget * 1000));
    assert_eq!(yen_per_student(plan.budget(), Target::exactly(targets[3].unwrap())), Some(Yen(each)));
    assert_eq!((plan.figures().len(), plan.fiscal_years), (2, [2022, 2025]));
}

/// As the specification has them, so that no rounding hides a wrong one.
#[rstest]
#[case("matsue", "322016", [Some(5_760), Some(5_660), Some(5_380), Some(5_340)], "", [2, 2, 1, 0])]
#[case("izumo", "322032", [Some(3_300), Some(3_300), Some(3_300), Some(3_300)], "", [1, 1, 1, 0])]
#[case("masuda", "322041", [None, Some(1_485), Some(1_478), Some(1_457)], "", [2, 1, 0, 1])]
#[case("unnan", "322091", [Some(30), Some(310), Some(555), Some(810)], "", [2, 1, 0, 0])]
#[case("kawamoto", "324418", [Some(240), Some(233), Some(216), Some(217)], "島根中央高校", [1, 1, 2, 0])]
#[case("tsuwano", "325015", [Some(175), Some(174), Some(204), Some(230)], "津和野高校", [2, 1, 2, 0])]
fn what_a_plan_divides_by_whose_it_is_and_what_is_noted(
    #[case] town: &str,
    #[case] code: &str,
    #[case] people: [Option<u64>; 4],
    #[case] school: &str,
    #[case] notes: [usize; 4],
) {
    let plan = plan_by_slug(&format!("shimane/{town}")).unwrap().unwrap();
    let denominator = &plan.indicators[0].denominators[0];
    let years: Vec<_> = (2022..2026).map(|year| denominator.people(FiscalYear(year))).collect();
    assert_eq!((plan.organisation.as_str(), years.as_slice()), (code, people.as_slice()), "{town}");
    assert_eq!((denominator.provenance, &*denominator.slug), (Some(Provenance::Derived), "plan"));
    let second = [3_738_u64];
    let others: Vec<u64> =
        plan.indicators[0].denominators[1..].iter().flat_map(|it| it.people.values().copied()).collect();
    assert_eq!(others, if town == "matsue" { &second[..] } else { &[] });
    let named =
        |rule: &str| rule.split("high_school = \"").nth(1).map_or("", |it| it.split('"').next().unwrap()).to_owned();
    for indicator in &plan.indicators {
        assert_eq!(named(&indicator.numerator), school, "{town}");
        let whose = if school.is_empty() { "tie(origin)" } else { "high_school" };
        assert!(indicator.numerator.contains(whose) && indicator.numerator.ends_with("and reachable(info)"));
        let abroad = indicator.numerator.contains("(residence_prefecture != 320005 or residence_abroad)");
        assert_eq!(abroad, town == "tsuwano", "only one town asks where they live");
    }
    let kinds = [NoteKind::Inferred, NoteKind::Derived, NoteKind::Quirk, NoteKind::Blank];
    assert_eq!(kinds.map(|kind| plan.notes.iter().filter(|note| note.kind == kind).count()), notes, "{town}");
}

#[test]
fn a_denominator_may_be_a_rule() {
    let text = PLANS.iter().find(|(file, _)| *file == "shimane/masuda.toml").unwrap().1;
    let rule = "[[indicators.denominators]]\nslug = \"known\"\nname = \"知っている卒業生\"\n\
                rule = \"cohort_age between 0 and 3 and had_tie(origin)\"\n\n[[indicators.years]]";
    let plan = load_plan("shimane/masuda.toml", &text.replacen("[[indicators.years]]", rule, 1)).unwrap();
    let known = &plan.figures()[0].denominators[1];
    assert_eq!(known.basis, Basis::Rule("cohort_age between 0 and 3 and had_tie(origin)".into()));
    assert_eq!(plan.rule_texts().count(), 3, "it is checked with the others");
    for wrong in ["between 0 and", "cohort_age betwixt"] {
        let broken = rule.replace("cohort_age between 0 and 3 and", wrong);
        load_plan("shimane/masuda.toml", &text.replacen("[[indicators.years]]", &broken, 1)).unwrap_err();
    }
    let both = rule.replace("rule =", "people = { 2023 = 9 }\nrule =");
    let error = load_plan("shimane/masuda.toml", &text.replacen("[[indicators.years]]", &both, 1)).unwrap_err();
    assert!(error.problem.contains("neither a rule nor numbers"), "{error}");
}

#[test]
fn matsue_has_a_second_rate_on_its_own_denominator() {
    let plan = plan_by_slug("shimane/matsue").unwrap().unwrap();
    let second = &plan.indicators[0].denominators[1];
    assert_eq!(Rate::of(2366, second.people(FiscalYear(2025)).unwrap()).unwrap().to_string(), "63.3");
    assert_eq!(second.people(FiscalYear(2024)), None);
    assert_eq!(plan.indicators[0].years[3].rates.len(), 2);
}

#[test]
fn a_blank_year_stays_blank() {
    let figure = &plan_by_slug("shimane/masuda").unwrap().unwrap().figures()[0];
    assert_eq!((figure.target(FiscalYear(2022)), figure.targets.len()), (None, 3));
}

#[rstest]
#[case(2022, 911, 5)]
#[case(2023, 2_689, 6)]
#[case(2024, 4_694, 6)]
#[case(2025, 6_872, 6)]
fn six_towns_add_up(#[case] year: i32, #[case] people: u64, #[case] counted: usize) {
    let parts = plans()
        .unwrap()
        .into_iter()
        .map(|plan| Contribution { people: plan.indicators[0].target(FiscalYear(year)), body: plan.slug });
    let sum = Rollup::of(parts).unwrap();
    assert_eq!((sum.people, sum.counted, sum.counted + sum.blank.len()), (Some(people), counted, SIX.len()));
}

#[test]
fn the_money_adds_up() {
    let budget = Yen(plans().unwrap().iter().map(|plan| plan.budget_yen).sum());
    assert_eq!(budget, Yen(134_124_000));
    assert_eq!(yen_per_student(budget, Target::exactly(6872)), Some(Yen(19_517)));
}

#[test]
fn reading_errors_are_not_published() {
    for (file, text) in PLANS {
        let data: String = text.lines().filter(|line| !line.starts_with("text = ")).collect();
        for wrong in ["いざも", "ハロワーク", "インターナシップ", "各2回し", "UITターン"] {
            assert!(!data.contains(wrong), "{file}: {wrong}");
        }
    }
}

#[rstest]
#[case("budget_yen = 28_000_000", "budget_yen = \"much\"", "budget_yen", "invalid type")]
#[case("organisation = ", "organization = ", "organization", "unknown field")]
#[case("target = 990", "target = 99", "rates", "does not follow")]
#[case("\"67.0\"", "\"67\"", "rates", "one decimal")]
#[case("fiscal_year = 2024", "fiscal_year = 2023", "fiscal_year", "twice")]
#[case("cohort_age between", "cohort_age betwixt", "numerator", "")]
#[case("slug = \"shimane/masuda\"", "slug = \"shimane/masda\"", "slug", "path")]
fn a_fault_names_file_line_field_and_problem(
    #[case] right: &str,
    #[case] wrong: &str,
    #[case] field: &str,
    #[case] problem: &str,
) {
    let text = PLANS.iter().find(|(file, _)| *file == "shimane/masuda.toml").unwrap().1;
    let line = text.lines().position(|line| line.contains(right)).unwrap() + 1;
    let error = load_plan("shimane/masuda.toml", &text.replacen(right, wrong, 1)).unwrap_err();
    assert_eq!((error.file.as_str(), error.field.as_str()), ("shimane/masuda.toml", field), "{error}");
    assert!(error.problem.contains(problem), "{error}");
    assert!(error.line.abs_diff(line) <= 1, "{error} is not near line {line}");
}
