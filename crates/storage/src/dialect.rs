//! Everything that differs between SQLite and PostgreSQL. No other file of the program asks which database it is on.

use std::fs::File;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool, Postgres, SqlSafeStr, Sqlite, SqlitePool, Transaction};
use tsunagari_kernel::OrgId;

use crate::error::StorageError;
use crate::sql::{Arg, Conn, Pending, Row};
use crate::writer::{Turn, Writer};

mod gates;
mod twin;

pub use gates::{OLDEST_POSTGRES, OLDEST_SQLITE};
use gates::{check_postgres, check_sqlite_version};
pub(crate) use twin::{Listed, Twin};

/// How long a server may take to answer when the program starts.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long emptying the log waits for readers; writers wait as long.
const LOG_PATIENCE: Duration = Duration::from_millis(200);

/// The pages the writer keeps, in KiB below zero: what a long change writes again and again stays in memory until it is
/// committed. Readers have the file itself in theirs (`mmap_size`).
const WRITER_CACHE: &str = "-65536";

/// So much of the file a connection reads as its own memory, in bytes.
const FILE_IN_MEMORY: &str = "268435456";

/// After so long a reader is closed and opened anew when it is needed: what a long walk has brought into its memory goes with
/// it. Idleness says nothing, because whoever looks for work takes one reader after the other.
const READER_LIFE: Duration = Duration::from_secs(60);

/// After so long without a change the writer gives its memory back.
const WRITER_REST: Duration = Duration::from_secs(30);

/// For so long a server's connection that answered counts as there.
const PROVEN_FOR: Duration = Duration::from_secs(1);

/// Pages of the write-ahead log after which it is written back (64 MiB): a long change touches the same pages of an index in
/// slice after slice, and each is written back once.
const LOG_PAGES: &str = "16000";

/// Where the database is.
#[derive(Debug, Clone)]
pub enum Location {
    /// A file of the data directory.
    File(std::path::PathBuf),
    /// A PostgreSQL URL whose role owns nothing.
    Server(String),
}

/// The open database.
#[derive(Clone)]
pub(crate) enum Engine {
    Sqlite { readers: SqlitePool, writer: Writer },
    Postgres { pool: PgPool },
}

/// An open transaction of either kind.
pub(crate) enum Link {
    SqliteRead(Transaction<'static, Sqlite>),
    SqliteTurn(Turn),
    Postgres(Transaction<'static, Postgres>),
}

/// What a transaction may see.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sight {
    Organisation(OrgId),
    /// Rows of an organisation, found by their keys only: what residents and events do. A server that last saw a table of drafts
    /// or events empty would read it from end to end for each of them, and a rush fills it within seconds. A connection keeps
    /// the plan of a text it ran a few times: a text of such a table belongs into this sight alone.
    Keys(OrgId),
    Platform,
}

fn sqlite_options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(256)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .pragma("mmap_size", FILE_IN_MEMORY)
        .pragma("cache_size", "-16384")
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging()
}

/// What lets a connection's own pages go, and those of the file it reads as its memory; it reads on as before.
fn gives_back() -> String {
    format!("PRAGMA shrink_memory; PRAGMA mmap_size = 0; PRAGMA mmap_size = {FILE_IN_MEMORY}")
}

impl Engine {
    pub(crate) async fn open(location: &Location, connections: u32) -> Result<Self, StorageError> {
        match location {
            Location::File(file) => {
                let mut conn = SqliteConnectOptions::connect(
                    &sqlite_options(file)
                        .create_if_missing(true)
                        .journal_mode(SqliteJournalMode::Wal)
                        .synchronous(SqliteSynchronous::Full)
                        .pragma("secure_delete", "ON")
                        .pragma("cache_size", WRITER_CACHE)
                        .pragma("wal_autocheckpoint", LOG_PAGES),
                )
                .await?;
                check_sqlite_version(&mut conn).await?;
                let readers = SqlitePoolOptions::new()
                    .max_connections(connections)
                    .max_lifetime(READER_LIFE)
                    .acquire_timeout(Duration::from_secs(10))
                    .connect_with(sqlite_options(file).read_only(true).pragma("query_only", "ON"))
                    .await?;
                Ok(Self::Sqlite { readers, writer: Writer::new(conn).resting_after(WRITER_REST, gives_back()) })
            }
            Location::Server(url) => {
                let options = PgConnectOptions::from_str(url)?
                    .application_name("tsunagari")
                    .options([("jit", "off"), ("timezone", "UTC")])
                    .statement_cache_capacity(256)
                    .disable_statement_logging();
                // A pool would try for ten seconds and then say that its connections are taken.
                reach(&options).await?.close().await?;
                let pool = PgPoolOptions::new()
                    .max_connections(connections)
                    .acquire_timeout(Duration::from_secs(10))
                    // It is asked whether it is there when it comes back; asked again only when that is long ago.
                    .test_before_acquire(false)
                    .before_acquire(|conn, known| {
                        Box::pin(async move {
                            if known.idle_for > PROVEN_FOR {
                                conn.ping().await?;
                            }
                            Ok(true)
                        })
                    })
                    .connect_with(options)
                    .await?;
                let mut conn = pool.acquire().await?;
                check_postgres(&mut conn).await?;
                drop(conn);
                Ok(Self::Postgres { pool })
            }
        }
    }

