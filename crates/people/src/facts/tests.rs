//! The catalogue is whole, every fact answers, rules read as the product writes them.

use rstest::rstest;
use tsunagari_kernel::{GuardianshipId, PersonId, SchoolId, Span, municipality};
use tsunagari_rules::{Catalogue, Codes, FactKind, Rule, Verdict, eval};

use super::*;
use crate::tests::*;
use crate::{Guardianship, Interest, SchoolKind, TieEnd};

fn catalogue() -> Catalogue {
    Catalogue::of(&[FACTS])
        .unwrap()
        .with_codes("purposes", ["news", "jobs"])
        .with_codes("interests", ["homecoming", "jobs"])
        .with_codes("schools", [id(5).to_string()])
        .with_codes("prefectures", municipality::prefectures().map(|m| m.code.to_string()))
        .with_codes("municipalities", municipality::all().iter().map(|m| m.code.to_string()))
}

fn student() -> PersonRecord {
    let mut it = reachable();
    let mut high = course(1, SchoolKind::HighSchool, 2023, 3, 0);
    high.school = Some(SchoolId(id(5)));
    it.enrolments = vec![high, course(2, SchoolKind::University, 2026, 4, 0)];
    it.residences = vec![lives(1, "322041", "2007-06-01", None), lives(2, "271004", "2026-04-01", None)];
    it.interests.push(Interest { code: "homecoming".into(), span: Span::since(at("2025-04-01")) });
    it.guardianships.push(Guardianship {
        id: GuardianshipId(id(1)),
        guardian: PersonId(id(8)),
        span: Span::since(day("2025-04-01")),
    });
    it
}

fn judge(record: &PersonRecord, rule: &str, on: &str) -> Verdict {
    let rule = Rule::parse(rule).unwrap().check(&catalogue()).unwrap();
    let policy = Policy::default();
    eval(&rule, &PersonFacts { record, policy: &policy }, &end(on))
}

#[rstest]
#[case("age = 18", "2026-05-31", Verdict::Yes)]
#[case("age = 19", "2026-06-01", Verdict::Yes)]
#[case("cohort = 2025", "2026-05-01", Verdict::Yes)]
#[case("cohort_age between 0 and 3", "2026-03-31", Verdict::Yes)]
#[case("cohort_age = 1", "2026-04-01", Verdict::Yes)]
#[case("life_stage in (university_1, university_2)", "2027-05-01", Verdict::Yes)]
#[case("life_stage = high_3", "2026-03-31", Verdict::Yes)]
#[case("study_year = 2 and school_kind = university", "2027-05-01", Verdict::Yes)]
#[case("job_hunting", "2028-03-31", Verdict::No)]
#[case("job_hunting", "2028-04-01", Verdict::Yes)]
#[case("residence_prefecture in (\"270008\", \"260002\")", "2026-04-01", Verdict::Yes)]
#[case("residence_prefecture = \"320005\"", "2026-03-31", Verdict::Yes)]
#[case("residence_municipality = \"271004\"", "2026-04-01", Verdict::Yes)]
#[case("residence_abroad", "2026-04-01", Verdict::No)]
#[case("tie(origin) and not tie(resident)", "2026-04-01", Verdict::Yes)]
#[case("had_tie(origin) and not had_tie(resident)", "2026-04-01", Verdict::Yes)]
#[case("interest has homecoming", "2026-04-01", Verdict::Yes)]
#[case("interest has jobs", "2026-04-01", Verdict::No)]
#[case("consent(news) and reachable(news) and reachable_by(news, line)", "2026-04-01", Verdict::Yes)]
#[case("reachable_by(news, email)", "2026-04-01", Verdict::No)]
#[case("reason(no_consent, jobs)", "2026-04-01", Verdict::Yes)]
#[case("has_contact(line) and not has_contact(email)", "2026-04-01", Verdict::Yes)]
#[case("locale = ja", "2026-04-01", Verdict::Yes)]
#[case("guardian_known", "2025-05-31", Verdict::Yes)]
#[case("guardian_known", "2025-06-01", Verdict::No)] // the 18th birthday
#[case("birth_date < 2008-04-02", "2026-04-01", Verdict::Yes)]
fn rules_about_a_student(#[case] rule: &str, #[case] on: &str, #[case] want: Verdict) {
    assert_eq!(judge(&student(), rule, on), want);
}

#[test]
fn the_high_school_is_named_by_its_id() {
    assert_eq!(judge(&student(), &format!("high_school = \"{}\"", id(5)), "2026-04-01"), Verdict::Yes);
}

