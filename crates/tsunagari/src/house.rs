//! Puts the house together from a data directory and settings: store, clocks, chance, keys.

use std::sync::Arc;

use anyhow::Context;
use tsunagari_acts::{House, LineGateway, Outside};
use tsunagari_kernel::era::{self, Eras};
use tsunagari_kernel::{Chance, Clock};
use tsunagari_storage::{Key, Keyring, Location, StorageError, Store};

use crate::config::Config;
use crate::data_dir::DataDir;
use crate::file_error::AtFile;
use crate::real_clock::RealClock;

/// An embedded database that does not open is a file; SQLite does not say which.
fn in_words(error: StorageError, data: &DataDir, location: &Location) -> anyhow::Error {
    match (error, location) {
        (StorageError::Broken(why), Location::File(file)) => anyhow::anyhow!(
            "cannot open {} or {}: {why}; run this as the user who owns them, and see that their disk is there and takes writes",
            file.display(),
            data.person_keys().display()
        ),
        (error, _) => error.into(),
    }
}

/// Puts the data directory's own table of eras in force, where there is one.
fn know_eras(data: &DataDir) -> anyhow::Result<()> {
    let path = data.eras();
    if !path.exists() {
        return Ok(());
    }
    let text = std::fs::read_to_string(&path).at("read", &path)?;
    let eras = Eras::going_on(&text).with_context(|| path.display().to_string())?;
    era::put_in_force(eras);
    let newest = era::eras().all().last().map(|it| it.name.clone()).unwrap_or_default();
    tracing::info!(newest, "eras are those of the data directory");
    Ok(())
}

/// The calendar its people live by: a demonstration's own, otherwise the machine's.
///
/// # Errors
/// A demonstration's cannot be read.
pub fn calendar(data: &DataDir) -> anyhow::Result<Arc<dyn Clock>> {
    Ok(match data.own_calendar()? {
        Some(own) => Arc::new(own),
        None => Arc::new(RealClock),
    })
}

/// Opens the house of an installation by its settings.
///
/// # Errors
/// Keys or database cannot be opened.
pub async fn of(config: &Config, data: &DataDir, clock: Arc<dyn Clock>) -> anyhow::Result<House> {
    open(data, &config.database(data)?, clock, &config.origin, config.outside(data)?).await
}

/// Opens the house on a migrated database.
///
/// # Errors
/// Keys or database cannot be opened.
pub async fn open(
    data: &DataDir,
    location: &Location,
    clock: Arc<dyn Clock>,
    origin: &str,
    outside: Outside,
) -> anyhow::Result<House> {
    know_eras(data)?;
    let chance = Arc::new(Chance::from_entropy(rand::random()));
    let wrapping = data.wrapping()?;
    let keyring = Keyring::new(Key::new(wrapping.key));
    let store = Store::open(location, &data.person_keys(), keyring, clock.clone(), chance.clone()).await;
    let store = store.map_err(|error| in_words(error, data, location))?;
    // Only now: a database that was sealed with another one has refused.
    data.keep_wrapping(&wrapping)?;
    let real_clock: Arc<dyn Clock> = Arc::new(RealClock);
    let outside = Arc::new(outside);
    let line = LineGateway::on(real_clock.clone(), outside.clone());
    Ok(House {
        store,
        clock,
        real_clock,
        chance,
        line,
        files: data.files(),
        origin: origin.to_owned(),
        outside,
        running: Arc::default(),
    })
}
