//! A file of person keys that is not in use: how new it is and how many people it knows as erased, so that restoring takes
//! the newest of several. Leaves keys in use to `person_key`.

use std::path::Path;

use crate::dialect::{Location, NO_ARGS, Owner, count_of};
use crate::error::StorageError;

/// What a file of person keys says of itself. The greater of two is the newer: the log of erasures only grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeptKeys {
    /// People its log names as erased.
    pub erased: i64,
    /// When the last key was made or the last person erased, in microseconds.
    pub latest: i64,
}

/// Looks at one.
///
/// # Errors
/// It is no such file.
pub async fn look_at_keys(file: &Path) -> Result<KeptKeys, StorageError> {
    let mut owner = Owner::connect(&Location::File(file.to_owned())).await?;
    let mut conn = owner.conn();
    let erased = count_of(&conn.rows("SELECT count(*) AS n FROM erased", NO_ARGS).await?)?;
    let sql = "SELECT coalesce(max(x.at), 0) AS n FROM (SELECT max(made_at) AS at FROM person_key \
               UNION ALL SELECT max(at) AS at FROM erased) x";
    let latest = count_of(&conn.rows(sql, NO_ARGS).await?)?;
    owner.close().await?;
    Ok(KeptKeys { erased, latest })
}

/// Copies one with what still stands in its write-ahead log.
///
/// # Errors
/// It cannot be read, or `to` is there already.
pub async fn copy_keys(from: &Path, to: &Path) -> Result<(), StorageError> {
    let mut owner = Owner::connect(&Location::File(from.to_owned())).await?;
    let quoted = to.to_string_lossy().replace('\'', "''");
    owner.conn().script(&format!("VACUUM INTO '{quoted}'")).await?;
    owner.close().await
}
