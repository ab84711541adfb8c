//! A load of many people leaves what ordinary entry leaves, on both databases; one that ended before its time is finished
//! when the database is opened again.

#![allow(clippy::unwrap_used, reason = "test support outside of test functions: what fails ends the test")]

#[path = "rules/population.rs"]
#[allow(dead_code, unreachable_pub, reason = "what the property test needs more of")]
mod population;

use std::sync::Arc;

use population::Population;
use tsunagari_access::{Act, Machine, OperationId};
use tsunagari_kernel::*;
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::person::Arrival;
use tsunagari_storage::person_list::PeopleFilter;
use tsunagari_storage::testing::{BOTH, Kind, TestDb};
use tsunagari_storage::{Key, Keyring, Store};
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_micros(1_773_600_000_000_000);

fn org() -> OrgId {
    OrgId(Uuid::from_u128(1))
}

fn act() -> Act {
    Act::named("load_people", Machine::working(org(), "test").actor(), OperationId(org().0))
}

async fn town(kind: Kind) -> TestDb {
    let db = TestDb::fresh(kind, Arc::new(FixedClock::at(NOW)), Arc::new(Chance::seeded(5))).await;
    let mut tx = db.store.org(org()).write().await.unwrap();
    tx.found_organisation(&Organisation::by_default(org(), "322041", "架空市", "カクウシ")).await.unwrap();
    tx.commit(&act()).await.unwrap();
    db
}

/// What is written of persons but for what is sealed, whose bytes are never the same twice.
async fn written(db: &TestDb) -> Vec<String> {
    const OPEN: [&str; 10] = [
        "person",
        "person_gram",
        "person_state",
        "tie",
        "enrolment",
        "residence",
        "interest",
        "contact_working",
        "consent",
        "guardianship",
    ];
    let rows = db.everything(None).await.into_iter().filter(|row| OPEN.contains(&row.table.as_str()));
    rows.map(|row| format!("{}: {}", row.table, row.text)).collect()
}

