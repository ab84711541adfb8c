//! The database server's settings and clock (PostgreSQL); nothing to see where the database is a file.

use tsunagari_kernel::Clock;
use tsunagari_storage::{StorageError, Store};

use super::Complaint;
use crate::config::Config;
use crate::real_clock::RealClock;

/// The program's connections, and room for the tools beside them.
const CONNECTIONS: i64 = 20;
/// More than this apart and leases and codes go wrong.
const CLOCK_APART: i64 = 30;

/// Looks at the server.
///
/// # Errors
/// No connection.
pub async fn examine(config: &Config, store: &Store) -> Result<Vec<Complaint>, StorageError> {
    let settings = store.server_settings().await?;
    let mut complaints: Vec<Complaint> = settings.iter().filter_map(|(name, value)| judge(name, value)).collect();
    if !settings.is_empty() && config.database.backup_url_file.as_os_str().is_empty() {
        complaints.push(Complaint::look(
            "database.backup_url_file is empty: no backup of the database is made",
            "make a role with BYPASSRLS for pg_dump and name a file with its URL (docs/operations/postgresql.md)",
        ));
    }
    if let Some(ahead) = store.server_clock_ahead(RealClock.now()).await?
        && ahead.abs() > CLOCK_APART
    {
        complaints.push(Complaint::look(
            format!("the database server's clock is {ahead} seconds ahead of this machine's"),
            "let both follow a time server",
        ));
    }
    Ok(complaints)
}

/// What a setting means.
pub fn judge(name: &str, value: &str) -> Option<Complaint> {
    let off = value == "off";
    match name {
        "fsync" | "full_page_writes" | "synchronous_commit" if off => Some(Complaint::broken(
            format!("PostgreSQL's {name} is off"),
            format!("set {name} = on: without it a power cut loses what was acknowledged"),
        )),
        "archive_mode" if off => Some(Complaint::look(
            "PostgreSQL's archive_mode is off",
            "archive the write-ahead log, or up to an hour is lost with the disk (docs/operations/postgresql.md)",
        )),
        "wal_level" if value == "minimal" => Some(Complaint::look(
            "PostgreSQL's wal_level is minimal",
            "set wal_level = replica: without it the log cannot be archived",
        )),
        "data_checksums" if off => Some(Complaint::look(
            "PostgreSQL's data_checksums are off",
            "switch them on with pg_checksums while the server is stopped: silent damage is found by them only",
        )),
        "max_connections" if value.parse::<i64>().is_ok_and(|n| n < CONNECTIONS) => Some(Complaint::look(
            format!("PostgreSQL's max_connections is {value}"),
            format!("set it to {CONNECTIONS} at least"),
        )),
        _ => None,
    }
}
