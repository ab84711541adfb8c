//! Stays in municipalities: adding, moving, taking out. Leaves reading them with the person to `person_record`.

use chrono::NaiveDate;
use tsunagari_kernel::{PersonId, ResidenceId, Timestamp};
use tsunagari_people::Residence;
use tsunagari_people::residence::Place;

use crate::args;
use crate::error::StorageError;
use crate::sql::{Arg, Row};
use crate::store::Tx;

pub(crate) const TABLE: &str = "residence";
pub(crate) const COLUMNS: &[&str] =
    &["person_id", "residence_id", "municipality", "prefecture", "country", "from_on", "until_on", "recorded_at"];

pub(crate) fn values(person: PersonId, it: &Residence, now: Timestamp) -> Vec<Arg> {
    let place = &it.place;
    args![person, it.id, place.municipality(), place.prefecture(), place.country(), it.span.from, it.span.until, now,]
}

pub(crate) fn read(row: &Row) -> Result<Residence, StorageError> {
    let place = Place::of(row.opt_code("municipality")?, row.opt_code("prefecture")?, &row.text("country")?);
    Ok(Residence {
        id: row.id("residence_id")?,
        place: place.ok_or_else(|| StorageError::empty("prefecture"))?,
        span: row.days("from_on", "until_on")?,
    })
}

impl Tx {
    /// Adds a stay.
    pub async fn add_residence(&mut self, person: PersonId, it: &Residence) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        self.insert_many(TABLE, COLUMNS, vec![values(person, it, now)], "").await
    }

    /// Ends every stay on the day the new one begins, and adds it; one that had begun that very day makes way for it.
    pub async fn move_to(&mut self, person: PersonId, it: &Residence) -> Result<(), StorageError> {
        let same = "DELETE FROM residence WHERE org_id = $1 AND person_id = $2 AND from_on = $3";
        self.exec(same, args![person, it.span.from]).await?;
        let sql = "UPDATE residence SET until_on = $3 WHERE org_id = $1 AND person_id = $2 \
                   AND (until_on IS NULL OR until_on > $3) AND from_on < $3";
        self.exec(sql, args![person, it.span.from]).await?;
        self.add_residence(person, it).await
    }

    /// Ends a stay on a day.
    pub async fn end_residence(
        &mut self,
        person: PersonId,
        id: ResidenceId,
        on: NaiveDate,
    ) -> Result<(), StorageError> {
        let sql = "UPDATE residence SET until_on = $4 WHERE org_id = $1 AND person_id = $2 AND residence_id = $3";
        self.exec(sql, args![person, id, on]).await?;
        Ok(())
    }

    /// Takes a stay out that was entered by mistake.
    pub async fn remove_residence(&mut self, person: PersonId, id: ResidenceId) -> Result<(), StorageError> {
        let sql = "DELETE FROM residence WHERE org_id = $1 AND person_id = $2 AND residence_id = $3";
        self.exec(sql, args![person, id]).await?;
        Ok(())
    }
}
