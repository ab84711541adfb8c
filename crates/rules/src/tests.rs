//! The rule language under test: round trips, Kleene's laws, positions, forms, hostile input, words in every locale.

use proptest::prelude::*;
use tsunagari_kernel::{Chance, Moment};

use crate::arbitrary::{Depth, RandomFacts, rule, rules};
use crate::*;

const REASONS: &[&str] = &["no_consent", "blocked", "stale"];
static FACTS: &[FactDef] = &[
    FactDef::plain("age", FactKind::Number { unit: "age" }),
    FactDef::plain("birth_date", FactKind::Date),
    FactDef::plain("job_hunting", FactKind::Truth),
    FactDef::plain("note", FactKind::Text),
    FactDef::plain("school", FactKind::Choice(Codes::Open("schools"))),
    FactDef::plain("interest", FactKind::ChoiceSet(Codes::Open("interests"))),
    FactDef::with_params(
        "reason",
        FactKind::Truth,
        &[
            ParamDef { name: "reason", kind: ParamKind::Code(Codes::Closed(REASONS)) },
            ParamDef { name: "purpose", kind: ParamKind::Code(Codes::Open("purposes")) },
        ],
    ),
];

fn catalogue() -> Catalogue {
    Catalogue::of(&[FACTS])
        .unwrap()
        .with_codes("schools", ["masuda", "322041", "益田高校", "today"])
        .with_codes("interests", ["homecoming", "jobs", "ja-easy"])
        .with_codes("purposes", ["info", "jobs"])
}

fn moment() -> Moment {
    Moment::end_of(chrono::NaiveDate::from_ymd_opt(2026, 3, 16).unwrap())
}

fn read(text: &str) -> Result<Rule<Checked>, RuleError> {
    Rule::<Checked>::read(text, &catalogue())
}

#[rstest::rstest]
#[case("everyone")]
#[case("age between 18 and 22 and (school = 322041 or school = \"益田高校\")")]
#[case("not (age >= 18 and job_hunting) or reason(no_consent, info)")]
#[case("interest has any (homecoming, ja-easy) and school not in (masuda, \"today\")")]
#[case("birth_date >= today - 18 years and note is unknown")]
fn canonical_text_stays(#[case] text: &str) {
    assert_eq!(read(text).unwrap().to_string(), text);
}

#[rstest::rstest]
#[case("", ErrorCode::Empty, 1, 1, None)]
#[case("  \n ", ErrorCode::Empty, 2, 2, None)]
#[case("aeg >= 18", ErrorCode::UnknownFact, 1, 1, Some("age"))]
#[case("age >= 18\n  adn job_hunting", ErrorCode::Unexpected, 2, 3, Some("and"))]
#[case("interest has homecomin", ErrorCode::UnknownCode, 1, 14, Some("homecoming"))]
#[case("note = \"益田\" and （age = 1)", ErrorCode::StrayCharacter, 1, 17, Some("("))]
#[case("age = 18 and", ErrorCode::Unfinished, 1, 13, None)]
#[case("age >=", ErrorCode::Unfinished, 1, 7, None)]
#[case("interest has any (sport", ErrorCode::Unfinished, 1, 24, None)]
#[case("birth_date = 2026-02-30", ErrorCode::NoSuchDay, 1, 14, None)]
#[case("age", ErrorCode::WrongOperator, 1, 1, None)]
#[case("job_hunting = 1", ErrorCode::WrongOperator, 1, 13, None)]
#[case("reason(no_consent)", ErrorCode::WrongArguments, 1, 1, None)]
#[case("age between 9 and 3", ErrorCode::EmptyRange, 1, 13, None)]
#[case("age = 99999999999999999999", ErrorCode::OutOfRange, 1, 7, None)]
#[case("age = abc", ErrorCode::NotANumber, 1, 7, None)]
#[case("note = \"open", ErrorCode::UnclosedText, 1, 8, None)]
#[case("interest has 帰省", ErrorCode::UnknownCode, 1, 14, None)]
#[case("年齢 >= 18", ErrorCode::UnknownFact, 1, 1, None)]
#[case("ａｇｅ >= 18", ErrorCode::StrayCharacter, 1, 1, None)]
#[case("age in ()", ErrorCode::Unexpected, 1, 9, None)]
fn refusals_say_where_and_what_was_meant(
    #[case] text: &str,
    #[case] code: ErrorCode,
    #[case] line: u32,
    #[case] column: u32,
    #[case] suggestion: Option<&str>,
) {
    let error = read(text).unwrap_err();
    assert_eq!((error.code, error.at.line, error.at.column), (code, line, column), "{error}");
    assert_eq!(error.suggestion.as_deref(), suggestion);
}

