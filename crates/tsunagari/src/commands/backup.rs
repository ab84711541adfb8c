//! `backup`: makes a backup now, also beside a running `serve` (which makes its own in a rhythm). Leaves how to `backups`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use crate::backups;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::real_clock::RealClock;

/// Back up the database, the files and the person keys into two sealed archives, now.
///
/// Also beside a running `serve`, which makes its own in a rhythm. Keep the archive of person keys for 35 days only, and
/// `keys/*.key` somewhere else: no archive holds them.
#[derive(Args)]
#[command(after_help = "Examples:
  tsunagari backup --config /etc/tsunagari.toml
  tsunagari backup --config /etc/tsunagari.toml --to /mnt/elsewhere")]
pub struct Backup {
    /// The settings file.
    #[arg(long, env = "TSUNAGARI_CONFIG")]
    config: Option<PathBuf>,
    /// Where the archives go; `backup.dir` of the settings otherwise.
    #[arg(long)]
    to: Option<PathBuf>,
}

impl Backup {
    /// Makes both archives and reads them back.
    ///
    /// # Errors
    /// Something cannot be read or written; then no archive of this run stays.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let config = Config::load(self.config.as_deref())?;
        let data = DataDir::existing(&config.data_dir)?;
        let to = self.to.unwrap_or_else(|| backups::directory(&config, &data));
        let house = crate::house::of(&config, &data, Arc::new(RealClock)).await?;
        let made = backups::make(&config, &data, &house, &to).await?;
        println!(
            "{}\n{}\nBoth were read back whole. Keep the second for 35 days only, and keys/*.key somewhere else.",
            made.main.display(),
            made.keys.display()
        );
        Ok(ExitCode::SUCCESS)
    }
}
