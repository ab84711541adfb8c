//! What a programme computes without a database: who may take part, with the explanation of every condition, for the shipped
//! blueprint with the most of them; and a draw of 100,000, computed and computed again by whoever checks it.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use async_trait::async_trait;
use chrono::NaiveDate;
use tsunagari_kernel::{Chance, Moment, PersonId, Timestamp};
use tsunagari_people::{Person, PersonFacts, PersonLocale, PersonRecord, Policy as PersonPolicy};
use tsunagari_programmes::draw::{Entrant, Key, list_hash, list_text, read_list, sequence};
use tsunagari_programmes::{About, Answer, Answers, FieldKind, Form, Outcome, Parties, PartyFacts, judge};
use tsunagari_rules::Facts;

use crate::bench::Bench;
use crate::part::Part;
use crate::table::Figure;

const APPLICATIONS: u32 = 100_000;
const ENTRANTS: usize = 100_000;
/// What a core is to judge in a second.
const PROMISED: f64 = 50_000.0;
const A_DRAW: Duration = Duration::from_secs(2);

/// The part.
pub struct Judging;

#[async_trait]
impl Part for Judging {
    fn name(&self) -> &'static str {
        "judging"
    }

    fn about(&self) -> &'static str {
        "who may take part, with explanation; a draw of 100,000"
    }

    async fn run(&self, _: &Bench) -> Result<Vec<Figure>> {
        let mut figures = eligibility()?;
        figures.extend(draw()?);
        Ok(figures)
    }
}

/// One who applies in their own name or for somebody, by the same facts and answers.
struct Same<'a>(PartyFacts<'a>);

impl Parties for Same<'_> {
    fn facts(&self, _: About) -> Vec<&dyn Facts> {
        vec![&self.0]
    }
}

fn eligibility() -> Result<Vec<Figure>> {
    let all = tsunagari_blueprints::blueprints()?;
    let blueprint = all.into_iter().max_by_key(|it| it.who.conditions.len()).context("no blueprint is shipped")?;
    let policy = blueprint.policy(&tsunagari_blueprints::Values::of(&blueprint.parameters))?;
    let chance = Chance::seeded(7);
    let day = NaiveDate::from_ymd_opt(2026, 6, 1).context("a day")?;
    let at = Moment::end_of(day);
    let (own, somebody) = (PersonPolicy::default(), person(day));
    let answers: Vec<Answers> = (0..1_000).map(|_| answered(&policy.form, &chance, day)).collect();
    let begin = Instant::now();
    let (mut met, mut asked) = (0_u32, 0_usize);
    for n in 0..APPLICATIONS as usize {
        let answers = &answers[n % answers.len()];
        let facts = PartyFacts { person: Some(PersonFacts { record: &somebody, policy: &own }), answers };
        let parties = Same(facts);
        let judged = judge(&policy.conditions, &parties, &at);
        met += u32::from(judged.outcome() == Outcome::Met);
        asked += judged.0.iter().map(|it| it.why.len()).sum::<usize>();
    }
    let a_second = f64::from(APPLICATIONS) / begin.elapsed().as_secs_f64();
    let conditions = format!("{} conditions each, {asked} explained, {met} may", policy.conditions.len());
    Ok(vec![
        Figure::rate("judging: applications with explanation, one core", a_second, PROMISED),
        Figure::fact("judging: what was judged", conditions),
    ])
}

fn person(day: NaiveDate) -> PersonRecord {
    PersonRecord::of(Person {
        id: PersonId(uuid::Uuid::nil()),
        family: String::new(),
        given: String::new(),
        family_kana: String::new(),
        given_kana: String::new(),
        birth_date: day.checked_sub_months(chrono::Months::new(12 * 45)),
        locale: PersonLocale::Ja,
        address_protected: false,
        team: None,
        merged_into: None,
        created_at: Timestamp::start_of(day),
    })
}

/// Somebody's answers: any that the fields take.
fn answered(form: &Form, chance: &Chance, day: NaiveDate) -> Answers {
    let below = |n: usize| usize::try_from(chance.below(n.max(1) as u64)).unwrap_or(0);
    let places = tsunagari_kernel::municipality::all();
    let answer = |kind: &FieldKind| match kind {
        FieldKind::Line { .. } | FieldKind::Lines { .. } | FieldKind::Phone | FieldKind::PostalCode => {
            Answer::Text("a".into())
        }
        FieldKind::Number { least, .. } => Answer::Number(*least),
        FieldKind::Day => Answer::Day(day - chrono::Days::new(chance.below(14_000))),
        FieldKind::YesNo => Answer::Yes(chance.below(8) > 0),
        FieldKind::One { options } | FieldKind::Many { options, .. } => {
            Answer::Codes(options.get(below(options.len())).into_iter().cloned().collect())
        }
        FieldKind::Place => match places.get(below(places.len())) {
            Some(place) => Answer::Place(place.code),
            None => Answer::Text(String::new()),
        },
    };
    Answers(form.0.iter().map(|field| (field.code.clone(), answer(&field.kind))).collect())
}

fn draw() -> Result<Vec<Figure>> {
    let chance = Chance::seeded(8);
    let entrant = |n: usize| Entrant {
        receipt: format!("{n:06}"),
        class: if chance.below(5) == 0 { 1 } else { 2 },
        tickets: 1 + u32::try_from(chance.below(3)).unwrap_or(0),
        unit: format!("{:x}", chance.below(ENTRANTS as u64 * 3 / 4)),
    };
    let entrants: Vec<Entrant> = (0..ENTRANTS).map(entrant).collect();
    let key = Key::Public { sources: vec![vec![9319], vec![2, 5, 12, 8, 10]] };
    let begin = Instant::now();
    let hash = list_hash(&entrants);
    let drawn = sequence(&entrants, &key);
    let took = begin.elapsed();
    let text = list_text(&entrants);
    let begin = Instant::now();
    let read = read_list(&text).map_err(|line| anyhow::anyhow!("line {line} of the list"))?;
    anyhow::ensure!(list_hash(&read) == hash && sequence(&read, &key) == drawn, "a draw computed again differs");
    Ok(vec![
        Figure::took("judging: a draw of 100,000, frozen and drawn to the last", took, A_DRAW),
        Figure::took("judging: the same checked from its list", begin.elapsed(), A_DRAW),
        Figure::fact("judging: drawn of them, one of a household", drawn.len().to_string()),
    ])
}