async fn load(store: &Store, people: &[Arrival]) {
    let mut bulk = store.begin_bulk().await.unwrap();
    for slice in people.chunks(70) {
        bulk.enter(&store.org(org()), slice, act()).await.unwrap();
    }
    bulk.finish().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_leaves_what_ordinary_entry_leaves() {
    let chance = Chance::seeded(11);
    let people = Population::random(&chance, 200).arrivals;
    for kind in BOTH {
        let (one, other) = (town(kind).await, town(kind).await);
        let indexes = one.index_names().await;
        load(&one.store, &people).await;
        let here = other.store.org(org());
        let ids: Vec<PersonId> = people.iter().map(|it| it.record.person.id).collect();
        let keys = here.make_person_keys(&ids).await.unwrap();
        let mut tx = here.write().await.unwrap();
        tx.insert_people(&people, &keys).await.unwrap();
        tx.commit(&act()).await.unwrap();
        assert_eq!(written(&one).await, written(&other).await, "{kind:?}");
        assert_eq!(one.index_names().await, indexes, "{kind:?}: what was set aside is back");
        // A second load, into people who are there.
        load(&one.store, &Population::random(&chance, 30).arrivals).await;
        let mut reader = one.store.org(org()).read().await.unwrap();
        assert!(reader.count_people(&PeopleFilter::default()).await.unwrap() > 150);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_made_ready_ahead_leave_what_ordinary_entry_leaves() {
    // Enough for statements of several sizes.
    let people = Population::random(&Chance::seeded(14), 700).arrivals;
    let ids: Vec<PersonId> = people.iter().map(|it| it.record.person.id).collect();
    for kind in BOTH {
        let (one, other) = (town(kind).await, town(kind).await);
        let here = one.store.org(org());
        let ready = here.make_people_ready(&people).await.unwrap();
        let mut tx = here.write().await.unwrap();
        tx.insert_ready_people(ready).await.unwrap();
        tx.commit(&act()).await.unwrap();
        let there = other.store.org(org());
        let keys = there.make_person_keys(&ids).await.unwrap();
        let mut tx = there.write().await.unwrap();
        tx.insert_people(&people, &keys).await.unwrap();
        tx.commit(&act()).await.unwrap();
        assert_eq!(written(&one).await, written(&other).await, "{kind:?}");
        let keys = here.person_keys(&ids).await.unwrap();
        let opened = here.read().await.unwrap().addresses_of_many(&keys, &ids).await.unwrap();
        let kept = people.iter().flat_map(|it| &it.record.contact_points).filter(|point| point.kept.until.is_none());
        assert_eq!(opened.len(), kept.count(), "{kind:?}: every address opens with a key that was kept");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_that_ended_before_its_time_is_finished_at_the_next_start() {
    let people = Population::random(&Chance::seeded(12), 100).arrivals;
    let db = town(Kind::File).await;
    let indexes = db.index_names().await;
    let mut bulk = db.store.begin_bulk().await.unwrap();
    bulk.enter(&db.store.org(org()), &people, act()).await.unwrap();
    bulk.written().await.unwrap();
    drop(bulk);
    let found = PeopleFilter { text: Some("髙橋".into()), ..PeopleFilter::default() };
    let before = db.store.org(org()).read().await.unwrap().count_people(&found).await.unwrap();
    assert_eq!(before, 0, "names are found at the end of a load");
    assert_ne!(db.index_names().await, indexes);
    let store = opened_again(&db).await;
    assert!(store.org(org()).read().await.unwrap().count_people(&found).await.unwrap() > 0);
    assert_eq!(db.index_names().await, indexes);
}

/// `mail-in`, `doctor` and `backup` open the database of a process that is loading: the load stays that process's own.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_opens_the_database_beside_a_load_leaves_it_alone() {
    let people = Population::random(&Chance::seeded(14), 140).arrivals;
    let db = town(Kind::File).await;
    let indexes = db.index_names().await;
    let mut bulk = db.store.begin_bulk().await.unwrap();
    bulk.enter(&db.store.org(org()), &people[..70], act()).await.unwrap();
    bulk.written().await.unwrap();
    let aside = db.index_names().await;
    assert_ne!(aside, indexes);
    let beside = opened_again(&db).await;
    assert_eq!(db.index_names().await, aside, "what was set aside stays aside");
    let copy = db.dir.path().join("copy.db");
    beside.snapshot(&copy).await.unwrap().unwrap();
    assert!(beside.begin_bulk().await.is_ok(), "a second load goes the plain way");
    bulk.enter(&db.store.org(org()), &people[70..], act()).await.unwrap();
    bulk.finish().await.unwrap();
    beside.close().await;
    assert_eq!(db.index_names().await, indexes);
    let other = town(Kind::File).await;
    load(&other.store, &people).await;
    assert_eq!(written(&db).await, written(&other).await, "as if nobody had come by");
}

async fn opened_again(db: &TestDb) -> Store {
    let (clock, chance) = (Arc::new(FixedClock::at(NOW)), Arc::new(Chance::seeded(6)));
    let keyring = Keyring::new(Key::new([7; 32]));
    Store::open(&db.location, &db.dir.path().join("persons.db"), keyring, clock, chance).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_sees_a_row_of_state_that_is_wrong_or_missing() {
    let people = Population::random(&Chance::seeded(13), 60).arrivals;
    for kind in BOTH {
        let db = town(kind).await;
        load(&db.store, &people).await;
        let codes = || async {
            let found = db.store.org(org()).read().await.unwrap().findings().await.unwrap();
            let states = found.iter().map(|it| it.code).filter(|code| code.contains("state"));
            states.collect::<Vec<_>>()
        };
        assert!(codes().await.is_empty(), "{kind:?}");
        db.damage("UPDATE person_state SET cohort = 1990").await;
        assert_eq!(codes().await, ["person_state_differs"], "{kind:?}");
        db.damage("DELETE FROM person_state").await;
        assert_eq!(codes().await, ["person_without_state"], "{kind:?}");
    }
}
