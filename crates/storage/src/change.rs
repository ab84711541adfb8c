//! Long changes: one id over many slices, with a sealed step per person from which it is undone. Leaves what a step holds
//! and how it is taken back to acts.

use serde::Serialize;
use serde::de::DeserializeOwned;
use tsunagari_kernel::{ChangeId, PersonId, Timestamp, UserId};

use crate::args;
use crate::error::StorageError;
use crate::import_file::json;
use crate::person::HistoryEntry;
use crate::sql::{Arg, placeholders};
use crate::store::{OrgStore, Reader, Tx};

/// A long change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its id.
    pub id: ChangeId,
    /// What kind: `import`.
    pub kind: String,
    /// `applying`, `applied`, `undoing`, `undone`.
    pub state: String,
    /// Who.
    pub by: UserId,
    /// Since when.
    pub created_at: Timestamp,
}

/// What a change did to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeStep<S> {
    /// Its place in the change.
    pub seq: i64,
    /// Whom.
    pub person: PersonId,
    /// What was done, and what was before.
    pub step: S,
}

/// A step as it is kept.
#[derive(Debug, Clone)]
pub struct SealedStep {
    /// Its place in the change.
    pub seq: i64,
    /// Whom.
    pub person: PersonId,
    sealed: Vec<u8>,
}

/// What became of a step when the change was undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undone {
    /// Taken back.
    Back,
    /// Left as it is: the person was changed since.
    Changed,
    /// Left as it is: the person was written to, counted or linked since.
    Used,
}

impl Undone {
    /// The stored and public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Back => "back",
            Self::Changed => "changed",
            Self::Used => "used",
        }
    }
}

impl std::str::FromStr for Undone {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        [Self::Back, Self::Changed, Self::Used].into_iter().find(|it| it.code() == code).ok_or(())
    }
}

/// What keeps a person whom a list entered from being taken out again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// Named in a message.
    Message,
    /// On the frozen list of a published figure.
    Figure,
    /// Linked to LINE.
    Line,
    /// Somebody's guardian.
    Guardian,
}

impl Use {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Message, Self::Figure, Self::Line, Self::Guardian];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Figure => "figure",
            Self::Line => "line",
            Self::Guardian => "guardian",
        }
    }

    /// Table and column that name the person.
    const fn kept_in(self) -> (&'static str, &'static str) {
        match self {
            Self::Message => ("delivery", "person_id"),
            Self::Figure => ("figure_member", "person_id"),
            Self::Line => ("line_follower", "person_id"),
            Self::Guardian => ("guardianship", "guardian_id"),
        }
    }
}

fn context(change: ChangeId, seq: i64) -> Vec<u8> {
    [change.0.as_bytes().as_slice(), &seq.to_be_bytes()].concat()
}

impl Reader {
    /// Up to `most` steps not yet taken back, the last first.
    pub async fn change_steps_to_undo<S: DeserializeOwned>(
        &mut self,
        change: ChangeId,
        most: i64,
    ) -> Result<Vec<ChangeStep<S>>, StorageError> {
        let key = self.org_key().await?;
        let sql = "SELECT seq, person_id, step FROM change_row WHERE org_id = $1 AND change_id = $2 AND undone IS NULL \
                   ORDER BY seq DESC LIMIT $3";
        let rows = self.rows(sql, args![change, most]).await?;
        rows.iter()
            .map(|row| {
                let seq = row.int("seq")?;
                let plain = key.open(&context(change, seq), &row.bytes("step")?)?;
                let step = serde_json::from_slice(&plain).map_err(|error| StorageError::Unreadable {
                    column: "step".to_owned(),
                    value: error.to_string(),
                })?;
                Ok(ChangeStep { seq, person: row.id("person_id")?, step })
            })
            .collect()
    }

    /// How many steps a change has, and how many of them are dealt with by its undoing.
    pub async fn change_progress(&mut self, change: ChangeId) -> Result<(i64, i64), StorageError> {
        let sql = "SELECT count(*) AS n, count(undone) AS dealt FROM change_row WHERE org_id = $1 AND change_id = $2";
        let row = self.one("change", sql, args![change]).await?;
        Ok((row.int("n")?, row.int("dealt")?))
    }

    /// The persons whose step was not taken back, and why.
    pub async fn change_kept(&mut self, change: ChangeId, most: i64) -> Result<Vec<(PersonId, Undone)>, StorageError> {
        let sql = "SELECT person_id, undone FROM change_row WHERE org_id = $1 AND change_id = $2 \
                   AND undone IN ('changed', 'used') ORDER BY seq LIMIT $3";
        let rows = self.rows(sql, args![change, most]).await?;
        rows.iter().map(|row| Ok((row.id("person_id")?, row.code("undone")?))).collect()
    }

