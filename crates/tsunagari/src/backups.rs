//! Backups: the database with the files into one sealed archive, the person keys into another that is kept 35 days at
//! most; made on demand (`backup`) and in a rhythm by `serve`, thinned out with age. The wrapping key is never in either:
//! keep `keys/*.key` apart, once. On PostgreSQL the database's part is made by `pg_dump`; between two of them its own
//! archiving of the write-ahead log is what loses nothing (docs/operations/postgresql.md), and what lies beside the
//! database, the person keys and new files, is saved every five minutes.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, ensure};
use chrono::NaiveDateTime;
use tokio_util::sync::CancellationToken;
use tsunagari_acts::House;
use tsunagari_kernel::{Chance, Clock, Timestamp};
use tsunagari_storage::{Key, Location};

use crate::archive::{self, Writer};
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::file_error::AtFile;
use crate::real_clock::RealClock;
use crate::workplace::{SCRATCH, UNFINISHED, Workplace};

const SUFFIX: &str = ".backup";
const MAIN: &str = "tsunagari-";
const KEYS: &str = "person-keys-";
/// Files that came since the newest archive of database and files; only where that is made more seldom than keys are saved.
const FILES: &str = "files-";
/// The part of person keys in an archive, and their place in a data directory.
pub const PERSON_KEYS: &str = "keys/persons.db";
/// How snapshots before a change of the schema begin; they are not sealed.
pub const SNAPSHOT: &str = "before-migrate-";
/// How many of them stay.
const SNAPSHOTS: usize = 2;
/// Above this an online backup every five minutes would keep the disk busy.
const LARGE: i64 = 1024 * 1024 * 1024;
const OFTEN: Duration = Duration::from_secs(5 * 60);
const SELDOM: Duration = Duration::from_secs(3600);
/// A file may get its name somewhat later than its bytes.
const OVERLAP: Duration = Duration::from_secs(10 * 60);
/// A backup that failed is tried again after this.
const AGAIN: Duration = Duration::from_secs(60);
const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// Where archives go.
pub fn directory(config: &Config, data: &DataDir) -> PathBuf {
    if config.backup.dir.as_os_str().is_empty() { data.backups() } else { config.backup.dir.clone() }
}

/// The two archives of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Database and files.
    pub main: PathBuf,
    /// Person keys.
    pub keys: PathBuf,
}

/// The right to write in the directory of archives and beside it.
fn enter(data: &DataDir, to: &Path) -> anyhow::Result<Workplace> {
    let own = data.backups();
    let same = own.canonicalize().ok() == to.canonicalize().ok();
    let places = [to, own.as_path()];
    Workplace::enter(if same { &places[..1] } else { &places })
}

/// Makes both archives and reads them back. Writers go on meanwhile.
///
/// # Errors
/// Something cannot be read or written; then nothing of this run stays.
pub async fn make(config: &Config, data: &DataDir, house: &House, to: &Path) -> anyhow::Result<Made> {
    std::fs::create_dir_all(to).at("make", to)?;
    let _here = enter(data, to)?;
    let stamp = RealClock.now().rfc3339().replace([':', '.'], "-");
    let made =
        Made { main: to.join(format!("{MAIN}{stamp}{SUFFIX}")), keys: to.join(format!("{KEYS}{stamp}{SUFFIX}")) };
    let scratch = tempfile::Builder::new().prefix(SCRATCH).tempdir_in(data.backups());
    let scratch = scratch.at("make a temporary directory in", &data.backups())?;
    let name = match config.database(data)? {
        Location::File(_) => "tsunagari.db",
        Location::Server(_) => "tsunagari.dump",
    };
    let Copies { database: copy, keys: keys_copy } =
        copies(house, &config.backup_role(data)?, scratch.path(), std::future::ready(())).await?;
    let key = Key::new(data.key("backup")?);
    let (files, out) = (data.files(), made.clone());
    let sealed = tokio::task::spawn_blocking(move || {
        let sealed = seal(&out, &key, name, &copy, &keys_copy, &files);
        if sealed.is_err() {
            let _ = std::fs::remove_file(&out.main);
            let _ = std::fs::remove_file(&out.keys);
        }
        sealed
    });
    sealed.await.context("the backup was cut off")??;
    drop(scratch);
    Ok(made)
}

/// Copies of what is in use.
struct Copies {
    database: PathBuf,
    keys: PathBuf,
}

