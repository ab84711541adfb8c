//! How connections are opened: what keeps acknowledged changes, forgets deleted ones and distrusts a foreign schema; and
//! what a failed fsync ends.

#![allow(clippy::unwrap_used, clippy::panic, reason = "set-up that fails is a test that fails")]

use std::borrow::Cow;
use std::sync::Arc;

use sqlx::error::ErrorKind;
use tsunagari_kernel::{Chance, FixedClock, Timestamp};

use super::*;
use crate::testing::{Kind, TestDb};

async fn pragma(conn: &mut Conn<'_>, name: &str) -> String {
    let sql = format!("SELECT CAST({name} AS TEXT) AS v FROM pragma_{name}");
    conn.rows(&sql, NO_ARGS).await.unwrap().first().unwrap().text("v").unwrap()
}

/// How much of the file a connection reads as its own memory.
async fn in_memory(conn: &mut Conn<'_>) -> String {
    let rows = conn.rows("PRAGMA mmap_size", NO_ARGS).await.unwrap();
    rows.first().unwrap().int("mmap_size").unwrap().to_string()
}

/// The way in which a question is answered, as SQLite tells it before it knows anything of the tables' sizes.
async fn way(conn: &mut Conn<'_>, sql: &str) -> String {
    let rows = conn.rows(&format!("EXPLAIN QUERY PLAN {sql}"), NO_ARGS).await.unwrap();
    rows.iter().map(|row| row.text("detail").unwrap()).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn what_one_person_agreed_to_is_found_by_the_person() {
    let (clock, chance) = (Arc::new(FixedClock::at(Timestamp::from_micros(1))), Arc::new(Chance::seeded(4)));
    let db = TestDb::fresh(Kind::File, clock, chance).await;
    let engine = Engine::open(&db.location, 1).await.unwrap();
    let Engine::Sqlite { writer, .. } = &engine else { panic!("a file") };
    let mut seat = writer.alone().await.unwrap();
    let one = "SELECT 1 FROM consent WHERE org_id = x'01' AND person_id = x'02' AND purpose = 'info' AND from_at <= 5";
    let how = way(&mut seat.conn(), one).await;
    assert!(how.contains("person_id=?") && !how.contains("consent_since"), "{how}");
    let first = crate::consent::FIRST_AGREEMENT.replace("$1", "x'01'");
    let how = way(&mut seat.conn(), &first).await;
    assert!(how.contains("consent_since") && !how.contains("TEMP B-TREE"), "{how}");
    // The control: an index of the column itself would be taken for what one person agreed to.
    seat.conn().script("CREATE INDEX plain ON consent (org_id, from_at)").await.unwrap();
    let how = way(&mut seat.conn(), one).await;
    assert!(how.contains("plain"), "{how}");
}

#[tokio::test]
async fn a_file_is_opened_so_that_it_keeps_and_forgets() {
    let dir = tempfile::tempdir().unwrap();
    let location = Location::File(dir.path().join("x.db"));
    Owner::connect(&location).await.unwrap().close().await.unwrap();
    let engine = Engine::open(&location, 2).await.unwrap();
    let Engine::Sqlite { readers, writer } = &engine else { panic!("a file") };
    let mut seat = writer.alone().await.unwrap();
    for (name, wanted) in [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("foreign_keys", "1"),
        ("trusted_schema", "0"),
        ("secure_delete", "1"),
        ("cell_size_check", "1"),
    ] {
        assert_eq!(pragma(&mut seat.conn(), name).await, wanted, "{name} of the writer");
    }
    assert_eq!(in_memory(&mut seat.conn()).await, FILE_IN_MEMORY);
    seat.conn().script("PRAGMA mmap_size = 4096").await.unwrap();
    assert_eq!(in_memory(&mut seat.conn()).await, "4096", "the control");
    seat.conn().script(&gives_back()).await.unwrap();
    assert_eq!(in_memory(&mut seat.conn()).await, FILE_IN_MEMORY, "after it has rested it reads as before");
    drop(seat);
    let mut reader = readers.acquire().await.unwrap();
    for (name, wanted) in [("query_only", "1"), ("foreign_keys", "1"), ("trusted_schema", "0")] {
        assert_eq!(pragma(&mut Conn::Sqlite(&mut reader), name).await, wanted, "{name} of a reader");
    }
    assert!(Conn::Sqlite(&mut reader).script("CREATE TABLE x (n INTEGER)").await.is_err(), "a reader writes nothing");
}

/// The whole gate, not only its judgement: a superuser sees past row-level security.
#[tokio::test]
async fn a_role_that_sees_past_row_level_security_is_refused() {
    let (clock, chance) = (Arc::new(FixedClock::at(Timestamp::from_micros(1))), Arc::new(Chance::seeded(3)));
    let db = TestDb::fresh(Kind::Server, clock, chance).await;
    let Err(refused) = Engine::open(&db.owner, 1).await else { panic!("the superuser was let in") };
    assert!(refused.to_string().contains("role is too strong"), "{refused}");
    assert!(Engine::open(&db.location, 1).await.is_ok());
}

/// A driver's error with a code.
#[derive(Debug)]
struct Said(&'static str);

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Said {}

impl DatabaseError for Said {
    fn message(&self) -> &str {
        "as the driver says it"
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.0.into())
    }

    fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

#[test]
fn a_full_disk_and_a_busy_database_are_told_apart() {
    for full in ["13", "53100"] {
        assert!(matches!(sort_error(&Said(full)), StorageError::Full), "{full}");
    }
    for busy in ["5", "40001", "55P03"] {
        assert!(matches!(sort_error(&Said(busy)), StorageError::Busy(_)), "{busy}");
    }
    assert!(matches!(sort_error(&Said("11")), StorageError::Broken(_)), "a damaged file");
}

/// SQLITE_IOERR_FSYNC and SQLITE_IOERR_DIR_FSYNC. The test starts itself again: what ends is a process. A disk that fails
/// for real is not made here; the code is what SQLite's unix VFS says when `fsync` fails.
#[test]
fn a_failed_fsync_ends_the_process() {
    const CODE: &str = "A_FAILED_FSYNC_CODE";
    if let Ok(code) = std::env::var(CODE) {
        sort_error(&Said(if code == "1034" { "1034" } else { "1290" }));
        return;
    }
    for code in ["1034", "1290"] {
        let mut again = std::process::Command::new(std::env::current_exe().unwrap());
        let ended = again.args(["a_failed_fsync_ends_the_process"]).env(CODE, code).output().unwrap();
        assert_eq!(ended.status.code(), Some(74), "{code}");
    }
}
