//! The data directory: `tsunagari.db`, `keys/` (wrapping key, person keys, form key), `files/`, `backups/`,
//! `run.lock`, which one process holds, and where somebody put one `eras.csv`. Keys are made on first use, readable by their owner only.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{bail, ensure};
use tsunagari_kernel::Clock;

use crate::file_error::AtFile;
use crate::real_clock::{RealClock, ShiftedClock};

/// The key that every other key of the database is sealed with.
const WRAPPING: &str = "wrapping";

/// The wrapping key.
pub struct Wrapping {
    /// The key itself.
    pub key: [u8; 32],
    is_new: bool,
}

/// Who holds the directory, in words; nothing when nobody ever did.
pub fn holder(root: &Path) -> Option<String> {
    fs::read_to_string(root.join("run.lock")).ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Whether a process holds the directory now.
pub fn is_held(root: &Path) -> bool {
    File::options().write(true).open(root.join("run.lock")).is_ok_and(|lock| lock.try_lock().is_err())
}

/// An opened data directory; the lock is held as long as this value lives.
pub struct DataDir {
    root: PathBuf,
    _lock: Option<File>,
}

impl DataDir {
    /// Opens and locks it, making what is missing.
    ///
    /// # Errors
    /// Another process holds it, or it cannot be written.
    pub fn open(root: &Path) -> anyhow::Result<Self> {
        let mut dir = Self::look(root)?;
        let path = root.join("run.lock");
        let mut lock =
            File::options().create(true).truncate(false).read(true).write(true).open(&path).at("open", &path)?;
        if lock.try_lock().is_err() {
            bail!(
                "another tsunagari ({}) is running on {}; stop it first, or name another directory",
                holder(root).unwrap_or_else(|| "of an unknown process".into()),
                root.display()
            );
        }
        owner_only(&path, 0o600)?;
        // Only now: whoever was refused must still read the holder's name.
        lock.set_len(0).at("write", &path)?;
        write!(lock, "process {}, since {}", std::process::id(), RealClock.now().rfc3339()).at("write", &path)?;
        dir._lock = Some(lock);
        Ok(dir)
    }

    /// Opens it beside a running process (figures, doctor), without the lock.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn look(root: &Path) -> anyhow::Result<Self> {
        for part in ["", "keys", "files", "backups"] {
            let path = root.join(part);
            if !path.is_dir() {
                fs::create_dir_all(&path).at("make", &path)?;
                owner_only(&path, 0o700)?;
            }
        }
        owner_only(&root.join("keys"), 0o700)?;
        Ok(Self { root: root.to_owned(), _lock: None })
    }

    /// The same, for what must never make one: a wrong path is a wrong setting.
    ///
    /// # Errors
    /// There is none.
    pub fn existing(root: &Path) -> anyhow::Result<Self> {
        Self::untouched(root)?;
        Self::look(root)
    }

    /// Opens and locks one that is there; it never makes one either.
    ///
    /// # Errors
    /// There is none, another process holds it, or it cannot be written.
    pub fn reopen(root: &Path) -> anyhow::Result<Self> {
        Self::untouched(root)?;
        Self::open(root)
    }

    /// The same, for what only looks: nothing is made and nobody is shut out, so that it can say what is missing and who
    /// could read what.
    ///
    /// # Errors
    /// There is none.
    pub fn untouched(root: &Path) -> anyhow::Result<Self> {
        if !root.join("keys").is_dir() {
            bail!(
                "there is no installation at {}; is data_dir in the settings right? `tsunagari found` makes a new one",
                root.display()
            );
        }
        Ok(Self { root: root.to_owned(), _lock: None })
    }

    /// The embedded database.
    pub fn database(&self) -> PathBuf {
        self.root.join("tsunagari.db")
    }

    /// The file of person keys.
    pub fn person_keys(&self) -> PathBuf {
        self.root.join("keys").join("persons.db")
    }

    /// Mail secrets, a directory for each organisation, where the settings name no other place.
    pub fn mail_secrets(&self) -> PathBuf {
        self.root.join("keys").join("mail")
    }

    /// Uploaded files.
    pub fn files(&self) -> PathBuf {
        self.root.join("files")
    }

    /// The table of eras, where the shipped one has become too old.
    pub fn eras(&self) -> PathBuf {
        self.root.join("eras.csv")
    }

    /// Every way into a demonstration; nothing else writes passwords down.
    pub fn sign_ins(&self) -> PathBuf {
        self.root.join("sign-ins.txt")
    }

    /// The calendar of a demonstration: how far it stands from the machine's. An installation has none.
    fn calendar(&self) -> PathBuf {
        self.root.join("calendar")
    }

    /// Keeps a demonstration's calendar, for programs that look in beside it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn keep_calendar(&self, calendar: ShiftedClock) -> anyhow::Result<()> {
        let path = self.calendar();
        fs::write(&path, calendar.kept()).at("write", &path)
    }

    /// The calendar its people live by, where it is a demonstration's; nothing: the machine's.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn own_calendar(&self) -> anyhow::Result<Option<ShiftedClock>> {
        let path = self.calendar();
        if !path.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(&path).at("read", &path)?;
        let wrong = || anyhow::anyhow!("{} is no calendar; name the day with --as-of, or remove it", path.display());
        ShiftedClock::read(&text).map(Some).ok_or_else(wrong)
    }

    /// Snapshots and archives.
    pub fn backups(&self) -> PathBuf {
        self.root.join("backups")
    }

    /// A 32-byte key of this name, made on first use.
    ///
    /// # Errors
    /// It cannot be read or written, or has another length.
    pub fn key(&self, name: &str) -> anyhow::Result<[u8; 32]> {
        let path = self.root.join("keys").join(format!("{name}.key"));
        if path.exists() {
            let bytes = fs::read(&path).at("read", &path)?;
            return bytes.try_into().map_err(|_| {
                anyhow::anyhow!("{} is not a key of 32 bytes; restore it from where you keep it", path.display())
            });
        }
        let key: [u8; 32] = rand::random();
        self.keep_key(name, &key)?;
        Ok(key)
    }

    /// The key that every other key of the database is sealed with. A new one is not kept before a database was opened with
    /// it (`keep_wrapping`): whether one was lost only the database can say.
    ///
    /// # Errors
    /// It cannot be read, has another length, or is missing beside person keys.
    pub fn wrapping(&self) -> anyhow::Result<Wrapping> {
        let path = self.root.join("keys").join(format!("{WRAPPING}.key"));
        if path.exists() {
            return Ok(Wrapping { key: self.key(WRAPPING)?, is_new: false });
        }
        ensure!(
            !self.person_keys().exists(),
            "{} is missing, and what it seals is here: put it back from where you keep keys; another key opens nothing",
            path.display()
        );
        Ok(Wrapping { key: rand::random(), is_new: true })
    }

    /// Makes the keys that are not there yet, so that what a beginning leaves is whole: nothing waits for a first start.
    ///
    /// # Errors
    /// See [`Self::key`].
    pub fn make_keys(&self) -> anyhow::Result<()> {
        ["audit", "forms", "backup"].into_iter().try_for_each(|name| self.key(name).map(drop))
    }

    /// Keeps a new wrapping key.
    ///
    /// # Errors
    /// It cannot be written, or another process made one meanwhile.
    pub fn keep_wrapping(&self, wrapping: &Wrapping) -> anyhow::Result<()> {
        if wrapping.is_new { self.keep_key(WRAPPING, &wrapping.key) } else { Ok(()) }
    }

    fn keep_key(&self, name: &str, key: &[u8; 32]) -> anyhow::Result<()> {
        let path = self.root.join("keys").join(format!("{name}.key"));
        let mut file = File::options().create_new(true).write(true).open(&path).at("make", &path)?;
        owner_only(&path, 0o600)?;
        file.write_all(key).at("write", &path)?;
        file.sync_all().at("write", &path)
    }
}

