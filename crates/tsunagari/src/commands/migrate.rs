//! `migrate`: brings the database to this program's version. A snapshot is taken first; on PostgreSQL by `pg_dump`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::SystemTime;

use anyhow::Context;
use clap::Args;
use tsunagari_kernel::Clock;
use tsunagari_storage::{Location, migrate};

use crate::backups;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::file_error::AtFile;
use crate::real_clock::RealClock;
use crate::workplace::{UNFINISHED, Workplace};

/// Bring the database to this program's version, after a snapshot.
///
/// `serve` must be stopped. The snapshot is not sealed; only the program's user can read it, and the newest two are kept.
#[derive(Args)]
#[command(after_help = "Example:
  tsunagari migrate --config /etc/tsunagari.toml")]
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
        let data = DataDir::reopen(&config.data_dir)?;
        let owner = config.owner(&data)?;
        let standing = migrate::standing(&owner).await?;
        // Before anything is copied: an older program changes nothing here, however often it is started.
        standing.known_here()?;
        if standing.at == standing.known {
            println!("The database is at schema {} already; nothing to do.", standing.at);
            return Ok(ExitCode::SUCCESS);
        }
        if standing.at > 0 && !self.no_snapshot {
            let to = snapshot(&config, &data).await?;
            println!("Snapshot before migrating: {}. It is not sealed; the newest two are kept.", to.display());
        }
        let now = migrate::migrate(&owner, RealClock.now().micros()).await?;
        backups::thin_snapshots(&data.backups(), config.backup.keep_days, SystemTime::now())?;
        println!("The database is at schema {} now (it was at {}).", now.at, standing.at);
        Ok(ExitCode::SUCCESS)
    }
}

/// Copies a database before its schema changes.
async fn snapshot(config: &Config, data: &DataDir) -> anyhow::Result<PathBuf> {
    let stamp = RealClock.now().rfc3339().replace([':', '.'], "-");
    let dir = data.backups();
    let _here = Workplace::enter(&[&dir])?;
    let begun = dir.join(format!("{}{stamp}.{UNFINISHED}", backups::SNAPSHOT));
    let ending = match config.database(data)? {
        file @ Location::File(_) => {
            migrate::snapshot_file(&file, &begun).await?;
            "db"
        }
        Location::Server(_) => {
            let dumped = async { backups::dump(&config.backup_role(data)?, &begun).await };
            dumped.await.context("no snapshot; mend that, or take a backup of your own and say --no-snapshot")?;
            "dump"
        }
    };
    // Only a whole one has a name to go back to.
    let to = begun.with_extension(ending);
    std::fs::rename(&begun, &to).at("make", &to)?;
    Ok(to)
}
