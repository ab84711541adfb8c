//! The open database. It gives nothing until an organisation is named (`Store::org`); `Store::platform` sees only the
//! directory: organisations, sign-in names, webhook routes, due jobs. Leaves each aggregate's SQL to its own file.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use tsunagari_access::Act;
use tsunagari_access::throttle::Tries;
use tsunagari_kernel::{Chance, ChannelId, Clock, JoinEventId, OrgId, PersonId};

use crate::dialect::{Engine, Link, Location, Sight, Twin};
use crate::error::StorageError;
use crate::kept_keys::{require_persons, require_wrapping};
use crate::keyring::Keyring;
use crate::person_key::{PersonKeyFile, PersonKeys};
use crate::sql::{Arg, Conn, Row};

/// The open database with its keys, clock and chance.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    shared: Arc<Shared>,
}

/// What every transaction needs besides its connection.
pub(crate) struct Shared {
    pub(crate) keyring: Keyring,
    pub(crate) person_keys: PersonKeyFile,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<Chance>,
    /// The organisations found by their code so far, the channels found by their webhook's path and the events found by the
    /// code of their slip: none of them changes.
    codes: RwLock<HashMap<String, OrgId>>,
    hooks: RwLock<HashMap<String, (OrgId, ChannelId)>>,
    slips: RwLock<HashMap<String, (OrgId, JoinEventId)>>,
    /// Who tried to sign in, of all organisations and of none.
    tries: Tries,
    /// Whether something erased may still stand in the write-ahead logs: true after a start, because nothing is known then.
    owes_logs: AtomicBool,
}

/// What was remembered of a name.
fn known<V: Copy>(memory: &RwLock<HashMap<String, V>>, name: &str) -> Option<V> {
    memory.read().unwrap_or_else(PoisonError::into_inner).get(name).copied()
}

fn remember<V>(memory: &RwLock<HashMap<String, V>>, name: &str, value: V) {
    memory.write().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), value);
}

