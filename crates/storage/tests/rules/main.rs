//! A rule means the same in memory and in SQL: random people, random rules, random moments, on both databases; and the
//! compiler, told to make a mistake, is caught.

#![allow(clippy::unwrap_used, reason = "test support outside of test functions: what fails ends the test")]

mod changes;
mod figure_list;
mod population;

use std::collections::BTreeSet;
use std::sync::Arc;

use population::{Population, catalogue, sorted};
use tsunagari_access::{Act, Machine, OperationId};
use tsunagari_kernel::{Chance, FixedClock, OrgId, PersonId, Timestamp};
use tsunagari_people::{PersonFacts, PersonRecord};
use tsunagari_rules::arbitrary::{Depth, rule};
use tsunagari_rules::eval;
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::rule_sql::{Question, Slip};
use tsunagari_storage::testing::{BOTH, Kind, TestDb};

const RULES: u64 = 50;

fn town(id: OrgId, code: u64) -> Organisation {
    Organisation::by_default(id, format!("{code:06}"), "架空市", "カクウシ")
}

async fn enter(db: &TestDb, org: OrgId, code: u64, population: &Population<'_>) {
    let mut tx = db.store.org(org).write().await.unwrap();
    tx.found_organisation(&town(org, code)).await.unwrap();
    tx.commit(&act("found_organisation", org)).await.unwrap();
    let ids: Vec<PersonId> = population.arrivals.iter().map(|it| it.record.person.id).collect();
    let keys = db.store.org(org).make_person_keys(&ids).await.unwrap();
    let mut tx = db.store.org(org).write().await.unwrap();
    tx.insert_people(&population.arrivals, &keys).await.unwrap();
    tx.commit(&act("load_people", org)).await.unwrap();
}

fn act(code: &'static str, org: OrgId) -> Act {
    Act::named(code, Machine::working(org, "test").actor(), OperationId(org.0))
}

/// How many of the cases disagree. Panics at the first disagreement when the compiler makes no mistake on purpose.
async fn disagreements(kinds: &[Kind], cases: u64, seed: u64, slip: Slip) -> u64 {
    let chance = Arc::new(Chance::seeded(seed));
    let clock = Arc::new(FixedClock::at(Timestamp::from_micros(1_773_600_000_000_000)));
    let mut stores = Vec::new();
    for kind in kinds {
        stores.push(TestDb::fresh(*kind, clock.clone(), chance.clone()).await);
    }
    let (catalogue, mut wrong) = (catalogue(), 0);
    for n in 0..cases.div_ceil(RULES) {
        let population = Population::random(&chance, 25);
        let org = OrgId::born(&chance, Timestamp::from_micros(1));
        // Rows of `person_state` are right around this clock: it stands at a moment that is asked about.
        clock.set(population.moments[0].instant);
        let mut written: Vec<PersonRecord> = population.arrivals.iter().map(|it| sorted(it.record.clone())).collect();
        let ids: Vec<PersonId> = written.iter().map(|it| it.person.id).collect();
        for db in &stores {
            enter(db, org, n, &population).await;
            let read = db.store.org(org).read().await.unwrap().person_records(&ids).await.unwrap();
            assert_eq!(read.into_iter().map(sorted).collect::<Vec<_>>(), written, "what is read is what was written");
        }
        if population.below(2) == 0 {
            changes::change(&stores, org, &population, &act("change", org)).await;
            let mut reader = stores[0].store.org(org).read().await.unwrap();
            written = reader.person_records(&ids).await.unwrap().into_iter().map(sorted).collect();
        }
        let mut readers = Vec::new();
        for db in &stores {
            readers.push(db.store.org(org).read().await.unwrap());
        }
        for _ in 0..RULES {
            let rule = rule(&chance, &catalogue, Depth(u32::try_from(population.below(4)).unwrap()));
            let at = population.one(&population.moments);
            let facts = |record| PersonFacts { record, policy: &population.policy };
            let expected: BTreeSet<PersonId> =
                written.iter().filter(|it| eval(&rule, &facts(it), &at).is_yes()).map(|it| it.person.id).collect();
            let question = Question { rule: &rule, at: &at, policy: &population.policy };
            for (reader, kind) in readers.iter_mut().zip(kinds) {
                let found = reader.people_matching(&question, slip).await.unwrap();
                let found: BTreeSet<PersonId> = found.into_iter().collect();
                if found == expected {
                    continue;
                }
                wrong += 1;
                let odd: Vec<PersonId> = found.symmetric_difference(&expected).copied().collect();
                let whom: Vec<&PersonRecord> =
                    written.iter().filter(|it| odd.contains(&it.person.id)).take(1).collect();
                assert!(slip != Slip::None, "{kind:?}: {rule} at {at:?} under {:?}: {whom:#?}", population.policy);
            }
        }
    }
    wrong
}

#[tokio::test(flavor = "multi_thread")]
async fn soak_rule_eval_equals_sql() {
    let cases = std::env::var("TSUNAGARI_RULE_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(500);
    let seed = std::env::var("TSUNAGARI_RULE_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(2026);
    assert_eq!(disagreements(&BOTH, cases, seed, Slip::None).await, 0);
    if std::env::var_os("TSUNAGARI_SOAK").is_some() {
        println!("soak: {cases} cases of a rule over 25 people on each database, seed {seed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_compiler_that_takes_unknown_for_no_is_caught() {
    assert!(disagreements(&[Kind::File], 200, 7, Slip::UnknownIsNo).await > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_compiler_that_takes_the_end_of_a_span_for_inside_is_caught() {
    assert!(disagreements(&[Kind::File], 200, 7, Slip::ClosedSpans).await > 0);
}
