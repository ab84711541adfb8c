//! Settings: the shipped defaults, then a file, then the environment (`TSUNAGARI_…`, `__` between levels). An unknown
//! key refuses to start. Secrets are never in it: only the files that hold them.

use std::path::{Path, PathBuf};

use anyhow::Context;
use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::Deserialize;

const DEFAULTS: &str = include_str!("../../../tsunagari.default.toml");

/// Every setting of an installation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where everything of this installation is.
    pub data_dir: PathBuf,
    /// The address to listen on.
    pub listen: std::net::SocketAddr,
    /// The origin people see.
    pub origin: String,
    /// The database.
    pub database: Database,
    /// Logs.
    pub log: Log,
}

/// Which database.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Empty: the embedded database. Otherwise a file that holds the PostgreSQL URL of the program's role.
    pub url_file: PathBuf,
    /// A file that holds the PostgreSQL URL of the owner, for `migrate`.
    pub owner_url_file: PathBuf,
}

/// How to log.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// `text` or `json`.
    pub format: String,
    /// A filter such as `info` or `tsunagari=debug`.
    pub filter: String,
}

impl Config {
    /// Reads the settings.
    ///
    /// # Errors
    /// Which key is wrong and where it came from.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = file {
            anyhow::ensure!(
                file.exists(),
                "no settings at {}; copy tsunagari.default.toml there and change it",
                file.display()
            );
            figment = figment.merge(Toml::file(file));
        }
        let ours = Env::prefixed("TSUNAGARI_").split("__").ignore(&[
            "config",
            "test_pg",
            "throw_away_database",
            "py_venv",
            "soak",
        ]);
        figment.merge(ours).extract().context("the settings cannot be used")
    }

    /// Where the program connects.
    ///
    /// # Errors
    /// The file with the URL cannot be read.
    pub fn database(&self, data: &crate::data_dir::DataDir) -> anyhow::Result<tsunagari_storage::Location> {
        location(&self.database.url_file, data)
    }

    /// Where its owner connects.
    ///
    /// # Errors
    /// The file with the URL cannot be read.
    pub fn owner(&self, data: &crate::data_dir::DataDir) -> anyhow::Result<tsunagari_storage::Location> {
        if self.database.url_file.as_os_str().is_empty() {
            self.database(data)
        } else {
            location(&self.database.owner_url_file, data)
        }
    }
}

fn location(url_file: &Path, data: &crate::data_dir::DataDir) -> anyhow::Result<tsunagari_storage::Location> {
    if url_file.as_os_str().is_empty() {
        return Ok(tsunagari_storage::Location::File(data.database()));
    }
    let url = std::fs::read_to_string(url_file)
        .with_context(|| format!("cannot read the database's URL from {}", url_file.display()))?;
    Ok(tsunagari_storage::Location::Server(url.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_defaults_are_complete() {
        let config = Config::load(None).unwrap();
        assert_eq!(config.listen.port(), 8080);
    }

    #[test]
    fn an_unknown_key_refuses_to_start() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("t.toml");
        std::fs::write(&file, "lisetn = \"127.0.0.1:1\"\n").unwrap();
        let error = format!("{:#}", Config::load(Some(&file)).unwrap_err());
        assert!(error.contains("lisetn"), "{error}");
    }
}
