//! The queue of background work: a row enters in the transaction that causes it, is claimed under a lease, and ends
//! done, waiting again, or given up. Leaves what a job means to acts and when to look to the jobs crate.

use tsunagari_kernel::{JobId, Timestamp};

use crate::args;
use crate::error::StorageError;
use crate::store::{OrgStore, Reader, Tx};

/// A claimed job.
#[derive(Debug, Clone)]
pub struct ClaimedJob {
    /// Its id.
    pub id: JobId,
    /// The kind's code with its payload version: `send_batch.1`.
    pub kind: String,
    /// JSON.
    pub payload: String,
    /// How many tries failed before this one, since the last that ended in waiting. Waiting is no failure, and neither is the
    /// death of the process.
    pub failures: i64,
}

/// How a try ended.
#[derive(Debug, Clone)]
pub enum JobEnd {
    /// Done.
    Done,
    /// Again at this instant: it waits for something, and nothing failed. Failures are counted anew from then on.
    Again(Timestamp, String),
    /// It failed for this reason; again at this instant.
    Failed(Timestamp, String),
    /// Given up, for this reason.
    GivenUp(String),
}

/// How many jobs stand in each state, for health and metrics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Waiting to run.
    pub waiting: i64,
    /// Running under a lease.
    pub running: i64,
    /// Given up.
    pub given_up: i64,
}

impl Tx {
    /// Puts a job in the queue, to run from `run_at` (real time). With a key, a second one of the same key is not put there.
    pub async fn enqueue(
        &mut self,
        kind: &str,
        payload: &str,
        run_at: Timestamp,
        once_key: Option<&str>,
    ) -> Result<(), StorageError> {
        let id = JobId::born(&self.shared.chance, run_at);
        self.exec(
            "INSERT INTO job (org_id, job_id, kind, payload, state, run_at, once_key, created_at) \
             VALUES ($1, $2, $3, $4, 'waiting', $5, $6, $5) ON CONFLICT DO NOTHING",
            args![id, kind, payload, run_at, once_key],
        )
        .await?;
        Ok(())
    }
}

impl Reader {
    /// Whether a job of a kind waits or runs.
    pub async fn has_job(&mut self, kind: &str) -> Result<bool, StorageError> {
        let sql = "SELECT count(*) AS n FROM job WHERE org_id = $1 AND kind = $2 AND state IN ('waiting', 'running')";
        Ok(self.count(sql, args![kind]).await? > 0)
    }

    /// Whether the job of a key waits or runs. One that was given up has no key any more.
    pub async fn has_job_of(&mut self, once_key: &str) -> Result<bool, StorageError> {
        let sql = "SELECT count(*) AS n FROM job WHERE org_id = $1 AND once_key = $2";
        Ok(self.count(sql, args![once_key]).await? > 0)
    }

    /// The queue in numbers.
    pub async fn job_counts(&mut self) -> Result<JobCounts, StorageError> {
        let mut counts = JobCounts::default();
        for row in self.rows("SELECT state, count(*) AS n FROM job WHERE org_id = $1 GROUP BY state", vec![]).await? {
            match row.text("state")?.as_str() {
                "waiting" => counts.waiting = row.int("n")?,
                "running" => counts.running = row.int("n")?,
                "given_up" => counts.given_up = row.int("n")?,
                _ => {}
            }
        }
        Ok(counts)
    }
}

impl OrgStore {
    /// Claims up to `most` due jobs of these kinds under a lease. Nothing is asked of the writer when nothing is due.
    pub async fn claim_jobs(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        most: i64,
    ) -> Result<Vec<ClaimedJob>, StorageError> {
        let mut tx = self.write().await?;
        let skip = tx.for_update_skip_locked();
        let sql = format!(
            "SELECT job_id, kind, payload, attempts FROM job WHERE org_id = $1 AND (state = 'waiting' AND run_at <= $2 \
             OR state = 'running' AND lease_until < $2) ORDER BY run_at LIMIT $3{skip}"
        );
        let rows = tx.rows(&sql, args![now, most]).await?;
        let mut claimed = Vec::with_capacity(rows.len());
        for row in &rows {
            let job = ClaimedJob {
                id: row.id("job_id")?,
                kind: row.text("kind")?,
                payload: row.text("payload")?,
                failures: row.int("attempts")?,
            };
            tx.exec(
                "UPDATE job SET state = 'running', lease_until = $3 WHERE org_id = $1 AND job_id = $2",
                args![job.id, lease_until],
            )
            .await?;
            claimed.push(job);
        }
        tx.keep().await?;
        Ok(claimed)
    }

    /// Drops the waiting jobs of a kind and payload: whoever calls it does their work now. Jobs that are being put in the
    /// queue at this moment stay, because what they are for may not be visible yet.
    pub async fn drop_waiting_jobs(&self, kind: &str, payload: &str) -> Result<u64, StorageError> {
        let mut tx = self.write().await?;
        let sql = "DELETE FROM job WHERE org_id = $1 AND kind = $2 AND payload = $3 AND state = 'waiting'";
        let dropped = tx.exec(sql, args![kind, payload]).await?;
        tx.keep().await?;
        Ok(dropped)
    }

    /// Records how a claimed job ended. A job that is done leaves no row, so the queue stays small and its key is free again.
    pub async fn end_job(&self, id: JobId, end: &JobEnd, now: Timestamp) -> Result<(), StorageError> {
        let mut tx = self.write().await?;
        match end {
            JobEnd::Done => tx.exec("DELETE FROM job WHERE org_id = $1 AND job_id = $2", args![id]).await?,
            // It did what could be done now: failures from before belong to a time that is over.
            JobEnd::Again(at, why) => {
                tx.exec(
                    "UPDATE job SET state = 'waiting', run_at = $3, last_error = $4, lease_until = NULL, attempts = 0 \
                     WHERE org_id = $1 AND job_id = $2",
                    args![id, *at, why.as_str()],
                )
                .await?
            }
            JobEnd::Failed(at, why) => {
                tx.exec(
                    "UPDATE job SET state = 'waiting', run_at = $3, last_error = $4, lease_until = NULL, attempts = attempts + 1 \
                     WHERE org_id = $1 AND job_id = $2",
                    args![id, *at, why.as_str()],
                )
                .await?
            }
            JobEnd::GivenUp(why) => {
                tx.exec(
                    "UPDATE job SET state = 'given_up', attempts = attempts + 1, last_error = $3, finished_at = $4, once_key = NULL, lease_until = NULL \
                     WHERE org_id = $1 AND job_id = $2",
                    args![id, why.as_str(), now],
                )
                .await?
            }
        };
        tx.keep().await
    }
}
