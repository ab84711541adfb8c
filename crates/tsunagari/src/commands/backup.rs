//! `backup`: the database and files into one sealed archive, the person keys into another that is to be kept 35 days
//! only; while the program runs. The wrapping key is never in either: keep `keys/*.key` apart, once.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, ensure};
use clap::Args;
use tsunagari_kernel::{Chance, Clock};
use tsunagari_storage::{Key, Location};

use crate::archive::{self, Writer};
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::real_clock::RealClock;

/// Back up the database, the files and the person keys into sealed archives.
#[derive(Args)]
pub struct Backup {
    /// The settings file.
    #[arg(long, env = "TSUNAGARI_CONFIG")]
    config: Option<PathBuf>,
    /// Where the archives go; `backups/` of the data directory otherwise.
    #[arg(long)]
    to: Option<PathBuf>,
}

impl Backup {
    /// Makes both archives and reads them back.
    ///
    /// # Errors
    /// Something cannot be read or written; then no archive of this run is whole.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let config = Config::load(self.config.as_deref())?;
        let data = DataDir::look(&config.data_dir)?;
        let to = self.to.unwrap_or_else(|| data.backups());
        let location = config.database(&data)?;
        let house = crate::house::open(&data, &location, Arc::new(RealClock), &config.origin).await?;
        let stamp = RealClock.now().rfc3339().replace([':', '.'], "-");
        let (key, chance) = (Key::new(data.key("backup")?), Chance::from_entropy(rand::random()));
        let scratch = tempfile::tempdir_in(data.backups()).context("cannot make a temporary directory in backups/")?;

        let copy = scratch.path().join("database");
        if house.store.snapshot(&copy).await?.is_none() {
            dump(&config.owner(&data)?, &copy).await?;
        }
        let name = match &location {
            Location::File(_) => "tsunagari.db",
            Location::Server(_) => "tsunagari.dump",
        };
        let main = to.join(format!("tsunagari-{stamp}.backup"));
        let mut writer = Writer::begin(&main, &key, &chance)?;
        writer.add(name, &copy)?;
        add_files(&mut writer, &data.files(), "files")?;
        writer.end()?;

        let keys_copy = scratch.path().join("persons");
        house.store.snapshot_person_keys(&keys_copy).await?;
        let keys = to.join(format!("person-keys-{stamp}.backup"));
        let mut writer = Writer::begin(&keys, &key, &chance)?;
        writer.add("keys/persons.db", &keys_copy)?;
        writer.end()?;
        for made in [&main, &keys] {
            archive::read(made, &key, None).context("the archive just made does not read; do not rely on it")?;
        }
        println!(
            "{}\n{}\nBoth were read back whole. Keep the second for 35 days only, and keys/*.key somewhere else.",
            main.display(),
            keys.display()
        );
        Ok(ExitCode::SUCCESS)
    }
}

fn add_files(writer: &mut Writer<'_>, dir: &Path, name: &str) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let inner = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            add_files(writer, &entry.path(), &inner)?;
        } else {
            writer.add(&inner, &entry.path())?;
        }
    }
    Ok(())
}

async fn dump(owner: &Location, to: &Path) -> anyhow::Result<()> {
    let Location::Server(url) = owner else { return Ok(()) };
    let status =
        tokio::process::Command::new("pg_dump").args(["--format=custom", "--file"]).arg(to).arg(url).status().await;
    ensure!(status.context("pg_dump is not here; install postgresql-client")?.success(), "pg_dump failed; see above");
    Ok(())
}