#[cfg(unix)]
fn owner_only(path: &Path, mode: u32) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).at("protect", path)
}

#[cfg(not(unix))]
fn owner_only(_: &Path, _: u32) -> anyhow::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_process_is_told_who_holds_the_directory() {
        let root = tempfile::tempdir().unwrap();
        let first = DataDir::open(root.path()).unwrap();
        assert!(is_held(root.path()));
        let Err(error) = DataDir::open(root.path()) else { panic!("opened twice") };
        assert!(error.to_string().contains(&format!("process {}", std::process::id())), "{error}");
        drop(first);
        assert!(!is_held(root.path()));
        DataDir::open(root.path()).unwrap();
    }

    #[test]
    fn a_lost_wrapping_key_is_not_replaced() {
        let root = tempfile::tempdir().unwrap();
        let data = DataDir::open(root.path()).unwrap();
        let wrapping = data.wrapping().unwrap();
        let path = root.path().join("keys/wrapping.key");
        assert!(!path.exists(), "not before a database was opened with it");
        data.keep_wrapping(&wrapping).unwrap();
        assert_eq!(data.wrapping().unwrap().key, wrapping.key);
        assert!(data.keep_wrapping(&wrapping).is_err(), "what is there is not written over");
        fs::write(data.person_keys(), b"").unwrap();
        fs::remove_file(path).unwrap();
        assert!(data.wrapping().err().unwrap().to_string().contains("put it back"));
        data.key("forms").unwrap();
    }

    #[test]
    fn keys_are_their_owners_only() {
        let root = tempfile::tempdir().unwrap();
        DataDir::open(root.path()).unwrap().key("audit").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &str| fs::metadata(root.path().join(path)).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode("keys"), mode("keys/audit.key")), (0o700, 0o600));
        }
        let nowhere = root.path().join("nowhere");
        assert!(DataDir::existing(&nowhere).is_err() && DataDir::reopen(&nowhere).is_err() && !nowhere.exists());
    }
}
