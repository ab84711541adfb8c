//! What residents ask the office for and only the office can decide: to be erased, to be told apart from a namesake.
//! Each is one open item of work per person. Leaves the list of work and its closing to the office's file.

use chrono::NaiveDate;
use tsunagari_kernel::{PersonId, Timestamp};

use crate::args;
use crate::error::StorageError;
use crate::store::{Reader, Tx};

/// What waits for the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonWork {
    /// The person asked to be erased.
    Erasure,
    /// Somebody joined who may be a person already known.
    DoubtfulJoin,
}

impl PersonWork {
    /// The stored code of the work item.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Erasure => "erasure_request",
            Self::DoubtfulJoin => "doubtful_join",
        }
    }
}

impl Tx {
    /// Puts an item on the work list, once per person while it is open; one that was done is opened again. The note
    /// holds ids and codes only.
    pub async fn ask_office(
        &mut self,
        work: PersonWork,
        person: PersonId,
        note: &str,
        due: Option<NaiveDate>,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let id = self.shared.chance.uuid_at(now);
        self.exec(
            "INSERT INTO work_item (org_id, work_id, kind, subject, note, due_on, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (org_id, kind, subject) DO UPDATE SET created_at = excluded.created_at, due_on = excluded.due_on, \
             note = excluded.note, done_at = NULL, done_by = NULL WHERE work_item.done_at IS NOT NULL",
            args![id, work.code(), person.to_string(), note, due, now],
        )
        .await?;
        Ok(())
    }
}

impl Reader {
    /// Since when an item about a person is open.
    pub async fn asked_office(
        &mut self,
        work: PersonWork,
        person: PersonId,
    ) -> Result<Option<Timestamp>, StorageError> {
        let sql =
            "SELECT created_at FROM work_item WHERE org_id = $1 AND kind = $2 AND subject = $3 AND done_at IS NULL";
        let row = self.first(sql, args![work.code(), person.to_string()]).await?;
        row.map(|row| row.instant("created_at")).transpose()
    }
}
