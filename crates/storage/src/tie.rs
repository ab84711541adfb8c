//! Ties: beginning and ending them. Leaves reading them with the person to `person_record`.

use chrono::NaiveDate;
use tsunagari_kernel::{PersonId, TieId, Timestamp};
use tsunagari_people::{Tie, TieEnd};

use crate::args;
use crate::error::StorageError;
use crate::sql::{Arg, Row};
use crate::store::Tx;

pub(crate) const TABLE: &str = "tie";
pub(crate) const COLUMNS: &[&str] =
    &["person_id", "tie_id", "kind", "from_on", "until_on", "ended_reason", "recorded_at"];

pub(crate) fn values(person: PersonId, it: &Tie, now: Timestamp) -> Vec<Arg> {
    args![person, it.id, it.kind.code(), it.span.from, it.span.until, it.ended.map(TieEnd::code), now]
}

pub(crate) fn read(row: &Row) -> Result<Tie, StorageError> {
    Ok(Tie {
        id: row.id("tie_id")?,
        kind: row.code("kind")?,
        span: row.days("from_on", "until_on")?,
        ended: row.opt_code("ended_reason")?,
    })
}

impl Tx {
    /// Begins a tie.
    pub async fn begin_tie(&mut self, person: PersonId, it: &Tie) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        self.insert_many(TABLE, COLUMNS, vec![values(person, it, now)], "").await
    }

    /// Ends a tie on a day, the first on which it is no longer alive. Whether it was open until then.
    pub async fn end_tie(
        &mut self,
        person: PersonId,
        tie: TieId,
        on: NaiveDate,
        why: TieEnd,
    ) -> Result<bool, StorageError> {
        let sql = "UPDATE tie SET until_on = $4, ended_reason = $5 WHERE org_id = $1 AND person_id = $2 AND tie_id = $3 \
                   AND (until_on IS NULL OR until_on > $4)";
        Ok(self.exec(sql, args![person, tie, on, why.code()]).await? == 1)
    }

    /// A tie goes on as if it had not ended.
    pub async fn take_back_tie_end(&mut self, person: PersonId, tie: TieId) -> Result<(), StorageError> {
        let sql =
            "UPDATE tie SET until_on = NULL, ended_reason = NULL WHERE org_id = $1 AND person_id = $2 AND tie_id = $3";
        self.exec(sql, args![person, tie]).await?;
        Ok(())
    }

    /// Ends every open tie of a person on a day; how many there were.
    pub async fn end_ties(&mut self, person: PersonId, on: NaiveDate, why: TieEnd) -> Result<u64, StorageError> {
        let sql = "UPDATE tie SET until_on = $3, ended_reason = $4 WHERE org_id = $1 AND person_id = $2 \
                   AND (until_on IS NULL OR until_on > $3)";
        self.exec(sql, args![person, on, why.code()]).await
    }
}
