//! The data directory: `tsunagari.db`, `keys/` (wrapping key, person keys, form key), `files/`, `backups/`, and
//! `run.lock`, which one process holds. Keys are made on first use, readable by their owner only.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

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
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        if lock.try_lock().is_err() {
            bail!("another tsunagari is running on {}; stop it first, or name another directory", root.display());
        }
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
            fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        }
        owner_only(&root.join("keys"), 0o700)?;
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

    /// Uploaded files.
    pub fn files(&self) -> PathBuf {
        self.root.join("files")
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
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            return bytes.try_into().map_err(|_| {
                anyhow::anyhow!("{} is not a key of 32 bytes; restore it from where you keep it", path.display())
            });
        }
        let key: [u8; 32] = rand::random();
        let mut file = File::options()
            .create_new(true)
            .write(true)
            .open(&path)
            .with_context(|| format!("cannot make {}", path.display()))?;
        owner_only(&path, 0o600)?;
        file.write_all(&key)?;
        file.sync_all()?;
        Ok(key)
    }
}

#[cfg(unix)]
fn owner_only(path: &Path, mode: u32) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .with_context(|| format!("cannot protect {}", path.display()))
}

#[cfg(not(unix))]
fn owner_only(_: &Path, _: u32) -> anyhow::Result<()> {
    Ok(())
}
