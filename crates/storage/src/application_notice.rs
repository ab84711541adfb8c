//! What applicants are told of the steps of their applications: written with the step or
//! as a question of its own, and how it went afterwards. Leaves what is told to
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
    /// Its number among what the applicant was told, from 1.
    pub no: u32,
    /// What is told.
    pub notice: Notice,
    /// How it went.
    pub went: Went,
    /// When it was due.
    pub due: Timestamp,
    /// When it went.
    pub went_at: Option<Timestamp>,
}

fn read(row: &Row) -> Result<KeptNotice, StorageError> {
    let unknown = |code: &str| StorageError::Broken(format!("a notice is told as {code}"));
    let (notice, went) = (row.text("notice")?, row.text("went")?);
    Ok(KeptNotice {
        no: row.small("notice_no")?,
        notice: notice.parse().map_err(|()| unknown(&notice))?,
        went: went.parse().map_err(|()| unknown(&went))?,
        due: row.instant("due_at")?,
        went_at: row.opt_instant("went_at")?,
    })
}

impl Reader {
    /// What the applicant was told, in its order.
    pub async fn notices_of(&mut self, id: ApplicationId) -> Result<Vec<KeptNotice>, StorageError> {
        let sql = "SELECT notice_no, notice, went, due_at, went_at FROM application_notice \
                   WHERE org_id = $1 AND application_id = $2 ORDER BY notice_no";
        self.rows(sql, args![id]).await?.iter().map(read).collect()
    }

    /// Who is expected at a venue that begins between two instants, knows of their place since before a third, and was not reminded;
    /// at most `most`.
    pub async fn to_remind(
        &mut self,
        (from, to): (Timestamp, Timestamp),
        known_since: Timestamp,
        most: i64,
    ) -> Result<Vec<ApplicationId>, StorageError> {
        let sql = "SELECT DISTINCT a.application_id FROM round_venue v JOIN application a ON a.org_id = v.org_id \
                   AND a.round_id = v.round_id AND a.stands = 'held' AND a.came IS NULL AND a.completed = 0 \
                   AND (a.venue_no = v.venue_no OR a.venue_no IS NULL) \
                   WHERE v.org_id = $1 AND v.starts_at >= $2 AND v.starts_at < $3 AND a.changed_at <= $4 \
                   AND NOT EXISTS (SELECT 1 FROM application_notice n WHERE n.org_id = a.org_id \
                   AND n.application_id = a.application_id AND n.notice = $5) ORDER BY a.application_id LIMIT $6";
        let rows = self.rows(sql, args![from, to, known_since, Notice::Tomorrow.code(), most]).await?;
        rows.iter().map(|row| row.id("application_id")).collect()
    }

    /// Who took part in what ended between two instants, and was not asked how it was; at most `most`.
    pub async fn to_ask_afterwards(
        &mut self,
        (from, to): (Timestamp, Timestamp),
        most: i64,
    ) -> Result<Vec<ApplicationId>, StorageError> {
        let sql = "SELECT DISTINCT a.application_id FROM round_venue v JOIN application a ON a.org_id = v.org_id \
                   AND a.round_id = v.round_id AND a.stands = 'held' AND a.came = 'yes' \
                   AND (a.venue_no = v.venue_no OR a.venue_no IS NULL) \
                   WHERE v.org_id = $1 AND coalesce(v.ends_at, v.starts_at) > $2 AND coalesce(v.ends_at, v.starts_at) <= $3 \
                   AND NOT EXISTS (SELECT 1 FROM application_notice n WHERE n.org_id = a.org_id \
                   AND n.application_id = a.application_id AND n.notice = $4) \
                   AND NOT EXISTS (SELECT 1 FROM application_word w WHERE w.org_id = a.org_id \
                   AND w.application_id = a.application_id) ORDER BY a.application_id LIMIT $5";
        let rows = self.rows(sql, args![from, to, Notice::Afterwards.code(), most]).await?;
        rows.iter().map(|row| row.id("application_id")).collect()
    }

    /// How many notices there are, sent or not.
    pub async fn notices_counted(&mut self) -> Result<i64, StorageError> {
        let sql = "SELECT count(*) AS n FROM application_notice WHERE org_id = $1";
        self.one("application_notice", sql, args![]).await?.int("n")
    }
}

impl Tx {
    /// Adds a notice that is due; its number.
    pub async fn add_notice(&mut self, id: ApplicationId, notice: Notice, at: Timestamp) -> Result<u32, StorageError> {
        let sql = "SELECT coalesce(max(notice_no), 0) + 1 AS n FROM application_notice WHERE org_id = $1 AND application_id = $2";
        let no: u32 = self.one("application_notice", sql, args![id]).await?.small("n")?;
        let columns = ["application_id", "notice_no", "notice", "went", "due_at"];
        let row = args![id, no, notice.code(), Went::Due.code(), at];
        self.insert_many("application_notice", &columns, vec![row], "").await?;
        Ok(no)
    }

    /// Says how one that was due went; whether it still was.
    pub async fn settle_notice(
        &mut self,
        id: ApplicationId,
        no: u32,
        went: Went,
        at: Timestamp,
    ) -> Result<bool, StorageError> {
        let sql = "UPDATE application_notice SET went = $4, went_at = $5 \
                   WHERE org_id = $1 AND application_id = $2 AND notice_no = $3 AND went = 'due'";
        Ok(self.exec(sql, args![id, no, went.code(), at]).await? > 0)
    }
}
