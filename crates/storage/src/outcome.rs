//! What came of it for people: recording, annulling, and who recorded what. Leaves reading it with the person to `person_record`.

use tsunagari_kernel::{OutcomeId, PersonId, Timestamp, UserId};
use tsunagari_people::Outcome;

use crate::args;
use crate::error::StorageError;
use crate::sql::Row;
use crate::store::{Reader, Tx};

pub(crate) const TABLE: &str = "outcome";
pub(crate) const COLUMNS: &str = "person_id, outcome_id, kind, on_day, evidence";
/// What is in force.
pub(crate) const IN_FORCE: &str = "annulled_at IS NULL";

pub(crate) fn read(row: &Row) -> Result<Outcome, StorageError> {
    Ok(Outcome {
        id: row.id("outcome_id")?,
        kind: row.code("kind")?,
        on: row.date("on_day")?,
        evidence: row.text("evidence")?,
    })
}

impl Reader {
    /// Who recorded a person's outcomes, and when; those annulled, too.
    pub async fn outcome_recorders(
        &mut self,
        person: PersonId,
    ) -> Result<Vec<(OutcomeId, UserId, Timestamp)>, StorageError> {
        let sql = "SELECT outcome_id, recorded_by, recorded_at FROM outcome WHERE org_id = $1 AND person_id = $2 ORDER BY recorded_at";
        let rows = self.rows(sql, args![person]).await?;
        rows.iter()
            .map(|row| Ok((row.id("outcome_id")?, row.id("recorded_by")?, row.instant("recorded_at")?)))
            .collect()
    }
}

impl Tx {
    /// Records an outcome.
    pub async fn add_outcome(
        &mut self,
        person: PersonId,
        it: &Outcome,
        by: UserId,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let columns = ["person_id", "outcome_id", "kind", "on_day", "evidence", "recorded_by", "recorded_at"];
        let row = args![person, it.id, it.kind.code(), it.on, it.evidence.as_str(), by, at];
        self.insert_many(TABLE, &columns, vec![row], "").await
    }

    /// What was recorded by mistake counts no more; whether it did.
    pub async fn annul_outcome(
        &mut self,
        person: PersonId,
        id: OutcomeId,
        at: Timestamp,
    ) -> Result<bool, StorageError> {
        let sql = "UPDATE outcome SET annulled_at = $4 \
                   WHERE org_id = $1 AND person_id = $2 AND outcome_id = $3 AND annulled_at IS NULL";
        Ok(self.exec(sql, args![person, id, at]).await? > 0)
    }
}