    /// Those of these persons who were written to, counted in a published figure, or linked to LINE or as a guardian, with
    /// each such use. A figure's list is frozen and lasts as long as the figure, so it holds people like a message does.
    pub async fn uses_of(&mut self, persons: &[PersonId]) -> Result<Vec<(PersonId, Use)>, StorageError> {
        let mut used = Vec::new();
        for chunk in persons.chunks(1_000) {
            let list = placeholders(2, chunk.len());
            for it in Use::ALL {
                let (table, column) = it.kept_in();
                let sql = format!(
                    "SELECT DISTINCT {column} AS person_id FROM {table} WHERE org_id = $1 AND {column} IN {list}"
                );
                let args = chunk.iter().map(|id| Arg::from(*id)).collect();
                for row in self.rows(&sql, args).await? {
                    used.push((row.id("person_id")?, it));
                }
            }
        }
        Ok(used)
    }
}

impl OrgStore {
    /// Seals steps of a change, before the transaction that keeps them.
    ///
    /// # Errors
    /// No connection.
    pub async fn seal_change_steps<S: Serialize>(
        &self,
        change: ChangeId,
        steps: &[ChangeStep<S>],
    ) -> Result<Vec<SealedStep>, StorageError> {
        let mut reader = self.read().await?;
        let (key, shared) = (reader.org_key().await?, reader.shared.clone());
        drop(reader);
        let sealed = |it: &ChangeStep<S>| {
            let sealed = key.seal(&shared.chance, &context(change, it.seq), json(&it.step)?.as_bytes())?;
            Ok(SealedStep { seq: it.seq, person: it.person, sealed })
        };
        steps.iter().map(sealed).collect()
    }
}

impl Tx {
    /// Begins a change.
    pub async fn begin_change(&mut self, it: &Change) -> Result<(), StorageError> {
        let columns = &["change_id", "kind", "state", "total", "done", "by_user", "created_at"];
        let row = args![it.id, it.kind.as_str(), it.state.as_str(), 0_i64, 0_i64, it.by, it.created_at];
        self.insert_many("change", columns, vec![row], "").await
    }

    /// Moves a change on.
    pub async fn move_change(
        &mut self,
        id: ChangeId,
        state: &str,
        finished: Option<Timestamp>,
    ) -> Result<(), StorageError> {
        let sql = "UPDATE change SET state = $3, finished_at = coalesce($4, finished_at) WHERE org_id = $1 AND change_id = $2";
        self.exec(sql, args![id, state, finished]).await?;
        Ok(())
    }

    /// Keeps what a slice of a change did, for undoing.
    pub async fn add_change_steps(&mut self, change: ChangeId, steps: Vec<SealedStep>) -> Result<(), StorageError> {
        let rows = steps.into_iter().map(|it| args![change, it.seq, it.person, it.sealed]).collect();
        self.insert_many("change_row", &["change_id", "seq", "person_id", "step"], rows, "").await
    }

    /// Records what became of steps when the change is undone.
    pub async fn mark_undone(&mut self, change: ChangeId, steps: &[i64], how: Undone) -> Result<(), StorageError> {
        for chunk in steps.chunks(1_000) {
            let sql = format!(
                "UPDATE change_row SET undone = $3 WHERE org_id = $1 AND change_id = $2 AND seq IN {}",
                placeholders(4, chunk.len())
            );
            let mut args = args![change, how.code()];
            args.extend(chunk.iter().map(|seq| Arg::from(*seq)));
            self.exec(&sql, args).await?;
        }
        Ok(())
    }

    /// Takes a tie out as if it had never been entered: the undoing of its entry.
    pub async fn unenter_tie(&mut self, person: PersonId, tie: tsunagari_kernel::TieId) -> Result<(), StorageError> {
        let sql = "DELETE FROM tie WHERE org_id = $1 AND person_id = $2 AND tie_id = $3";
        self.exec(sql, args![person, tie]).await?;
        Ok(())
    }

    /// Keeps what a slice of a change did to persons in their histories.
    pub async fn add_person_histories(&mut self, entries: &[(PersonId, HistoryEntry)]) -> Result<(), StorageError> {
        let columns = &["person_id", "at", "audit_id", "what", "before", "after"];
        let rows = entries
            .iter()
            .map(|(person, it)| args![*person, it.at, it.audit, it.what.code(), it.before.clone(), it.after.clone()])
            .collect();
        self.insert_many("person_history", columns, rows, "ON CONFLICT DO NOTHING").await
    }

    /// Takes a contact point out as if it had never been entered: the undoing of its entry.
    pub async fn unenter_contact(
        &mut self,
        person: PersonId,
        contact: tsunagari_kernel::ContactPointId,
    ) -> Result<(), StorageError> {
        for table in ["contact_confirmed", "contact_working", "contact_point"] {
            let sql = format!("DELETE FROM {table} WHERE org_id = $1 AND person_id = $2 AND contact_id = $3");
            self.exec(&sql, args![person, contact]).await?;
        }
        Ok(())
    }
}
