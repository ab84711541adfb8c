//! Refused, asked, left to the staff, let in: for one, for a guardian, for a household, for a group; and the day judged for.

use std::collections::BTreeSet;

use rstest::rstest;
use tsunagari_rules::{Catalogue, FactCall, FactDef, FactKind, Value};

use super::*;
use crate::quorum::Share;

static FACTS: &[FactDef] =
    &[FactDef::plain("age", FactKind::Number { unit: "age" }), FactDef::plain("resident", FactKind::Truth)];

/// Somebody born on a day, of whom it is known or not whether they live here.
#[derive(Clone, Copy)]
struct Somebody {
    born: Option<NaiveDate>,
    resident: Option<bool>,
}

impl Facts for Somebody {
    fn value(&self, call: &FactCall, at: &Moment) -> Option<Value> {
        match call.fact.name {
            "age" => tsunagari_kernel::age::age_on(self.born?, at.date).map(|n| Value::Number(i64::from(n))),
            _ => self.resident.map(Value::Truth),
        }
    }

    fn set(&self, _: &FactCall, _: &Moment) -> Option<BTreeSet<String>> {
        None
    }
}

struct Everybody(Vec<(About, Somebody)>);

impl Parties for Everybody {
    fn facts(&self, about: About) -> Vec<&dyn Facts> {
        self.0.iter().filter(|(of, _)| *of == about).map(|(_, it)| it as &dyn Facts).collect()
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rule(text: &str) -> Rule<Checked> {
    Rule::read(text, &Catalogue::of(&[FACTS]).unwrap()).unwrap()
}

fn condition(about: About, text: &str) -> Condition {
    Condition { code: "it".into(), about, rule: rule(text), staff_decides: None, quorum: None }
}

fn born(text: &str) -> Somebody {
    Somebody { born: Some(day(text)), resident: Some(true) }
}

fn outcome(conditions: &[Condition], people: &[(About, Somebody)], on: &str) -> Outcome {
    let at = Moment::end_of(day(on));
    judge(conditions, &Everybody(people.to_vec()), &at).outcome()
}

/// sources.md 3, catalogue/morioka-yell: 15 to 25 inclusive on the day of the application.
#[rstest]
#[case("2010-06-02", Outcome::NotMet)]
#[case("2010-06-01", Outcome::Met)]
#[case("1999-06-02", Outcome::Met)]
#[case("1999-06-01", Outcome::NotMet)]
fn both_ends_of_an_age_belong_to_it(#[case] birth: &str, #[case] want: Outcome) {
    let who = [condition(About::Beneficiary, "age between 15 and 25")];
    assert_eq!(outcome(&who, &[(About::Beneficiary, born(birth))], "2025-06-01"), want);
}

#[test]
fn a_refusal_outweighs_what_is_not_known_and_that_outweighs_the_staff() {
    let mut third = condition(About::Applicant, "age >= 99");
    third.staff_decides = Some(rule("resident"));
    let who = [condition(About::Applicant, "resident"), condition(About::Beneficiary, "resident"), third];
    let unknown = Somebody { resident: None, ..born("2000-01-01") };
    let elsewhere = Somebody { resident: Some(false), ..born("2000-01-01") };
    let of = |beneficiary| {
        outcome(&who, &[(About::Applicant, born("1970-01-01")), (About::Beneficiary, beneficiary)], "2025-06-01")
    };
    assert_eq!(of(born("2000-01-01")), Outcome::ForStaff);
    assert_eq!(of(unknown), Outcome::NotKnown);
    assert_eq!(of(elsewhere), Outcome::NotMet);
}

#[test]
fn one_guardian_is_enough_and_without_one_nothing_is_known() {
    let who = [condition(About::Guardian, "resident")];
    let away = Somebody { resident: Some(false), ..born("1970-01-01") };
    assert_eq!(outcome(&who, &[], "2025-06-01"), Outcome::NotKnown);
    assert_eq!(outcome(&who, &[(About::Guardian, away)], "2025-06-01"), Outcome::NotMet);
    assert_eq!(
        outcome(&who, &[(About::Guardian, away), (About::Guardian, born("1970-01-01"))], "2025-06-01"),
        Outcome::Met
    );
}

/// sources.md 3, catalogue/itoigawa-wakachi: five residents, and four fifths of the members at most 49, under both readings.
#[test]
fn a_group_is_counted_under_both_readings_of_residence() {
    let of = |quorum, text| Condition { quorum: Some(quorum), ..condition(About::Group, text) };
    let young = of(Quorum::Share(Share::of(4, 5).unwrap()), "age <= 49");
    let five = [of(Quorum::AtLeast(5), "resident"), young.clone()];
    let all = [of(Quorum::AtLeast(5), "resident"), of(Quorum::All, "resident"), young];
    let member = |birth, resident| (About::Group, Somebody { resident: Some(resident), ..born(birth) });
    let mut six = vec![member("1990-01-01", true); 5];
    six.push(member("1960-01-01", true));
    assert_eq!((outcome(&five, &six, "2025-06-01"), outcome(&all, &six, "2025-06-01")), (Outcome::Met, Outcome::Met));
    // One moves away: five residents are left, but not everybody is one.
    six[5] = member("1960-01-01", false);
    assert_eq!(
        (outcome(&five, &six, "2025-06-01"), outcome(&all, &six, "2025-06-01")),
        (Outcome::Met, Outcome::NotMet)
    );
    // One of the young moves away: four are left under both.
    six[4] = member("1990-01-01", false);
    assert_eq!(outcome(&five, &six, "2025-06-01"), Outcome::NotMet);
}

#[test]
fn how_many_are_needed_is_told() {
    let who = [Condition { quorum: Some(Quorum::AtLeast(5)), ..condition(About::Group, "resident") }];
    let four = Everybody(vec![(About::Group, born("1990-01-01")); 4]);
    let judged = judge(&who, &four, &Moment::end_of(day("2025-06-01")));
    let tally = judged.that_are(Outcome::NotMet).next().unwrap().tally.unwrap();
    assert_eq!((tally.yes, tally.needed), (4, 5));
}

#[rstest]
#[case(Reference::ApplicationDay, Some("2025-06-01"))]
#[case(Reference::FiscalYearEnd, Some("2026-03-31"))]
#[case(Reference::EventDay, None)]
#[case(Reference::On(NaiveDate::from_ymd_opt(2025, 4, 1).unwrap()), Some("2025-04-01"))]
fn the_day_is_the_programmes(#[case] reference: Reference, #[case] want: Option<&str>) {
    let applied = Timestamp::start_of(day("2025-06-01"));
    let moment = reference.moment(applied, FiscalYear(2025), None);
    assert_eq!(moment.map(|it| it.date), want.map(day));
    let event = Reference::EventDay.moment(applied, FiscalYear(2025), Some(day("2025-08-14")));
    assert_eq!(event.map(|it| it.date), Some(day("2025-08-14")));
}
