//! Persons made ready to be entered: their keys made, what is kept of them sealed and laid out as rows, all before the
//! transaction that writes them, so that the only writer does nothing but write. Leaves the rows to `person`, and loads of
//! very many people, whose indexes are set aside, to `bulk`.

use tsunagari_kernel::PersonId;

use crate::contact::Seal;
use crate::error::StorageError;
use crate::person::{Arrival, Rows};
use crate::person_key::{PersonKeyFile, PersonKeys};
use crate::sql::Arg;
use crate::store::{OrgStore, Tx};

/// Persons ready to be entered.
pub struct ReadyPeople {
    rows: Rows,
    grams: Vec<Vec<Arg>>,
    keys: PersonKeys,
}

impl ReadyPeople {
    /// The keys made for them, for entering only some of them (`Tx::insert_people`).
    pub const fn keys(&self) -> &PersonKeys {
        &self.keys
    }
}

impl OrgStore {
    /// Makes persons ready whom nobody has entered yet. Their keys are on disk when this answers; a key without a person is
    /// harmless. Ask before a transaction.
    ///
    /// # Errors
    /// `NotFound` for an address not given; no connection.
    pub async fn make_people_ready(&self, arrivals: &[Arrival]) -> Result<ReadyPeople, StorageError> {
        let org_key = self.read().await?.org_key().await?;
        let shared = self.store().shared();
        let now = shared.clock.now();
        let with_contacts = arrivals.iter().map(|it| &it.record).filter(|record| !record.contact_points.is_empty());
        let with_contacts: Vec<PersonId> = with_contacts.map(|record| record.person.id).collect();
        let (keys, wrapped) = PersonKeyFile::born(self.id(), &org_key, &shared.chance, &with_contacts)?;
        let seal = Seal { org_key: &org_key, keys: &keys, chance: &shared.chance };
        let (rows, grams) = (Rows::of(arrivals, &seal, now)?, Rows::grams(arrivals));
        if !wrapped.is_empty() {
            shared.person_keys.keep(self.id(), now, wrapped).await?;
        }
        Ok(ReadyPeople { rows, grams, keys })
    }
}

impl Tx {
    /// Enters everybody who was made ready.
    pub async fn insert_ready_people(&mut self, ready: ReadyPeople) -> Result<(), StorageError> {
        self.insert_many("person_gram", &["gram", "person_id"], ready.grams, "").await?;
        self.insert_rows(ready.rows).await
    }
}
