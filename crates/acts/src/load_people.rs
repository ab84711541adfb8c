//! Persons are loaded by the program itself: the demonstration's people, and the schools they went to. One transaction
//! and one audit row for each call; callers slice. Leaves lists of schools from the office to the import.

use tsunagari_access::{Act, Machine};
use tsunagari_kernel::PersonId;
use tsunagari_people::School;
use tsunagari_storage::bulk::Bulk;
use tsunagari_storage::person::Arrival;

use crate::{ActError, House};

/// Enters persons with everything known of them, in one transaction.
///
/// # Errors
/// Storage's; then nobody was entered.
pub async fn load_people(house: &House, by: &Machine, arrivals: &[Arrival]) -> Result<(), ActError> {
    let here = house.org(by.org());
    let reachable: Vec<PersonId> = arrivals
        .iter()
        .filter(|arrival| !arrival.record.contact_points.is_empty())
        .map(|arrival| arrival.record.person.id)
        .collect();
    let keys = here.make_person_keys(&reachable).await?;
    let mut tx = here.write().await?;
    tx.insert_people(arrivals, &keys).await?;
    let people = i64::try_from(arrivals.len()).unwrap_or(i64::MAX);
    Ok(tx.commit(&Act::named("load_people", by.actor(), house.operation()).counting("people", people)).await?)
}

/// A load of very many people, of any number of organisations: the demonstration's. One audit row for each slice.
pub struct PeopleLoad<'h> {
    house: &'h House,
    bulk: Bulk,
}

impl<'h> PeopleLoad<'h> {
    /// Begins one. Into a database without people it is several times as fast as `load_people`.
    ///
    /// # Errors
    /// Storage's.
    pub async fn begin(house: &'h House) -> Result<Self, ActError> {
        Ok(Self { house, bulk: house.store.begin_bulk().await? })
    }

    /// Enters a slice; the one before is written when this answers.
    ///
    /// # Errors
    /// Storage's, of this slice or of the one before.
    pub async fn enter(&mut self, by: &Machine, arrivals: &[Arrival]) -> Result<(), ActError> {
        let people = i64::try_from(arrivals.len()).unwrap_or(i64::MAX);
        let act = Act::named("load_people", by.actor(), self.house.operation()).counting("people", people);
        Ok(self.bulk.enter(&self.house.org(by.org()), arrivals, act).await?)
    }

    /// Waits for the last slice: everybody entered so far can be built upon.
    ///
    /// # Errors
    /// Storage's, of that slice.
    pub async fn written(&mut self) -> Result<(), ActError> {
        Ok(self.bulk.written().await?)
    }

    /// Ends it: everybody is found and on disk.
    ///
    /// # Errors
    /// Storage's; opening the database again finishes what was left.
    pub async fn finish(self) -> Result<(), ActError> {
        Ok(self.bulk.finish().await?)
    }
}

/// Makes sure these schools are known; the kept ones, in the same order (a school is found again by its name).
///
/// # Errors
/// Storage's.
pub async fn know_schools(house: &House, by: &Machine, schools: &[School]) -> Result<Vec<School>, ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let mut kept = Vec::with_capacity(schools.len());
    for school in schools {
        match tx.school_by_name(&school.name).await? {
            Some(known) => kept.push(known),
            None => {
                tx.add_school(school).await?;
                kept.push(school.clone());
            }
        }
    }
    tx.commit(&Act::named("know_schools", by.actor(), house.operation())).await?;
    Ok(kept)
}
