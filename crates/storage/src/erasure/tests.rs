//! Erasing on both databases, with a row in every table that can name a person: nothing of who is erased stays, counts and
//! everybody else do, and what is left out is found.

#![allow(clippy::unwrap_used, reason = "set-up that fails is a test that fails")]

use std::collections::HashMap;
use std::sync::Arc;

use tsunagari_access::{Act, Machine, OperationId};
use tsunagari_kernel::{Chance, FixedClock, OrgId, PersonId, Timestamp};
use tsunagari_people::{Person, PersonLocale, PersonRecord};

use super::*;
use crate::directory::Organisation;
use crate::person::Arrival;
use crate::person_tables::tests::tables;
use crate::testing::{BOTH, TestDb};

const AT: Timestamp = Timestamp::from_micros(1_773_600_000_000_000);

fn act(org: OrgId) -> Act {
    Act::named("test", Machine::working(org, "test").actor(), OperationId(org.0))
}

fn person(n: u128) -> Arrival {
    let person = Person {
        id: PersonId(Uuid::from_u128(n)),
        family: "架空".into(),
        given: format!("人{n}"),
        family_kana: "カクウ".into(),
        given_kana: "ヒト".into(),
        birth_date: None,
        locale: PersonLocale::Ja,
        address_protected: false,
        team: None,
        merged_into: None,
        created_at: AT,
    };
    Arrival { record: PersonRecord::of(person), source: "office".into(), addresses: HashMap::new() }
}

async fn town(db: &TestDb, people: u128) -> (OrgStore, Vec<PersonId>) {
    let org = OrgId(Uuid::from_u128(1_000));
    let here = db.store.org(org);
    let ids: Vec<PersonId> = (1..=people).map(|n| PersonId(Uuid::from_u128(n))).collect();
    let keys = {
        let mut tx = here.write().await.unwrap();
        tx.found_organisation(&Organisation::by_default(org, "322041", "架空市", "カクウシ")).await.unwrap();
        tx.commit(&act(org)).await.unwrap();
        here.make_person_keys(&ids).await.unwrap()
    };
    let mut tx = here.write().await.unwrap();
    let arrivals: Vec<Arrival> = (1..=people).map(person).collect();
    tx.insert_people(&arrivals, &keys).await.unwrap();
    tx.commit(&act(org)).await.unwrap();
    (here, ids)
}

/// Rows of every table, each naming `person` in one column; all other values are made up.
async fn fill(tx: &mut Tx, person: PersonId, chance: &Chance) {
    // Those two have their row by now.
    for held in HELD.iter().filter(|held| !matches!(held.table, "person" | "person_state")) {
        for (naming, _) in held.names {
            let (_, columns) = tables().into_iter().find(|(table, _)| table == held.table).unwrap();
            let values = columns.iter().map(|(column, of)| match (column.as_str(), of.as_str()) {
                ("org_id", _) => Arg::from(tx.org()),
                (column, _) if column == *naming => Arg::from(person),
                ("state", _) => Arg::from("sent"),
                ("receipt", _) => Arg::from(Uuid::from_bytes(chance.bytes()).to_string()),
                ("seq", _) if held.table == "audit" => Arg::Int(None),
                (_, "uuid") => Arg::from(Uuid::from_bytes(chance.bytes())),
                (_, "bigint") => Arg::from(i64::from(chance.bytes::<1>()[0]) + 1),
                (_, "bytea") => Arg::from(chance.bytes::<16>().to_vec()),
                (column, _) if column.ends_with("_on") => Arg::from("2026-03-16"),
                _ => Arg::from("x"),
            });
            let values: Vec<Arg> = values.skip(1).collect();
            let names: Vec<&str> = columns.iter().skip(1).map(|(name, _)| name.as_str()).collect();
            tx.insert_many(held.table, &names, vec![values], "").await.unwrap();
        }
    }
}

async fn rows(here: &OrgStore) -> HashMap<&'static str, i64> {
    let mut reader = here.read().await.unwrap();
    let mut found = HashMap::new();
    for held in HELD {
        let sql = format!("SELECT count(*) AS n FROM {} WHERE org_id = $1", held.table);
        found.insert(held.table, reader.count(&sql, vec![]).await.unwrap());
    }
    found
}

