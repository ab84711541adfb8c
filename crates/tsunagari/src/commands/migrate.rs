//! `migrate`: brings the database to this program's version. A snapshot is taken first; on PostgreSQL by `pg_dump`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use tsunagari_kernel::Clock;
use tsunagari_storage::{Location, migrate};

use crate::backups;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::real_clock::RealClock;

/// Bring the database to this program's version.
#[derive(Args)]
pub struct Migrate {
    /// The settings file.
    #[arg(long, env = "TSUNAGARI_CONFIG")]
    config: Option<PathBuf>,
    /// Go on without a snapshot (PostgreSQL without pg_dump: you have a backup of your own).
    #[arg(long)]
    no_snapshot: bool,
}

impl Migrate {
    /// Does it.
    ///
    /// # Errors
    /// No snapshot, no connection, or a migration that failed.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let config = Config::load(self.config.as_deref())?;
        let data = DataDir::open(&config.data_dir)?;
        let owner = config.owner(&data)?;
        let standing = migrate::standing(&owner).await?;
        if standing.at == standing.known {
            println!("The database is at schema {} already; nothing to do.", standing.at);
            return Ok(ExitCode::SUCCESS);
        }
        if standing.at > 0 && !self.no_snapshot {
            let to = snapshot(&config, &data).await?;
            println!("Snapshot before migrating: {}", to.display());
        }
        let now = migrate::migrate(&owner, RealClock.now().micros()).await?;
        println!("The database is at schema {} now (it was at {}).", now.at, standing.at);
        Ok(ExitCode::SUCCESS)
    }
}

/// Copies a database before its schema changes.
async fn snapshot(config: &Config, data: &DataDir) -> anyhow::Result<PathBuf> {
    let stamp = RealClock.now().rfc3339().replace([':', '.'], "-");
    match config.database(data)? {
        file @ Location::File(_) => {
            let to = data.backups().join(format!("before-migrate-{stamp}.db"));
            migrate::snapshot_file(&file, &to).await?;
            Ok(to)
        }
        Location::Server(_) => {
            let to = data.backups().join(format!("before-migrate-{stamp}.dump"));
            let dumped = async { backups::dump(&config.backup_role(data)?, &to).await };
            dumped.await.context("no snapshot; mend that, or take a backup of your own and say --no-snapshot")?;
            Ok(to)
        }
    }
}
