//! SQLite's single writer with group commit.
//!
//! A turn is a SAVEPOINT inside an outer BEGIN IMMEDIATE that is shared by the turns waiting at that moment. The first
//! turn of a group opens the outer transaction and queues a committer on the same fair lock; whoever already waits goes
//! before it, whoever comes later goes after it. So one fsync serves the whole group, nobody waits for a timer, and an
//! abandoned turn (a dropped future) cannot keep others from being committed. A turn answers its caller, also when it
//! refused or only read, after the shared COMMIT: what it saw may have been written by its own group.
//!
//! Rejected: a writer thread with closures (async closures that borrow are not `Send` in general), a timer (adds
//! latency to the lone writer).

use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::SqliteConnection;
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use crate::error::StorageError;
use crate::sql::Conn;

/// What a group is told that SQLite itself undid.
const LOST: &str = "another change of this moment undid this one";

type Outcome = Option<Result<(), String>>;

/// The writer's connection and the group that is open on it.
pub(crate) struct WriterSeat {
    conn: SqliteConnection,
    group: Option<Group>,
    /// A group's BEGIN was asked for and not answered yet: whoever asked may be gone, and a transaction open that is no group's.
    beginning: bool,
    /// A turn that began and was neither kept nor undone: its future was dropped.
    abandoned: bool,
    rest: Rest,
    /// Answers before the commit, which then never comes by itself: what the control of the kill test breaks.
    #[cfg(feature = "testing")]
    pub(crate) early: bool,
}

/// Whether the connection holds memory that nobody needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// Somebody was at it since it was last looked at.
    Awake,
    /// Nobody was.
    Quiet,
    /// It has given its memory back.
    Resting,
}

struct Group {
    done: watch::Sender<Outcome>,
}

/// The lock in front of the writer's connection.
#[derive(Clone)]
pub(crate) struct Writer(Arc<Mutex<WriterSeat>>);

/// One turn at the writer. Dropping it undoes it when the next turn or the committer comes.
pub(crate) struct Turn {
    seat: OwnedMutexGuard<WriterSeat>,
    lock: Arc<Mutex<WriterSeat>>,
}

/// One who waits for a turn, for as long as this value lives: the metric of the queue.
struct Waiting;

impl Waiting {
    fn begins() -> Self {
        metrics::gauge!("tsunagari_writer_waiting").increment(1);
        Self
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        metrics::gauge!("tsunagari_writer_waiting").decrement(1);
    }
}

impl Writer {
    pub(crate) fn new(conn: SqliteConnection) -> Self {
        Self(Arc::new(Mutex::new(WriterSeat {
            conn,
            group: None,
            beginning: false,
            abandoned: false,
            rest: Rest::Awake,
            #[cfg(feature = "testing")]
            early: false,
        })))
    }

    /// When nobody has written for this span, `gives_back` is run once: what a day's work has left in memory is of no use to
    /// whoever writes next. Looks until the writer is gone.
    pub(crate) fn resting_after(self, span: Duration, gives_back: String) -> Self {
        let seat = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(span).await;
                let Some(seat) = seat.upgrade() else { return };
                seat.lock_owned().await.look(&gives_back).await;
            }
        });
        self
    }

    /// Waits for a turn and opens its savepoint.
    pub(crate) async fn turn(&self) -> Result<Turn, StorageError> {
        let waiting = Waiting::begins();
        let mut seat = self.0.clone().lock_owned().await;
        drop(waiting);
        seat.rest = Rest::Awake;
        seat.sweep().await?;
        if seat.group.is_none() {
            seat.beginning = true;
            seat.script("BEGIN IMMEDIATE").await?;
            seat.beginning = false;
            let (done, _) = watch::channel(None);
            seat.group = Some(Group { done });
            if !seat.answers_early() {
                let lock = self.0.clone();
                tokio::spawn(async move {
                    let mut seat = lock.lock_owned().await;
                    seat.commit().await;
                });
            }
        }
        seat.script("SAVEPOINT turn").await?;
        seat.abandoned = true;
        Ok(Turn { seat, lock: self.0.clone() })
    }

    /// Runs a script outside any transaction, between groups (checkpoint, vacuum into a file).
    pub(crate) async fn between_groups(&self, sql: &str) -> Result<(), StorageError> {
        self.alone().await?.script(sql).await
    }
}

impl Writer {
    /// The connection alone, between groups, for several statements.
    pub(crate) async fn alone(&self) -> Result<OwnedMutexGuard<WriterSeat>, StorageError> {
        let mut seat = self.0.clone().lock_owned().await;
        seat.rest = Rest::Awake;
        seat.sweep().await?;
        seat.commit().await;
        Ok(seat)
    }
}

