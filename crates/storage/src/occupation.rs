//! What people do besides school: keeping what they say now, taking out. Leaves reading it with the person to
//! `person_record`.

use chrono::NaiveDate;
use tsunagari_kernel::{OccupationId, PersonId, Timestamp};
use tsunagari_people::Occupation;

use crate::args;
use crate::error::StorageError;
use crate::sql::{Arg, Row};
use crate::store::Tx;

pub(crate) const TABLE: &str = "occupation";
pub(crate) const COLUMNS: &[&str] = &["person_id", "occupation_id", "kind", "from_on", "until_on", "recorded_at"];

pub(crate) fn values(person: PersonId, it: &Occupation, now: Timestamp) -> Vec<Arg> {
    args![person, it.id, it.kind.code(), it.span.from, it.span.until, now]
}

pub(crate) fn read(row: &Row) -> Result<Occupation, StorageError> {
    Ok(Occupation { id: row.id("occupation_id")?, kind: row.code("kind")?, span: row.days("from_on", "until_on")? })
}

impl Tx {
    /// Adds what somebody does.
    pub async fn add_occupation(&mut self, person: PersonId, it: &Occupation) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        self.insert_many(TABLE, COLUMNS, vec![values(person, it, now)], "").await
    }

    /// Ends what was open on a day; what was told to begin on that very day is taken out instead.
    pub async fn end_occupations(&mut self, person: PersonId, on: NaiveDate) -> Result<(), StorageError> {
        let same = "DELETE FROM occupation WHERE org_id = $1 AND person_id = $2 AND from_on = $3";
        self.exec(same, args![person, on]).await?;
        let open = "UPDATE occupation SET until_on = $3 WHERE org_id = $1 AND person_id = $2 \
                    AND (until_on IS NULL OR until_on > $3) AND from_on < $3";
        self.exec(open, args![person, on]).await?;
        Ok(())
    }

    /// Takes out what was entered by mistake.
    pub async fn remove_occupation(&mut self, person: PersonId, id: OccupationId) -> Result<(), StorageError> {
        let sql = "DELETE FROM occupation WHERE org_id = $1 AND person_id = $2 AND occupation_id = $3";
        self.exec(sql, args![person, id]).await?;
        Ok(())
    }
}