#[test]
fn depth_and_size_are_bounded() {
    let deep = format!("{}job_hunting{}", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(read(&deep).unwrap_err().code, ErrorCode::TooDeep);
    assert_eq!(read(&"not ".repeat(60_000)).unwrap_err().code, ErrorCode::TooDeep);
    assert_eq!(read(&vec!["job_hunting"; 501].join(" and ")).unwrap_err().code, ErrorCode::TooManyConditions);
    assert!(read(&vec!["job_hunting"; 500].join(" and ")).is_ok());
    assert_eq!(read(&format!("age in ({})", vec!["1"; 1_001].join(","))).unwrap_err().code, ErrorCode::ListTooLong);
    assert_eq!(read(&" ".repeat(limits::BYTES + 1)).unwrap_err().code, ErrorCode::TooLong);
}

#[test]
fn forms_refuse_nothing_and_name_the_clause() {
    assert!(Clauses::All(vec![]).to_rule(&catalogue()).is_err());
    assert!(Clauses::All(vec![Group::default()]).to_rule(&catalogue()).is_err());
    let nested = read("age = 1 or (age = 2 and job_hunting)").unwrap();
    assert_eq!(nested.as_clauses(), None);
    let clause =
        Clause { sense: Sense::Holds, fact: "age".into(), args: vec![], op: ">=".into(), values: vec!["x".into()] };
    let good = Clause { values: vec!["18".into()], ..clause.clone() };
    let error = Clauses::All(vec![Group { any_of: vec![good, clause] }]).to_rule(&catalogue()).unwrap_err();
    assert_eq!((error.group, error.clause), (0, 1));
}

#[test]
fn a_form_tells_what_is_no_number_from_what_is_too_large() {
    let told = |value: &str| {
        let clause = Clause {
            sense: Sense::Holds,
            fact: "age".into(),
            args: vec![],
            op: ">=".into(),
            values: vec![value.to_owned()],
        };
        let error = Clauses::All(vec![Group { any_of: vec![clause] }]).to_rule(&catalogue()).unwrap_err().error;
        (error.code, error.expected)
    };
    for value in ["abc", "18.5", "1 8", "-", "十八"] {
        assert_eq!(told(value), (ErrorCode::NotANumber, vec!["18".to_owned()]), "{value}");
    }
    assert_eq!(told("9007199254740993").0, ErrorCode::OutOfRange);
}

#[test]
fn many_random_rules_differ() {
    let (chance, catalogue) = (Chance::seeded(1), catalogue());
    let texts: std::collections::BTreeSet<String> =
        (0..2_000).map(|_| rule(&chance, &catalogue, Depth(3)).to_string()).collect();
    assert!(texts.len() > 1_000, "{}", texts.len());
}

/// Every key asked for, so that the locale files can be held against it.
#[derive(Default)]
struct Heard(std::cell::RefCell<std::collections::BTreeSet<String>>);

impl Words for Heard {
    fn message(&self, key: &str, args: &[(&'static str, Said)]) -> String {
        self.0.borrow_mut().insert(key.to_owned());
        format!("{key}{args:?}").chars().take(20).collect()
    }
    fn code(&self, _: Codes, code: &str) -> String {
        code.to_owned()
    }
    fn date(&self, day: chrono::NaiveDate) -> String {
        day.to_string()
    }
}

/// Keys and codes as they are, so that a sentence shows what it is made of.
struct Plain;

impl Words for Plain {
    fn message(&self, key: &str, args: &[(&'static str, Said)]) -> String {
        let said = |it: &Said| match it {
            Said::Number(n) => n.to_string(),
            Said::Text(text) => text.clone(),
        };
        let args: Vec<String> = args.iter().map(|(name, it)| format!("{name}: {}", said(it))).collect();
        if args.is_empty() { key.to_owned() } else { format!("{key}({})", args.join(", ")) }
    }
    fn code(&self, _: Codes, code: &str) -> String {
        code.to_owned()
    }
    fn date(&self, day: chrono::NaiveDate) -> String {
        day.to_string()
    }
}

#[rstest::rstest]
#[case("reason(no_consent, info)", "rule-op-holds(fact: fact-reason-of(reason: no_consent, purpose: info))")]
#[case("school in (masuda)", "rule-op-equal(fact: fact-school, value: masuda)")]
#[case("school not in (masuda)", "rule-op-not-equal(fact: fact-school, value: masuda)")]
#[case("interest has any (jobs)", "rule-op-has(fact: fact-interest, value: jobs)")]
#[case(
    "school in (masuda, 322041)",
    "rule-op-in(fact: fact-school, values: rule-list-or(left: masuda, right: 322041))"
)]
fn a_sentence_names_its_parameters_and_a_list_of_one_is_no_list(#[case] rule: &str, #[case] words: &str) {
    assert_eq!(read(rule).unwrap().phrase().render(&Plain), words);
}

#[test]
fn every_locale_has_every_key() {
    let (chance, catalogue, heard) = (Chance::seeded(7), catalogue(), Heard::default());
    for seed in 0..3_000 {
        let rule = rule(&chance, &catalogue, Depth(3));
        let why = explain(&rule, &RandomFacts { catalogue: &catalogue, seed }, &moment());
        rule.phrase().render(&heard);
        why.lines().iter().for_each(|line| drop(line.phrase.render(&heard)));
        why.need().iter().for_each(|need| drop(need.phrase().render(&heard)));
    }
    let mut keys = heard.0.into_inner();
    keys.extend(ErrorCode::ALL.map(ErrorCode::key));
    keys.extend(crate::error::EXPECTED.map(|part| format!("rule-expected-{part}")));
    assert!(keys.contains("rule-need-impossible") && keys.contains("rule-op-on-or-before"));
    for (locale, text) in [
        ("ja", include_str!("../../../locales/ja/rules.ftl")),
        ("ja-easy", include_str!("../../../locales/ja-easy/rules.ftl")),
        ("en", include_str!("../../../locales/en/rules.ftl")),
    ] {
        for key in keys.iter().filter(|key| key.starts_with("rule-")) {
            assert!(text.contains(&format!("\n{key} = ")), "{locale} lacks {key}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn text_and_form_round_trip(rule in rules(catalogue())) {
        let text = rule.to_string();
        let again = read(&text);
        prop_assert_eq!(again.as_ref(), Ok(&rule), "{}", text);
        let parsed = Rule::<Parsed>::parse(&text).unwrap();
        prop_assert_eq!(Rule::<Parsed>::parse(&parsed.to_string()).unwrap(), parsed);
        if let Some(form) = rule.as_clauses() {
            prop_assert_eq!(form.to_rule(&catalogue()).unwrap(), rule);
        }
    }

    #[test]
    fn kleene_laws(a in rules(catalogue()), b in rules(catalogue()), seed: u64) {
        let catalogue = catalogue();
        let facts = RandomFacts { catalogue: &catalogue, seed };
        let ask = |text: String| eval(&Rule::<Checked>::read(&text, &catalogue).unwrap(), &facts, &moment());
        prop_assume!(a.to_string().len() + b.to_string().len() < 20_000);
        prop_assert_eq!(ask(format!("not (({a}) and ({b}))")), ask(format!("not ({a}) or not ({b})")));
        prop_assert_eq!(ask(format!("not (({a}) or ({b}))")), ask(format!("not ({a}) and not ({b})")));
        prop_assert_eq!(ask(format!("not not ({a})")), ask(a.to_string()));
        prop_assert_eq!(ask(format!("({a}) and ({a})")), ask(a.to_string()));
        let why = explain(&a, &facts, &moment());
        prop_assert_eq!(why.verdict, eval(&a, &facts, &moment()));
        prop_assert_eq!(why.need().is_none(), why.verdict == Verdict::Yes);
    }

    #[test]
    fn hostile_text_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in 0usize..200, rule in rules(catalogue())) {
        let _ = read(&String::from_utf8_lossy(&bytes));
        let text: String = rule.to_string().chars().take(cut).collect();
        if let Err(error) = read(&text) {
            prop_assert!(error.at.byte <= text.len() && text.is_char_boundary(error.at.byte));
            let before = &text[..error.at.byte];
            prop_assert_eq!(error.at.line as usize, 1 + before.matches('\n').count());
        }
    }
}

#[test]
fn every_fact_has_an_example_of_the_organisations_own_codes() {
    let catalogue = catalogue();
    let mut shown = 0;
    for fact in catalogue.facts() {
        let Some(example) = fact.example(&catalogue) else { continue };
        let read = Rule::<Checked>::read(&example, &catalogue);
        assert!(read.is_ok(), "{example}: {read:?}");
        shown += 1;
    }
    assert!(shown > 5, "{shown}");
}

#[test]
fn nothing_written_has_no_place_and_an_end_says_what_may_follow() {
    let said = |text: &str| Rule::<Checked>::read(text, &catalogue()).unwrap_err().phrase();
    assert_eq!(said("  ").key, "rule-error-empty");
    let unfinished = said("everyone and");
    assert_eq!(unfinished.key, "rule-error-at");
    let PhraseArg::Phrase(problem) = &unfinished.args[2].1 else { panic!("no problem in {unfinished:?}") };
    assert_eq!(problem.key, "rule-error-unfinished");
    let PhraseArg::Joined(_, parts) = &problem.args[1].1 else { panic!("no list in {problem:?}") };
    assert_eq!(parts.len(), 4, "a fact, not, a bracket, everyone");
}
