//! The record of an erasure: who asked, who proposed, who decided, and how it ended. It outlives the person it is about
//! and holds ids and codes only. Leaves the erasing to `erasure` and who may decide to acts.

use tsunagari_kernel::{ErasureId, PersonId, Timestamp, UserId};

use crate::args;
use crate::error::StorageError;
use crate::sql::Row;
use crate::store::{Reader, Tx};

/// Who wanted it first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedBy {
    /// The person, on their page.
    Resident,
    /// A member of staff.
    Office,
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseState {
    /// The person asked; nobody in the office has looked yet.
    Asked,
    /// One officer proposes it; another decides.
    Proposed,
    /// Erased.
    Done,
    /// Not erased, for the reason given.
    Refused,
}

impl AskedBy {
    /// The stored code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Office => "office",
        }
    }
}

impl CaseState {
    /// The stored and public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Proposed => "proposed",
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    /// Whether somebody still has to decide.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Asked | Self::Proposed => true,
            Self::Done | Self::Refused => false,
        }
    }
}

impl std::str::FromStr for AskedBy {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        [Self::Resident, Self::Office].into_iter().find(|it| it.code() == code).ok_or(())
    }
}

impl std::str::FromStr for CaseState {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        [Self::Asked, Self::Proposed, Self::Done, Self::Refused].into_iter().find(|it| it.code() == code).ok_or(())
    }
}

/// One case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureCase {
    /// Its id.
    pub id: ErasureId,
    /// About whom.
    pub person: PersonId,
    /// Who wanted it.
    pub asked_by: AskedBy,
    /// Where it stands.
    pub state: CaseState,
    /// Why it is wanted; when it was refused: why not. A code.
    pub reason: String,
    /// Who proposes it.
    pub proposed_by: Option<UserId>,
    /// Since when it stands like this, until it is decided.
    pub since: Timestamp,
    /// Who decided.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Timestamp>,
}

const COLUMNS: &str =
    "erasure_id, person_id, asked_by, state, reason, proposed_by, proposed_at, decided_by, decided_at";

fn read(row: &Row) -> Result<ErasureCase, StorageError> {
    Ok(ErasureCase {
        id: row.id("erasure_id")?,
        person: row.id("person_id")?,
        asked_by: row.code("asked_by")?,
        state: row.code("state")?,
        reason: row.text("reason")?,
        proposed_by: row.opt_id("proposed_by")?,
        since: row.instant("proposed_at")?,
        decided_by: row.opt_id("decided_by")?,
        decided_at: row.opt_instant("decided_at")?,
    })
}

impl Reader {
    /// One case.
    pub async fn erasure_case(&mut self, id: ErasureId) -> Result<ErasureCase, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM erasure WHERE org_id = $1 AND erasure_id = $2");
        read(&self.one("erasure", &sql, args![id]).await?)
    }

    /// The latest case about a person.
    pub async fn erasure_case_of(&mut self, person: PersonId) -> Result<Option<ErasureCase>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM erasure WHERE org_id = $1 AND person_id = $2 ORDER BY proposed_at DESC, erasure_id DESC LIMIT 1"
        );
        self.first(&sql, args![person]).await?.as_ref().map(read).transpose()
    }

    /// The cases, open ones first, then the latest; at most `most`.
    pub async fn erasure_cases(&mut self, most: i64) -> Result<Vec<ErasureCase>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM erasure WHERE org_id = $1 ORDER BY CASE WHEN state IN ('asked', 'proposed') THEN 0 ELSE 1 END, \
             coalesce(decided_at, proposed_at) DESC, erasure_id LIMIT $2"
        );
        self.rows(&sql, args![most]).await?.iter().map(read).collect()
    }
}

impl Tx {
    /// Keeps a case as it now stands.
    pub async fn keep_erasure_case(&mut self, it: &ErasureCase) -> Result<(), StorageError> {
        self.exec(
            "INSERT INTO erasure (org_id, erasure_id, person_id, asked_by, state, reason, proposed_by, proposed_at, decided_by, decided_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (org_id, erasure_id) DO UPDATE SET state = excluded.state, \
             reason = excluded.reason, proposed_by = excluded.proposed_by, proposed_at = excluded.proposed_at, \
             decided_by = excluded.decided_by, decided_at = excluded.decided_at",
            args![
                it.id,
                it.person,
                it.asked_by.code(),
                it.state.code(),
                it.reason.as_str(),
                it.proposed_by,
                it.since,
                it.decided_by,
                it.decided_at,
            ],
        )
        .await?;
        Ok(())
    }
}