#[tokio::test]
async fn whoever_is_erased_is_in_no_table_and_nobody_else_is_missed() {
    for kind in BOTH {
        let chance = Arc::new(Chance::seeded(3));
        let db = TestDb::fresh(kind, Arc::new(FixedClock::at(AT)), chance.clone()).await;
        let (here, people) = town(&db, 2).await;
        let (gone, stays) = (people[0], people[1]);
        for person in [gone, stays] {
            let mut tx = here.write().await.unwrap();
            fill(&mut tx, person, &chance).await;
            tx.ask_office(crate::erasure_request::PersonWork::Erasure, person, "", None, AT).await.unwrap();
            tx.commit(&act(here.id())).await.unwrap();
        }
        let others = here.read().await.unwrap().holdings(&[stays]).await.unwrap();
        let before = rows(&here).await;
        assert!(others.rows.len() >= HELD.len() - 1, "{kind:?}: a row in every table: {:?}", others.rows);

        let mut tx = here.write().await.unwrap();
        tx.erase_persons(&[gone], &Traces::default(), AT).await.unwrap();
        tx.commit(&act(here.id())).await.unwrap();

        let mut reader = here.read().await.unwrap();
        assert_eq!(reader.left_of_erased().await.unwrap(), vec![], "{kind:?}");
        assert_eq!(reader.holdings(&[stays]).await.unwrap(), others, "{kind:?}: somebody else lost something");
        assert!(reader.person(gone).await.is_err());
        assert_eq!(reader.mentions(gone).await.unwrap(), 0);
        assert_eq!(reader.mentions(stays).await.unwrap(), 1);
        drop(reader);
        let after = rows(&here).await;
        for held in HELD {
            let deleted = held.names.iter().filter(|(_, fate)| *fate == Fate::Delete).count();
            let fleeting = matches!(held.table, "audit" | "person_gram");
            let left = before[held.table] - i64::try_from(deleted).unwrap();
            // The commits of this test are in the audit record themselves.
            if !fleeting {
                assert_eq!(after[held.table], left, "{kind:?}: {}", held.table);
            }
        }
    }
}

/// The control: when one table of the list is left out, the doctor's proof says so.
#[tokio::test]
async fn what_an_erasure_leaves_out_is_found() {
    let chance = Arc::new(Chance::seeded(4));
    let db = TestDb::fresh(BOTH[0], Arc::new(FixedClock::at(AT)), chance.clone()).await;
    let (here, people) = town(&db, 1).await;
    let mut tx = here.write().await.unwrap();
    fill(&mut tx, people[0], &chance).await;
    let tombstone = HELD.iter().find(|held| held.table == "person").unwrap();
    tx.carry_out(tombstone, "person_id", Fate::Tombstone, &people, AT).await.unwrap();
    tx.commit(&act(here.id())).await.unwrap();
    // What is emptied with the tombstone is not left over.
    let searched: usize = HELD
        .iter()
        .filter(|held| !matches!(held.table, "person" | "person_state"))
        .flat_map(|held| held.names)
        .filter(|(_, fate)| !matches!(fate, Fate::Kept(_) | Fate::Tombstone))
        .count();
    let found = here.read().await.unwrap().left_of_erased().await.unwrap();
    assert_eq!(found.len(), searched, "{found:?}");
}

/// Subject access gives rows of every table of the list, and nobody else's.
#[tokio::test]
async fn everything_about_a_person_is_given() {
    for kind in BOTH {
        let chance = Arc::new(Chance::seeded(6));
        let db = TestDb::fresh(kind, Arc::new(FixedClock::at(AT)), chance.clone()).await;
        let (here, people) = town(&db, 2).await;
        let mut tx = here.write().await.unwrap();
        fill(&mut tx, people[0], &chance).await;
        tx.commit(&act(here.id())).await.unwrap();
        let no_keys = here.person_keys(&[]).await.unwrap();
        let needles = crate::erasure_traces::Needles::default();
        let mut reader = here.read().await.unwrap();
        let given = reader.everything_about(&people[..1], &no_keys, &needles).await.unwrap();
        let missing: Vec<&str> =
            HELD.iter().map(|held| held.table).filter(|table| !given.iter().any(|it| it.table == *table)).collect();
        assert_eq!(missing, Vec::<&str>::new(), "{kind:?}");
        for section in &given {
            let held = HELD.iter().find(|held| held.table == section.table).unwrap();
            for (column, how) in held.columns {
                let there = section.rows.iter().any(|row| row.contains_key(*column));
                let withheld = matches!(how, crate::person_tables::Given::Withheld(_));
                // A person of this test has no birth date, team, or end.
                let empty = matches!(section.table, "person");
                assert!(empty || there != withheld, "{kind:?}: {}.{column}", section.table);
            }
        }
        let others = reader.everything_about(&people[1..], &no_keys, &needles).await.unwrap();
        let tables: Vec<&str> = others.iter().map(|it| it.table).collect();
        assert_eq!(tables, ["person_gram", "person_state", "person"], "{kind:?}");
    }
}

#[tokio::test]
async fn a_restored_database_is_held_against_the_log_beside_the_keys() {
    let chance = Arc::new(Chance::seeded(5));
    let db = TestDb::fresh(BOTH[0], Arc::new(FixedClock::at(AT)), chance).await;
    let (here, people) = town(&db, 2).await;
    here.seal_erasure(&people[..1]).await.unwrap();
    assert!(!here.person_keys(&people).await.unwrap().has(people[0]), "the key is shredded");
    let log = here.erasure_log().await.unwrap();
    assert_eq!(log, people[..1]);
    // The rows are still there, as after a restore of an older archive.
    assert_eq!(here.read().await.unwrap().unerased_among(&log).await.unwrap(), people[..1]);
    let mut tx = here.write().await.unwrap();
    tx.erase_persons(&log, &Traces::default(), AT).await.unwrap();
    tx.erase_persons(&people[1..], &Traces::default(), AT).await.unwrap();
    tx.commit(&act(here.id())).await.unwrap();
    assert_eq!(here.unsealed_erasures().await.unwrap(), people[1..], "erased, and its key still there");
    here.seal_erasure(&people[1..]).await.unwrap();
    assert_eq!(here.unsealed_erasures().await.unwrap(), vec![]);
}
