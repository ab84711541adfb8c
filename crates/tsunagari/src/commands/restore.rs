//! `restore`: takes archives of `backup` apart into a new data directory, or with `--verify` reads them whole and looks
//! whether the database inside is sound. The newest person keys given decide who is forgotten: `serve` erases again whom
//! their log names and an older database still holds, and it settles what the database cannot know since its backup, which
//! is why the database is marked. Everything is put together beside its place and gets its names at the end, the database
//! last: whatever ends this early leaves no database that could be served without its mark or its keys. Leaves both to acts.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Args;
use tsunagari_kernel::Timestamp;
use tsunagari_storage::kept_keys::{KeptKeys, copy_keys, look_at_keys, people_without_key};
use tsunagari_storage::{Key, Location, migrate, restored};

use crate::backups::PERSON_KEYS;
use crate::file_error::AtFile;
use crate::{archive, backups};

/// Where everything is put together.
const BESIDE: &str = ".restoring";
/// The database in an archive and in a data directory, of either kind.
const DATABASES: [&str; 2] = ["tsunagari.db", "tsunagari.dump"];

/// Restore archives into a new directory, or verify that they are whole.
///
/// Every archive is read whole before anything is written. The database that comes out is marked: messages that waited or
/// were being sent when the backup was made stand still from the first start on until somebody resumes or cancels each.
#[derive(Args)]
#[command(after_help = "Examples:
  tsunagari restore --verify backups/tsunagari-TIME.backup backups/person-keys-TIME.backup --key keys/backup.key
  tsunagari restore tsunagari-TIME.backup person-keys-TIME.backup --key SAFE/backup.key --to /var/lib/tsunagari-new")]
pub struct Restore {
    /// The archives: the main one, one or more of person keys, of which the newest is taken, and of files.
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
        let mut given = Given::default();
        for file in &self.archives {
            let parts = archive::read(file, &key, None).with_context(|| file.display().to_string())?;
            let count = if parts.len() == 1 { "1 part".to_owned() } else { format!("{} parts", parts.len()) };
            println!("{} is whole: {count}", file.display());
            given.take(file, &parts);
        }
        let Some(to) = self.to.as_ref().filter(|_| !self.verify) else {
            self.check_inside(&given, &key).await?;
            return Ok(ExitCode::SUCCESS);
        };
        refuse_used(to)?;
        ensure!(
            !given.keys.is_empty() || self.person_keys.is_some(),
            "no person keys were given: without them nothing sealed opens and nobody erased since is forgotten; give the newest \
             person-keys archive, or the keys/persons.db of the old installation (--person-keys)"
        );
        std::fs::create_dir_all(to).at("make", to)?;
        let beside = to.join(BESIDE);
        if beside.exists() {
            std::fs::remove_dir_all(&beside).at("remove", &beside)?;
        }
        let done = self.put_together(&given, &key, &beside, to).await;
        if beside.exists() {
            std::fs::remove_dir_all(&beside).at("remove", &beside)?;
        }
        tell_what_next(to, done?);
        Ok(ExitCode::SUCCESS)
    }

    /// Everything beside its place, marked; then it gets its names. When the backup of the database was made.
    async fn put_together(
        &self,
        given: &Given<'_>,
        key: &Key,
        beside: &Path,
        to: &Path,
    ) -> anyhow::Result<Option<Timestamp>> {
        std::fs::create_dir_all(beside.join("keys")).at("make", beside)?;
        protect(beside)?;
        for file in &given.main {
            archive::read(file, key, Some(beside))?;
        }
        for (n, file) in given.files.iter().enumerate() {
            let parts = beside.join(format!("more-{n}"));
            archive::read(file, key, Some(&parts))?;
            move_into(&parts.join("files"), &beside.join("files"))?;
        }
        let of = given.main.iter().find_map(|file| backups::made_at(file));
        let database = beside.join("tsunagari.db");
        if let Some(of) = of.filter(|_| database.exists()) {
            restored::mark_restored(&database, of).await?;
        }
        self.newest_keys(&given.keys, key, beside).await?;
        std::fs::create_dir_all(to.join("keys")).at("make", &to.join("keys"))?;
        protect(to)?;
        move_into(&beside.join("files"), &to.join("files"))?;
        for part in [PERSON_KEYS].into_iter().chain(DATABASES) {
            let (from, place) = (beside.join(part), to.join(part));
            if from.exists() {
                std::fs::rename(&from, &place).at("make", &place)?;
            }
        }
        Ok(of)
    }

    /// Puts the newest of the person keys into their place, and says what their log will do.
    async fn newest_keys(&self, archives: &[&Path], key: &Key, to: &Path) -> anyhow::Result<()> {
        let keys = to.join("keys");
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

    /// Looks whether what is inside is sound, and whether the keys given open what is sealed in the database.
    async fn check_inside(&self, given: &Given<'_>, key: &Key) -> anyhow::Result<()> {
        let place = self.scratch.clone().unwrap_or_else(std::env::temp_dir);
        let scratch = tempfile::tempdir_in(&place).at("make a temporary directory in", &place)?;
        let (mut databases, mut keys) = (Vec::new(), Vec::new());
        for (n, file) in given.main.iter().chain(&given.keys).copied().enumerate() {
            let told = || file.display().to_string();
            let dir = scratch.path().join(n.to_string());
            archive::read(file, key, Some(&dir)).with_context(told)?;
            for (name, found) in [("tsunagari.db", &mut databases), (PERSON_KEYS, &mut keys)] {
                let inside = dir.join(name);
                if inside.exists() {
                    let sound = migrate::check_file(&inside).await;
                    sound.with_context(|| format!("{name} inside is not sound")).with_context(told)?;
                    println!("  {name}: sound");
                    found.push((inside, file));
                }
            }
            if let Some((database, _)) = databases.last().filter(|_| dir.join("tsunagari.db").exists()) {
                let standing = migrate::standing(&Location::File(database.clone())).await?;
                ensure!(standing.at > 0, "the database inside is empty");
                println!("  schema {} (this program knows {})", standing.at, standing.known);
            }
        }
        let mut newest: Option<(KeptKeys, &Path)> = None;
        for (keys, _) in &keys {
            let kept = look_at_keys(keys).await?;
            newest = newest.filter(|(known, _)| *known > kept).or(Some((kept, keys)));
        }
        for (database, file) in &databases {
            let Some((_, keys)) = newest else {
                println!("  whether keys open what is sealed in it: give a person-keys archive as well");
                continue;
            };
            let without = people_without_key(database, keys).await?;
            ensure!(
                without == 0,
                "{}: {without} people have addresses in it and no key in the person keys given; give the person keys of the \
                 same moment or a later one",
                file.display()
            );
            println!("  every address in it has its key in the person keys given");
        }
        Ok(())
    }
}

