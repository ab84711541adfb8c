//! What a store refuses to open: a schema of another version, and a database whose keys are lost or of another installation;
//! and that the program's own role cannot change the audit record.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::path::Path;
use std::sync::Arc;

use tsunagari_access::{Act, Machine, OperationId};
use tsunagari_kernel::{Chance, ContactPointId, FixedClock, OrgId, PersonId, Span, Timestamp};
use tsunagari_people::{ContactKind, ContactPoint};
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::testing::{BOTH, Kind, OlderDb, TestDb};
use tsunagari_storage::{Key, Keyring, Location, StorageError, Store, migrate};
use uuid::Uuid;

const ORG: OrgId = OrgId(Uuid::from_u128(1));
const SOMEBODY: PersonId = PersonId(Uuid::from_u128(2));

async fn open(location: &Location, persons: &Path, wrapping: u8) -> Result<Store, StorageError> {
    let clock = Arc::new(FixedClock::at(Timestamp::from_micros(1)));
    Store::open(location, persons, Keyring::new(Key::new([wrapping; 32])), clock, Arc::new(Chance::seeded(5))).await
}

fn refusal(opened: Result<Store, StorageError>) -> String {
    match opened {
        Ok(_) => panic!("it opened"),
        Err(error) => error.to_string(),
    }
}

async fn fresh(kind: Kind, seed: u64) -> TestDb {
    let clock = Arc::new(FixedClock::at(Timestamp::from_micros(1_773_600_000_000_000)));
    let db = TestDb::fresh(kind, clock, Arc::new(Chance::seeded(seed))).await;
    db.found(&Organisation::by_default(ORG, "322041", "架空市", "カクウシ")).await;
    db
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_schema_is_refused() {
    for kind in BOTH {
        let db = fresh(kind, 4).await;
        db.damage("INSERT INTO schema_version (number, name, applied_at) VALUES (9999, 'of later', 0)").await;
        let persons = db.dir.path().join("persons.db");
        let told = refusal(open(&db.location, &persons, 7).await);
        assert!(told.contains("schema 9999") && told.contains("start the newer program"), "{kind:?}: {told}");
        let migrated = migrate::migrate(&db.owner, 0).await;
        assert!(
            migrated.unwrap_err().to_string().contains("schema 9999"),
            "{kind:?}: an older program changes nothing"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_schema_is_refused_until_it_is_migrated() {
    for kind in BOTH {
        let (db, at) = OlderDb::fresh(kind).await;
        let persons = db.dir.path().join("persons.db");
        let told = refusal(open(&db.location, &persons, 7).await);
        assert!(told.contains(&format!("schema {at}")) && told.contains("tsunagari migrate"), "{kind:?}: {told}");
        assert!(!persons.exists(), "{kind:?}: a refusal makes nothing");
        migrate::migrate(&db.owner, 0).await.unwrap();
        open(&db.location, &persons, 7).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_on_this_machine_is_reached_by_its_socket() {
    for kind in BOTH {
        let db = fresh(kind, 6).await;
        let there = open(&db.by_socket().await, &db.dir.path().join("persons.db"), 7).await.unwrap();
        assert_eq!(there.org(ORG).read().await.unwrap().organisation().await.unwrap().name, "架空市", "{kind:?}");
    }
}

/// Somebody with an address.
async fn somebody(db: &TestDb) {
    let here = db.store.org(ORG);
    let keys = here.make_person_keys(&[SOMEBODY]).await.unwrap();
    let mut tx = here.write().await.unwrap();
    let it = ContactPoint {
        id: ContactPointId(Uuid::from_u128(3)),
        kind: ContactKind::Email,
        provider: None,
        kept: Span::since(Timestamp::from_micros(1)),
        verified_at: None,
        working: vec![],
        confirmed: vec![],
    };
    tx.add_contact(SOMEBODY, &it, "hana@people.example", &keys).await.unwrap();
    tx.commit(&Act::named("test", Machine::working(ORG, "test").actor(), OperationId(ORG.0))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_keys_are_asked_for_and_never_replaced() {
    for kind in BOTH {
        let db = fresh(kind, 4).await;
        let elsewhere = tempfile::tempdir().unwrap();
        let (persons, lost) = (db.dir.path().join("persons.db"), elsewhere.path().join("persons.db"));
        open(&db.location, &lost, 7).await.unwrap().close().await;
        std::fs::remove_file(&lost).unwrap();
        somebody(&db).await;
        // A new directory of data on a database that is in use: other keys, or none.
        let told = refusal(open(&db.location, &persons, 8).await);
        assert!(told.contains("wrapping.key is not the key") && told.contains("put wrapping.key"), "{kind:?}: {told}");
        let told = refusal(open(&db.location, &lost, 7).await);
        assert!(told.contains("is missing") && told.contains("put wrapping.key"), "{kind:?}: {told}");
        assert!(!lost.exists(), "{kind:?}: no empty one is made in its place");
        // An empty one, and one of another installation.
        let other = fresh(kind, 5).await;
        other.store.snapshot_person_keys(&lost).await.unwrap();
        assert!(refusal(open(&db.location, &lost, 7).await).contains("does not hold the keys"), "{kind:?}");
        std::fs::remove_file(&lost).unwrap();
        other.store.org(ORG).make_person_keys(&[SOMEBODY]).await.unwrap();
        other.store.snapshot_person_keys(&lost).await.unwrap();
        assert!(refusal(open(&db.location, &lost, 7).await).contains("does not hold the keys"), "{kind:?}");
        open(&db.location, &persons, 7).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_record_is_appended_to_and_sealed_and_never_changed() {
    for kind in BOTH {
        let db = fresh(kind, 4).await;
        let here = db.store.org(ORG);
        let day = "2026-03-16".parse().unwrap();
        let change = |sql: &'static str| {
            let db = &db;
            async move { db.as_the_program(ORG, sql).await.map_err(|error| error.to_string()) }
        };
        for sql in ["UPDATE audit SET act = 'nothing' WHERE org_id = $1", "DELETE FROM audit WHERE org_id = $1"] {
            assert!(change(sql).await.is_err(), "{kind:?}, before it is sealed: {sql}");
        }
        assert_eq!(here.seal_some().await.unwrap(), 1);
        assert!(here.sign_head(&Key::new([3; 32]), day).await.unwrap());
        for sql in [
            "UPDATE audit SET act = 'nothing' WHERE org_id = $1",
            "UPDATE audit SET hash = prev_hash WHERE org_id = $1",
            "UPDATE audit SET seq = NULL WHERE org_id = $1",
            "DELETE FROM audit WHERE org_id = $1",
            "UPDATE audit_head SET seq = 7 WHERE org_id = $1",
            "DELETE FROM audit_head WHERE org_id = $1",
        ] {
            assert!(change(sql).await.is_err(), "{kind:?}: {sql}");
        }
        assert_eq!(change("UPDATE organisation SET name = '架空町' WHERE org_id = $1").await, Ok(1), "the control");
        let standing = here.read().await.unwrap().verify_chain(&Key::new([3; 32])).await.unwrap();
        assert_eq!((standing.sealed, standing.unsealed, standing.fault), (1, 0, None));
    }
}
