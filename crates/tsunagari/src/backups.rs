//! Backups: the database with the files into one sealed archive, the person keys into another that is kept 35 days at
//! most; made on demand (`backup`) and in a rhythm by `serve`, thinned out with age. The wrapping key is never in either:
//! keep `keys/*.key` apart, once. On PostgreSQL the database's part is made by `pg_dump`; between two of them its own
//! archiving of the write-ahead log is what loses nothing (docs/operations/postgresql.md).

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
/// How snapshots before a change of the schema begin; they are not sealed.
pub const SNAPSHOT: &str = "before-migrate-";
/// How many of them stay.
const SNAPSHOTS: usize = 2;
/// Above this an online backup every five minutes would keep the disk busy.
const LARGE: i64 = 1024 * 1024 * 1024;
const OFTEN: Duration = Duration::from_secs(5 * 60);
const SELDOM: Duration = Duration::from_secs(3600);
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
    // The keys first: whoever is entered between the two copies has a key too many, never one too few.
    let keys_copy = scratch.path().join("persons");
    house.store.snapshot_person_keys(&keys_copy).await?;
    let copy = scratch.path().join("database");
    let name = match config.database(data)? {
        Location::File(_) => "tsunagari.db",
        Location::Server(_) => "tsunagari.dump",
    };
    if house.store.snapshot(&copy).await?.is_none() {
        dump(&config.backup_role(data)?, &copy).await?;
    }
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

fn seal(out: &Made, key: &Key, name: &str, copy: &Path, keys_copy: &Path, files: &Path) -> anyhow::Result<()> {
    let chance = Chance::from_entropy(rand::random());
    // Written under another name, so that a name that ends as archives do is always whole.
    let (main, keys) = (out.main.with_extension(UNFINISHED), out.keys.with_extension(UNFINISHED));
    let written = || -> anyhow::Result<()> {
        let mut writer = Writer::begin(&main, key, &chance)?;
        writer.add(name, copy)?;
        add_files(&mut writer, files, "files")?;
        writer.end()?;
        let mut writer = Writer::begin(&keys, key, &chance)?;
        writer.add("keys/persons.db", keys_copy)?;
        writer.end()?;
        for made in [&main, &keys] {
            archive::read(made, key, None).context("the archive just made does not read; do not rely on it")?;
        }
        std::fs::rename(&keys, &out.keys).at("make", &out.keys)?;
        std::fs::rename(&main, &out.main).at("make", &out.main)?;
        Ok(())
    };
    let done = written();
    if done.is_err() {
        let _ = std::fs::remove_file(&main);
        let _ = std::fs::remove_file(&keys);
    }
    done
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

/// Backs up in a rhythm until told to stop. A failure is logged and tried again; `doctor` and the metric of the newest
/// backup's age tell it too.
pub async fn keep_up(schedule: Schedule, stop: CancellationToken) {
    if let Err(error) = schedule.tidy() {
        tracing::warn!(error = format!("{error:#}"), "what an interrupted backup left could not be removed");
    }
    loop {
        let rhythm = schedule.rhythm().await;
        let age = newest(&schedule.archives).and_then(|it| SystemTime::now().duration_since(it.made).ok());
        let wait = age.map_or(Duration::ZERO, |age| rhythm.saturating_sub(age));
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
        let done = tokio::select! {
            () = stop.cancelled() => return,
            done = schedule.once() => done,
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
    listed(archives).into_iter().filter(|it| named(&it.file, MAIN)).max_by_key(|it| it.made)
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
        let ours = named(&file, MAIN) || named(&file, KEYS);
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
    for prefix in [MAIN, KEYS] {
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