/// Copies the database, then the keys: who is entered between the two has a key too many, never one too few, and who is
/// erased between them stands in the log beside the keys and is erased again when the copy is served. The other way
/// round somebody's addresses would be there and their key nowhere. `between` is for a test that writes at that moment.
async fn copies(
    house: &House,
    from: &Location,
    scratch: &Path,
    between: impl Future<Output = ()>,
) -> anyhow::Result<Copies> {
    let made = Copies { database: scratch.join("database"), keys: scratch.join("persons") };
    if house.store.snapshot(&made.database).await?.is_none() {
        dump(from, &made.database).await?;
    }
    between.await;
    house.store.snapshot_person_keys(&made.keys).await?;
    Ok(made)
}

/// Saves what lies beside the database, without the database: the person keys, and the files that came since its newest
/// archive when there are any.
///
/// # Errors
/// Something cannot be read or written; then nothing of this run stays.
pub async fn make_beside(data: &DataDir, house: &House, to: &Path) -> anyhow::Result<PathBuf> {
    std::fs::create_dir_all(to).at("make", to)?;
    let _here = enter(data, to)?;
    let stamp = RealClock.now().rfc3339().replace([':', '.'], "-");
    let (keys, files) = (to.join(format!("{KEYS}{stamp}{SUFFIX}")), to.join(format!("{FILES}{stamp}{SUFFIX}")));
    let scratch = tempfile::Builder::new().prefix(SCRATCH).tempdir_in(data.backups());
    let scratch = scratch.at("make a temporary directory in", &data.backups())?;
    let copy = scratch.path().join("persons");
    house.store.snapshot_person_keys(&copy).await?;
    let since = newest(to).and_then(|it| it.made.checked_sub(OVERLAP));
    let (key, from, out) = (Key::new(data.key("backup")?), data.files(), keys.clone());
    let sealed = tokio::task::spawn_blocking(move || {
        let fresh = files_since(&from, since)?;
        if !fresh.is_empty() {
            whole(&files, &key, |writer| {
                fresh.iter().try_for_each(|file| match file.strip_prefix(&from) {
                    Ok(inner) => writer.add(&format!("files/{}", inner.display()), file),
                    Err(_) => Ok(()),
                })
            })?;
        }
        whole(&out, &key, |writer| writer.add(PERSON_KEYS, &copy))
    });
    sealed.await.context("the backup was cut off")??;
    drop(scratch);
    Ok(keys)
}

/// Writes an archive under another name, reads it back, and only then names it.
fn whole(out: &Path, key: &Key, fill: impl FnOnce(&mut Writer<'_>) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let chance = Chance::from_entropy(rand::random());
    let begun = out.with_extension(UNFINISHED);
    let written = || -> anyhow::Result<()> {
        let mut writer = Writer::begin(&begun, key, &chance)?;
        fill(&mut writer)?;
        writer.end()?;
        archive::read(&begun, key, None).context("the archive just made does not read; do not rely on it")?;
        std::fs::rename(&begun, out).at("make", out)
    };
    let done = written();
    if done.is_err() {
        let _ = std::fs::remove_file(&begun);
    }
    done
}

/// Every file below a directory that was written after a moment; all of them without one.
fn files_since(dir: &Path, since: Option<SystemTime>) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).at("read", dir)? {
        let path = entry.at("read", dir)?.path();
        let meta = std::fs::symlink_metadata(&path).at("read", &path)?;
        if meta.is_dir() {
            found.extend(files_since(&path, since)?);
        } else if since.is_none_or(|since| meta.modified().is_ok_and(|it| it >= since)) {
            found.push(path);
        }
    }
    Ok(found)
}

fn seal(out: &Made, key: &Key, name: &str, copy: &Path, keys_copy: &Path, files: &Path) -> anyhow::Result<()> {
    whole(&out.keys, key, |writer| writer.add(PERSON_KEYS, keys_copy))?;
    whole(&out.main, key, |writer| {
        writer.add(name, copy)?;
        add_files(writer, files, "files")
    })
}

fn add_files(writer: &mut Writer<'_>, dir: &Path, name: &str) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(dir).at("read", dir)? {
        let entry = entry.at("read", dir)?;
        let inner = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().at("read", &entry.path())?.is_dir() {
            add_files(writer, &entry.path(), &inner)?;
        } else {
            writer.add(&inner, &entry.path())?;
        }
    }
    Ok(())
}

/// Dumps a PostgreSQL database. The URL goes by the environment: a command line can be read by every user of the machine.
///
/// # Errors
/// No `pg_dump`, or it failed.
pub async fn dump(from: &Location, to: &Path) -> anyhow::Result<()> {
    let Location::Server(url) = from else { return Ok(()) };
    let service = tempfile::NamedTempFile::new().context("cannot make a temporary file")?;
    std::fs::write(service.path(), crate::pg_service::text(url)?).at("write", service.path())?;
    let out = tokio::process::Command::new("pg_dump")
        .args(["--format=custom", "--no-owner", "--file"])
        .arg(to)
        .env("PGSERVICEFILE", service.path())
        .env("PGSERVICE", crate::pg_service::NAME)
        .output()
        .await
        .context("pg_dump is not here; install postgresql-client")?;
    let said = String::from_utf8_lossy(&out.stderr);
    ensure!(out.status.success(), "pg_dump failed: {}", said.lines().next().unwrap_or("without a word"));
    Ok(())
}

