//! Every class on both databases: what is older than its period goes, what is not stays, and the preview counts exactly
//! what then goes.

#![allow(clippy::unwrap_used, reason = "set-up that fails is a test that fails")]

use std::sync::Arc;

use chrono::TimeDelta;
use tsunagari_access::{Act, Machine, OperationId};
use tsunagari_kernel::{Chance, FixedClock, OrgId};

use super::*;
use crate::directory::Organisation;
use crate::person_tables::tests::tables;
use crate::sql::Arg;
use crate::store::OrgStore;
use crate::testing::{BOTH, TestDb};

const NOW: Timestamp = Timestamp::from_micros(1_773_600_000_000_000);

/// Class, table, the columns that say when, and others the class looks at.
type Case = (&'static str, &'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const CASES: &[Case] = &[
    ("webhook_events", "line_inbound", &["received_at"], &[("state", "applied")]),
    ("import_rows", "import_file", &["created_at", "applied_at", "undone_at"], &[("state", "applied")]),
    ("import_undo", "change", &["created_at", "finished_at"], &[("state", "applied")]),
    ("sessions", "session", &["ended_at", "seen_at"], &[]),
    ("links", "one_time_link", &["expires_at"], &[]),
    ("counters", "throttle", &["window_from"], &[]),
    ("sent_bodies", "dispatch", &["created_at"], &[("state", "unknown")]),
    ("clicks", "message_click", &["at"], &[]),
    ("deliveries", "delivery", &["settled_at"], &[("state", "sent")]),
    ("media", "media", &["created_at"], &[]),
    ("history", "person_history", &["at"], &[]),
    ("work_done", "work_item", &["done_at"], &[]),
    ("exports", "export", &["at"], &[]),
    ("jobs_given_up", "job", &["finished_at"], &[("state", "given_up")]),
    ("line_access", "line_access", &["until_at"], &[]),
];

/// A row with made-up values; ids of the same number are the same.
async fn put(tx: &mut Tx, table: &'static str, n: u128, at: Timestamp, when: &[&str], fixed: &[(&str, &str)]) {
    let (_, columns) = tables().into_iter().find(|(name, _)| name == table).unwrap();
    let values = columns.iter().skip(1).map(|(column, of)| {
        if when.contains(&column.as_str()) {
            return Arg::from(at);
        }
        if let Some((_, text)) = fixed.iter().find(|(name, _)| name == column) {
            return Arg::from(*text);
        }
        match of.as_str() {
            "uuid" => Arg::from(Uuid::from_u128(n)),
            "bigint" => Arg::from(i64::try_from(n).unwrap()),
            "bytea" => Arg::from(n.to_be_bytes().to_vec()),
            _ => Arg::from(format!("x{n}")),
        }
    });
    let values = values.collect();
    let names: Vec<&str> = columns.iter().skip(1).map(|(name, _)| name.as_str()).collect();
    tx.insert_many(table, &names, vec![values], "").await.unwrap();
}

fn act(org: OrgId) -> Act {
    Act::named("test", Machine::working(org, "test").actor(), OperationId(org.0))
}

async fn town(db: &TestDb) -> OrgStore {
    let org = OrgId(Uuid::from_u128(1_000));
    let here = db.store.org(org);
    let mut tx = here.write().await.unwrap();
    tx.found_organisation(&Organisation::by_default(org, "322041", "架空市", "カクウシ")).await.unwrap();
    // Deliveries and clicks are about persons that are known.
    for n in 1..=2_u128 {
        let sql = "INSERT INTO person (org_id, person_id, family, given, family_kana, given_kana, name_key, kana_key, source, created_at, updated_at) \
                   VALUES ($1, $2, 'a', 'b', '', '', 'ab', '', 'test', 0, 0)";
        tx.exec(sql, args![Uuid::from_u128(n)]).await.unwrap();
    }
    tx.commit(&act(org)).await.unwrap();
    here
}

#[tokio::test]
async fn what_is_old_goes_what_is_not_stays_and_the_preview_is_right() {
    assert_eq!(
        CASES.iter().map(|case| case.0).collect::<Vec<_>>(),
        CLASSES.iter().map(|it| it.code).collect::<Vec<_>>()
    );
    for kind in BOTH {
        let db = TestDb::fresh(kind, Arc::new(FixedClock::at(NOW)), Arc::new(Chance::seeded(8))).await;
        let here = town(&db).await;
        let mut tx = here.write().await.unwrap();
        for (code, table, when, fixed) in CASES {
            let before = NOW.minus(TimeDelta::days(class_of(code).unwrap().days));
            put(&mut tx, table, 1, before.minus(TimeDelta::seconds(1)), when, fixed).await;
            put(&mut tx, table, 2, before.plus(TimeDelta::seconds(1)), when, fixed).await;
        }
        for n in 1..=2 {
            put(&mut tx, "import_row", n, NOW, &[], &[]).await;
            put(&mut tx, "change_row", n, NOW, &[], &[]).await;
            put(&mut tx, "export_member", n, NOW, &[], &[]).await;
        }
        tx.commit(&act(here.id())).await.unwrap();
        for (code, ..) in CASES {
            let class = class_of(code).unwrap();
            let before = NOW.minus(TimeDelta::days(class.days));
            assert_eq!(here.read().await.unwrap().old_of(class, before).await.unwrap(), 1, "{kind:?}: {code} before");
            let mut tx = here.write().await.unwrap();
            let gone = tx.let_go(class, before).await.unwrap();
            tx.commit(&act(here.id())).await.unwrap();
            assert_eq!(gone.rows, 1, "{kind:?}: {code}");
            assert_eq!(gone.files.len(), if *code == "media" { 2 } else { 0 });
            let mut reader = here.read().await.unwrap();
            assert_eq!(reader.old_of(class, before).await.unwrap(), 0, "{kind:?}: {code} after");
            // The younger one is still there: it goes when its own time has come.
            assert_eq!(
                reader.old_of(class, before.plus(TimeDelta::seconds(2))).await.unwrap(),
                1,
                "{kind:?}: {code} younger"
            );
        }
    }
}

#[tokio::test]
async fn a_picture_a_message_needs_stays() {
    let db = TestDb::fresh(BOTH[0], Arc::new(FixedClock::at(NOW)), Arc::new(Chance::seeded(8))).await;
    let here = town(&db).await;
    let media = class_of("media").unwrap();
    let old = NOW.minus(TimeDelta::days(200));
    let cut = NOW.minus(TimeDelta::days(90));
    let mut tx = here.write().await.unwrap();
    put(&mut tx, "media", 1, old, &["created_at"], &[]).await;
    let content = format!("{{\"media\":\"{}\"}}", Uuid::from_u128(1));
    put(&mut tx, "campaign", 1, old, &["updated_at"], &[("state", "draft"), ("content", &content)]).await;
    tx.commit(&act(here.id())).await.unwrap();
    assert_eq!(here.read().await.unwrap().old_of(media, cut).await.unwrap(), 0, "a draft needs it");
    let mut tx = here.write().await.unwrap();
    tx.exec("UPDATE campaign SET state = 'done', updated_at = $2 WHERE org_id = $1", args![NOW]).await.unwrap();
    tx.commit(&act(here.id())).await.unwrap();
    assert_eq!(here.read().await.unwrap().old_of(media, cut).await.unwrap(), 0, "it ended a moment ago");
    let mut tx = here.write().await.unwrap();
    tx.exec("UPDATE campaign SET updated_at = $2 WHERE org_id = $1", args![old]).await.unwrap();
    tx.commit(&act(here.id())).await.unwrap();
    assert_eq!(here.read().await.unwrap().old_of(media, cut).await.unwrap(), 1);
}
