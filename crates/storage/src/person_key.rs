//! Person keys: one random key per person, wrapped by the organisation's key, in a SQLite file of its own
//! (`keys/persons.db`) on both databases, so that shredding a person's key makes every older backup forget too.
//! Keys are made and committed before the data they seal; a key without data is harmless. Leaves the file's backups
//! (kept 35 days) to operations. Ask for keys *before* opening a transaction: this file has its own writer.

use std::collections::HashMap;
use std::path::Path;

use tsunagari_kernel::{Chance, OrgId, PersonId, Timestamp};
use uuid::Uuid;

use crate::dialect::{Engine, Location, Sight};
use crate::error::StorageError;
use crate::keyring::Key;
use crate::sql::Arg;

const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS person_key (org_id BLOB NOT NULL, person_id BLOB NOT NULL, wrapped BLOB NOT NULL, \
    made_at INTEGER NOT NULL, PRIMARY KEY (org_id, person_id)) STRICT, WITHOUT ROWID";

/// Who was erased: the log stands beside the keys and not in the database, so that a restored database is held against it.
const ERASED: &str = "CREATE TABLE IF NOT EXISTS erased (org_id BLOB NOT NULL, person_id BLOB NOT NULL, at INTEGER NOT NULL, \
    PRIMARY KEY (org_id, person_id)) STRICT, WITHOUT ROWID";

/// The most keys kept by one statement.
const MOST: usize = 1_000;

/// The open file of person keys.
#[derive(Clone)]
pub(crate) struct PersonKeyFile(Engine);

/// A person's key wrapped by the organisation's.
pub(crate) type Wrapped = (PersonId, Vec<u8>);

/// Opened keys of some persons of one organisation.
pub struct PersonKeys(HashMap<PersonId, Key>);

impl PersonKeys {
    /// The key of a person.
    ///
    /// # Errors
    /// `Sealed`: the person's key was shredded or never asked for.
    pub fn of(&self, person: PersonId) -> Result<&Key, StorageError> {
        self.0.get(&person).ok_or(StorageError::Sealed)
    }

    /// Whether this person's values can be opened at all.
    pub fn has(&self, person: PersonId) -> bool {
        self.0.contains_key(&person)
    }
}

fn context(org: OrgId, person: PersonId) -> Vec<u8> {
    [org.0.as_bytes().as_slice(), person.0.as_bytes()].concat()
}

impl PersonKeyFile {
    pub(crate) async fn open(file: &Path) -> Result<Self, StorageError> {
        let engine = Engine::open(&Location::File(file.to_owned()), 4).await?;
        let mut link = engine.write(Sight::Platform).await?;
        link.conn().exec(SCHEMA, vec![]).await?;
        link.conn().exec(ERASED, vec![]).await?;
        link.keep().await?;
        Ok(Self(engine))
    }

    /// Whether it has keys of an organisation that its key opens, or at least the log of who was erased there.
    pub(crate) async fn fits(&self, org: OrgId, org_key: &Key) -> Result<bool, StorageError> {
        let mut link = self.0.read(Sight::Platform).await?;
        let sql = "SELECT person_id, wrapped FROM person_key WHERE org_id = $1 LIMIT 1";
        let first = link.conn().rows(sql, vec![Arg::from(org)]).await?;
        let sql = "SELECT person_id FROM erased WHERE org_id = $1 LIMIT 1";
        let erased = link.conn().rows(sql, vec![Arg::from(org)]).await?;
        link.keep().await?;
        match first.first() {
            Some(row) => Ok(org_key.open(&context(org, row.id("person_id")?), &row.bytes("wrapped")?).is_ok()),
            None => Ok(!erased.is_empty()),
        }
    }

    pub(crate) async fn load(
        &self,
        org: OrgId,
        org_key: &Key,
        persons: &[PersonId],
    ) -> Result<PersonKeys, StorageError> {
        let mut found = HashMap::with_capacity(persons.len());
        let mut link = self.0.read(Sight::Platform).await?;
        for chunk in persons.chunks(400) {
            let sql = format!(
                "SELECT person_id, wrapped FROM person_key WHERE org_id = $1 AND person_id IN {}",
                crate::sql::placeholders(2, chunk.len())
            );
            let mut args = vec![Arg::from(org)];
            args.extend(chunk.iter().map(|person| Arg::from(*person)));
            for row in link.conn().rows(&sql, args).await? {
                let person: PersonId = row.id("person_id")?;
                let plain = org_key.open(&context(org, person), &row.bytes("wrapped")?)?;
                let bytes: [u8; 32] = plain.as_slice().try_into().map_err(|_| StorageError::Sealed)?;
                found.insert(person, Key::new(bytes));
            }
        }
        link.keep().await?;
        Ok(PersonKeys(found))
    }

