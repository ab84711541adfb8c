//! The changes of one person with who made them: `person_history` beside the audit record. Leaves adding a change to
//! `person`. A change names the run of the act that made it; the audit row of that run tells who.

use chrono::TimeDelta;
use tsunagari_access::Actor;
use tsunagari_kernel::{PersonId, Timestamp};

use crate::args;
use crate::error::StorageError;
use crate::store::Reader;

/// One change as the card tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonChange {
    /// When.
    pub at: Timestamp,
    /// What: `person`, `tie`, `enrolment`, `residence` …
    pub what: String,
    /// Before, as JSON.
    pub before: Option<String>,
    /// After, as JSON.
    pub after: Option<String>,
    /// The act's code and who did it, when the record has it.
    pub act: Option<(String, Actor)>,
}

/// Who did something about a person in a stretch of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maker {
    /// From when.
    pub from: Timestamp,
    /// Until when, inclusive.
    pub until: Timestamp,
    /// Who.
    pub by: Actor,
}

/// A line of the record stands at most so long after what it tells of.
const RECORDED_WITHIN: TimeDelta = TimeDelta::minutes(1);

#[derive(serde::Deserialize)]
struct Detail {
    actor: Actor,
}

impl Reader {
    /// When a person joined by themselves, oldest first; nothing for those only a list or the office entered.
    pub async fn joins(&mut self, person: PersonId) -> Result<Vec<Timestamp>, StorageError> {
        let sql = "WITH RECURSIVE who(id) AS (SELECT person_id FROM person WHERE org_id = $1 AND person_id = $2 \
                   UNION SELECT m.gone_id FROM merge m JOIN who ON m.kept_id = who.id WHERE m.org_id = $1 AND m.undone_at IS NULL) \
                   SELECT a.at FROM audit a WHERE a.org_id = $1 AND a.act = 'join' AND a.subject_id IN (SELECT id FROM who) \
                   UNION SELECT p.created_at FROM person p WHERE p.org_id = $1 AND p.source = 'join' \
                   AND p.person_id IN (SELECT id FROM who) ORDER BY 1";
        self.rows(sql, args![person]).await?.iter().map(|row| row.instant("at")).collect()
    }

    /// Who acted on a person, and whose lists touched them: for what is kept without the name of who entered it. The narrowest
    /// stretch first; of the record at most `most` lines, the newest.
    pub async fn makers(&mut self, person: PersonId, most: i64) -> Result<Vec<Maker>, StorageError> {
        let sql = "SELECT at, detail FROM audit WHERE org_id = $1 AND subject_id = $2 ORDER BY at DESC, audit_id DESC LIMIT $3";
        let mut all = Vec::new();
        for row in self.rows(sql, args![person, most]).await? {
            let until = row.instant("at")?;
            all.push(Maker { from: until.minus(RECORDED_WITHIN), until, by: row.json::<Detail>("detail")?.actor });
        }
        all.reverse();
        let sql = "SELECT DISTINCT c.created_at, c.finished_at, c.by_user FROM change_row r \
                   JOIN change c ON c.org_id = r.org_id AND c.change_id = r.change_id \
                   WHERE r.org_id = $1 AND r.person_id = $2 ORDER BY c.created_at";
        for row in self.rows(sql, args![person]).await? {
            let from = row.instant("created_at")?;
            let until = row.opt_instant("finished_at")?.unwrap_or_else(|| from.plus(TimeDelta::days(1)));
            all.push(Maker { from, until, by: Actor::User(row.id("by_user")?) });
        }
        Ok(all)
    }

    /// What was changed about a person, newest first, at most `most`.
    pub async fn person_changes(&mut self, person: PersonId, most: i64) -> Result<Vec<PersonChange>, StorageError> {
        // A list is taken in, and taken back, by a job, whose line of the record names none of its people: the change names
        // whose word it was, and the line of who asked for the undoing names the file.
        let sql = "SELECT h.at, h.what, h.before, h.after, a.act, a.detail, CASE WHEN h.what = 'import' THEN \
                   (SELECT c.by_user FROM change_row r JOIN change c ON c.org_id = r.org_id AND c.change_id = r.change_id \
                    WHERE r.org_id = h.org_id AND r.person_id = h.person_id AND c.created_at <= h.at \
                    ORDER BY c.created_at DESC LIMIT 1) END AS taken_in_by, CASE WHEN h.what = 'import_undone' THEN \
                   (SELECT u.actor_id FROM change_row r JOIN import_file f ON f.org_id = r.org_id AND f.change_id = r.change_id \
                    JOIN audit u ON u.org_id = f.org_id AND u.subject_id = f.import_id \
                    WHERE r.org_id = h.org_id AND r.person_id = h.person_id AND r.undone = 'back' \
                    AND u.act = 'undo_import' AND u.actor_kind = 'user' AND u.at <= h.at \
                    ORDER BY u.at DESC, u.audit_id DESC LIMIT 1) END AS taken_back_by FROM person_history h \
                   LEFT JOIN audit a ON a.org_id = h.org_id AND a.subject_id = h.person_id \
                   AND (a.operation_id = h.audit_id OR a.audit_id = h.audit_id) \
                   WHERE h.org_id = $1 AND h.person_id = $2 ORDER BY h.at DESC, h.audit_id DESC, h.what LIMIT $3";
        let rows = self.rows(sql, args![person, most]).await?;
        rows.iter()
            .map(|row| {
                let act = match row.opt_text("act")? {
                    Some(act) => Some((act, row.json::<Detail>("detail")?.actor)),
                    None => {
                        let taken = |column, act: &str| {
                            Ok::<_, StorageError>(row.opt_id(column)?.map(|by| (act.to_owned(), Actor::User(by))))
                        };
                        taken("taken_in_by", "apply_import")?.or(taken("taken_back_by", "undo_import")?)
                    }
                };
                Ok(PersonChange {
                    at: row.instant("at")?,
                    what: row.text("what")?,
                    before: row.opt_text("before")?,
                    after: row.opt_text("after")?,
                    act,
                })
            })
            .collect()
    }
}
