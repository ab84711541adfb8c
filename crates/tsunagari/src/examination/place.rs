//! The place an installation lives in: keys and who may read them, space, backups, the machine's clock.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tsunagari_storage::{Location, migrate};

use super::Complaint;
use crate::backups;
use crate::config::Config;

/// Less space than this and the next backup may fail.
const LEAST_SPACE: u64 = 500 * 1024 * 1024;
/// A backup older than this has been missed: three times the longest rhythm.
const OLD_BACKUP: Duration = Duration::from_secs(3 * 3600);

/// Everything that can be seen without opening the database.
pub fn examine(config: &Config, location: &Location) -> Vec<Complaint> {
    let archives = archives(config);
    let mut complaints = keys(&config.data_dir);
    complaints.extend(permissions(config));
    for place in [&config.data_dir, &archives] {
        complaints.extend(space(location, place));
    }
    complaints.dedup();
    complaints.extend(clock());
    complaints
}

/// What keeps an installation through its disk's end: backups and their key. A demonstration has neither and needs neither.
pub fn kept(config: &Config) -> Vec<Complaint> {
    let mut complaints: Vec<Complaint> = backup(config, &archives(config), SystemTime::now()).into_iter().collect();
    if !config.data_dir.join("keys").join("backup.key").exists() {
        complaints.push(Complaint::look(
            "keys/backup.key is missing",
            "put it back, or let the program make another: older archives open with the old backup key only",
        ));
    }
    complaints
}

fn archives(config: &Config) -> PathBuf {
    if config.backup.dir.as_os_str().is_empty() { config.data_dir.join("backups") } else { config.backup.dir.clone() }
}

/// Keys that are not there. Without the wrapping key and the person keys nothing sealed opens.
pub fn keys(root: &Path) -> Vec<Complaint> {
    let missing = |file: &str| !root.join("keys").join(file).exists();
    let mut complaints = Vec::new();
    for file in ["wrapping.key", "persons.db", "audit.key"] {
        if missing(file) {
            complaints.push(Complaint::broken(
                format!("keys/{file} is missing"),
                "put it back from where you keep keys (persons.db: from the newest person-keys archive); nothing else opens what it seals",
            ));
        }
    }
    if missing("forms.key") {
        complaints.push(Complaint::look(
            "keys/forms.key is missing",
            "put it back, or let the program make another: open forms are then refused once",
        ));
    }
    complaints
}

/// Who may read what lies here, and whose it is.
#[cfg(unix)]
fn permissions(config: &Config) -> Vec<Complaint> {
    use std::os::unix::fs::MetadataExt;
    let mut complaints = Vec::new();
    let keys = config.data_dir.join("keys");
    let mut secret = vec![keys.clone()];
    secret.extend(std::fs::read_dir(&keys).into_iter().flatten().filter_map(Result::ok).map(|it| it.path()));
    // What lies in the directory is looked at with everything else there.
    secret.retain(|path| path.extension().is_none_or(|it| it == "key"));
    let urls = [&config.database.url_file, &config.database.owner_url_file, &config.database.backup_url_file];
    secret.extend(urls.into_iter().filter(|file| !file.as_os_str().is_empty()).cloned());
    for path in &secret {
        if std::fs::metadata(path).is_ok_and(|it| it.mode() & 0o077 != 0) {
            let fit = if path.is_dir() { "700" } else { "600" };
            complaints.push(Complaint::broken(
                format!("others on this machine can read {}", path.display()),
                format!("chmod {fit} {}", path.display()),
            ));
        }
    }
    let root = &config.data_dir;
    let mut all = Vec::new();
    look_below(root, &mut all);
    all.retain(|it| !secret.contains(&it.path));
    let owner = std::fs::metadata(root).map_or(0, |it| it.uid());
    complaints.extend(open_to_others(root, &all));
    complaints.extend(of_another(root, owner, &all));
    complaints
}

/// A file or directory with its rights and its owner's number.
#[cfg(unix)]
pub struct Seen {
    /// Where.
    pub path: PathBuf,
    /// Its nine bits.
    pub mode: u32,
    /// Whose.
    pub uid: u32,
}

/// Everything below a directory and itself; links are not followed.
#[cfg(unix)]
fn look_below(path: &Path, all: &mut Vec<Seen>) {
    use std::os::unix::fs::MetadataExt;
    let Ok(meta) = std::fs::symlink_metadata(path) else { return };
    if meta.is_symlink() {
        return;
    }
    all.push(Seen { path: path.to_owned(), mode: meta.mode() & 0o777, uid: meta.uid() });
    for entry in std::fs::read_dir(path).into_iter().flatten().filter_map(Result::ok) {
        look_below(&entry.path(), all);
    }
}

