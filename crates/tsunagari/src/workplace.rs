//! Where backups are being made: a lock that every process holds while it writes there, and what an interrupted one left.
//! Whoever finds nobody else at work removes the leftovers, which may hold a database in clear. The lock ends with its
//! process, however that ends.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::file_error::AtFile;

const LOCK: &str = ".making.lock";
/// How unfinished directories begin.
pub const SCRATCH: &str = ".making-";
/// How unfinished files end.
pub const UNFINISHED: &str = "making";

/// The right to write in some directories for as long as the value lives.
pub struct Workplace {
    _locks: Vec<File>,
}

impl Workplace {
    /// Enters, removing what interrupted processes left where nobody else is at work.
    ///
    /// # Errors
    /// A directory cannot be written, or a leftover not be removed.
    pub fn enter(directories: &[&Path]) -> anyhow::Result<Self> {
        let mut locks = Vec::new();
        for dir in directories {
            let path = dir.join(LOCK);
            let lock = File::options().create(true).append(true).open(&path).at("open", &path)?;
            if lock.try_lock().is_ok() {
                for leftover in leftovers(dir) {
                    tracing::warn!(file = %leftover.display(), "an interrupted backup left this; it is removed");
                    let removed = match leftover.is_dir() {
                        true => std::fs::remove_dir_all(&leftover),
                        false => std::fs::remove_file(&leftover),
                    };
                    removed.at("remove", &leftover)?;
                }
                lock.unlock().at("unlock", &path)?;
            }
            lock.lock_shared().at("lock", &path)?;
            locks.push(lock);
        }
        Ok(Self { _locks: locks })
    }
}

/// Only what this program names so: the directory may be somebody's own.
fn leftovers(dir: &Path) -> Vec<PathBuf> {
    let ours = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let begun =
            ["tsunagari-", "person-keys-", "files-", "before-migrate-"].iter().any(|prefix| name.starts_with(prefix));
        let unfinished = path.extension().is_some_and(|it| it == UNFINISHED);
        (path.is_dir() && name.starts_with(SCRATCH)) || (begun && unfinished)
    };
    let entries = std::fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    entries.map(|entry| entry.path()).filter(ours).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plant(dir: &Path) {
        std::fs::write(dir.join("tsunagari-1.making"), "cut off").unwrap();
        std::fs::create_dir(dir.join(".making-abc")).unwrap();
        std::fs::write(dir.join(".making-abc/database"), "in clear").unwrap();
        std::fs::write(dir.join("tsunagari-1.backup"), "whole").unwrap();
        std::fs::write(dir.join("somebody.making"), "of somebody else").unwrap();
    }

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            std::fs::read_dir(dir).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.retain(|name| name != LOCK);
        names.sort();
        names
    }

    #[test]
    fn leftovers_go_when_nobody_is_at_work() {
        let dir = tempfile::tempdir().unwrap();
        let first = Workplace::enter(&[dir.path()]).unwrap();
        plant(dir.path());
        let second = Workplace::enter(&[dir.path()]).unwrap();
        assert_eq!(names(dir.path()).len(), 4, "somebody is at work: nothing is touched");
        drop((first, second));
        let _alone = Workplace::enter(&[dir.path()]).unwrap();
        assert_eq!(names(dir.path()), ["somebody.making", "tsunagari-1.backup"]);
    }
}