impl Store {
    /// Opens a database whose schema is at this program's version (see `migrate`), with its file of person keys.
    ///
    /// # Errors
    /// Too old a database server, unsafe settings, a schema of another version, keys that are lost or of another
    /// installation, or no connection.
    pub async fn open(
        location: &Location,
        person_keys: &Path,
        keyring: Keyring,
        clock: Arc<dyn Clock>,
        chance: Arc<Chance>,
    ) -> Result<Self, StorageError> {
        let engine = Engine::open(location, 8).await?;
        let mut link = engine.read(Sight::Platform).await?;
        crate::migrate::require_current(link.conn()).await?;
        drop(link);
        let (file, sealed) = (person_keys, require_wrapping(&engine, &keyring, person_keys).await?);
        let person_keys = PersonKeyFile::open(file).await?;
        require_persons(&person_keys, &keyring, &sealed, file).await?;
        let store = Self {
            engine,
            shared: Arc::new(Shared {
                keyring,
                person_keys,
                clock,
                chance,
                codes: RwLock::default(),
                hooks: RwLock::default(),
                slips: RwLock::default(),
                tries: Tries::default(),
                owes_logs: AtomicBool::new(true),
            }),
        };
        store.recover_bulk().await?;
        Ok(store)
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    pub(crate) async fn lay_indexes_aside(&self, tables: &[&str]) -> Result<bool, StorageError> {
        self.engine.lay_indexes_aside(tables).await
    }

    pub(crate) async fn indexes_are_aside(&self) -> Result<bool, StorageError> {
        self.engine.indexes_are_aside().await
    }

    pub(crate) async fn take_indexes_back(&self) -> Result<(), StorageError> {
        self.engine.take_indexes_back().await
    }

    pub(crate) fn claim_load(&self) -> Result<Option<File>, StorageError> {
        self.engine.claim_load()
    }

    pub(crate) async fn mark(&self) -> Result<i64, StorageError> {
        self.engine.mark().await
    }

    pub(crate) async fn take_mark(&self) -> Result<(), StorageError> {
        self.engine.take_mark().await
    }

    /// Something was erased: the write-ahead logs shall not keep it.
    pub(crate) fn owe_logs(&self) {
        self.shared.owes_logs.store(true, Ordering::SeqCst);
    }

    /// Empties the write-ahead logs of the database and of the person keys when something was erased since they were; whether
    /// nothing is owed any more. While somebody reads an older state it is owed on: ask again later.
    ///
    /// # Errors
    /// Storage's.
    pub async fn empty_owed_logs(&self) -> Result<bool, StorageError> {
        if !self.shared.owes_logs.swap(false, Ordering::SeqCst) {
            return Ok(true);
        }
        let emptied = match self.engine.empty_log().await {
            Ok(true) => self.shared.person_keys.empty_log().await,
            other => other,
        };
        if !matches!(emptied, Ok(true)) {
            self.owe_logs();
        }
        emptied
    }

    /// From now on changes are acknowledged before they are committed: a control of the kill test.
    ///
    /// # Errors
    /// Storage's.
    #[cfg(feature = "testing")]
    pub async fn answer_early(&self) -> Result<(), StorageError> {
        self.engine.answer_early().await
    }

    /// Who tried to sign in, as long as this store is open.
    pub fn tries(&self) -> &Tries {
        &self.shared.tries
    }

    /// The file may not grow beyond so many pages, or not beyond what it has; nothing happens on a server.
    ///
    /// # Errors
    /// Storage's.
    #[cfg(feature = "testing")]
    pub async fn limit_pages(&self, pages: i64) -> Result<(), StorageError> {
        self.engine.limit_pages(pages).await
    }

    /// One organisation's part of the database.
    pub fn org(&self, org: OrgId) -> OrgStore {
        OrgStore { store: self.clone(), org }
    }

    /// The organisation with a code, remembered once it was found.
    ///
    /// # Errors
    /// Storage's.
    pub async fn org_with_code(&self, code: &str) -> Result<Option<OrgStore>, StorageError> {
        if let Some(org) = known(&self.shared.codes, code) {
            return Ok(Some(self.org(org)));
        }
        let Some(found) = self.platform().await?.organisation_by_code(code).await? else { return Ok(None) };
        remember(&self.shared.codes, code, found.id);
        Ok(Some(self.org(found.id)))
    }

    /// Which channel of which organisation a webhook's path belongs to, remembered once it was found.
    ///
    /// # Errors
    /// Storage's.
    pub async fn webhook_route(&self, hook: &str) -> Result<Option<(OrgStore, ChannelId)>, StorageError> {
        if let Some((org, channel)) = known(&self.shared.hooks, hook) {
            return Ok(Some((self.org(org), channel)));
        }
        let Some((org, channel)) = self.platform().await?.webhook_route(hook).await? else { return Ok(None) };
        remember(&self.shared.hooks, hook, (org, channel));
        Ok(Some((self.org(org), channel)))
    }

    /// Whose event the code of a slip is, remembered once it was found.
    ///
    /// # Errors
    /// Storage's.
    pub async fn slip_route(&self, code: &str) -> Result<Option<(OrgStore, JoinEventId)>, StorageError> {
        if let Some((org, event)) = known(&self.shared.slips, code) {
            return Ok(Some((self.org(org), event)));
        }
        let Some((org, event)) = self.platform().await?.join_event_route(code).await? else { return Ok(None) };
        remember(&self.shared.slips, code, (org, event));
        Ok(Some((self.org(org), event)))
    }

    /// The directory of all organisations, read-only.
    pub async fn platform(&self) -> Result<Platform, StorageError> {
        Ok(Platform { link: self.engine.read(Sight::Platform).await?, _shared: self.shared.clone() })
    }

    /// Copies the database to a file while it is in use. `None`: this database brings its own tool (`pg_dump`).
    pub async fn snapshot(&self, to: &Path) -> Result<Option<()>, StorageError> {
        self.engine.snapshot(to).await
    }

    /// `sqlite` or `postgres`, for people and logs.
    pub fn engine_name(&self) -> &'static str {
        self.engine.name()
    }

    /// Refreshes what the planner knows after a bulk load.
    pub async fn analyse(&self) -> Result<(), StorageError> {
        self.engine.analyse().await
    }

    /// The keys.
    pub fn keyring(&self) -> &Keyring {
        &self.shared.keyring
    }

    /// Copies the file of person keys, whose backups are kept apart and for 35 days only.
    pub async fn snapshot_person_keys(&self, to: &Path) -> Result<(), StorageError> {
        self.shared.person_keys.snapshot(to).await
    }

    pub(crate) fn person_key_file(&self) -> &PersonKeyFile {
        &self.shared.person_keys
    }

    pub(crate) fn clock_now(&self) -> tsunagari_kernel::Timestamp {
        self.shared.clock.now()
    }

    /// Closes every connection; what was committed stays.
    pub async fn close(&self) {
        self.shared.person_keys.close().await;
        self.engine.close().await;
    }
}

