//! The work lists of departments: what waits for a decision of the office, once per kind and subject. Leaves what residents
//! ask for to `erasure_request` and who may finish an item to acts. Notes hold ids and codes only, never names.

use chrono::NaiveDate;
use tsunagari_kernel::{PersonId, TeamId, Timestamp, UserId, WorkId};

use crate::args;
use crate::error::StorageError;
use crate::order::{Way, WorkColumn};
use crate::sql::Row;
use crate::store::{Reader, Tx};

/// One item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkItem {
    /// The id.
    pub id: WorkId,
    /// Whose it is; nobody's in particular when none.
    pub team: Option<TeamId>,
    /// The kind: `doubtful_join`, `erasure_request`, `channel_stopped`, `line_silent`, `mandate_ends`, `message_stopped`, `unknown_deliveries` …
    pub kind: String,
    /// What it is about: usually an id.
    pub subject: String,
    /// More: ids and codes.
    pub note: String,
    /// Until when.
    pub due_on: Option<NaiveDate>,
    /// Since when.
    pub created_at: Timestamp,
    /// Done when.
    pub done_at: Option<Timestamp>,
    /// Done by whom; nobody's name when it passed by itself.
    pub done_by: Option<UserId>,
    /// What came of it, in the words of who did it.
    pub outcome: String,
}

impl WorkItem {
    /// The person it is about, when the subject is one.
    pub fn person(&self) -> Option<PersonId> {
        let about_person =
            matches!(self.kind.as_str(), "doubtful_join" | "erasure_request" | "doubtful_duplicate" | "reconfirmation");
        about_person.then(|| self.subject.parse().ok()).flatten()
    }
}

const COLUMNS: &str = "work_id, team_id, kind, subject, note, due_on, created_at, done_at, done_by, outcome";

fn read(row: &Row) -> Result<WorkItem, StorageError> {
    Ok(WorkItem {
        id: row.id("work_id")?,
        team: row.opt_id("team_id")?,
        kind: row.text("kind")?,
        subject: row.text("subject")?,
        note: row.text("note")?,
        due_on: row.opt_date("due_on")?,
        created_at: row.instant("created_at")?,
        done_at: row.opt_instant("done_at")?,
        done_by: row.opt_id("done_by")?,
        outcome: row.text("outcome")?,
    })
}

/// A department sees its own items and those of nobody; without a department everything is seen.
const OF_TEAM: &str = "($2 IS NULL OR team_id = $2 OR team_id IS NULL)";

impl Reader {
    /// How many items of each kind are open for a department (its own and nobody's); for none: all.
    pub async fn work_items_open(&mut self, team: Option<TeamId>) -> Result<Vec<(String, i64)>, StorageError> {
        let sql = format!(
            "SELECT kind, count(*) AS n FROM work_item WHERE org_id = $1 AND done_at IS NULL AND {OF_TEAM} GROUP BY kind ORDER BY kind"
        );
        let rows = self.rows(&sql, args![team]).await?;
        rows.iter().map(|row| Ok((row.text("kind")?, row.int("n")?))).collect()
    }

    /// The open items of a department, the most urgent first, at most `most`.
    pub async fn open_work(&mut self, team: Option<TeamId>, most: i64) -> Result<Vec<WorkItem>, StorageError> {
        self.open_work_sorted(team, (WorkColumn::Due, Way::Rising), most).await
    }

    /// The same, sorted; those without the day it is sorted by come last.
    pub async fn open_work_sorted(
        &mut self,
        team: Option<TeamId>,
        (by, way): (WorkColumn, Way),
        most: i64,
    ) -> Result<Vec<WorkItem>, StorageError> {
        let (by, way) = (by.sql(), way.sql());
        let sql = format!(
            "SELECT {COLUMNS} FROM work_item WHERE org_id = $1 AND done_at IS NULL AND {OF_TEAM} \
             ORDER BY CASE WHEN {by} IS NULL THEN 1 ELSE 0 END, {by} {way}, created_at, work_id LIMIT $3"
        );
        self.rows(&sql, args![team, most]).await?.iter().map(read).collect()
    }

