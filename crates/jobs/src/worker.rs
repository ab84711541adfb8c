//! The worker: looks for due jobs when woken or every second, claims them per organisation under a lease, runs a few at
//! a time, and ends each with what its handler said. A job whose process died is claimed again after its lease. Only failures
//! one after the other count towards giving up: a try that ends in waiting begins the count anew, the death of the process
//! counts nothing, and a handler that panics has failed.

use std::sync::Arc;

use chrono::TimeDelta;
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tsunagari_kernel::{Clock, OrgId, Timestamp};
use tsunagari_storage::job::{ClaimedJob, JobEnd};
use tsunagari_storage::{StorageError, Store};

use crate::handler::{Handlers, JobError};
use crate::stopping::until_told;

/// How long a claimed job may run before another worker takes it over.
pub const LEASE: TimeDelta = TimeDelta::minutes(5);
/// After this many failed tries a job is given up.
pub const MOST_ATTEMPTS: i64 = 12;
/// How many jobs run at the same time.
const AT_ONCE: usize = 8;

/// Wakes the worker: call it after committing an enqueued job.
#[derive(Clone, Default)]
pub struct Waker(Arc<Notify>);

impl Waker {
    /// Looks now.
    pub fn wake(&self) {
        self.0.notify_one();
    }
}

/// The worker of one process.
pub struct Worker {
    store: Store,
    handlers: Handlers,
    clock: Arc<dyn Clock>,
    waker: Waker,
    room: Arc<Semaphore>,
    running: TaskTracker,
}

/// The pause after so many failures: 2 s doubling to an hour.
fn pause(failures: i64) -> TimeDelta {
    let exponent = u32::try_from(failures.clamp(1, 11)).unwrap_or(11);
    TimeDelta::seconds((1_i64 << exponent).min(3_600))
}

fn end_of(failures_before: i64, result: Result<(), JobError>, now: Timestamp) -> JobEnd {
    let failures = failures_before + 1;
    match result {
        Ok(()) => JobEnd::Done,
        Err(JobError::Later(at, why)) => JobEnd::Again(at, why),
        Err(JobError::Retry(why)) if failures < MOST_ATTEMPTS => JobEnd::Failed(now.plus(pause(failures)), why),
        Err(JobError::Retry(why) | JobError::Fail(why)) => JobEnd::GivenUp(why),
    }
}

impl Worker {
    /// A worker over these handlers, on the real clock.
    pub fn new(store: Store, handlers: Handlers, clock: Arc<dyn Clock>, waker: Waker) -> Self {
        Self { store, handlers, clock, waker, room: Arc::new(Semaphore::new(AT_ONCE)), running: TaskTracker::new() }
    }

    /// Works until told to stop, then lets running jobs finish.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.look(&stop).await {
                Ok(0) => {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = self.waker.0.notified() => {}
                        () = tokio::time::sleep(std::time::Duration::from_secs(1)) => {}
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "looking for jobs failed");
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = tokio::time::sleep(std::time::Duration::from_secs(1)) => {}
                    }
                }
            }
        }
        self.running.close();
        self.running.wait().await;
    }

    /// Runs whatever is due, one after the other, until nothing is: for tests and the demo's loading.
    pub async fn drain(&self) -> Result<usize, StorageError> {
        let mut total = 0;
        loop {
            let mut ran = 0;
            for (org, job) in self.claim().await? {
                self.run_one(org, job).await;
                ran += 1;
            }
            if ran == 0 {
                return Ok(total);
            }
            total += ran;
        }
    }

    async fn claim(&self) -> Result<Vec<(OrgId, ClaimedJob)>, StorageError> {
        let now = self.clock.now();
        let due = self.store.platform().await?.organisations_with_due_jobs(now).await?;
        let room = i64::try_from(self.room.available_permits()).unwrap_or(1);
        let mut claimed = Vec::new();
        for (org, _) in due {
            let jobs = self.store.org(org).claim_jobs(now, now.plus(LEASE), room.max(1)).await?;
            claimed.extend(jobs.into_iter().map(|job| (org, job)));
        }
        Ok(claimed)
    }

    async fn look(&self, stop: &CancellationToken) -> Result<usize, StorageError> {
        let claimed = self.claim().await?;
        let n = claimed.len();
        for (org, job) in claimed {
            let Ok(permit) = self.room.clone().acquire_owned().await else { return Ok(n) };
            let (store, handlers, clock, waker) =
                (self.store.clone(), self.handlers.clone(), self.clock.clone(), self.waker.clone());
            let stop = stop.clone();
            self.running.spawn(async move {
                execute(&store, &handlers, &*clock, stop, (org, job)).await;
                drop(permit);
                waker.wake();
            });
        }
        Ok(n)
    }

    async fn run_one(&self, org: OrgId, job: ClaimedJob) {
        execute(&self.store, &self.handlers, &*self.clock, CancellationToken::new(), (org, job)).await;
    }
}

/// The handler in a task of its own, which ends with this one: a panic is a failure like any other, or the job would be
/// taken up again after every lease for ever.
async fn handled(handlers: &Handlers, stop: CancellationToken, org: OrgId, job: &ClaimedJob) -> Result<(), JobError> {
    let Some(handler) = handlers.of(&job.kind) else {
        return Err(JobError::Retry(format!("no handler for {}", job.kind)));
    };
    let payload = job.payload.clone();
    let mut alone = JoinSet::new();
    alone.spawn(until_told(stop, async move { handler.run(org, &payload).await }));
    match alone.join_next().await {
        Some(Ok(result)) => result,
        Some(Err(error)) => Err(JobError::Retry(error.to_string())),
        None => Err(JobError::Retry("it did not run".to_owned())),
    }
}

async fn execute(
    store: &Store,
    handlers: &Handlers,
    clock: &dyn Clock,
    stop: CancellationToken,
    (org, job): (OrgId, ClaimedJob),
) {
    let result = handled(handlers, stop, org, &job).await;
    match &result {
        Ok(()) => {}
        // Its time has not come: nothing went wrong.
        Err(JobError::Later(..)) => tracing::debug!(%org, kind = job.kind, "job comes again"),
        Err(error @ (JobError::Retry(_) | JobError::Fail(_))) => {
            tracing::info!(%org, kind = job.kind, failures = job.failures, %error, "job did not finish");
        }
    }
    let now = clock.now();
    if let Err(error) = store.org(org).end_job(job.id, &end_of(job.failures, result, now), now).await {
        tracing::warn!(%org, kind = job.kind, %error, "the end of a job could not be recorded; its lease will run out");
    }
}