#[rstest]
#[case("age >= 18")]
#[case("cohort = 2025")]
#[case("high_school is unknown and life_stage = high_3")]
#[case("job_hunting")]
#[case("residence_prefecture = \"320005\"")]
#[case("residence_abroad")]
#[case("residence_prefecture != \"320005\" or residence_abroad")]
fn what_is_not_known_is_never_yes(#[case] rule: &str) {
    let record = PersonRecord::of(person(1, "無名", "", "unknown"));
    assert_eq!(judge(&record, rule, "2026-04-01"), Verdict::Unknown);
}

#[test]
fn abroad_is_outside_of_every_prefecture_and_its_prefecture_is_unknown() {
    let mut record = student();
    record.residences[1].place = residence::Place::Abroad("AU".into());
    let outside = "residence_prefecture != \"320005\" or residence_abroad";
    assert_eq!(judge(&record, "residence_prefecture != \"320005\"", "2026-04-01"), Verdict::Unknown, "the control");
    assert_eq!(judge(&record, outside, "2026-04-01"), Verdict::Yes);
    assert_eq!(judge(&record, outside, "2026-03-31"), Verdict::No, "still at home");
}

#[test]
fn a_tie_that_ended_was_there_unless_it_was_a_mistake_or_nobody_is_left() {
    let mut record = student();
    record.ties = vec![tie(TieKind::Origin, "2022-04-01", Some("2026-03-01"))];
    assert_eq!(judge(&record, "tie(origin)", "2026-03-01"), Verdict::No, "the control");
    for (ended, last, after) in [
        (TieEnd::Left, Verdict::Yes, Verdict::Yes),
        (TieEnd::EndedByOffice, Verdict::Yes, Verdict::Yes),
        (TieEnd::AsAsked, Verdict::Yes, Verdict::Yes),
        (TieEnd::Mistake, Verdict::Yes, Verdict::No),
        (TieEnd::Deceased, Verdict::Yes, Verdict::No),
    ] {
        record.ties[0].ended = Some(ended);
        let had = |on| judge(&record, "had_tie(origin)", on);
        assert_eq!((had("2022-03-31"), had("2026-02-28"), had("2026-03-01")), (Verdict::No, last, after), "{ended:?}");
    }
}

/// Arguments that fit a fact's parameters.
fn a_call(fact: &'static tsunagari_rules::FactDef) -> FactCall {
    let catalogue = catalogue();
    let args = fact.params.iter().map(|param| match param.kind {
        tsunagari_rules::ParamKind::Code(codes) => tsunagari_rules::Operand::Code(catalogue.codes(codes)[0].to_owned()),
        tsunagari_rules::ParamKind::Number | tsunagari_rules::ParamKind::Date => unreachable!("no fact takes one"),
    });
    FactCall { fact, args: args.collect() }
}

#[test]
fn every_definition_has_a_fact_that_answers_in_its_kind() {
    let (record, policy, moment) = (student(), Policy::default(), end("2026-05-01"));
    let facts = PersonFacts { record: &record, policy: &policy };
    for fact in FACTS {
        let call = a_call(fact);
        assert!(PersonFact::of(&call).is_some(), "{}", fact.name);
        let value = facts.value(&call, &moment);
        let fits = match fact.kind {
            FactKind::Number { .. } => matches!(value, Some(Value::Number(_))),
            FactKind::Date => matches!(value, Some(Value::Date(_))),
            FactKind::Truth => matches!(value, Some(Value::Truth(_))),
            FactKind::Text => matches!(value, Some(Value::Text(_))),
            FactKind::Choice(codes) => matches!(&value, Some(Value::Code(code)) if catalogue().knows(codes, code)),
            FactKind::ChoiceSet(_) => facts.set(&call, &moment).is_some(),
        };
        assert!(fits, "{} answered {value:?}", fact.name);
    }
}

#[test]
fn every_code_of_a_closed_list_has_a_key() {
    for fact in FACTS {
        let lists = fact.params.iter().filter_map(|p| match p.kind {
            tsunagari_rules::ParamKind::Code(codes) => Some(codes),
            tsunagari_rules::ParamKind::Number | tsunagari_rules::ParamKind::Date => None,
        });
        for codes in fact.codes().into_iter().chain(lists) {
            if let Codes::Closed(list) = codes {
                assert!(list.iter().all(|code| code_key(codes, code).is_some()), "{}", fact.name);
            }
        }
    }
    assert_eq!(code_key(Codes::Closed(SchoolKind::CODES), "high_school").as_deref(), Some("school-kind-high-school"));
    assert_eq!(code_key(Codes::Open("purposes"), "news"), None);
}
