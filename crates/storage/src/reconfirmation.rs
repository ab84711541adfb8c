//! Who has reached the age from which their own consent suffices while a guardian's consent stands, and whether they have
//! been asked. Asked by a message, the item on the work list is kept as done; it opens when nothing came back, or when
//! there is no way to ask. Leaves who is still to be asked to people and the asking to acts.

use chrono::NaiveDate;
use tsunagari_kernel::{PersonId, Timestamp};

use crate::args;
use crate::error::StorageError;
use crate::store::{Reader, Tx};

/// The kind of its items on the work list.
pub const KIND: &str = "reconfirmation";

/// How somebody was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedHow {
    /// By a message.
    Message,
    /// Not: the office has to.
    Office,
}

/// An asking on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking {
    /// Whom.
    pub person: PersonId,
    /// Since when.
    pub since: Timestamp,
    /// Whether it is on the open work list.
    pub open: bool,
}

impl Reader {
    /// Living persons born on a day or before, for whom a guardian's consent stands at an instant.
    /// The youngest first, from after one of them on.
    pub async fn guardian_consented(
        &mut self,
        born_until: NaiveDate,
        after: Option<(NaiveDate, PersonId)>,
        at: Timestamp,
        most: i64,
    ) -> Result<Vec<(NaiveDate, PersonId)>, StorageError> {
        let sql = "SELECT p.birth_date, p.person_id FROM person p WHERE p.org_id = $1 AND p.birth_date <= $2 \
                   AND (CAST($3 AS text) IS NULL OR p.birth_date < $3 OR p.birth_date = $3 AND p.person_id > $4) \
                   AND p.merged_into IS NULL AND p.erased_at IS NULL AND EXISTS (SELECT 1 FROM consent c WHERE c.org_id = $1 \
                   AND c.person_id = p.person_id AND c.given_by = 'guardian' AND c.from_at <= $5 AND (c.until_at IS NULL OR c.until_at > $5)) \
                   ORDER BY p.birth_date DESC, p.person_id LIMIT $6";
        let (day, person) = after.unzip();
        let rows = self.rows(sql, args![born_until, day, person, at, most]).await?;
        rows.iter().map(|row| Ok((row.date("birth_date")?, row.id("person_id")?))).collect()
    }

    /// Everybody who was asked, answered or not.
    pub async fn askings(&mut self) -> Result<Vec<Asking>, StorageError> {
        let sql = "SELECT subject, created_at, done_at FROM work_item WHERE org_id = $1 AND kind = $2 ORDER BY created_at, work_id";
        let rows = self.rows(sql, args![KIND]).await?;
        rows.iter()
            .map(|row| {
                Ok(Asking {
                    person: row.code("subject")?,
                    since: row.instant("created_at")?,
                    open: row.opt_instant("done_at")?.is_none(),
                })
            })
            .collect()
    }
}

impl Tx {
    /// Records that somebody is asked. Nothing when they were before.
    pub async fn add_asking(
        &mut self,
        person: PersonId,
        how: AskedHow,
        due: Option<NaiveDate>,
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        let id = self.shared.chance.uuid_at(now);
        let done = match how {
            AskedHow::Message => Some(now),
            AskedHow::Office => None,
        };
        let sql = "INSERT INTO work_item (org_id, work_id, kind, subject, due_on, created_at, done_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                   ON CONFLICT (org_id, kind, subject) DO NOTHING";
        Ok(self.exec(sql, args![id, KIND, person.to_string(), due, now, done]).await? == 1)
    }

    /// Puts an asking on the open list: it could not be sent, or nothing came back.
    pub async fn reopen_asking(&mut self, person: PersonId) -> Result<(), StorageError> {
        let sql = "UPDATE work_item SET done_at = NULL WHERE org_id = $1 AND kind = $2 AND subject = $3";
        self.exec(sql, args![KIND, person.to_string()]).await?;
        Ok(())
    }

    /// The person has answered.
    pub async fn end_asking(&mut self, person: PersonId, now: Timestamp) -> Result<(), StorageError> {
        let sql =
            "UPDATE work_item SET done_at = $4 WHERE org_id = $1 AND kind = $2 AND subject = $3 AND done_at IS NULL";
        self.exec(sql, args![KIND, person.to_string(), now]).await?;
        Ok(())
    }
}
