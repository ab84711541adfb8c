//! Settings: the shipped defaults, then a file, then the environment (`TSUNAGARI_…`, `__` between levels). An unknown
//! key refuses to start and says what was probably meant. Secrets are never in it: only the files that hold them.
//! To add a setting: a line with its comment in tsunagari.default.toml, a field here, its check in `Config::check`.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use figment::Figment;
use figment::error::Kind;
use figment::providers::{Env, Format, Toml};
use serde::Deserialize;
use tsunagari_acts::outside::is_loopback;
use tsunagari_acts::{Hosts, Outside};
use url::{Host, Url};

use crate::file_error::AtFile;

const DEFAULTS: &str = include_str!("../../../tsunagari.default.toml");
const PREFIX: &str = "TSUNAGARI_";
/// Variables of the same prefix that are not settings: the command line's own, and those of the project's tests.
const NO_SETTINGS: &[&str] = &["config", "test_pg", "throw_away_database", "py_venv", "chromium", "soak"];
/// The longest time archives may be kept: an erased person's key is in none of them afterwards (trust.md 8).
pub const MOST_KEEP_DAYS: u32 = 35;

/// Every setting of an installation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where everything of this installation is.
    pub data_dir: PathBuf,
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The origin people see.
    pub origin: String,
    /// The database.
    pub database: Database,
    /// Mail.
    pub mail: Mail,
    /// LINE.
    pub line: Line,
    /// Logs.
    pub log: Log,
    /// Metrics.
    pub metrics: Metrics,
    /// Backups.
    pub backup: BackupPlan,
}

/// Which database.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Empty: the embedded database. Otherwise a file that holds the PostgreSQL URL of the program's role.
    pub url_file: PathBuf,
    /// A file that holds the PostgreSQL URL of the owner, for `migrate`.
    pub owner_url_file: PathBuf,
    /// A file that holds the PostgreSQL URL of a role that reads everything, for `pg_dump`.
    pub backup_url_file: PathBuf,
}

/// What offices may name for mail.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Holds a directory for each organisation with its secrets; empty: `keys/mail/` of the data directory.
    pub secrets_dir: PathBuf,
    /// Mail servers on this machine or in a private network, by host.
    pub inner_hosts: Vec<String>,
}

/// What offices may name for LINE.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The root of a simulator on this machine; empty: LINE's own hosts only.
    pub simulator: String,
}

/// How to log.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Text or JSON.
    pub format: LogFormat,
    /// A filter such as `info` or `tsunagari=debug`.
    pub filter: String,
}

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Where metrics are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// An address, or empty: nowhere.
    pub listen: String,
}

/// When `serve` backs up by itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupPlan {
    /// Whether it does.
    pub scheduled: bool,
    /// A rhythm of its own in minutes; 0: by size.
    pub every_minutes: u32,
    /// Where archives go; empty: `backups/` of the data directory.
    pub dir: PathBuf,
    /// For how many days archives are kept.
    pub keep_days: u32,
}

impl Config {
    /// Reads the settings.
    ///
    /// # Errors
    /// Which key is wrong, where it came from, and what was probably meant.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = file {
            ensure!(
                file.exists(),
                "no settings at {}; copy tsunagari.default.toml there and change it",
                file.display()
            );
            figment = figment.merge(Toml::file_exact(file));
        }
        let environment = Env::prefixed(PREFIX).ignore(NO_SETTINGS).split("__");
        let config: Self = figment.merge(environment).extract().map_err(explained)?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        check_origin(&self.origin)?;
        self.metrics_address()?;
        self.line_simulator()?;
        for host in &self.mail.inner_hosts {
            ensure!(
                Host::parse(host).is_ok() || host.parse::<IpAddr>().is_ok(),
                "mail.inner_hosts holds {host:?}; it names hosts alone, without a port: [\"localhost\", \"mail.intra.example\"]"
            );
        }
        let days = self.backup.keep_days;
        ensure!((1..=MOST_KEEP_DAYS).contains(&days), "backup.keep_days is {days}; it can be 1 to {MOST_KEEP_DAYS}");
        let by_url = !self.database.url_file.as_os_str().is_empty();
        let others = [&self.database.owner_url_file, &self.database.backup_url_file];
        ensure!(
            by_url || others.iter().all(|file| file.as_os_str().is_empty()),
            "database.owner_url_file or database.backup_url_file is set, but database.url_file is not; set it, or none"
        );
        Ok(())
    }

    /// Where metrics are served; `None`: nowhere.
    ///
    /// # Errors
    /// No address, or one that anybody could reach.
    pub fn metrics_address(&self) -> anyhow::Result<Option<SocketAddr>> {
        let text = self.metrics.listen.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let address: SocketAddr = text
            .parse()
            .with_context(|| format!("metrics.listen is {text}; it can be an address such as 127.0.0.1:9464"))?;
        let private = match address.ip() {
            IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
            IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
        };
        ensure!(
            private,
            "metrics.listen is {text}, which others could reach; take an address of this machine (127.0.0.1) or of a private network"
        );
        Ok(Some(address))
    }

    /// The root of a simulator of LINE that offices may connect; `None`: LINE's own hosts only.
    ///
    /// # Errors
    /// It is not on this machine.
    fn line_simulator(&self) -> anyhow::Result<Option<String>> {
        let text = self.line.simulator.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let wrong =
            || format!("line.simulator is {text}; it can be an address of this machine such as http://127.0.0.1:8090");
        let url = Url::parse(text).with_context(wrong)?;
        let root = url.origin().ascii_serialization();
        ensure!(root == text && url.scheme() == "http" && url.host_str().is_some_and(is_loopback), wrong());
        Ok(Some(root))
    }

    /// What offices of this installation may name of the world outside; of a demonstration that is looked at, this machine.
    ///
    /// # Errors
    /// The calendar of a demonstration cannot be read.
    pub fn outside(&self, data: &crate::data_dir::DataDir) -> anyhow::Result<Outside> {
        let line_simulator = self.line_simulator()?;
        if data.own_calendar()?.is_some() {
            return Ok(Outside::this_machine(data.mail_secrets(), line_simulator));
        }
        let named = &self.mail.secrets_dir;
        Ok(Outside {
            mail_secrets: if named.as_os_str().is_empty() { data.mail_secrets() } else { named.clone() },
            hosts: Hosts::World { inner_mail: self.mail.inner_hosts.clone(), line_simulator },
        })
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
    /// The file with the URL cannot be read, or there is none.
    pub fn owner(&self, data: &crate::data_dir::DataDir) -> anyhow::Result<tsunagari_storage::Location> {
        self.other_role(data, &self.database.owner_url_file, "database.owner_url_file", "the owner of the tables")
    }

    /// Where a backup connects.
    ///
    /// # Errors
    /// The file with the URL cannot be read, or there is none.
    pub fn backup_role(&self, data: &crate::data_dir::DataDir) -> anyhow::Result<tsunagari_storage::Location> {
        self.other_role(data, &self.database.backup_url_file, "database.backup_url_file", "a role with BYPASSRLS")
    }

    fn other_role(
        &self,
        data: &crate::data_dir::DataDir,
        file: &Path,
        key: &str,
        who: &str,
    ) -> anyhow::Result<tsunagari_storage::Location> {
        if self.database.url_file.as_os_str().is_empty() {
            return self.database(data);
        }
        ensure!(!file.as_os_str().is_empty(), "{key} is empty; name a file that holds the URL of {who}");
        location(file, data)
    }
}

