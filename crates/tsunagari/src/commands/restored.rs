//! `restored`: tells a database that it was restored from an older state, where `restore` could not mark it: one loaded from a
//! dump, brought back by a server's own archive, or put back from a snapshot. Leaves what follows to the act, which a marked
//! database goes through by itself when `serve` starts.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tsunagari_kernel::{Clock, Timestamp};

use super::given;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::real_clock::RealClock;
use crate::upkeep;

/// Say that this database was restored from an older state, before `serve` starts on it.
///
/// Messages that waited or were being sent then stand still until somebody in the office resumes or cancels each, requests
/// that had begun are of unknown outcome, letters older than a day do not leave, and Today says why. `restore` does this for
/// an embedded database; run it yourself after loading a dump, after PostgreSQL's own recovery, and after putting a snapshot back.
#[derive(Args)]
#[command(after_help = "Example:
  tsunagari restored --config /etc/tsunagari.toml --of 2026-03-16T02:00:00+09:00")]
pub struct Restored {
    /// The settings file.
    #[arg(long, env = "TSUNAGARI_CONFIG")]
    config: Option<PathBuf>,
    /// The moment the database was brought back to, in the past: 2026-03-16T02:00:00+09:00.
    #[arg(long, value_parser = given::moment)]
    of: Timestamp,
}

impl Restored {
    /// Settles it, while nothing serves.
    ///
    /// # Errors
    /// A process holds the directory, or the database cannot be used.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let config = Config::load(self.config.as_deref())?;
        let now = RealClock.now();
        anyhow::ensure!(
            self.of <= now,
            "--of {} is a moment to come; now it is {}. Name the moment the database was brought back to",
            self.of.rfc3339(),
            now.rfc3339()
        );
        let data = DataDir::reopen(&config.data_dir)?;
        let house = crate::house::of(&config, &data, Arc::new(RealClock)).await?;
        let done = upkeep::settle(&house, self.of).await?;
        println!(
            "{} messages stand still until somebody resumes or cancels them, {} deliveries are of unknown outcome, {} old \
             letters were dropped. Today tells the office.",
            done.held, done.unknown, done.letters
        );
        house.store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