    pub(crate) fn read(&self, sight: Sight) -> Pending<'_, Link> {
        Box::pin(async move {
            match self {
                Self::Sqlite { readers, .. } => Ok(Link::SqliteRead(readers.begin_with("BEGIN").await?)),
                Self::Postgres { pool } => {
                    let opening = format!("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; {}", sight.settings());
                    Ok(Link::Postgres(begun(pool, opening).await?))
                }
            }
        })
    }

    pub(crate) fn write(&self, sight: Sight) -> Pending<'_, Link> {
        Box::pin(async move {
            match self {
                Self::Sqlite { writer, .. } => Ok(Link::SqliteTurn(writer.turn().await?)),
                Self::Postgres { pool } => {
                    let opening = format!("BEGIN; {}", sight.settings());
                    Ok(Link::Postgres(begun(pool, opening).await?))
                }
            }
        })
    }

    /// Copies the database to a file while it is in use; `None` where the database brings its own tool. On a connection
    /// of its own that only reads: writers go on meanwhile, and the copy is what was committed when it began.
    pub(crate) async fn snapshot(&self, to: &Path) -> Result<Option<()>, StorageError> {
        match self {
            Self::Sqlite { readers, .. } => {
                let options = readers.connect_options();
                // It reads each page once: what it kept in memory would only be memory.
                let once = sqlite_options(options.get_filename()).pragma("cache_size", "-2048");
                let mut conn = once.read_only(true).connect().await?;
                let quoted = to.to_string_lossy().replace('\'', "''");
                Conn::Sqlite(&mut conn).script(&format!("VACUUM INTO '{quoted}'")).await?;
                conn.close().await?;
                Ok(Some(()))
            }
            Self::Postgres { .. } => Ok(None),
        }
    }

    /// The name for people and logs.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres { .. } => "postgres",
        }
    }

    /// Refreshes what the planner knows after a bulk load.
    pub(crate) async fn analyse(&self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite { writer, .. } => writer.between_groups("PRAGMA analysis_limit=2000; ANALYZE").await,
            Self::Postgres { .. } => {
                let mut link = self.write(Sight::Platform).await?;
                link.conn().rows("SELECT CAST(refresh_statistics() AS text) AS done", NO_ARGS).await?;
                link.keep().await
            }
        }
    }

    /// Before a load of very many people into a database without any: sets the indexes of their tables aside and
    /// stops waiting for the disk at every commit. Whether that was done; never on PostgreSQL, where the program owns nothing.
    pub(crate) async fn lay_indexes_aside(&self, tables: &[&str]) -> Result<bool, StorageError> {
        let Self::Sqlite { writer, .. } = self else { return Ok(false) };
        let mut seat = writer.alone().await?;
        let mut conn = seat.conn();
        let there = conn.rows("SELECT count(*) AS n FROM (SELECT 1 FROM person LIMIT 1) x", NO_ARGS).await?;
        if count_of(&there)? > 0 || aside(&mut conn).await? {
            return Ok(false);
        }
        let list = tables.iter().map(|table| format!("'{table}'")).collect::<Vec<_>>().join(", ");
        let among = format!("sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({list})");
        let indexes = conn.rows(&format!("SELECT name FROM {among} ORDER BY name"), NO_ARGS).await?;
        let mut script = format!("BEGIN IMMEDIATE; CREATE TABLE laid_aside AS SELECT name, sql FROM {among}; ");
        for row in indexes {
            script.push_str(&format!("DROP INDEX {}; ", row.text("name")?));
        }
        conn.script(&script).await?;
        conn.script("COMMIT; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 40000").await?;
        Ok(true)
    }

    /// Whether indexes are set aside: a load goes on, or ended before its time.
    pub(crate) async fn indexes_are_aside(&self) -> Result<bool, StorageError> {
        let Self::Sqlite { writer, .. } = self else { return Ok(false) };
        aside(&mut writer.alone().await?.conn()).await
    }

    /// The right to load very many people and to finish such a load, of one process at a time and for as long as the value
    /// lives, however that ends. `None`: another has it, or nothing is ever set aside here.
    pub(crate) fn claim_load(&self) -> Result<Option<File>, StorageError> {
        let Self::Sqlite { readers, .. } = self else { return Ok(None) };
        let mut path = readers.connect_options().get_filename().as_os_str().to_owned();
        path.push("-load");
        let file = File::options().create(true).append(true).open(path);
        let file = file.map_err(|error| StorageError::Broken(format!("the lock of a load: {error}")))?;
        Ok(file.try_lock().is_ok().then_some(file))
    }

    /// Empties the write-ahead log into the database, so that what was deleted is in no file any more; `false` when somebody
    /// still reads an older state. On a connection of its own, because the writer shall not stand still for it.
    pub(crate) async fn empty_log(&self) -> Result<bool, StorageError> {
        let Self::Sqlite { readers, .. } = self else { return Ok(true) };
        let options = readers.connect_options();
        let options = sqlite_options(options.get_filename()).busy_timeout(LOG_PATIENCE);
        let mut conn = options.pragma("secure_delete", "ON").connect().await?;
        let rows = Conn::Sqlite(&mut conn).rows("PRAGMA wal_checkpoint(TRUNCATE)", NO_ARGS).await;
        conn.close().await?;
        match rows {
            Ok(rows) => Ok(rows.first().map(|row| row.int("busy")).transpose()? == Some(0)),
            Err(StorageError::Busy(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What stands in the header of a file besides its rows (`restored`); a server has no such place.
    pub(crate) async fn mark(&self) -> Result<i64, StorageError> {
        let Self::Sqlite { writer, .. } = self else { return Ok(0) };
        let rows = writer.alone().await?.conn().rows("PRAGMA user_version", NO_ARGS).await?;
        rows.first().map_or(Ok(0), |row| row.int("user_version"))
    }

    /// Empties it.
    pub(crate) async fn take_mark(&self) -> Result<(), StorageError> {
        let Self::Sqlite { writer, .. } = self else { return Ok(()) };
        writer.between_groups("PRAGMA user_version = 0").await
    }

    /// From now on a turn is answered before its group is committed: a control shows what waiting for it holds.
    #[cfg(feature = "testing")]
    pub(crate) async fn answer_early(&self) -> Result<(), StorageError> {
        if let Self::Sqlite { writer, .. } = self {
            writer.alone().await?.early = true;
        }
        Ok(())
    }

    /// How large the file may become: what a full disk looks like to SQLite.
    #[cfg(feature = "testing")]
    pub(crate) async fn limit_pages(&self, pages: i64) -> Result<(), StorageError> {
        let Self::Sqlite { writer, .. } = self else { return Ok(()) };
        writer.between_groups(&format!("PRAGMA max_page_count = {pages}")).await
    }

    /// Builds what was set aside, in one transaction, and waits for the disk again. Everything is on it at the end.
    pub(crate) async fn take_indexes_back(&self) -> Result<(), StorageError> {
        let Self::Sqlite { writer, .. } = self else { return Ok(()) };
        let mut seat = writer.alone().await?;
        let mut conn = seat.conn();
        if aside(&mut conn).await? {
            let mut script = "BEGIN IMMEDIATE; ".to_owned();
            for row in conn.rows("SELECT sql FROM laid_aside ORDER BY name", NO_ARGS).await? {
                script.push_str(&row.text("sql")?);
                script.push_str("; ");
            }
            script.push_str("DROP TABLE laid_aside");
            if let Err(error) = conn.script(&script).await {
                let _ = conn.script("ROLLBACK").await;
                return Err(error);
            }
            conn.script("COMMIT").await?;
        }
        let script = format!(
            "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = {LOG_PAGES}; PRAGMA wal_checkpoint(TRUNCATE)"
        );
        conn.script(&script).await
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { readers, writer } => {
                let _ = writer.between_groups("PRAGMA wal_checkpoint(TRUNCATE)").await;
                readers.close().await;
            }
            Self::Postgres { pool } => pool.close().await,
        }
    }
}

/// Begins a transaction, in a task of its own once a connection is there. The driver undoes a transaction whose beginning was
/// answered; of a caller who goes away before, it puts the connection back with the transaction open, and the next would go
/// on in it. Who only waits for a connection leaves the queue.
async fn begun(pool: &PgPool, opening: String) -> Result<Transaction<'static, Postgres>, StorageError> {
    let conn = pool.acquire().await?;
    let opening = sqlx::AssertSqlSafe(opening).into_sql_str();
    let beginning = tokio::spawn(async move { Transaction::begin(conn, Some(opening)).await });
    Ok(beginning.await.map_err(|gone| StorageError::Broken(gone.to_string()))??)
}

async fn aside(conn: &mut Conn<'_>) -> Result<bool, StorageError> {
    let sql = "SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name = 'laid_aside'";
    Ok(count_of(&conn.rows(sql, NO_ARGS).await?)? > 0)
}

impl Sight {
    /// The role and organisation of a PostgreSQL transaction, in the round trip that begins it. `SET LOCAL` and not
    /// `set_config`: a visitor's step has several transactions, and a SELECT would be planned and answered in each. Only a
    /// hyphenated UUID enters the text.
    fn settings(self) -> String {
        match self {
            Self::Organisation(org) => format!("SET LOCAL ROLE tsunagari_app; SET LOCAL app.org_id = '{org}'"),
            Self::Keys(org) => format!("{}; SET LOCAL enable_seqscan = off", Self::Organisation(org).settings()),
            Self::Platform => "SET LOCAL ROLE tsunagari_platform".to_owned(),
        }
    }
}

impl Link {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::SqliteRead(tx) => Conn::Sqlite(&mut *tx),
            Self::SqliteTurn(turn) => Conn::Sqlite(turn.conn()),
            Self::Postgres(tx) => Conn::Postgres(&mut *tx),
        }
    }

    pub(crate) fn keep(self) -> Pending<'static, ()> {
        Box::pin(async move {
            match self {
                Self::SqliteRead(tx) => Ok(tx.commit().await?),
                Self::SqliteTurn(turn) => turn.keep().await,
                Self::Postgres(tx) => Ok(tx.commit().await?),
            }
        })
    }

    pub(crate) fn undo(self) -> Pending<'static, ()> {
        Box::pin(async move {
            match self {
                Self::SqliteRead(tx) => Ok(tx.rollback().await?),
                Self::SqliteTurn(turn) => turn.undo().await,
                Self::Postgres(tx) => Ok(tx.rollback().await?),
            }
        })
    }

    /// How many parameters a multi-row insert carries best. Both pay for each statement: PostgreSQL the round trip, SQLite
    /// the way to its thread and a journal of the statement's own. More, and what is prepared takes too much memory.
    pub(crate) fn insert_parameters(&self) -> usize {
        match self {
            Self::SqliteRead(_) | Self::SqliteTurn(_) => 4_000,
            Self::Postgres(_) => 8_000,
        }
    }

    /// The SQL that tells the database's size in bytes.
    pub(crate) fn size_sql(&self) -> &'static str {
        match self {
            Self::SqliteRead(_) | Self::SqliteTurn(_) => {
                "SELECT page_count * page_size AS n FROM pragma_page_count(), pragma_page_size()"
            }
            Self::Postgres(_) => "SELECT pg_database_size(current_database()) AS n",
        }
    }

    /// The SQL that tells the settings of a server on which its safety and backups hang.
    pub(crate) fn settings_sql(&self) -> Option<&'static str> {
        match self {
            Self::SqliteRead(_) | Self::SqliteTurn(_) => None,
            Self::Postgres(_) => Some(
                "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', \
                 'archive_mode', 'wal_level', 'data_checksums', 'max_connections', 'ssl') ORDER BY name",
            ),
        }
    }

    /// The SQL that tells a server's clock in whole seconds.
    pub(crate) fn clock_sql(&self) -> Option<&'static str> {
        match self {
            Self::SqliteRead(_) | Self::SqliteTurn(_) => None,
            Self::Postgres(_) => Some("SELECT CAST(extract(epoch FROM clock_timestamp()) AS bigint) AS n"),
        }
    }

    /// The clause that keeps rows for this transaction until it ends; SQLite's writer is alone anyway.
    pub(crate) fn for_update(&self) -> &'static str {
        match self {
            Self::SqliteRead(_) | Self::SqliteTurn(_) => "",
            Self::Postgres(_) => " FOR UPDATE",
        }
    }

    /// The statement that waits for whoever else enters people into the organisation, until this transaction ends; SQLite's
    /// writer is alone anyway.
    pub(crate) fn arrivals_lock(&self) -> Option<&'static str> {
        match self {
            Self::SqliteRead(_) | Self::SqliteTurn(_) => None,
            Self::Postgres(_) => Some(
                "SELECT count(*) AS n FROM (SELECT pg_advisory_xact_lock(730520, hashtext(CAST($1 AS text)))) AS waited",
            ),
        }
    }

    /// Like `for_update`, passing over rows that another transaction holds (claiming work).
    pub(crate) fn for_update_skip_locked(&self) -> &'static str {
        match self {
            Self::SqliteRead(_) | Self::SqliteTurn(_) => "",
            Self::Postgres(_) => " FOR UPDATE SKIP LOCKED",
        }
    }
}