    pub(crate) async fn make(
        &self,
        org: OrgId,
        org_key: &Key,
        chance: &Chance,
        now: Timestamp,
        persons: &[PersonId],
    ) -> Result<PersonKeys, StorageError> {
        let mut keys = self.load(org, org_key, persons).await?;
        let missing: Vec<PersonId> = persons.iter().copied().filter(|person| !keys.has(*person)).collect();
        if missing.is_empty() {
            return Ok(keys);
        }
        let (born, rows) = Self::born(org, org_key, chance, &missing)?;
        keys.0.extend(born.0);
        self.keep(org, now, rows).await?;
        Ok(keys)
    }

    /// New keys of persons who have none, and how they are kept. Nothing may be sealed for good before they are.
    pub(crate) fn born(
        org: OrgId,
        org_key: &Key,
        chance: &Chance,
        persons: &[PersonId],
    ) -> Result<(PersonKeys, Vec<Wrapped>), StorageError> {
        let (mut keys, mut rows) = (HashMap::with_capacity(persons.len()), Vec::with_capacity(persons.len()));
        for person in persons {
            let bytes: [u8; 32] = chance.bytes();
            rows.push((*person, org_key.seal(chance, &context(org, *person), &bytes)?));
            keys.insert(*person, Key::new(bytes));
        }
        Ok((PersonKeys(keys), rows))
    }

    /// Keeps wrapped keys; on disk when this answers.
    pub(crate) async fn keep(&self, org: OrgId, now: Timestamp, rows: Vec<Wrapped>) -> Result<(), StorageError> {
        let mut link = self.0.write(Sight::Platform).await?;
        let mut rows = rows.into_iter();
        while rows.len() > 0 {
            let n = crate::sql::rows_of_statement(rows.len(), MOST);
            let args = rows
                .by_ref()
                .take(n)
                .flat_map(|(person, wrapped)| [Arg::from(org), Arg::from(person), Arg::from(wrapped), Arg::from(now)]);
            let args = args.collect();
            let columns = ["org_id", "person_id", "wrapped", "made_at"];
            let mut conn = link.conn();
            let sql = crate::sql::insert_text(conn.is_file(), "person_key", &columns, n, "");
            conn.exec(&sql, args).await?;
        }
        link.keep().await
    }

    pub(crate) async fn shred(&self, org: OrgId, person: PersonId) -> Result<(), StorageError> {
        let mut link = self.0.write(Sight::Platform).await?;
        let args = vec![Arg::Id(Some(org.0)), Arg::Id(Some(Uuid::from(person)))];
        link.conn().exec("DELETE FROM person_key WHERE org_id = $1 AND person_id = $2", args).await?;
        link.keep().await
    }

    /// Deletes these persons' keys and logs that they were erased, in one commit.
    pub(crate) async fn erase(&self, org: OrgId, persons: &[PersonId], at: Timestamp) -> Result<(), StorageError> {
        let mut link = self.0.write(Sight::Platform).await?;
        for person in persons {
            let args = vec![Arg::from(org), Arg::from(*person)];
            link.conn().exec("DELETE FROM person_key WHERE org_id = $1 AND person_id = $2", args).await?;
            let args = vec![Arg::from(org), Arg::from(*person), Arg::from(at)];
            let sql = "INSERT INTO erased (org_id, person_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
            link.conn().exec(sql, args).await?;
        }
        link.keep().await
    }

    /// Who was erased.
    pub(crate) async fn erased(&self, org: OrgId) -> Result<Vec<PersonId>, StorageError> {
        let mut link = self.0.read(Sight::Platform).await?;
        let sql = "SELECT person_id FROM erased WHERE org_id = $1 ORDER BY person_id";
        let rows = link.conn().rows(sql, vec![Arg::from(org)]).await?;
        link.keep().await?;
        rows.iter().map(|row| row.id("person_id")).collect()
    }

    pub(crate) async fn snapshot(&self, to: &Path) -> Result<(), StorageError> {
        self.0.snapshot(to).await.map(|_| ())
    }

    pub(crate) async fn empty_log(&self) -> Result<bool, StorageError> {
        self.0.empty_log().await
    }

    pub(crate) async fn close(&self) {
        self.0.close().await;
    }
}