impl WriterSeat {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        Conn::Sqlite(&mut self.conn)
    }

    async fn script(&mut self, sql: &str) -> Result<(), StorageError> {
        Conn::Sqlite(&mut self.conn).script(sql).await
    }

    #[cfg(feature = "testing")]
    fn answers_early(&self) -> bool {
        self.early
    }

    #[cfg(not(feature = "testing"))]
    fn answers_early(&self) -> bool {
        false
    }

    async fn look(&mut self, gives_back: &str) {
        let under_way = self.group.is_some() || self.beginning || self.abandoned;
        self.rest = match self.rest {
            Rest::Awake => Rest::Quiet,
            Rest::Quiet if !under_way => match self.script(gives_back).await {
                Ok(()) => Rest::Resting,
                Err(error) => {
                    tracing::warn!(%error, "the writer keeps its memory");
                    Rest::Quiet
                }
            },
            Rest::Quiet | Rest::Resting => self.rest,
        };
    }

    /// Undoes what callers left who went away: a transaction without a group, a turn. Whoever sweeps may go away too, so
    /// nothing counts as swept before it is.
    async fn sweep(&mut self) -> Result<(), StorageError> {
        if self.beginning {
            // Refused where nothing was begun.
            let _ = self.script("ROLLBACK").await;
            self.beginning = false;
        }
        if !self.abandoned {
            return Ok(());
        }
        let undone = self.script("ROLLBACK TO turn; RELEASE turn").await;
        let undone = match undone {
            // Either the caller went away while it was undoing the turn itself, or the whole group is gone.
            Err(error) if error.to_string().contains("no such savepoint") => self.look_for_group().await,
            done => done,
        };
        self.abandoned = false;
        if let Err(error) = undone {
            self.fail(error.to_string()).await;
            return Err(error);
        }
        Ok(())
    }

    /// Tells the group when its transaction is not open any more: SQLite undoes a whole transaction by itself when the disk
    /// is full, or a page cannot be read or written. Nothing of the group was kept then, and the next turn must not be
    /// taken for one of it.
    async fn look_for_group(&mut self) -> Result<(), StorageError> {
        match self.script("BEGIN IMMEDIATE").await {
            Err(error) if error.to_string().contains("within a transaction") => Ok(()),
            Err(error) => Err(error),
            Ok(()) => {
                self.fail(LOST.to_owned()).await;
                Ok(())
            }
        }
    }

    async fn commit(&mut self) {
        if self.sweep().await.is_err() {
            return;
        }
        let Some(group) = self.group.take() else { return };
        let began = Instant::now();
        let committed = self.script("COMMIT").await;
        metrics::histogram!("tsunagari_writer_commit_seconds").record(began.elapsed());
        let outcome = match committed {
            Ok(()) => Ok(()),
            Err(error) => {
                // The transaction may still be open (disk full); close it so that the next group can begin.
                let _ = self.script("ROLLBACK").await;
                Err(error.to_string())
            }
        };
        let _ = group.done.send_replace(Some(outcome));
    }

    /// The outer transaction is lost: tell every turn of the group.
    async fn fail(&mut self, why: String) {
        if let Some(group) = self.group.take() {
            let _ = self.script("ROLLBACK").await;
            let _ = group.done.send_replace(Some(Err(why)));
        }
    }
}

impl Turn {
    pub(crate) fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.seat.conn
    }

    /// Keeps what the turn wrote and waits until it is on disk.
    pub(crate) async fn keep(mut self) -> Result<(), StorageError> {
        self.seat.abandoned = false;
        self.end("RELEASE turn").await
    }

    /// Undoes what the turn wrote and waits until what it read is on disk.
    pub(crate) async fn undo(self) -> Result<(), StorageError> {
        self.end("ROLLBACK TO turn; RELEASE turn").await
    }

    async fn end(mut self, sql: &str) -> Result<(), StorageError> {
        let ended = self.seat.script(sql).await;
        self.seat.abandoned = false;
        if let Err(error) = ended {
            self.seat.fail(error.to_string()).await;
            return Err(error);
        }
        if self.seat.answers_early() {
            return Ok(());
        }
        let Some(mut done) = self.seat.group.as_ref().map(|group| group.done.subscribe()) else {
            return Err(StorageError::Broken("the group of this turn is gone".to_owned()));
        };
        drop(self.seat);
        drop(self.lock);
        let outcome = done.wait_for(Option::is_some).await.map(|seen| seen.clone());
        match outcome {
            Ok(Some(Ok(()))) => Ok(()),
            Ok(Some(Err(why))) if why.contains("no space left") => Err(StorageError::Full),
            Ok(Some(Err(why))) if why == LOST => Err(StorageError::Busy(why)),
            Ok(Some(Err(why))) => Err(StorageError::Broken(why)),
            Ok(None) | Err(_) => Err(StorageError::Broken("the committer went away".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests;