impl Conn<'_> {
    /// Waits for the right to change the schema: one process at a time.
    pub(crate) async fn lock_schema(&mut self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(_) => self.script("BEGIN IMMEDIATE").await,
            Self::Postgres(_) => self.script("BEGIN; SELECT pg_advisory_xact_lock(7305200119)").await,
        }
    }

    /// The directory of this database's numbered migrations.
    pub(crate) fn is_file(&self) -> Twin {
        match self {
            Self::Sqlite(_) => Twin::Sqlite,
            Self::Postgres(_) => Twin::Postgres,
        }
    }
}

/// A single connection that may change the schema (the owner's on PostgreSQL).
pub(crate) enum Owner {
    Sqlite(sqlx::SqliteConnection),
    Postgres(PgConnection),
}

impl Owner {
    pub(crate) async fn connect(location: &Location) -> Result<Self, StorageError> {
        match location {
            Location::File(file) => Ok(Self::Sqlite(
                sqlite_options(file)
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .connect()
                    .await?,
            )),
            Location::Server(url) => {
                Ok(Self::Postgres(reach(&PgConnectOptions::from_str(url)?.disable_statement_logging()).await?))
            }
        }
    }

    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(conn) => Conn::Sqlite(conn),
            Self::Postgres(conn) => Conn::Postgres(conn),
        }
    }

    pub(crate) async fn close(self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(conn) => Ok(conn.close().await?),
            Self::Postgres(conn) => Ok(conn.close().await?),
        }
    }
}

