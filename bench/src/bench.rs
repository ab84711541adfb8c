//! What every part stands on: which database, how many people, the server's binary, and the towns made for measuring.
//! Leaves towns to `town`, clusters to `tsunagari-cluster`.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::ValueEnum;
use tokio::sync::OnceCell;
use tsunagari_cluster::Cluster;

use crate::town::Town;

/// Settings of the server that are not PostgreSQL's own; everything that makes a commit durable stays on.
const SETTINGS: &[&str] = &["shared_buffers=256MB", "max_wal_size=4GB", "max_connections=100"];

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
    town: OnceCell<Town>,
}

impl Bench {
    /// Begins a run below a directory.
    ///
    /// # Errors
    /// The cluster cannot be started, or there is no server to measure.
    pub fn begin(database: Database, people: u64, binary: PathBuf, root: PathBuf) -> Result<Self> {
        ensure!(binary.exists(), "there is no server at {}; build it first", binary.display());
        let cluster = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(Cluster::start(&root, SETTINGS)?),
        };
        Ok(Self { database, people, binary, root, cluster, town: OnceCell::new() })
    }

    /// The town that parts share; made when first asked for.
    ///
    /// # Errors
    /// It cannot be made.
    pub async fn town(&self) -> Result<&Town> {
        self.town.get_or_try_init(|| self.fresh(self.people)).await
    }

    /// A town of a part's own.
    ///
    /// # Errors
    /// It cannot be made.
    pub async fn fresh(&self, people: u64) -> Result<Town> {
        Town::found(self, people).await
    }

    /// The cluster's super-user, when there is a cluster.
    pub fn cluster(&self) -> Option<&Cluster> {
        self.cluster.as_ref()
    }
}