/// The archives, by what is in them.
#[derive(Default)]
struct Given<'a> {
    main: Vec<&'a Path>,
    keys: Vec<&'a Path>,
    /// Files that came after an archive of database and files.
    files: Vec<&'a Path>,
}

impl<'a> Given<'a> {
    fn take(&mut self, file: &'a Path, parts: &[String]) {
        let holds = |name: &str| parts.iter().any(|part| part == name);
        let among = match () {
            () if holds(PERSON_KEYS) => &mut self.keys,
            () if DATABASES.into_iter().any(holds) => &mut self.main,
            () => &mut self.files,
        };
        among.push(file);
    }
}

/// Moves what lies below a directory into another, over what has the same name there.
fn move_into(from: &Path, to: &Path) -> anyhow::Result<()> {
    if !from.exists() {
        return Ok(());
    }
    std::fs::create_dir_all(to).at("make", to)?;
    for entry in std::fs::read_dir(from).at("read", from)? {
        let entry = entry.at("read", from)?;
        let (old, new) = (entry.path(), to.join(entry.file_name()));
        if old.is_dir() {
            move_into(&old, &new)?;
        } else {
            std::fs::rename(&old, &new).at("make", &new)?;
        }
    }
    Ok(())
}

fn tell_what_next(to: &Path, of: Option<Timestamp>) {
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
    } else if to.join("tsunagari.db").exists() {
        println!(
            "Messages that waited or were being sent stand still from its first start on: in the office, Today says so, and \
             somebody resumes or cancels each."
        );
    }
}

fn refuse_used(to: &Path) -> anyhow::Result<()> {
    for part in DATABASES.into_iter().chain([PERSON_KEYS]) {
        ensure!(!to.join(part).exists(), "{} holds {part} already; name a new directory", to.display());
    }
    Ok(())
}

/// What comes out of an archive is as private as what went in.
fn protect(to: &Path) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for part in [to.to_owned(), to.join("keys"), to.join("files")] {
            if part.is_dir() {
                std::fs::set_permissions(&part, std::fs::Permissions::from_mode(0o700)).at("protect", &part)?;
            }
        }
    }
    Ok(())
}
