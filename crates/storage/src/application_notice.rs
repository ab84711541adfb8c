//! What applicants are told of the steps of their applications: written with the step, and how it went afterwards. Leaves what is told to
//! programmes and sending to acts.

use tsunagari_kernel::{ApplicationId, Timestamp};
use tsunagari_programmes::{Notice, Went};

use crate::args;
use crate::error::StorageError;
use crate::sql::Row;
use crate::store::{Reader, Tx};

/// A notice as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptNotice {
    /// After which entry of the ledger.
    pub seq: u32,
    /// What is told.
    pub notice: Notice,
    /// How it went.
    pub went: Went,
    /// When the step was taken.
    pub due: Timestamp,
    /// When it went.
    pub went_at: Option<Timestamp>,
}

fn read(row: &Row) -> Result<KeptNotice, StorageError> {
    let unknown = |code: &str| StorageError::Broken(format!("a notice is told as {code}"));
    let (notice, went) = (row.text("notice")?, row.text("went")?);
    Ok(KeptNotice {
        seq: u32::try_from(row.int("seq")?).unwrap_or_default(),
        notice: notice.parse().map_err(|()| unknown(&notice))?,
        went: went.parse().map_err(|()| unknown(&went))?,
        due: row.instant("due_at")?,
        went_at: row.opt_instant("went_at")?,
    })
}

impl Reader {
    /// What the applicant was told, in the order of the steps.
    pub async fn notices_of(&mut self, id: ApplicationId) -> Result<Vec<KeptNotice>, StorageError> {
        let sql = "SELECT seq, notice, went, due_at, went_at FROM application_notice \
                   WHERE org_id = $1 AND application_id = $2 ORDER BY seq";
        self.rows(sql, args![id]).await?.iter().map(read).collect()
    }

    /// How many notices there are, sent or not.
    pub async fn notices_counted(&mut self) -> Result<i64, StorageError> {
        let sql = "SELECT count(*) AS n FROM application_notice WHERE org_id = $1";
        self.one("application_notice", sql, args![]).await?.int("n")
    }
}

impl Tx {
    /// Adds a notice that is due.
    pub async fn add_notice(
        &mut self,
        id: ApplicationId,
        seq: u32,
        notice: Notice,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let columns = ["application_id", "seq", "notice", "went", "due_at"];
        let row = args![id, seq, notice.code(), Went::Due.code(), at];
        self.insert_many("application_notice", &columns, vec![row], "").await
    }

    /// Says how one that was due went; whether it still was.
    pub async fn settle_notice(
        &mut self,
        id: ApplicationId,
        seq: u32,
        went: Went,
        at: Timestamp,
    ) -> Result<bool, StorageError> {
        let sql = "UPDATE application_notice SET went = $4, went_at = $5 \
                   WHERE org_id = $1 AND application_id = $2 AND seq = $3 AND went = 'due'";
        Ok(self.exec(sql, args![id, seq, went.code(), at]).await? > 0)
    }
}
