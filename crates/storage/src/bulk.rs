//! Entering very many people at once: the demonstration's, or a first take-over. The same rows as `insert_people`, in
//! slices that are each an act of their own; while one is written the next is made. Into a SQLite database without people
//! the indexes are set aside meanwhile, commits do not wait for the disk, and the grams names are found by are written
//! last, in order: what was loaded is whole and on disk when `finish` answers, and a load that ended before its time is
//! finished when the database is next opened and nobody is at it (docs/decisions/0008). Leaves everyday changes to the acts.

use std::collections::HashMap;
use std::fs::File;
use std::sync::Arc;

use tokio::task::JoinHandle;
use tsunagari_access::Act;
use tsunagari_kernel::{PersonId, names};

use crate::args;
use crate::contact::{self, Seal};
use crate::error::StorageError;
use crate::person::{Arrival, Rows};
use crate::person_key::PersonKeyFile;
use crate::store::{OrgStore, Store};
use crate::{consent, enrolment, household, interest, person_state, residence, tie};

/// The tables whose indexes are set aside.
const TABLES: [&str; 10] = [
    "person",
    tie::TABLE,
    household::MEMBER,
    household::GUARDIANSHIP,
    enrolment::TABLE,
    residence::TABLE,
    interest::TABLE,
    contact::TABLE,
    consent::TABLE,
    person_state::TABLE,
];

/// Persons read in one statement, and grams written in one transaction.
const PAGE: i64 = 20_000;
const GRAMS: usize = 50_000;

/// How a load is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Like any other change.
    Plain,
    /// Indexes and grams follow at the end.
    Deferred,
}

/// A load under way.
pub struct Bulk {
    store: Store,
    way: Way,
    writing: Option<JoinHandle<Result<(), StorageError>>>,
    /// Says to other processes on this database that the load lives.
    claim: Option<Arc<File>>,
}

impl Store {
    /// Begins a load.
    ///
    /// # Errors
    /// No connection.
    pub async fn begin_bulk(&self) -> Result<Bulk, StorageError> {
        let claim = self.claim_load()?.map(Arc::new);
        let aside = claim.is_some() && self.lay_indexes_aside(&TABLES).await?;
        let way = if aside { Way::Deferred } else { Way::Plain };
        Ok(Bulk { store: self.clone(), way, writing: None, claim })
    }

    /// Finishes a load that ended before its time; nothing to do otherwise. One that another process is still at is left
    /// to it.
    pub(crate) async fn recover_bulk(&self) -> Result<(), StorageError> {
        if !self.indexes_are_aside().await? {
            return Ok(());
        }
        let Some(_claim) = self.claim_load()? else {
            tracing::info!("another process is loading people into this database");
            return Ok(());
        };
        if self.indexes_are_aside().await? {
            tracing::warn!("a load of people ended before its time; building what it left for the end");
            self.finish_deferred().await?;
        }
        Ok(())
    }

    async fn finish_deferred(&self) -> Result<(), StorageError> {
        for organisation in self.platform().await?.organisations().await? {
            write_grams(&self.org(organisation.id)).await?;
        }
        self.take_indexes_back().await
    }
}

impl Bulk {
    /// Enters persons of one organisation as one act. Answers when they are made and the slice before is written; an
    /// error of that slice comes here.
    ///
    /// # Errors
    /// As `Tx::insert_people`.
    pub async fn enter(&mut self, here: &OrgStore, arrivals: &[Arrival], act: Act) -> Result<(), StorageError> {
        let org_key = here.read().await?.org_key().await?;
        let shared = here.store().shared();
        let now = shared.clock.now();
        let with_contacts = arrivals.iter().map(|it| &it.record).filter(|record| !record.contact_points.is_empty());
        let with_contacts: Vec<PersonId> = with_contacts.map(|record| record.person.id).collect();
        let (keys, wrapped) = PersonKeyFile::born(here.id(), &org_key, &shared.chance, &with_contacts)?;
        let seal = Seal { org_key: &org_key, keys: &keys, chance: &shared.chance };
        let rows = Rows::of(arrivals, &seal, now)?;
        let grams = match self.way {
            Way::Plain => Rows::grams(arrivals),
            Way::Deferred => Vec::new(),
        };
        self.written().await?;
        let (here, claim) = (here.clone(), self.claim.clone());
        self.writing = Some(tokio::spawn(async move {
            let _claim = claim;
            here.store().shared().person_keys.keep(here.id(), now, wrapped).await?;
            let mut tx = here.write().await?;
            tx.insert_many("person_gram", &["gram", "person_id"], grams, "").await?;
            tx.insert_rows(rows).await?;
            tx.commit(&act).await
        }));
        Ok(())
    }

    /// Waits until the last slice is written.
    ///
    /// # Errors
    /// That slice's.
    pub async fn written(&mut self) -> Result<(), StorageError> {
        match self.writing.take() {
            Some(writing) => writing.await.map_err(|error| StorageError::Broken(error.to_string()))?,
            None => Ok(()),
        }
    }

    /// Ends the load: everything is found, and on disk.
    ///
    /// # Errors
    /// An error of the last slice, or of what follows it.
    pub async fn finish(mut self) -> Result<(), StorageError> {
        self.written().await?;
        if self.way == Way::Deferred {
            self.store.finish_deferred().await?;
        }
        self.store.analyse().await
    }
}

/// What a name is found by, of everybody of an organisation, in the order of the table. Pairs of numbers, so that a
/// million people fit.
async fn write_grams(here: &OrgStore) -> Result<(), StorageError> {
    let (mut persons, mut pairs) = (Vec::<PersonId>::new(), Vec::<(u32, u32)>::new());
    let mut known: HashMap<String, u32> = HashMap::new();
    let number = |n: usize| u32::try_from(n).map_err(|_| StorageError::Broken("too many people at once".to_owned()));
    let sql = "SELECT person_id, name_key, kana_key FROM person WHERE org_id = $1 AND person_id > $2 \
               AND merged_into IS NULL AND erased_at IS NULL ORDER BY person_id LIMIT $3";
    let mut reader = here.read().await?;
    loop {
        let after = persons.last().map_or(uuid::Uuid::nil(), |person| person.0);
        let rows = reader.rows(sql, args![after, PAGE]).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let person = number(persons.len())?;
            persons.push(row.id("person_id")?);
            for gram in names::grams_of_keys(&row.text("name_key")?, &row.text("kana_key")?) {
                let fresh = number(known.len())?;
                pairs.push((*known.entry(gram).or_insert(fresh), person));
            }
        }
    }
    drop(reader);
    let mut grams: Vec<(String, u32)> = known.into_iter().collect();
    grams.sort_unstable();
    let mut place = vec![0_u32; grams.len()];
    for (index, (_, given)) in grams.iter().enumerate() {
        if let Some(slot) = place.get_mut(*given as usize) {
            *slot = number(index)?;
        }
    }
    for (gram, _) in &mut pairs {
        *gram = place.get(*gram as usize).copied().unwrap_or_default();
    }
    pairs.sort_unstable();
    for some in pairs.chunks(GRAMS) {
        let row = |(gram, person): &(u32, u32)| {
            let gram = grams.get(*gram as usize).map(|(gram, _)| gram.as_str());
            args![gram, persons.get(*person as usize).copied()]
        };
        let mut tx = here.write().await?;
        let rows = some.iter().map(row).collect();
        tx.insert_many("person_gram", &["gram", "person_id"], rows, "ON CONFLICT DO NOTHING").await?;
        tx.keep().await?;
    }
    Ok(())
}
