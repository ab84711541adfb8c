//! What every part stands on: which database, how many people, the server's binary, and the towns made for measuring.
//! Leaves towns to `town`, clusters to `tsunagari-cluster`.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::ValueEnum;
use tokio::sync::OnceCell;
use tsunagari_cluster::Cluster;

use crate::people::Known;
use crate::town::Town;
use crate::upkeep;

/// Settings of the server that are not PostgreSQL's own; everything that makes a commit durable stays on.
const SETTINGS: &[&str] = &["shared_buffers=256MB", "max_wal_size=4GB", "max_connections=100"];

/// Lets PostgreSQL count what its statements cost; measuring costs a little itself.
const COUNTING: &[&str] = &[
    "shared_preload_libraries=pg_stat_statements",
    "pg_stat_statements.track_planning=on",
    "pg_stat_statements.max=10000",
];

/// The statements the server spent its time in, the dearest first.
const DEAREST: &str = r"
SELECT round(sum(total_exec_time + total_plan_time)) || ' ms (planning ' || round(sum(total_plan_time)) || ') in ' || sum(calls) || ' calls, ' || sum(rows) || ' rows: ' || said
FROM (SELECT *, left(regexp_replace(regexp_replace(query, '\s+', ' ', 'g'), '(\(?\$\d+\)?,\s*)+', '$n, ', 'g'), 400) AS said
      FROM pg_stat_statements) counted
GROUP BY said ORDER BY sum(total_exec_time + total_plan_time) DESC LIMIT 25;
SELECT 'all: ' || round(sum(total_exec_time + total_plan_time)) || ' ms in ' || sum(calls) || ' calls' FROM pg_stat_statements;
SELECT pg_stat_statements_reset();
";

/// Which database is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Database {
    /// The embedded one.
    Sqlite,
    /// A cluster made for this run, with fsync on.
    Postgres,
}

impl Database {
    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// One run on one database.
pub struct Bench {
    /// Which.
    pub database: Database,
    /// How many people the shared town has.
    pub people: u64,
    /// The server.
    pub binary: PathBuf,
    /// Where databases lie.
    pub root: PathBuf,
    cluster: Option<Cluster>,
    counting: bool,
    town: OnceCell<Town>,
}

impl Bench {
    /// Begins a run below a directory.
    ///
    /// # Errors
    /// The cluster cannot be started, or there is no server to measure.
    pub fn begin(database: Database, people: u64, binary: PathBuf, root: PathBuf, counting: bool) -> Result<Self> {
        ensure!(binary.exists(), "there is no server at {}; build it first", binary.display());
        let cluster = match database {
            Database::Sqlite => None,
            Database::Postgres if counting => Some(Cluster::start(&root, &[SETTINGS, COUNTING].concat())?),
            Database::Postgres => Some(Cluster::start(&root, SETTINGS)?),
        };
        if let Some(cluster) = cluster.as_ref().filter(|_| counting) {
            cluster.ask("CREATE EXTENSION pg_stat_statements")?;
        }
        Ok(Self { database, people, binary, root, cluster, counting, town: OnceCell::new() })
    }

    /// The town that parts share; made when first asked for.
    ///
    /// # Errors
    /// It cannot be made.
    pub async fn town(&self) -> Result<&Town> {
        self.town.get_or_try_init(|| self.fresh(self.people, Known::ThisYear)).await
    }

    /// A town of a part's own.
    ///
    /// # Errors
    /// It cannot be made.
    pub async fn fresh(&self, people: u64, known: Known) -> Result<Town> {
        Town::found(self, people, known).await
    }

    /// The statements of the part that has just run, the dearest first, and forgets them; nothing where no server counts.
    ///
    /// # Errors
    /// The server is gone, or was not told to count.
    pub fn dearest_statements(&self) -> Result<Option<String>> {
        self.cluster.as_ref().filter(|_| self.counting).map(|cluster| cluster.ask(DEAREST)).transpose()
    }

    /// After a warm-up: lets a server look at its tables again, as it does by itself once they have been in use for a while.
    /// Until then it may look for a row in all of a table it knows nothing of (docs/decisions/0011).
    ///
    /// # Errors
    /// The server is gone.
    pub fn settle(&self) -> Result<()> {
        self.cluster.as_ref().map_or(Ok(()), upkeep::in_use)
    }

    /// The cluster's super-user, when there is a cluster.
    pub fn cluster(&self) -> Option<&Cluster> {
        self.cluster.as_ref()
    }
}
