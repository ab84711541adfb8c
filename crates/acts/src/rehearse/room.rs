//! The room a programme is rehearsed in: an installation of its own in a temporary directory, on the embedded database, with its own
//! calendar and keys. It goes with everything in it when it is dropped. Leaves playing to `rehearse`.

use std::sync::Arc;

use tempfile::TempDir;
use tsunagari_kernel::{Chance, Clock, FixedClock, Timestamp};
use tsunagari_storage::{Key, Keyring, Location, Store, migrate};

use crate::{ActError, House, LineGateway, Outside};

/// The room.
pub struct Room {
    /// The installation.
    pub house: House,
    /// Its calendar.
    pub calendar: Arc<FixedClock>,
    _directory: TempDir,
}

impl Room {
    /// Makes it. `real_clock` is the program's own; chance comes from it and from `entropy`.
    ///
    /// # Errors
    /// The machine has no temporary directory, or no room in it.
    pub async fn make(real_clock: Arc<dyn Clock>, entropy: [u8; 32]) -> Result<Self, ActError> {
        let broken = |error: std::io::Error| ActError::Broken(format!("no temporary directory: {error}"));
        let directory = tempfile::tempdir().map_err(broken)?;
        let location = Location::File(directory.path().join("rehearsal.db"));
        migrate::migrate(&location, real_clock.now().micros()).await?;
        let calendar = Arc::new(FixedClock::at(Timestamp::from_micros(0)));
        let chance = Arc::new(Chance::from_entropy(entropy));
        let keys = directory.path().join("persons.db");
        let keyring = Keyring::new(Key::new(chance.bytes()));
        let store = Store::open(&location, &keys, keyring, calendar.clone(), chance.clone()).await?;
        let outside = Arc::new(Outside::this_machine(directory.path().join("mail"), None));
        let house = House {
            store,
            clock: calendar.clone(),
            line: LineGateway::on(real_clock.clone(), outside.clone()),
            real_clock,
            chance,
            files: directory.path().join("files"),
            origin: "http://localhost".into(),
            outside,
            running: Arc::default(),
        };
        Ok(Self { house, calendar, _directory: directory })
    }

    /// Leaves it: nothing of it stays.
    pub async fn leave(self) {
        self.house.store.close().await;
    }
}
