//! What turns of a group are told when SQLite undoes the whole group by itself, or one caller goes away.

#![allow(clippy::unwrap_used, reason = "set-up that fails is a test that fails")]

use sqlx::{ConnectOptions, Connection};

use super::*;
use crate::dialect::{NO_ARGS, count_of};

async fn writer(file: &std::path::Path) -> Writer {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let mut conn = options.connect().await.unwrap();
    Conn::Sqlite(&mut conn).script("CREATE TABLE kept (n INTEGER PRIMARY KEY)").await.unwrap();
    Writer::new(conn)
}

/// How many rows with this number stand on the disk, as somebody else sees it.
async fn seen(file: &std::path::Path, n: i64) -> i64 {
    let mut conn = sqlx::sqlite::SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    let sql = format!("SELECT count(*) AS n FROM kept WHERE n = {n}");
    let there = count_of(&Conn::Sqlite(&mut conn).rows(&sql, NO_ARGS).await.unwrap()).unwrap();
    conn.close().await.unwrap();
    there
}

/// A turn that writes a row and keeps it, queued behind whoever waits already.
async fn keeping(writer: &Writer, n: i64) -> tokio::task::JoinHandle<Result<(), StorageError>> {
    let writer = writer.clone();
    let task = tokio::spawn(async move {
        let mut turn = writer.turn().await?;
        Conn::Sqlite(turn.conn()).script(&format!("INSERT INTO kept VALUES ({n})")).await?;
        turn.keep().await
    });
    tokio::task::yield_now().await;
    task
}

/// A turn whose statement fails and that is dropped; `how` is what SQLite undoes then.
async fn failing(writer: &Writer, how: &'static str) -> tokio::task::JoinHandle<()> {
    let writer = writer.clone();
    let task = tokio::spawn(async move {
        let mut turn = writer.turn().await.unwrap();
        let sql = format!("INSERT OR {how} INTO kept VALUES (1)");
        assert!(Conn::Sqlite(turn.conn()).script(&sql).await.is_err());
    });
    tokio::task::yield_now().await;
    task
}

#[tokio::test]
async fn nobody_is_told_a_failure_of_what_was_kept() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("kept.db");
    let writer = writer(&file).await;
    for (how, before_is_kept) in [("ABORT", true), ("ROLLBACK", false)] {
        let base = if before_is_kept { 1 } else { 11 };
        keeping(&writer, base).await.await.unwrap().unwrap();
        // All three wait at the lock: they will be of one group.
        let seat = writer.alone().await.unwrap();
        let before = keeping(&writer, base + 1).await;
        let between = failing(&writer, how).await;
        let after = keeping(&writer, base + 2).await;
        drop(seat);
        between.await.unwrap();
        let (before, after) = (before.await.unwrap(), after.await.unwrap());
        assert_eq!(before.is_ok(), before_is_kept, "{how}: {before:?}");
        assert!(after.is_ok(), "{how}: it began after the group was undone: {after:?}");
        assert_eq!(seen(&file, base + 1).await, i64::from(before_is_kept), "{how}");
        assert_eq!(seen(&file, base + 2).await, 1, "{how}");
        if let Err(error) = before {
            assert!(matches!(error, StorageError::Busy(_)), "it may be tried again: {error}");
        }
    }
}

#[tokio::test]
async fn a_turn_that_was_undone_already_takes_nobody_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("kept.db");
    let writer = writer(&file).await;
    let seat = writer.alone().await.unwrap();
    let before = keeping(&writer, 1).await;
    let cut_off = {
        let writer = writer.clone();
        tokio::spawn(async move {
            let mut turn = writer.turn().await.unwrap();
            // What a caller leaves who goes away while it undoes its turn.
            turn.seat.script("ROLLBACK TO turn; RELEASE turn").await.unwrap();
        })
    };
    tokio::task::yield_now().await;
    let after = keeping(&writer, 2).await;
    drop(seat);
    cut_off.await.unwrap();
    for kept in [before, after] {
        kept.await.unwrap().unwrap();
    }
    assert_eq!((seen(&file, 1).await, seen(&file, 2).await), (1, 1));
}

#[tokio::test]
async fn memory_is_given_back_once_after_a_whole_span_without_anybody() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("kept.db");
    let writer = writer(&file).await;
    let look = async || writer.0.lock().await.look("INSERT OR REPLACE INTO kept VALUES (1)").await;
    let given_back = async || {
        let there = seen(&file, 1).await == 1;
        let mut conn = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
        Conn::Sqlite(&mut conn).script("DELETE FROM kept WHERE n = 1").await.unwrap();
        conn.close().await.unwrap();
        there
    };
    for round in 0..2 {
        look().await;
        assert!(!given_back().await, "the first look may come right after somebody");
        look().await;
        assert!(given_back().await, "a whole span");
        look().await;
        assert!(!given_back().await, "once for the whole rest");
        // Whoever writes, or works beside the groups, wakes it.
        if round == 0 {
            keeping(&writer, 10).await.await.unwrap().unwrap();
        } else {
            drop(writer.alone().await.unwrap());
        }
    }
    look().await;
    look().await;
    assert!(given_back().await, "it rests again");
}
