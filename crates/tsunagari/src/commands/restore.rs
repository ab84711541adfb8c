//! `restore`: takes archives of `backup` apart into a new data directory, or with `--verify` reads them whole and looks
//! whether the database inside is sound.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Args;
use tsunagari_storage::{Key, Location, migrate};

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
    /// Read the archives whole and check the database inside, and write nothing that stays.
    #[arg(long)]
    verify: bool,
    /// Where `--verify` takes an archive apart for a moment; it needs the database's size. The system's temporary
    /// directory otherwise.
    #[arg(long)]
    scratch: Option<PathBuf>,
}

impl Restore {
    /// Verifies every archive, then takes them apart.
    ///
    /// # Errors
    /// An archive that is not whole, or a database that is not sound: nothing is written then.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let bytes = std::fs::read(&self.key).with_context(|| format!("cannot read {}", self.key.display()))?;
        let key = Key::new(bytes.try_into().map_err(|_| anyhow::anyhow!("the backup key has 32 bytes"))?);
        for file in &self.archives {
            let parts = archive::read(file, &key, None).with_context(|| file.display().to_string())?;
            println!("{} is whole: {} parts", file.display(), parts.len());
        }
        let Some(to) = self.to.as_ref().filter(|_| !self.verify) else {
            for file in &self.archives {
                self.check_inside(file, &key).await.with_context(|| file.display().to_string())?;
            }
            return Ok(ExitCode::SUCCESS);
        };
        refuse_used(to)?;
        for file in &self.archives {
            archive::read(file, &key, Some(to))?;
        }
        protect(to)?;
        println!(
            "Restored to {}. Put keys/*.key back there, then run `tsunagari doctor --data {}`.",
            to.display(),
            to.display()
        );
        if to.join("tsunagari.dump").exists() {
            println!("The database is in tsunagari.dump: load it with pg_restore (docs/operations/postgresql.md).");
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn check_inside(&self, file: &Path, key: &Key) -> anyhow::Result<()> {
        let scratch = match &self.scratch {
            Some(dir) => tempfile::tempdir_in(dir),
            None => tempfile::tempdir(),
        };
        let scratch = scratch.context("cannot make a temporary directory")?;
        archive::read(file, key, Some(scratch.path()))?;
        for name in ["tsunagari.db", "keys/persons.db"] {
            let path = scratch.path().join(name);
            if !path.exists() {
                continue;
            }
            migrate::check_file(&path).await.with_context(|| format!("{name} inside is not sound"))?;
            println!("  {name}: sound");
        }
        let database = Location::File(scratch.path().join("tsunagari.db"));
        if scratch.path().join("tsunagari.db").exists() {
            let standing = migrate::standing(&database).await?;
            ensure!(standing.at > 0, "the database inside is empty");
            println!("  schema {} (this program knows {})", standing.at, standing.known);
        }
        Ok(())
    }
}

fn refuse_used(to: &Path) -> anyhow::Result<()> {
    for part in ["tsunagari.db", "tsunagari.dump", "keys/persons.db"] {
        ensure!(!to.join(part).exists(), "{} holds {part} already; name a new directory", to.display());
    }
    Ok(())
}

/// What comes out of an archive is as private as what went in.
fn protect(to: &Path) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for part in [to.to_owned(), to.join("keys")] {
            if part.is_dir() {
                std::fs::set_permissions(&part, std::fs::Permissions::from_mode(0o700))?;
            }
        }
    }
    Ok(())
}
