//! Where the demonstration lives: a directory of its own (temporary unless named) with the embedded database, or a
//! database of its own on a PostgreSQL cluster. Always made anew: a demonstration is not an installation.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use tsunagari_kernel::{Chance, Clock};
use tsunagari_storage::demo_database::DemoDatabase;
use tsunagari_storage::{Location, migrate};

use crate::data_dir::DataDir;
use crate::real_clock::RealClock;

/// The place; a temporary directory vanishes with it.
pub struct Place {
    /// The data directory.
    pub data: DataDir,
    /// Where the program connects.
    pub location: Location,
    server: Option<DemoDatabase>,
    _temporary: Option<tempfile::TempDir>,
}

impl Place {
    /// Makes it.
    ///
    /// # Errors
    /// The directory holds a database already, or something cannot be written or reached.
    pub async fn make(named: Option<PathBuf>, database_url: Option<&str>, chance: &Chance) -> anyhow::Result<Self> {
        let temporary =
            named.is_none().then(tempfile::tempdir).transpose().context("cannot make a temporary directory")?;
        let root = named.unwrap_or_else(|| temporary.as_ref().map_or_else(PathBuf::new, |dir| dir.path().to_owned()));
        refuse_used(&root)?;
        let data = DataDir::open(&root)?;
        let server = match database_url {
            Some(url) => Some(DemoDatabase::make(url, chance).await?),
            None => None,
        };
        if let Some(made) = &server {
            tracing::info!(database = made.name(), "made on the cluster; it goes again at the end");
        }
        let (location, owner) = match &server {
            Some(made) => (made.login.clone(), made.owner.clone()),
            None => (Location::File(data.database()), Location::File(data.database())),
        };
        let place = Self { data, location, server, _temporary: temporary };
        if let Err(error) = migrate::migrate(&owner, RealClock.now().micros()).await {
            place.leave().await?;
            return Err(error.into());
        }
        Ok(place)
    }

    /// Leaves nothing behind on the cluster.
    ///
    /// # Errors
    /// No connection.
    pub async fn leave(self) -> anyhow::Result<()> {
        if let Some(server) = self.server {
            server.drop().await?;
        }
        Ok(())
    }
}

fn refuse_used(root: &Path) -> anyhow::Result<()> {
    if root.join("tsunagari.db").exists() || root.join("keys").join("persons.db").exists() {
        bail!(
            "{} holds a database already; the demo begins anew: name another directory, or remove this one",
            root.display()
        );
    }
    Ok(())
}
