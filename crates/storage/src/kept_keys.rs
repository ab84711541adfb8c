//! Whether keys and database belong together: at every opening, where a lost key must never be replaced in silence; and of
//! a file of person keys that is not in use how new it is and how many people it knows as erased, so that restoring takes
//! the newest of several. Leaves keys in use to `person_key`.

use std::path::Path;

use tsunagari_kernel::OrgId;

use crate::args;
use crate::dialect::{Engine, Location, NO_ARGS, Owner, Sight, count_of};
use crate::error::StorageError;
use crate::keyring::Keyring;
use crate::person_key::PersonKeyFile;

/// What a file of person keys says of itself. The greater of two is the newer: the log of erasures only grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeptKeys {
    /// People its log names as erased.
    pub erased: i64,
    /// When the last key was made or the last person erased, in microseconds.
    pub latest: i64,
}

/// What to do about keys that are not there.
const PUT_BACK: &str = "put wrapping.key and persons.db back into keys/ from where you keep keys (persons.db: from the newest \
    person-keys archive, by `tsunagari restore`) and start again; other keys open nothing";

/// Opens every organisation's key; the organisations that have something sealed under keys of persons. Nothing is made.
///
/// # Errors
/// `Keys` when the wrapping key is another one, or there is no file of person keys although there are addresses.
pub(crate) async fn require_wrapping(
    engine: &Engine,
    keyring: &Keyring,
    person_keys: &Path,
) -> Result<Vec<OrgId>, StorageError> {
    let mut link = engine.read(Sight::Platform).await?;
    let rows = link.conn().rows("SELECT org_id FROM organisation ORDER BY org_id", NO_ARGS).await?;
    link.keep().await?;
    let mut sealed = Vec::new();
    for row in rows {
        let org: OrgId = row.id("org_id")?;
        let mut link = engine.read(Sight::Keys(org)).await?;
        let sql = "SELECT key_sealed, (SELECT count(*) FROM (SELECT 1 AS one FROM contact_point WHERE org_id = $1 LIMIT 1) x) AS n \
                   FROM organisation WHERE org_id = $1";
        let rows = link.conn().rows(sql, args![org]).await?;
        link.keep().await?;
        for row in rows {
            keyring.unwrap(org, &row.bytes("key_sealed")?).map_err(|_| {
                StorageError::Keys(format!(
                    "keys/wrapping.key is not the key this database was sealed with; {PUT_BACK}"
                ))
            })?;
            if row.int("n")? > 0 {
                sealed.push(org);
            }
        }
    }
    if !sealed.is_empty() && !person_keys.exists() {
        return Err(StorageError::Keys(format!(
            "{} is missing, and this database holds addresses that only the keys in it open; {PUT_BACK}",
            person_keys.display()
        )));
    }
    Ok(sealed)
}

/// Whether the file of person keys knows these organisations, and opens. An organisation whose people were all erased has no
/// key left, but its log.
///
/// # Errors
/// `Keys`: the file is empty for one of them, or of another installation.
pub(crate) async fn require_persons(
    persons: &PersonKeyFile,
    keyring: &Keyring,
    sealed: &[OrgId],
    file: &Path,
) -> Result<(), StorageError> {
    for org in sealed {
        let fits = match keyring.known(*org) {
            Some(key) => persons.fits(*org, &key).await?,
            None => false,
        };
        if !fits {
            return Err(StorageError::Keys(format!(
                "{} does not hold the keys of this database: it is empty or of another installation; {PUT_BACK}",
                file.display()
            )));
        }
    }
    Ok(())
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

/// How many people of a database file have addresses and no key in a file of person keys, and were not erased either: nothing
/// opens what is sealed for them.
///
/// # Errors
/// One of the two is no such file.
pub async fn people_without_key(database: &Path, keys: &Path) -> Result<i64, StorageError> {
    let mut owner = Owner::connect(&Location::File(database.to_owned())).await?;
    let mut conn = owner.conn();
    let quoted = keys.to_string_lossy().replace('\'', "''");
    conn.script(&format!("ATTACH '{quoted}' AS kept")).await?;
    let sql = "SELECT count(*) AS n FROM (SELECT DISTINCT org_id, person_id FROM contact_point) c \
               WHERE NOT EXISTS (SELECT 1 FROM kept.person_key k WHERE k.org_id = c.org_id AND k.person_id = c.person_id) \
               AND NOT EXISTS (SELECT 1 FROM kept.erased e WHERE e.org_id = c.org_id AND e.person_id = c.person_id)";
    let without = count_of(&conn.rows(sql, NO_ARGS).await?)?;
    owner.close().await?;
    Ok(without)
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