/// What others on this machine can read.
#[cfg(unix)]
pub fn open_to_others(root: &Path, all: &[Seen]) -> Option<Complaint> {
    let open: Vec<&Seen> = all.iter().filter(|it| it.mode & 0o077 != 0).collect();
    let first = open.first()?;
    Some(Complaint::look(
        format!("others on this machine can read {} files or directories, {} first", open.len(), first.path.display()),
        format!("chmod -R go= {}", root.display()),
    ))
}

/// What belongs to somebody else than the directory does: the program, which runs as that user, may not write it.
#[cfg(unix)]
pub fn of_another(root: &Path, owner: u32, all: &[Seen]) -> Option<Complaint> {
    let foreign: Vec<&Seen> = all.iter().filter(|it| it.uid != owner).collect();
    let first = foreign.first()?;
    let root = root.display();
    Some(Complaint::look(
        format!("{} files belong to another user than {root} does, {} first", foreign.len(), first.path.display()),
        format!(
            "chown -R --reference={root} {root}: a command was run as another user, usually root; run them as the program's"
        ),
    ))
}

#[cfg(not(unix))]
fn permissions(_: &Config) -> Vec<Complaint> {
    Vec::new()
}

/// A backup that is missing or old.
pub fn backup(config: &Config, archives: &Path, now: SystemTime) -> Option<Complaint> {
    let limit = match config.backup.every_minutes {
        0 => OLD_BACKUP,
        minutes => OLD_BACKUP.max(Duration::from_secs(u64::from(minutes) * 180)),
    };
    let advice = if config.backup.scheduled {
        "`tsunagari serve` backs up by itself while it runs: look for \"the backup failed\" in its log, or run `tsunagari backup` now"
    } else {
        "backup.scheduled is off: run `tsunagari backup` from a timer of the system, and now"
    };
    let Some(newest) = backups::newest(archives) else {
        return Some(Complaint::look(format!("there is no backup in {}", archives.display()), advice));
    };
    let age = now.duration_since(newest.made).unwrap_or_default();
    (age > limit).then(|| {
        let hours = age.as_secs() / 3600;
        Complaint::look(format!("the newest backup is {hours} hours old ({})", newest.file.display()), advice)
    })
}

fn space(location: &Location, place: &Path) -> Option<Complaint> {
    let free = free_space(place)?;
    let size = match location {
        Location::File(file) => std::fs::metadata(file).map_or(0, |it| it.len()),
        Location::Server(_) => 0,
    };
    (free < LEAST_SPACE.max(size * 2)).then(|| {
        Complaint::look(
            format!("only {} MB are free at {}", free / 1_048_576, place.display()),
            "make room, or name another disk in backup.dir: a backup needs twice the space of the database for a moment",
        )
    })
}

/// Free bytes as `df` tells them; nothing where there is no `df`.
fn free_space(path: &Path) -> Option<u64> {
    let out = std::process::Command::new("df").args(["--output=avail", "-B1"]).arg(path).output().ok()?;
    String::from_utf8(out.stdout).ok()?.lines().nth(1)?.trim().parse().ok()
}

/// Whether the machine's clock follows others, where systemd can tell.
fn clock() -> Option<Complaint> {
    let out = std::process::Command::new("timedatectl")
        .args(["show", "--property=NTPSynchronized", "--value"])
        .stderr(std::process::Stdio::null())
        .output()
        .ok()?;
    (String::from_utf8_lossy(&out.stdout).trim() == "no").then(|| {
        Complaint::look(
            "this machine's clock is not kept right by a time server",
            "`timedatectl set-ntp true`: one-time codes and LINE's tokens fail when the clock is a minute off",
        )
    })
}

/// Whether the files of an embedded database are sound, page by page.
pub async fn files(location: &Location, root: &Path) -> Vec<Complaint> {
    let mut files = vec![root.join("keys").join("persons.db")];
    if let Location::File(file) = location {
        files.push(file.clone());
    }
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| file.exists()) {
        if let Err(error) = migrate::check_file(file).await {
            complaints.push(Complaint::broken(
                format!("{} is damaged: {error}", file.display()),
                "stop serving, keep a copy of it, and restore the newest backup elsewhere (`tsunagari restore`)",
            ));
        }
    }
    complaints
}