fn check_origin(origin: &str) -> anyhow::Result<()> {
    let wrong =
        || format!("origin is {origin}; it reads https://tsunagari.town.example, without a path or a slash at the end");
    let url = Url::parse(origin).with_context(wrong)?;
    ensure!(url.origin().ascii_serialization() == origin, wrong());
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => Ok(()),
        "http" if here => Ok(()),
        _ => bail!("origin is {origin}; beyond this machine it must be https, or browsers keep no session"),
    }
}

/// What is wrong, in words; for an unknown key also what was probably meant.
fn explained(errors: figment::Error) -> anyhow::Error {
    let lines: Vec<String> = errors
        .into_iter()
        .map(|error| {
            let place = error.metadata.as_ref().map(|it| match &it.source {
                Some(source) => source.to_string(),
                None => it.name.to_string(),
            });
            let from = place.as_ref().map(|place| format!(" (from {place})")).unwrap_or_default();
            let key = error.path.join(".");
            match &error.kind {
                Kind::UnknownField(name, known) => {
                    let likely = known
                        .iter()
                        .map(|it| (strsim::jaro_winkler(name, it), it))
                        .filter(|(likeness, _)| *likeness > 0.7)
                        .max_by(|a, b| a.0.total_cmp(&b.0));
                    let meant = match likely {
                        Some((_, it)) => format!("did you mean \"{it}\"?"),
                        None => format!("known here: {}", known.join(", ")),
                    };
                    format!("unknown setting \"{name}\"{from}; {meant}")
                }
                // What is no settings file at all: where, before what.
                other if key.is_empty() => match place {
                    Some(place) => format!("{place}: {other}"),
                    None => other.to_string(),
                },
                Kind::InvalidType(found, _) | Kind::InvalidValue(found, _) => match form(&key) {
                    Some(form) => format!("{key} is {found}{from}; it reads {form}"),
                    None => format!("{key}: {}{from}", error.kind),
                },
                other => match form(&key) {
                    Some(form) => format!("{key} cannot be read{from}; it reads {form}"),
                    None => format!("{key}: {other}{from}"),
                },
            }
        })
        .collect();
    anyhow::anyhow!("the settings cannot be used: {}", lines.join("; "))
}

/// What a setting reads like, where the program's own words would not say it.
fn form(key: &str) -> Option<&'static str> {
    match key {
        "listen" => Some("127.0.0.1:8080: an address with its port"),
        "backup.every_minutes" => Some("15: whole minutes, 0 or more"),
        "backup.keep_days" => Some("35: whole days, 1 to 35"),
        "backup.scheduled" => Some("true or false"),
        "mail.inner_hosts" => Some("[\"localhost\", \"mail.intra.example\"]: a list of hosts"),
        _ => None,
    }
}

fn location(url_file: &Path, data: &crate::data_dir::DataDir) -> anyhow::Result<tsunagari_storage::Location> {
    if url_file.as_os_str().is_empty() {
        return Ok(tsunagari_storage::Location::File(data.database()));
    }
    let url = std::fs::read_to_string(url_file).at("read the database's URL from", url_file)?;
    Ok(tsunagari_storage::Location::Server(url.trim().to_owned()))
}

#[cfg(test)]
mod tests;