    /// The items done last, newest first, at most `most`.
    pub async fn done_work(&mut self, team: Option<TeamId>, most: i64) -> Result<Vec<WorkItem>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM work_item WHERE org_id = $1 AND done_at IS NOT NULL AND {OF_TEAM} \
             ORDER BY done_at DESC, work_id LIMIT $3"
        );
        self.rows(&sql, args![team, most]).await?.iter().map(read).collect()
    }

    /// Whether an item of a kind is open about a subject.
    pub async fn work_is_open(&mut self, kind: &'static str, subject: &str) -> Result<bool, StorageError> {
        let sql =
            "SELECT count(*) AS n FROM work_item WHERE org_id = $1 AND kind = $2 AND subject = $3 AND done_at IS NULL";
        Ok(self.count(sql, args![kind, subject]).await? > 0)
    }

    /// Whether there is or was an item of a kind about a subject.
    pub async fn work_was_known(&mut self, kind: &'static str, subject: &str) -> Result<bool, StorageError> {
        let sql = "SELECT count(*) AS n FROM work_item WHERE org_id = $1 AND kind = $2 AND subject = $3";
        Ok(self.count(sql, args![kind, subject]).await? > 0)
    }

    /// One item.
    pub async fn work_item(&mut self, id: WorkId) -> Result<WorkItem, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM work_item WHERE org_id = $1 AND work_id = $2");
        read(&self.one("work_item", &sql, args![id]).await?)
    }
}

impl Tx {
    /// Puts an item on a list, once per kind and subject while it is open; one that was done is opened again.
    pub async fn add_work_item(
        &mut self,
        kind: &'static str,
        subject: &str,
        team: Option<TeamId>,
        note: &str,
        due: Option<NaiveDate>,
    ) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        let id = self.shared.chance.uuid_at(now);
        self.exec(
            "INSERT INTO work_item (org_id, work_id, team_id, kind, subject, note, due_on, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT (org_id, kind, subject) DO UPDATE SET created_at = excluded.created_at, due_on = excluded.due_on, \
             note = excluded.note, team_id = excluded.team_id, done_at = NULL, done_by = NULL, outcome = '' WHERE work_item.done_at IS NOT NULL",
            args![id, team, kind, subject, note, due, now],
        )
        .await?;
        Ok(())
    }

    /// Marks an item done, with what came of it. Whether it was open.
    pub async fn finish_work_item(&mut self, id: WorkId, by: UserId, outcome: &str) -> Result<bool, StorageError> {
        let now = self.shared.clock.now();
        let sql = "UPDATE work_item SET done_at = $3, done_by = $4, outcome = $5 \
                   WHERE org_id = $1 AND work_id = $2 AND done_at IS NULL";
        Ok(self.exec(sql, args![id, now, by, outcome]).await? == 1)
    }

    /// Closes whatever is open of a kind about a subject, because it was dealt with elsewhere; by nobody: it passed by itself.
    pub async fn close_work(
        &mut self,
        kind: &'static str,
        subject: &str,
        by: impl Into<Option<UserId>>,
    ) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        let by: Option<UserId> = by.into();
        let sql = "UPDATE work_item SET done_at = $4, done_by = $5 WHERE org_id = $1 AND kind = $2 AND subject = $3 AND done_at IS NULL";
        self.exec(sql, args![kind, subject, now, by]).await?;
        Ok(())
    }

    /// Gives an open item to a department, or to none. Whether it was open.
    pub async fn give_work(&mut self, id: WorkId, team: Option<TeamId>) -> Result<bool, StorageError> {
        let sql = "UPDATE work_item SET team_id = $3 WHERE org_id = $1 AND work_id = $2 AND done_at IS NULL";
        Ok(self.exec(sql, args![id, team]).await? == 1)
    }
}
