//! What a database must be before this program works on it: new enough not to lose what was acknowledged, and set so; on
//! PostgreSQL also entered by a role that row-level security holds.

use sqlx::PgConnection;

use crate::error::StorageError;
use crate::sql::Conn;

/// The oldest SQLite without the write-ahead-log reset corruption (trust.md 2).
pub const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);
/// The oldest PostgreSQL this program was tested with.
pub const OLDEST_POSTGRES: i64 = 150_014;

pub(super) async fn check_sqlite_version(conn: &mut sqlx::SqliteConnection) -> Result<(), StorageError> {
    let rows = Conn::Sqlite(conn).rows("SELECT sqlite_version() AS v", vec![]).await?;
    judge_sqlite(&rows.first().map(|row| row.text("v")).transpose()?.unwrap_or_default())
}

fn judge_sqlite(version: &str) -> Result<(), StorageError> {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < OLDEST_SQLITE {
        return Err(StorageError::Version(format!(
            "SQLite {version} can corrupt its write-ahead log; this program needs 3.51.3 or newer"
        )));
    }
    Ok(())
}

/// Whether a database's settings must keep what was acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeping {
    Everything,
    /// A database of tests, which is thrown away.
    Nothing,
}

/// Asserts the settings without which a commit is not a promise, and that the role cannot see past row-level security.
pub(super) async fn check_postgres(conn: &mut PgConnection) -> Result<(), StorageError> {
    const SQL: &str = "SELECT name, setting FROM pg_settings WHERE name IN \
        ('server_version_num', 'fsync', 'synchronous_commit', 'full_page_writes') \
        UNION ALL SELECT 'role', CASE WHEN rolsuper OR rolbypassrls THEN 'too strong' ELSE 'fine' END \
        FROM pg_roles WHERE rolname = current_user";
    let rows = Conn::Postgres(conn).rows(SQL, vec![]).await?;
    let throw_away = std::env::var_os("TSUNAGARI_THROW_AWAY_DATABASE").is_some();
    let keeping = if throw_away { Keeping::Nothing } else { Keeping::Everything };
    rows.iter().try_for_each(|row| judge_postgres(&row.text("name")?, &row.text("setting")?, keeping))
}

fn judge_postgres(name: &str, setting: &str, keeping: Keeping) -> Result<(), StorageError> {
    let wrong = match name {
        "server_version_num" => setting.parse::<i64>().unwrap_or(0) < OLDEST_POSTGRES,
        "synchronous_commit" => setting == "off" && keeping == Keeping::Everything,
        "role" => setting != "fine",
        _ => setting != "on" && keeping == Keeping::Everything,
    };
    if wrong {
        return Err(StorageError::Version(format!(
            "PostgreSQL's {name} is {setting}; this program needs version 15.14 or newer, fsync, full_page_writes and \
             synchronous_commit on, and a role that neither is a superuser nor bypasses row-level security"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sqlite_that_can_corrupt_its_log_is_refused() {
        for old in ["3.51.2", "3.50.9", "2.99.99", "", "unknown"] {
            assert!(judge_sqlite(old).is_err(), "{old}");
        }
        for fit in ["3.51.3", "3.52.0", "4.0.0"] {
            assert!(judge_sqlite(fit).is_ok(), "{fit}");
        }
    }

    #[test]
    fn a_server_that_loses_what_was_acknowledged_is_refused() {
        let fits = |name, setting| judge_postgres(name, setting, Keeping::Everything).is_ok();
        for (name, wrong, right) in [
            ("server_version_num", "150013", "150014"),
            ("server_version_num", "140019", "170002"),
            ("fsync", "off", "on"),
            ("full_page_writes", "off", "on"),
            ("synchronous_commit", "off", "local"),
            ("role", "too strong", "fine"),
        ] {
            assert!(!fits(name, wrong) && fits(name, right), "{name}: {wrong}, {right}");
        }
        assert!(judge_postgres("fsync", "off", Keeping::Nothing).is_ok());
        assert!(judge_postgres("role", "too strong", Keeping::Nothing).is_err(), "of tests too");
        assert!(judge_postgres("server_version_num", "140019", Keeping::Nothing).is_err(), "of tests too");
    }
}
