//! The known people somebody who joins or stands in a list may be: found by name, kana, birth date or a shared address,
//! for one entry or a whole file at once. Leaves deciding to `people::matching`.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use tsunagari_kernel::{FiscalYear, PersonId};
use tsunagari_people::matching::{Known, Traits};

use crate::error::StorageError;
use crate::facts::high_school_columns;
use crate::sql::{Arg, Row, placeholders};
use crate::store::Reader;

/// People found for some entries.
#[derive(Debug, Default)]
pub struct KnownPeople {
    people: HashMap<PersonId, Traits>,
    by_name: HashMap<String, Vec<PersonId>>,
    by_kana: HashMap<String, Vec<PersonId>>,
    by_birth: HashMap<NaiveDate, Vec<PersonId>>,
}

impl KnownPeople {
    /// Those to compare an entry with; `sharing`: who shares an address with it (see `Reader::persons_by_contact`).
    pub fn for_entry(&self, entry: &Traits, sharing: &[PersonId]) -> Vec<Known> {
        let mut ids: BTreeSet<PersonId> = sharing.iter().copied().collect();
        ids.extend(self.by_name.get(&entry.name_key).into_iter().flatten());
        if !entry.kana_key.is_empty() {
            ids.extend(self.by_kana.get(&entry.kana_key).into_iter().flatten());
        }
        ids.extend(entry.birth_date.and_then(|birth| self.by_birth.get(&birth)).into_iter().flatten());
        let known = |id: PersonId| {
            let traits = self.people.get(&id)?.clone();
            Some(Known { person: id, traits, shares_contact: sharing.contains(&id) })
        };
        ids.into_iter().filter_map(known).collect()
    }

    /// Adds a person who was entered since (by the same file).
    pub fn add(&mut self, person: PersonId, traits: Traits) {
        self.by_name.entry(traits.name_key.clone()).or_default().push(person);
        if !traits.kana_key.is_empty() {
            self.by_kana.entry(traits.kana_key.clone()).or_default().push(person);
        }
        if let Some(birth) = traits.birth_date {
            self.by_birth.entry(birth).or_default().push(person);
        }
        self.people.insert(person, traits);
    }
}

fn read(row: &Row) -> Result<(PersonId, Traits), StorageError> {
    let cohort = row.opt_int("cohort")?.map(|year| FiscalYear(i32::try_from(year).unwrap_or(0)));
    let traits = Traits {
        name_key: row.text("name_key")?,
        kana_key: row.text("kana_key")?,
        birth_date: row.opt_date("birth_date")?,
        school: row.opt_id("school")?,
        cohort,
    };
    Ok((row.id("person_id")?, traits))
}

impl Reader {
    /// Everybody who may be meant by one of these entries, and the persons in `also` (who share an address).
    pub async fn known_people(&mut self, entries: &[Traits], also: &[PersonId]) -> Result<KnownPeople, StorageError> {
        let mut known = KnownPeople::default();
        let texts =
            |it: BTreeSet<&str>| it.into_iter().filter(|text| !text.is_empty()).map(Arg::from).collect::<Vec<_>>();
        let names = texts(entries.iter().map(|entry| entry.name_key.as_str()).collect());
        let kana = texts(entries.iter().map(|entry| entry.kana_key.as_str()).collect());
        let births: BTreeSet<NaiveDate> = entries.iter().filter_map(|entry| entry.birth_date).collect();
        let births = births.into_iter().map(Arg::from).collect();
        let ids = also.iter().map(|id| Arg::from(*id)).collect();
        for (column, values) in [("name_key", names), ("kana_key", kana), ("birth_date", births), ("person_id", ids)] {
            self.add_known(column, values, &mut known).await?;
        }
        Ok(known)
    }

    async fn add_known(&mut self, column: &str, values: Vec<Arg>, known: &mut KnownPeople) -> Result<(), StorageError> {
        for chunk in values.chunks(1_000) {
            let sql = format!(
                "SELECT p.person_id, p.name_key, p.kana_key, p.birth_date, {} FROM person p \
                 WHERE p.org_id = $1 AND p.{column} IN {} AND p.merged_into IS NULL AND p.erased_at IS NULL",
                high_school_columns(),
                placeholders(2, chunk.len())
            );
            for row in self.rows(&sql, chunk.to_vec()).await? {
                let (person, traits) = read(&row)?;
                if !known.people.contains_key(&person) {
                    known.add(person, traits);
                }
            }
        }
        Ok(())
    }
}
