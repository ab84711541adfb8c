//! Puts the house together from a data directory and settings: store, clocks, chance, keys.

use std::sync::Arc;

use tsunagari_acts::House;
use tsunagari_kernel::{Chance, Clock};
use tsunagari_storage::{Key, Keyring, Location, StorageError, Store};

use crate::data_dir::DataDir;
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

/// Opens the house on a migrated database.
///
/// # Errors
/// Keys or database cannot be opened.
pub async fn open(data: &DataDir, location: &Location, clock: Arc<dyn Clock>, origin: &str) -> anyhow::Result<House> {
    let chance = Arc::new(Chance::from_entropy(rand::random()));
    let wrapping = data.wrapping()?;
    let keyring = Keyring::new(Key::new(wrapping.key));
    let store = Store::open(location, &data.person_keys(), keyring, clock.clone(), chance.clone()).await;
    let store = store.map_err(|error| in_words(error, data, location))?;
    // Only now: a database that was sealed with another one has refused.
    data.keep_wrapping(&wrapping)?;
    let real_clock: Arc<dyn Clock> = Arc::new(RealClock);
    let line = tsunagari_acts::LineGateway::on(real_clock.clone());
    Ok(House { store, clock, real_clock, chance, line, files: data.files(), origin: origin.to_owned() })
}
