//! The audit record as the office reads it: newest first, by act, actor, day and subject. Names are looked up at viewing
//! time, because the record holds ids only. Leaves sealing and verifying to `audit_chain`.

use chrono::NaiveDate;
use tsunagari_access::{ActCode, Actor};
use tsunagari_kernel::{AuditId, IdBeginning, Timestamp};
use uuid::Uuid;

use crate::args;
use crate::error::StorageError;
use crate::order::Way;
use crate::sql::{Arg, Row};
use crate::store::Reader;

/// What to show; an empty part does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// The act's code.
    pub act: Option<String>,
    /// Whoever did it: a user, a person, a guardianship.
    pub actor: Option<Uuid>,
    /// From the beginning of this day (JST) …
    pub from_on: Option<NaiveDate>,
    /// … to the end of this one.
    pub until_on: Option<NaiveDate>,
    /// The first subject: one id, or all that begin alike.
    pub subject: Option<IdBeginning>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// The id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// The act's code.
    pub act: String,
    /// Who.
    pub actor: Actor,
    /// To what: kind and id.
    pub subjects: Vec<(ActCode, Uuid)>,
    /// How many, by code.
    pub counts: Vec<(ActCode, i64)>,
    /// Its number in the chain, once sealed.
    pub seq: Option<i64>,
}

#[derive(serde::Deserialize)]
struct Detail {
    actor: Actor,
    subjects: Vec<(ActCode, Uuid)>,
    counts: Vec<(ActCode, i64)>,
}

fn read(row: &Row) -> Result<AuditRow, StorageError> {
    let detail: Detail = row.json("detail")?;
    Ok(AuditRow {
        id: row.id("audit_id")?,
        at: row.instant("at")?,
        act: row.text("act")?,
        actor: detail.actor,
        subjects: detail.subjects,
        counts: detail.counts,
        seq: row.opt_int("seq")?,
    })
}

/// Every part stands in the text and is switched off by an empty argument, so that there is one statement.
const WHERE: &str = "WHERE org_id = $1 AND (CAST($2 AS text) IS NULL OR act = $2) AND ($3 IS NULL OR actor_id = $3) \
    AND (CAST($4 AS bigint) IS NULL OR at >= $4) AND (CAST($5 AS bigint) IS NULL OR at < $5) AND ($6 IS NULL OR subject_id BETWEEN $6 AND $7)";

fn arguments(filter: &AuditFilter) -> Vec<Arg> {
    let end = filter.until_on.and_then(|day| day.succ_opt()).map(Timestamp::start_of);
    let (first, last) = (filter.subject.map(IdBeginning::first), filter.subject.map(IdBeginning::last));
    args![filter.act.clone(), filter.actor, filter.from_on.map(Timestamp::start_of), end, first, last]
}

/// Kinds of things that have a name of their own, and where it stands.
const NAMED: [(&str, &str); 6] = [
    ("campaign", "SELECT title AS name FROM campaign WHERE org_id = $1 AND campaign_id = $2"),
    ("segment", "SELECT name FROM segment WHERE org_id = $1 AND segment_id = $2"),
    ("import", "SELECT file_name AS name FROM import_file WHERE org_id = $1 AND import_id = $2"),
    ("join_event", "SELECT name FROM join_event WHERE org_id = $1 AND event_id = $2"),
    ("school", "SELECT name FROM school WHERE org_id = $1 AND school_id = $2"),
    // A figure is told by its day, beside its indicator.
    ("figure", "SELECT as_of_on AS name FROM figure WHERE org_id = $1 AND figure_id = $2"),
];

impl Reader {
    /// A page of the record by time.
    pub async fn audit_page(
        &mut self,
        filter: &AuditFilter,
        way: Way,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<AuditRow>, StorageError> {
        let way = way.sql();
        let sql = format!(
            "SELECT audit_id, at, act, detail, seq FROM audit {WHERE} ORDER BY at {way}, audit_id {way} LIMIT $8 OFFSET $9"
        );
        let mut all = arguments(filter);
        all.extend(args![limit, offset]);
        self.rows(&sql, all).await?.iter().map(read).collect()
    }

    /// How many rows the filter leaves.
    pub async fn audit_count(&mut self, filter: &AuditFilter) -> Result<i64, StorageError> {
        self.count(&format!("SELECT count(*) AS n FROM audit {WHERE}"), arguments(filter)).await
    }

    /// The codes of acts that occur, for the filter's list.
    pub async fn audit_acts(&mut self) -> Result<Vec<String>, StorageError> {
        let rows = self.rows("SELECT DISTINCT act FROM audit WHERE org_id = $1 ORDER BY act", vec![]).await?;
        rows.iter().map(|row| row.text("act")).collect()
    }

    /// The names of these persons, for showing a page of the record; erased and unknown ones are left out.
    pub async fn names_of_persons(&mut self, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>, StorageError> {
        let mut found = Vec::new();
        for id in ids {
            let sql = "SELECT person_id, family, given FROM person WHERE org_id = $1 AND person_id = $2 AND erased_at IS NULL";
            if let Some(row) = self.first(sql, args![*id]).await? {
                found.push((row.id::<Uuid>("person_id")?, format!("{} {}", row.text("family")?, row.text("given")?)));
            }
        }
        Ok(found)
    }

    /// What a thing of this kind is called, for showing a page of the record; nothing for a kind without names, or one that
    /// is gone.
    pub async fn name_of(&mut self, kind: &str, id: Uuid) -> Result<Option<String>, StorageError> {
        let Some((_, sql)) = NAMED.iter().find(|(named, _)| *named == kind) else { return Ok(None) };
        self.first(sql, args![id]).await?.map(|row| row.text("name")).transpose()
    }
}