/// What a scheduled backup needs.
pub struct Schedule {
    /// The settings.
    pub config: Config,
    /// The house.
    pub house: House,
    /// Where archives go.
    pub archives: PathBuf,
}

impl Schedule {
    async fn rhythm(&self) -> Duration {
        if self.config.backup.every_minutes > 0 {
            return Duration::from_secs(u64::from(self.config.backup.every_minutes) * 60);
        }
        let small = self.house.store.bytes().await.is_ok_and(|bytes| bytes < LARGE);
        if small && self.config.database.url_file.as_os_str().is_empty() { OFTEN } else { SELDOM }
    }

    /// Removes what an interrupted backup left; before the first backup, which may be an hour away.
    fn tidy(&self) -> anyhow::Result<()> {
        std::fs::create_dir_all(&self.archives).at("make", &self.archives)?;
        enter(&DataDir::existing(&self.config.data_dir)?, &self.archives).map(drop)
    }

    /// How often what lies beside the database is saved alone; a run that is as frequent saves it anyway.
    fn beside(&self, rhythm: Duration) -> Option<Duration> {
        (rhythm > OFTEN && !self.config.database.url_file.as_os_str().is_empty()).then_some(OFTEN)
    }

    /// How long until something is to be saved, and what then.
    async fn next(&self) -> Due {
        let rhythm = self.rhythm().await;
        let age = |prefix| {
            let made = newest_of(&self.archives, prefix)?.made;
            SystemTime::now().duration_since(made).ok()
        };
        due(rhythm, self.beside(rhythm), age(MAIN), age(KEYS))
    }

    async fn save_beside(&self) -> anyhow::Result<()> {
        let data = DataDir::existing(&self.config.data_dir)?;
        let made = make_beside(&data, &self.house, &self.archives).await?;
        let gone = thin_out(&self.archives, self.config.backup.keep_days, SystemTime::now())?;
        tracing::info!(archive = %made.display(), gone, "saved the person keys and new files");
        Ok(())
    }

    /// Saves everything, or what lies beside the database; a database that cannot be saved does not keep the rest from it.
    async fn save(&self, what: What) -> anyhow::Result<()> {
        let done = match what {
            What::Everything => self.once().await,
            What::Beside => self.save_beside().await,
        };
        match done {
            Err(error) if what == What::Everything && self.next().await.beside_is_due() => {
                self.save_beside().await?;
                Err(error)
            }
            done => done,
        }
    }

    async fn once(&self) -> anyhow::Result<()> {
        let data = DataDir::existing(&self.config.data_dir)?;
        let began = std::time::Instant::now();
        let made = make(&self.config, &data, &self.house, &self.archives).await?;
        let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let gone = thin_out(&self.archives, self.config.backup.keep_days, SystemTime::now())?;
        thin_snapshots(&data.backups(), self.config.backup.keep_days, SystemTime::now())?;
        tracing::info!(archive = %made.main.display(), ms, gone, "backed up");
        Ok(())
    }
}

/// What is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// Database, files and person keys.
    Everything,
    /// Person keys and new files.
    Beside,
}

/// What is to be saved next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Due {
    /// In how long.
    wait: Duration,
    /// What then.
    what: What,
    /// In how long the person keys, where they have a rhythm of their own.
    beside: Option<Duration>,
}

impl Due {
    fn beside_is_due(self) -> bool {
        self.beside == Some(Duration::ZERO)
    }
}

/// From the rhythms and the ages of what is there; what is not there is due at once.
fn due(rhythm: Duration, beside: Option<Duration>, main: Option<Duration>, keys: Option<Duration>) -> Due {
    let left = |rhythm: Duration, age: Option<Duration>| age.map_or(Duration::ZERO, |age| rhythm.saturating_sub(age));
    let (all, beside) = (left(rhythm, main), beside.map(|rhythm| left(rhythm, keys)));
    match beside {
        Some(wait) if wait < all => Due { wait, what: What::Beside, beside },
        _ => Due { wait: all, what: What::Everything, beside },
    }
}

