//! `restore`: takes archives of `backup` apart into a new data directory, or with `--verify` reads them whole and looks
//! whether the database inside is sound. The newest person keys given decide who is forgotten: `serve` erases again whom
//! their log names and an older database still holds, and it settles what the database cannot know since its backup, which
//! is why the database is marked. Leaves both to acts.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Args;
use tsunagari_storage::kept_keys::{KeptKeys, copy_keys, look_at_keys};
use tsunagari_storage::{Key, Location, migrate, restored};

use crate::file_error::AtFile;
use crate::{archive, backups};

/// The part of person keys in an archive, and their place in a data directory.
const PERSON_KEYS: &str = "keys/persons.db";

/// Restore archives into a new directory, or verify that they are whole.
///
/// Every archive is read whole before anything is written. The database that comes out is marked: messages that waited or
/// were being sent when the backup was made stand still from the first start on until somebody resumes or cancels each.
#[derive(Args)]
#[command(after_help = "Examples:
  tsunagari restore --verify backups/tsunagari-TIME.backup backups/person-keys-TIME.backup --key keys/backup.key
  tsunagari restore tsunagari-TIME.backup person-keys-TIME.backup --key SAFE/backup.key --to /var/lib/tsunagari-new")]
pub struct Restore {
    /// The archives: the main one, and one or more of person keys, of which the newest is taken.
    #[arg(required = true)]
    archives: Vec<PathBuf>,
    /// The `keys/persons.db` of the old installation, where it still exists: it is newer than any archive.
    #[arg(long)]
    person_keys: Option<PathBuf>,
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
        let bytes = std::fs::read(&self.key).at("read", &self.key)?;
        let key = Key::new(bytes.try_into().map_err(|_| anyhow::anyhow!("the backup key has 32 bytes"))?);
        let (mut main, mut of_keys) = (Vec::new(), Vec::new());
        for file in &self.archives {
            let parts = archive::read(file, &key, None).with_context(|| file.display().to_string())?;
            println!("{} is whole: {} parts", file.display(), parts.len());
            if parts.iter().any(|part| part == PERSON_KEYS) { &mut of_keys } else { &mut main }.push(file.as_path());
        }
        let Some(to) = self.to.as_ref().filter(|_| !self.verify) else {
            for file in &self.archives {
                self.check_inside(file, &key).await.with_context(|| file.display().to_string())?;
            }
            return Ok(ExitCode::SUCCESS);
        };
        refuse_used(to)?;
        ensure!(
            !of_keys.is_empty() || self.person_keys.is_some(),
            "no person keys were given: without them nothing sealed opens and nobody erased since is forgotten; give the newest \
             person-keys archive, or the keys/persons.db of the old installation (--person-keys)"
        );
        std::fs::create_dir_all(to).at("make", to)?;
        let mut of = None;
        for file in main {
            archive::read(file, &key, Some(to))?;
            of = of.or(backups::made_at(file));
        }
        let database = to.join("tsunagari.db");
        if let Some(of) = of.filter(|_| database.exists()) {
            restored::mark_restored(&database, of).await?;
        }
        self.newest_keys(&of_keys, &key, to).await?;
        protect(to)?;
        println!(
            "Restored to {}. Put keys/*.key back there, then run `tsunagari doctor --data {}`.",
            to.display(),
            to.display()
        );
        if to.join("tsunagari.dump").exists() {
            let of = of.map_or_else(|| "TIME".to_owned(), |of| of.rfc3339());
            println!(
                "The database is in tsunagari.dump: load it with pg_restore (docs/operations/postgresql.md), then, before \
                 `serve`, run `tsunagari restored --of {of}`: what was delivered since is not sent again."
            );
        } else if database.exists() {
            println!(
                "Messages that waited or were being sent stand still from its first start on: in the office, Today says so, and \
                 somebody resumes or cancels each."
            );
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Puts the newest of the person keys into their place, and says what their log will do.
    async fn newest_keys(&self, archives: &[&Path], key: &Key, to: &Path) -> anyhow::Result<()> {
        let keys = to.join("keys");
        std::fs::create_dir_all(&keys).at("make", &keys)?;
        protect(to)?;
        let scratch = tempfile::tempdir_in(&keys).at("make a temporary directory in", &keys)?;
        let mut all: Vec<(KeptKeys, &Path, PathBuf)> = Vec::new();
        for (n, file) in archives.iter().copied().enumerate() {
            let dir = scratch.path().join(n.to_string());
            archive::read(file, key, Some(&dir))?;
            let found = dir.join(PERSON_KEYS);
            all.push((look_at_keys(&found).await?, file, found));
        }
        if let Some(file) = &self.person_keys {
            ensure!(file.is_file(), "{} is not there", file.display());
            let found = scratch.path().join("persons.db");
            copy_keys(file, &found).await.with_context(|| file.display().to_string())?;
            all.push((look_at_keys(&found).await?, file, found));
        }
        let given = all.len();
        let Some((newest, from, found)) = all.into_iter().max_by_key(|(kept, ..)| *kept) else { return Ok(()) };
        std::fs::rename(found, to.join(PERSON_KEYS)).at("make", &to.join(PERSON_KEYS))?;
        println!("Person keys: {}{}.", from.display(), if given > 1 { ", the newest given" } else { "" });
        println!(
            "  Their log names {} erased people. Whom of them this database still holds is erased again when `tsunagari serve` \
             starts, before it answers. Whoever was erased after these keys were copied comes back: give the newest there are.",
            newest.erased
        );
        Ok(())
    }

    async fn check_inside(&self, file: &Path, key: &Key) -> anyhow::Result<()> {
        let place = self.scratch.clone().unwrap_or_else(std::env::temp_dir);
        let scratch = tempfile::tempdir_in(&place).at("make a temporary directory in", &place)?;
        archive::read(file, key, Some(scratch.path()))?;
        for name in ["tsunagari.db", PERSON_KEYS] {
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
    for part in ["tsunagari.db", "tsunagari.dump", PERSON_KEYS] {
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
                std::fs::set_permissions(&part, std::fs::Permissions::from_mode(0o700)).at("protect", &part)?;
            }
        }
    }
    Ok(())
}