/// One organisation's part of the database.
#[derive(Clone)]
pub struct OrgStore {
    store: Store,
    org: OrgId,
}

impl OrgStore {
    /// The organisation.
    pub const fn id(&self) -> OrgId {
        self.org
    }

    /// The whole database, for naming another organisation.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// The keys of these persons, for opening what is sealed; shredded ones are left out. Ask before a transaction.
    ///
    /// # Errors
    /// The organisation's key does not open, or no connection.
    pub async fn person_keys(&self, persons: &[PersonId]) -> Result<PersonKeys, StorageError> {
        let org_key = self.org_key().await?;
        self.store.shared.person_keys.load(self.org, &org_key, persons).await
    }

    /// The same, making what is missing: for persons about to be written. Ask before a transaction.
    ///
    /// # Errors
    /// As `person_keys`.
    pub async fn make_person_keys(&self, persons: &[PersonId]) -> Result<PersonKeys, StorageError> {
        let org_key = self.org_key().await?;
        let shared = &self.store.shared;
        shared.person_keys.make(self.org, &org_key, &shared.chance, shared.clock.now(), persons).await
    }

    /// The organisation's key: from memory once it was opened, without a look at the database.
    async fn org_key(&self) -> Result<crate::keyring::Key, StorageError> {
        match self.store.shared.keyring.known(self.org) {
            Some(key) => Ok(key),
            None => self.read_by_key().await?.org_key().await,
        }
    }

    /// The clock the store was opened with.
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.store.shared.clock
    }

    /// Forgets a person's key for good: nothing sealed for this person opens again, in no backup older than 35 days.
    ///
    /// # Errors
    /// No connection.
    pub async fn shred_person_key(&self, person: PersonId) -> Result<(), StorageError> {
        self.store.shared.person_keys.shred(self.org, person).await
    }

    /// A consistent look that cannot write.
    ///
    /// # Errors
    /// No connection within ten seconds.
    pub async fn read(&self) -> Result<Reader, StorageError> {
        self.look(Sight::Organisation(self.org)).await
    }

    /// The same for finding rows by their keys: what a visitor's every step does.
    ///
    /// # Errors
    /// As `read`.
    pub async fn read_by_key(&self) -> Result<Reader, StorageError> {
        self.look(Sight::Keys(self.org)).await
    }

    /// A transaction that may write. Nothing but SQL may be awaited until it ends.
    ///
    /// # Errors
    /// No connection within ten seconds.
    pub async fn write(&self) -> Result<Tx, StorageError> {
        self.change(Sight::Organisation(self.org)).await
    }

    /// The same for rows found by their keys.
    ///
    /// # Errors
    /// As `write`.
    pub async fn write_by_key(&self) -> Result<Tx, StorageError> {
        self.change(Sight::Keys(self.org)).await
    }

    async fn look(&self, sight: Sight) -> Result<Reader, StorageError> {
        let link = self.store.engine.read(sight).await?;
        Ok(Reader { link, org: self.org, shared: self.store.shared.clone() })
    }

    async fn change(&self, sight: Sight) -> Result<Tx, StorageError> {
        let link = self.store.engine.write(sight).await?;
        Ok(Tx { reader: Reader { link, org: self.org, shared: self.store.shared.clone() } })
    }
}

/// A look at one organisation. Every statement's `$1` is the organisation: it is put there here, so that no finder
/// can be called without it.
pub struct Reader {
    link: Link,
    org: OrgId,
    pub(crate) shared: Arc<Shared>,
}

impl Reader {
    /// The organisation.
    pub const fn org(&self) -> OrgId {
        self.org
    }

    /// The clock the store was opened with.
    pub fn clock(&self) -> &dyn Clock {
        &*self.shared.clock
    }

    /// Whose SQL it reads with.
    pub(crate) fn twin(&mut self) -> Twin {
        self.link.conn().is_file()
    }

    fn bound(&self, args: Vec<Arg>) -> Vec<Arg> {
        let mut all = Vec::with_capacity(args.len() + 1);
        all.push(Arg::from(self.org));
        all.extend(args);
        all
    }

    pub(crate) async fn rows(&mut self, sql: &str, args: Vec<Arg>) -> Result<Vec<Row>, StorageError> {
        let args = self.bound(args);
        self.link.conn().rows(sql, args).await
    }

    pub(crate) async fn first(&mut self, sql: &str, args: Vec<Arg>) -> Result<Option<Row>, StorageError> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    pub(crate) async fn one(&mut self, what: &'static str, sql: &str, args: Vec<Arg>) -> Result<Row, StorageError> {
        self.first(sql, args).await?.ok_or(StorageError::NotFound(what))
    }

