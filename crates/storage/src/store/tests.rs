//! What a transaction by keys switches off, for itself alone.

#![allow(clippy::unwrap_used, reason = "set-up that fails is a test that fails")]

use std::sync::Arc;

use tsunagari_kernel::{Chance, FixedClock, OrgId, Timestamp};

use crate::directory::Organisation;
use crate::sql::Arg;
use crate::testing::{Kind, TestDb};

/// Whether a server may read a table from end to end in this transaction.
async fn reads_whole_tables(reader: &mut super::Reader) -> bool {
    let sql = "SELECT current_setting('enable_seqscan') AS setting FROM organisation WHERE org_id = $1";
    reader.one("organisation", sql, Vec::<Arg>::new()).await.unwrap().text("setting").unwrap() == "on"
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_goes_by_keys_reads_no_table_from_end_to_end() {
    let chance = Arc::new(Chance::seeded(3));
    let clock = Arc::new(FixedClock::at(Timestamp::from_micros(1_773_600_000_000_000)));
    let db = TestDb::fresh(Kind::Server, clock, chance.clone()).await;
    let org = OrgId::born(&chance, Timestamp::from_micros(1));
    db.found(&Organisation::by_default(org, "322041", "架空市", "カクウシ")).await;
    let here = db.store.org(org);
    // One after the other on the one connection that is open: what is switched off does not stay so.
    for _ in 0..2 {
        assert!(!reads_whole_tables(&mut here.read_by_key().await.unwrap()).await);
        assert!(reads_whole_tables(&mut here.read().await.unwrap()).await);
        assert!(!reads_whole_tables(&mut here.write_by_key().await.unwrap()).await);
        assert!(reads_whole_tables(&mut here.write().await.unwrap()).await);
    }
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
