//! `restore`: takes archives of `backup` apart into a new data directory, or with `--verify` only reads them whole.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Args;
use tsunagari_storage::Key;

use crate::archive;

/// Restore archives into a new directory, or verify that they are whole.
#[derive(Args)]
pub struct Restore {
    /// The archives: the main one and the one of person keys.
    #[arg(required = true)]
    archives: Vec<PathBuf>,
    /// The backup key (`keys/backup.key`, from where you keep it).
    #[arg(long)]
    key: PathBuf,
    /// The new data directory.
    #[arg(long, required_unless_present = "verify")]
    to: Option<PathBuf>,
    /// Only read the archives whole.
    #[arg(long)]
    verify: bool,
}

impl Restore {
    /// Verifies every archive, then takes them apart.
    ///
    /// # Errors
    /// An archive that is not whole: nothing is written then.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let bytes = std::fs::read(&self.key).with_context(|| format!("cannot read {}", self.key.display()))?;
        let key = Key::new(bytes.try_into().map_err(|_| anyhow::anyhow!("the backup key has 32 bytes"))?);
        for file in &self.archives {
            let parts = archive::read(file, &key, None).with_context(|| file.display().to_string())?;
            println!("{} is whole: {} parts", file.display(), parts.len());
        }
        let Some(to) = self.to.filter(|_| !self.verify) else { return Ok(ExitCode::SUCCESS) };
        ensure!(!to.join("tsunagari.db").exists(), "{} holds a database already; name a new directory", to.display());
        for file in &self.archives {
            archive::read(file, &key, Some(&to))?;
        }
        println!("Restored to {}. Put keys/*.key back there, then run `tsunagari doctor`.", to.display());
        Ok(ExitCode::SUCCESS)
    }
}
