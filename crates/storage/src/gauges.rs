//! What an operator watches, in numbers: the queue, deliveries by state, the audit rows that wait for sealing, the size of
//! the database. Counts of one organisation each; adding up and naming metrics is the binary's affair.

use tsunagari_kernel::Timestamp;

use crate::args;
use crate::error::StorageError;
use crate::job::JobCounts;
use crate::store::{Platform, Reader, Store};

/// One organisation's numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gauges {
    /// The queue.
    pub jobs: JobCounts,
    /// Since when the oldest job has been due that nobody has taken (real time).
    pub oldest_due: Option<Timestamp>,
    /// Jobs whose lease has run out: their worker died or is stuck.
    pub jobs_overdue: i64,
    /// Deliveries by state's code.
    pub deliveries: Vec<(String, i64)>,
    /// Audit rows that wait for sealing.
    pub unsealed: i64,
    /// When the oldest of them was written (the programme's calendar).
    pub oldest_unsealed: Option<Timestamp>,
}

impl Reader {
    /// This organisation's numbers at an instant of real time.
    pub async fn gauges(&mut self, now: Timestamp) -> Result<Gauges, StorageError> {
        let jobs = self.job_counts().await?;
        let sql = "SELECT min(run_at) AS at FROM job WHERE org_id = $1 AND state = 'waiting' AND run_at <= $2";
        let oldest_due = self.one("job", sql, args![now]).await?.opt_instant("at")?;
        let sql = "SELECT count(*) AS n FROM job WHERE org_id = $1 AND state = 'running' AND lease_until < $2";
        let jobs_overdue = self.count(sql, args![now]).await?;
        let sql = "SELECT state, count(*) AS n FROM delivery WHERE org_id = $1 GROUP BY state ORDER BY state";
        let rows = self.rows(sql, args![]).await?;
        let deliveries =
            rows.iter().map(|row| Ok((row.text("state")?, row.int("n")?))).collect::<Result<_, StorageError>>()?;
        let sql = "SELECT count(*) AS n, min(at) AS at FROM audit WHERE org_id = $1 AND seq IS NULL";
        let row = self.one("audit", sql, args![]).await?;
        let (unsealed, oldest_unsealed) = (row.int("n")?, row.opt_instant("at")?);
        Ok(Gauges { jobs, oldest_due, jobs_overdue, deliveries, unsealed, oldest_unsealed })
    }
}

impl Platform {
    /// The schema's number: the database answers, and with what this program knows.
    ///
    /// # Errors
    /// No answer, or a schema of another version.
    pub async fn answers(&mut self) -> Result<(), StorageError> {
        crate::migrate::require_current(self.conn()).await
    }
}

impl Store {
    /// How many bytes the database takes.
    ///
    /// # Errors
    /// No connection.
    pub async fn bytes(&self) -> Result<i64, StorageError> {
        let mut platform = self.platform().await?;
        let sql = platform.size_sql();
        crate::dialect::count_of(&platform.rows(sql, vec![]).await?)
    }
}
