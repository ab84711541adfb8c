//! Segments: named rules an office keeps. The text is kept; whoever uses it reads and checks it against the catalogue of
//! that day. Leaves the rule language to rules and counting to `audience`.

use tsunagari_kernel::{SegmentId, TeamId, Timestamp, UserId};

use crate::args;
use crate::error::StorageError;
use crate::sql::Row;
use crate::store::{Reader, Tx};

/// A named rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The id.
    pub id: SegmentId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub why: String,
    /// The rule's canonical text.
    pub rule: String,
    /// The rule's hash.
    pub rule_hash: String,
    /// Whose it is.
    pub team: Option<TeamId>,
    /// Who made it.
    pub created_by: UserId,
    /// Last changed.
    pub updated_at: Timestamp,
    /// Counted up with each change; a change names the version it saw.
    pub version: i64,
}

const COLUMNS: &str = "segment_id, name, why, rule, rule_hash, team_id, created_by, updated_at, version";

fn read(row: &Row) -> Result<Segment, StorageError> {
    Ok(Segment {
        id: row.id("segment_id")?,
        name: row.text("name")?,
        why: row.text("why")?,
        rule: row.text("rule")?,
        rule_hash: row.text("rule_hash")?,
        team: row.opt_id("team_id")?,
        created_by: row.id("created_by")?,
        updated_at: row.instant("updated_at")?,
        version: row.int("version")?,
    })
}

impl Reader {
    /// The segments in use, by name.
    pub async fn segments(&mut self) -> Result<Vec<Segment>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM segment WHERE org_id = $1 AND archived_at IS NULL ORDER BY name, segment_id"
        );
        self.rows(&sql, vec![]).await?.iter().map(read).collect()
    }

    /// The segments put away, the last first, at most `most`.
    pub async fn segments_put_away(&mut self, most: i64) -> Result<Vec<Segment>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM segment WHERE org_id = $1 AND archived_at IS NOT NULL \
             ORDER BY archived_at DESC, segment_id LIMIT $2"
        );
        self.rows(&sql, args![most]).await?.iter().map(read).collect()
    }

    /// One segment, put away or not.
    pub async fn segment(&mut self, id: SegmentId) -> Result<Segment, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM segment WHERE org_id = $1 AND segment_id = $2");
        read(&self.one("segment", &sql, args![id]).await?)
    }
}

impl Tx {
    /// Adds a segment (its `version` and `updated_at` are set here).
    pub async fn add_segment(&mut self, it: &Segment) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        self.exec(
            "INSERT INTO segment (org_id, segment_id, name, why, rule, rule_hash, team_id, created_by, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
            args![
                it.id, it.name.as_str(), it.why.as_str(), it.rule.as_str(), it.rule_hash.as_str(), it.team, it.created_by, now,
            ],
        )
        .await?;
        Ok(())
    }

    /// Changes a segment that still has the version in `it`.
    ///
    /// # Errors
    /// `Conflict` when somebody changed it since.
    pub async fn keep_segment(&mut self, it: &Segment) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        let done = self
            .exec(
                "UPDATE segment SET name = $4, why = $5, rule = $6, rule_hash = $7, team_id = $8, updated_at = $9, \
                 version = version + 1 WHERE org_id = $1 AND segment_id = $2 AND version = $3",
                args![
                    it.id,
                    it.version,
                    it.name.as_str(),
                    it.why.as_str(),
                    it.rule.as_str(),
                    it.rule_hash.as_str(),
                    it.team,
                    now,
                ],
            )
            .await?;
        if done == 0 { Err(StorageError::Conflict("segment")) } else { Ok(()) }
    }

    /// Puts a segment away; campaigns that used it keep their own copy of the rule.
    pub async fn archive_segment(&mut self, id: SegmentId) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        self.exec("UPDATE segment SET archived_at = $3 WHERE org_id = $1 AND segment_id = $2", args![id, now]).await?;
        Ok(())
    }

    /// Takes a segment out again.
    pub async fn take_out_segment(&mut self, id: SegmentId) -> Result<(), StorageError> {
        let sql = "UPDATE segment SET archived_at = NULL WHERE org_id = $1 AND segment_id = $2";
        self.exec(sql, args![id]).await?;
        Ok(())
    }
}
