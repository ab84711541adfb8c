//! What an organisation had set about reach and job hunting, back through time, so that a past day is counted by what was set
//! on it and not by what was set since (docs/decisions/0012). Today's settings are the organisation's own. Leaves to acts
//! whether a change holds from now on or puts the past right too.

use tsunagari_kernel::Timestamp;
use tsunagari_people::{JobHunting, Policy, ReachPolicy};

use crate::args;
use crate::error::StorageError;
use crate::sql::{Arg, Row};
use crate::store::{Reader, Tx};

const COLUMNS: &str = "until_at, guardian_age, stale_after_days, stale_counts, job_years_before_last, job_month";

/// Settings that have been changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastPolicy {
    /// The instant up to which they held; from it on the next ones.
    pub until: Timestamp,
    /// What was set.
    pub policy: Policy,
}

fn read(row: &Row) -> Result<PastPolicy, StorageError> {
    let reach = ReachPolicy {
        guardian_age: row.small("guardian_age")?,
        stale_after_days: row.small("stale_after_days")?,
        stale_counts: row.flag("stale_counts")?,
    };
    let job_hunting =
        JobHunting { years_before_last: row.small("job_years_before_last")?, month: row.small("job_month")? };
    Ok(PastPolicy { until: row.instant("until_at")?, policy: Policy { reach, job_hunting } })
}

/// The settings in the order of the columns.
fn values(it: &Policy) -> Vec<Arg> {
    args![
        i64::from(it.reach.guardian_age),
        i64::from(it.reach.stale_after_days),
        it.reach.stale_counts,
        i64::from(it.job_hunting.years_before_last),
        i64::from(it.job_hunting.month)
    ]
}

impl Reader {
    /// What was set at an instant; today's settings for every instant since the last change.
    pub async fn policy_at(&mut self, at: Timestamp) -> Result<Policy, StorageError> {
        let sql =
            format!("SELECT {COLUMNS} FROM past_policy WHERE org_id = $1 AND until_at > $2 ORDER BY until_at LIMIT 1");
        match self.first(&sql, args![at]).await? {
            Some(row) => Ok(read(&row)?.policy),
            None => Ok(self.organisation().await?.policy()),
        }
    }

    /// Everything that was set before, the newest first.
    pub async fn past_policies(&mut self) -> Result<Vec<PastPolicy>, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM past_policy WHERE org_id = $1 ORDER BY until_at DESC");
        self.rows(&sql, vec![]).await?.iter().map(read).collect()
    }
}

impl Tx {
    /// Remembers that these settings held up to an instant. A second change at the same instant leaves the first, which is
    /// what held before it.
    pub async fn end_policy(&mut self, was: &Policy, until: Timestamp) -> Result<(), StorageError> {
        let sql = format!(
            "INSERT INTO past_policy (org_id, {COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (org_id, until_at) DO NOTHING"
        );
        let mut bound = args![until];
        bound.extend(values(was));
        self.exec(&sql, bound).await.map(|_| ())
    }

    /// Forgets what was set before, so that every past day is counted by what is set now. How many there were.
    pub async fn forget_past_policies(&mut self) -> Result<u64, StorageError> {
        self.exec("DELETE FROM past_policy WHERE org_id = $1", vec![]).await
    }
}