/// Connects to a server, or says where it should be and what keeps it from answering; never with the password.
async fn reach(options: &PgConnectOptions) -> Result<PgConnection, StorageError> {
    let place = match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    };
    let said = match tokio::time::timeout(PATIENCE, options.connect()).await {
        Ok(Ok(conn)) => return Ok(conn),
        Ok(Err(sqlx::Error::Database(refusal))) => {
            return Err(StorageError::Unreachable(format!(
                "PostgreSQL at {place} does not let this program in ({}); check user, password and database in the file that \
                 holds its URL, and the server's pg_hba.conf",
                refusal.message()
            )));
        }
        Ok(Err(sqlx::Error::Io(error))) => error.to_string(),
        Ok(Err(other)) => other.to_string(),
        Err(_) => format!("no answer within {} seconds", PATIENCE.as_secs()),
    };
    Err(StorageError::Unreachable(format!(
        "PostgreSQL at {place} cannot be reached ({said}); check that it runs, that host and port in the file that holds its \
         URL are right, and that no firewall lies between"
    )))
}

/// Sorts a driver's error by what the caller can do. A failed fsync ends the process: what the kernel dropped cannot be
/// known, and the next start recovers from the log (trust.md 2).
pub(crate) fn sort_error(error: &dyn DatabaseError) -> StorageError {
    let message = error.message().to_owned();
    if error.is_unique_violation() {
        return StorageError::Duplicate(message);
    }
    match error.code().as_deref() {
        // SQLITE_IOERR_FSYNC, SQLITE_IOERR_DIR_FSYNC
        Some("1034" | "1290") => {
            tracing::error!("fsync failed; stopping so that the log is recovered at the next start");
            std::process::exit(74)
        }
        Some("13" | "53100") => StorageError::Full,
        // SQLITE_BUSY and its kinds; serialization failure, deadlock, lock not available
        Some("5" | "261" | "517" | "773" | "40001" | "40P01" | "55P03") => StorageError::Busy(message),
        Some(code) => StorageError::Broken(format!("{message} (code {code})")),
        None => StorageError::Broken(message),
    }
}

/// The first column `n` of the first row.
pub(crate) fn count_of(rows: &[Row]) -> Result<i64, StorageError> {
    rows.first().map_or(Ok(0), |row| row.int("n"))
}

/// No arguments, with its type said.
pub(crate) const NO_ARGS: Vec<Arg> = Vec::new();

#[cfg(all(test, feature = "testing"))]
mod tests;