    /// The number in column `n` of the only row.
    pub(crate) async fn count(&mut self, sql: &str, args: Vec<Arg>) -> Result<i64, StorageError> {
        crate::dialect::count_of(&self.rows(sql, args).await?)
    }

    /// `FOR UPDATE` where the database needs it said.
    pub(crate) fn for_update(&self) -> &'static str {
        self.link.for_update()
    }

    /// What makes those who enter people wait for each other, where the database lets several write.
    pub(crate) fn arrivals_lock(&self) -> Option<&'static str> {
        self.link.arrivals_lock()
    }

    /// `FOR UPDATE SKIP LOCKED` where the database needs it said.
    pub(crate) fn for_update_skip_locked(&self) -> &'static str {
        self.link.for_update_skip_locked()
    }
}

/// A transaction of one organisation. Reading goes through `Reader`; dropping it undoes what it wrote.
pub struct Tx {
    reader: Reader,
}

impl std::ops::Deref for Tx {
    type Target = Reader;
    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl std::ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}

impl Tx {
    pub(crate) async fn exec(&mut self, sql: &str, args: Vec<Arg>) -> Result<u64, StorageError> {
        let args = self.reader.bound(args);
        self.reader.link.conn().exec(sql, args).await
    }

    /// Inserts many rows in as few statements as the parameter limit allows. Each row begins with its own `org_id`
    /// column, filled here. `suffix` may hold an ON CONFLICT clause.
    pub(crate) async fn insert_many(
        &mut self,
        table: &'static str,
        columns: &[&str],
        rows: Vec<Vec<Arg>>,
        suffix: &str,
    ) -> Result<(), StorageError> {
        if rows.len() > crate::sql::FEW {
            let org = self.reader.org.0;
            if self.reader.link.conn().insert_arrays(table, columns, org, &rows, suffix).await? {
                return Ok(());
            }
        }
        let mut named = Vec::with_capacity(columns.len() + 1);
        named.push("org_id");
        named.extend_from_slice(columns);
        let most = self.reader.link.insert_parameters() / named.len();
        let mut rows = rows.into_iter();
        while rows.len() > 0 {
            let n = crate::sql::rows_of_statement(rows.len(), most);
            let mut args = Vec::with_capacity(n * named.len());
            for row in rows.by_ref().take(n) {
                args.push(Arg::from(self.reader.org));
                args.extend(row);
            }
            let mut conn = self.reader.link.conn();
            let sql = crate::sql::insert_text(conn.is_file(), table, &named, n, suffix);
            conn.exec(&sql, args).await?;
        }
        Ok(())
    }

    /// Writes the act to the audit record and keeps everything; answers when it is on disk.
    ///
    /// # Errors
    /// Whatever kept the transaction from reaching the disk; then nothing of it was kept.
    pub async fn commit(mut self, act: &Act) -> Result<(), StorageError> {
        crate::audit::append(&mut self, act).await?;
        self.reader.link.keep().await
    }

    /// Keeps what machinery wrote that is no act (leases, sealing, job states).
    pub(crate) async fn keep(self) -> Result<(), StorageError> {
        self.reader.link.keep().await
    }

    /// Undoes everything and answers when what was read is on disk: the end of an act that refused.
    ///
    /// # Errors
    /// The shared commit of the group failed: what was read may not exist.
    pub async fn undo(self) -> Result<(), StorageError> {
        self.reader.link.undo().await
    }
}

/// A look at the directory of all organisations.
pub struct Platform {
    link: Link,
    _shared: Arc<Shared>,
}

impl Platform {
    /// The SQL that tells the database's size in bytes: one row with `n`.
    pub(crate) fn size_sql(&self) -> &'static str {
        self.link.size_sql()
    }

    /// The SQL that tells a server's settings, `name` and `setting`; nothing where the database is a file.
    pub(crate) fn settings_sql(&self) -> Option<&'static str> {
        self.link.settings_sql()
    }

    /// The SQL that tells a server's clock in seconds, `n`; nothing where the database is a file.
    pub(crate) fn clock_sql(&self) -> Option<&'static str> {
        self.link.clock_sql()
    }

    pub(crate) fn conn(&mut self) -> Conn<'_> {
        self.link.conn()
    }

    pub(crate) async fn rows(&mut self, sql: &str, args: Vec<Arg>) -> Result<Vec<Row>, StorageError> {
        self.link.conn().rows(sql, args).await
    }
}

#[cfg(test)]
mod tests;
