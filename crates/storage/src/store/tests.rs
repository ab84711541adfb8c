//! What a transaction by keys switches off, for itself alone, and by which index a server finds what must not be read from
//! end to end.

#![allow(clippy::unwrap_used, reason = "set-up that fails is a test that fails")]

use std::sync::Arc;

use tsunagari_kernel::{Chance, FixedClock, OrgId, Timestamp};

use crate::directory::Organisation;
use crate::sql::Arg;
use crate::testing::{Kind, TestDb};

/// A town on a server.
async fn town(seed: u64) -> (TestDb, super::OrgStore) {
    let chance = Arc::new(Chance::seeded(seed));
    let clock = Arc::new(FixedClock::at(Timestamp::from_micros(1_773_600_000_000_000)));
    let db = TestDb::fresh(Kind::Server, clock, chance.clone()).await;
    let org = OrgId::born(&chance, Timestamp::from_micros(1));
    db.found(&Organisation::by_default(org, "322041", "架空市", "カクウシ")).await;
    let here = db.store.org(org);
    (db, here)
}

/// Whether a server may read a table from end to end in this transaction.
async fn reads_whole_tables(reader: &mut super::Reader) -> bool {
    let sql = "SELECT current_setting('enable_seqscan') AS setting FROM organisation WHERE org_id = $1";
    reader.one("organisation", sql, Vec::<Arg>::new()).await.unwrap().text("setting").unwrap() == "on"
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_goes_by_keys_reads_no_table_from_end_to_end() {
    let (_db, here) = town(3).await;
    // One after the other on the one connection that is open: what is switched off does not stay so.
    for _ in 0..2 {
        assert!(!reads_whole_tables(&mut here.read_by_key().await.unwrap()).await);
        assert!(reads_whole_tables(&mut here.read().await.unwrap()).await);
        assert!(!reads_whole_tables(&mut here.write_by_key().await.unwrap()).await);
        assert!(reads_whole_tables(&mut here.write().await.unwrap()).await);
    }
}

/// Four thousand consents of nobody in particular, and what the server then knows of them.
const MANY_CONSENTS: &str = "SET session_replication_role = replica; \
    INSERT INTO consent (org_id, person_id, consent_id, purpose, wording_version, given_by, how, from_at, recorded_at) \
    SELECT o.org_id, gen_random_uuid(), gen_random_uuid(), 'info', 1, 'self', 'import', 1000000 + n, 1 \
    FROM organisation o, generate_series(1, 4000) n; ANALYZE consent";

/// The steps by which a server answers a question about this organisation.
async fn way(reader: &mut super::Reader, sql: &str) -> String {
    let steps = reader.rows(&format!("EXPLAIN {sql}"), Vec::<Arg>::new()).await.unwrap();
    steps.iter().map(|row| row.text("QUERY PLAN").unwrap()).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_agreement_is_found_without_reading_the_others() {
    let (db, here) = town(5).await;
    let mut owner = crate::dialect::Owner::connect(&db.owner).await.unwrap();
    owner.conn().script(MANY_CONSENTS).await.unwrap();
    owner.close().await.unwrap();
    let mut reader = here.read().await.unwrap();
    let first = way(&mut reader, crate::consent::FIRST_AGREEMENT).await;
    assert!(first.contains("consent_since") && !first.contains("Sort"), "{first}");
    assert_eq!(reader.first_agreement().await.unwrap(), Some(Timestamp::from_micros(1_000_001)));
    // The control: behind row-level security an index is not looked into by what could fail on a row of others, as a sum can.
    let any = way(&mut reader, "SELECT 1 FROM consent WHERE org_id = $1 AND from_at + 0 <= 5 LIMIT 1").await;
    assert!(!any.contains("consent_since"), "{any}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_persons_row_is_found_by_the_person_in_a_table_last_seen_empty() {
    let (db, here) = town(6).await;
    let seen =
        "SELECT reltuples::bigint AS n FROM pg_class, organisation o WHERE relname = 'person_state' AND o.org_id = $1";
    db.store.analyse().await.unwrap();
    assert_eq!(here.read().await.unwrap().count(seen, Vec::<Arg>::new()).await.unwrap(), -1, "nothing is known of it");
    let mut owner = crate::dialect::Owner::connect(&db.owner).await.unwrap();
    owner.conn().script("ANALYZE person_state").await.unwrap();
    let mut reader = here.read_by_key().await.unwrap();
    assert_eq!(reader.count(seen, Vec::<Arg>::new()).await.unwrap(), 0, "it is known to be empty");
    // What a change of somebody's facts does to the person's row, by trigger.
    let one = "SELECT 1 FROM person_state WHERE org_id = $1 AND until_at <> 0 \
               AND person_id = '00000000-0000-0000-0000-000000000002'";
    let how = way(&mut reader, one).await;
    assert!(how.contains("person_state_pkey"), "{how}");
    let due = way(&mut reader, "SELECT 1 FROM person_state WHERE org_id = $1 AND until_at <= 5 LIMIT 1").await;
    assert!(due.contains("person_state_due"), "{due}");
    drop(reader);
    // The control: an index that can look up the organisation is taken for it.
    owner.conn().script("CREATE INDEX a_due ON person_state (until_at, org_id)").await.unwrap();
    owner.close().await.unwrap();
    let how = way(&mut here.read_by_key().await.unwrap(), one).await;
    assert!(how.contains("a_due"), "{how}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_was_found_is_remembered_and_one_that_was_not_is_looked_for_again() {
    for kind in crate::testing::BOTH {
        let chance = Arc::new(Chance::seeded(4));
        let clock = Arc::new(FixedClock::at(Timestamp::from_micros(1_773_600_000_000_000)));
        let db = TestDb::fresh(kind, clock, chance.clone()).await;
        assert!(db.store.org_with_code("322041").await.unwrap().is_none());
        let org = OrgId::born(&chance, Timestamp::from_micros(1));
        db.found(&Organisation::by_default(org, "322041", "架空市", "カクウシ")).await;
        for _ in 0..2 {
            assert_eq!(db.store.org_with_code("322041").await.unwrap().map(|it| it.id()), Some(org));
        }
        assert!(db.store.org_with_code("322059").await.unwrap().is_none());
        assert!(db.store.webhook_route("nobodys").await.unwrap().is_none());
    }
}