/// Backs up in a rhythm until told to stop. A failure is logged and tried again; `doctor` and the metric of the newest
/// backup's age tell it too.
pub async fn keep_up(schedule: Schedule, stop: CancellationToken) {
    if let Err(error) = schedule.tidy() {
        tracing::warn!(error = format!("{error:#}"), "what an interrupted backup left could not be removed");
    }
    loop {
        let due = schedule.next().await;
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(due.wait) => {}
        }
        let done = tokio::select! {
            () = stop.cancelled() => return,
            done = schedule.save(due.what) => done,
        };
        if let Err(error) = done {
            tracing::error!(error = format!("{error:#}"), "the backup failed; it is tried again in a minute");
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(AGAIN) => {}
            }
        }
    }
}

/// An archive of database and files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// Its file.
    pub file: PathBuf,
    /// When it was made.
    pub made: SystemTime,
}

/// The newest archive of database and files.
pub fn newest(archives: &Path) -> Option<Archive> {
    newest_of(archives, MAIN)
}

fn newest_of(archives: &Path, prefix: &str) -> Option<Archive> {
    listed(archives).into_iter().filter(|it| named(&it.file, prefix)).max_by_key(|it| it.made)
}

fn named(file: &Path, prefix: &str) -> bool {
    file.file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| name.starts_with(prefix) && name.ends_with(SUFFIX))
}

fn listed(archives: &Path) -> Vec<Archive> {
    let Ok(entries) = std::fs::read_dir(archives) else { return Vec::new() };
    let archive = |entry: std::fs::DirEntry| {
        let file = entry.path();
        let ours = [MAIN, KEYS, FILES].iter().any(|prefix| named(&file, prefix));
        let made = entry.metadata().ok()?.modified().ok()?;
        ours.then_some(Archive { file, made })
    };
    entries.filter_map(Result::ok).filter_map(archive).collect()
}

/// Removes archives that age has made superfluous: all of the last two hours stay, then the newest of each hour for a
/// day, then the newest of each day for `keep_days`. How many went.
///
/// # Errors
/// One cannot be removed.
pub fn thin_out(archives: &Path, keep_days: u32, now: SystemTime) -> anyhow::Result<usize> {
    let mut gone = 0;
    for prefix in [MAIN, KEYS, FILES] {
        let mut of_kind: Vec<Archive> = listed(archives).into_iter().filter(|it| named(&it.file, prefix)).collect();
        of_kind.sort_by_key(|it| std::cmp::Reverse(it.made));
        let mut taken = HashSet::new();
        for it in of_kind {
            let age = now.duration_since(it.made).map_or(0, |age| age.as_secs());
            let since_epoch = it.made.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |it| it.as_secs());
            let stays = match age {
                age if age >= u64::from(keep_days) * DAY => false,
                age if age < 2 * HOUR => true,
                age if age < DAY => taken.insert(("hour", since_epoch / HOUR)),
                _ => taken.insert(("day", since_epoch / DAY)),
            };
            if !stays {
                std::fs::remove_file(&it.file).at("remove", &it.file)?;
                gone += 1;
            }
        }
    }
    Ok(gone)
}

/// When an archive was made, as its name says, else as its file does.
pub fn made_at(archive: &Path) -> Option<Timestamp> {
    let stamp = archive.file_stem().and_then(|name| name.to_str()).and_then(|name| name.strip_prefix(MAIN));
    let named = stamp.and_then(|it| NaiveDateTime::parse_from_str(it, "%Y-%m-%dT%H-%M-%S-%6fZ").ok());
    let micros = match named {
        Some(at) => at.and_utc().timestamp_micros(),
        None => {
            let made = std::fs::metadata(archive).ok()?.modified().ok()?;
            i64::try_from(made.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_micros()).ok()?
        }
    };
    Some(Timestamp::from_micros(micros))
}

/// Removes snapshots taken before changes of the schema, but the newest two; they are not sealed, so none stays longer than
/// archives do, because it holds whom was erased since.
///
/// # Errors
/// One cannot be removed.
pub fn thin_snapshots(dir: &Path, keep_days: u32, now: SystemTime) -> anyhow::Result<usize> {
    let mut all: Vec<Archive> = std::fs::read_dir(dir)
        .at("read", dir)?
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(SNAPSHOT))
        .filter(|entry| entry.path().extension().is_some_and(|it| it == "db" || it == "dump"))
        .filter_map(|entry| Some(Archive { made: entry.metadata().ok()?.modified().ok()?, file: entry.path() }))
        .collect();
    all.sort_by_key(|it| std::cmp::Reverse(it.made));
    let old = |it: &Archive| now.duration_since(it.made).is_ok_and(|age| age.as_secs() >= u64::from(keep_days) * DAY);
    let mut gone = 0;
    for (n, it) in all.iter().enumerate() {
        if n >= SNAPSHOTS || old(it) {
            std::fs::remove_file(&it.file).at("remove", &it.file)?;
            gone += 1;
        }
    }
    Ok(gone)
}

#[cfg(test)]
mod tests;
