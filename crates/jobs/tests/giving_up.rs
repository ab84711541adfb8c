//! When a job is given up, on both databases: after twelve failures, and never because it waited or because the process
//! that ran it died.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use tsunagari_access::{Act, Machine, OperationId};
use tsunagari_jobs::worker::{LEASE, MOST_ATTEMPTS};
use tsunagari_jobs::{Handler, Handlers, JobError, Waker, Worker};
use tsunagari_kernel::{Chance, Clock, FixedClock, OrgId, Timestamp};
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::job::JobCounts;
use tsunagari_storage::testing::{BOTH, Kind, TestDb};

const KIND: &str = "tried.1";
const ORG: OrgId = OrgId(uuid::Uuid::from_u128(1));
const WAITS: usize = 40;

/// How a try ends.
#[derive(Clone, Copy)]
enum Try {
    Waits,
    Fails,
    Panics,
    Succeeds,
}

/// Ends its tries one after the other as told.
struct Told(Mutex<VecDeque<Try>>, Arc<FixedClock>);

#[async_trait]
impl Handler for Told {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, _: OrgId, _: &str) -> Result<(), JobError> {
        let next = self.0.lock().unwrap().pop_front();
        match next.unwrap_or(Try::Succeeds) {
            Try::Waits => Err(JobError::Later(self.1.now().plus(TimeDelta::seconds(1)), "it waits".into())),
            Try::Fails => Err(JobError::Retry("it fails".into())),
            Try::Panics => panic!("the handler panics"),
            Try::Succeeds => Ok(()),
        }
    }
}

struct Queue {
    db: TestDb,
    clock: Arc<FixedClock>,
}

impl Queue {
    /// With one job in it.
    async fn of(kind: Kind) -> Self {
        let clock = Arc::new(FixedClock::at(Timestamp::from_micros(1_773_600_000_000_000)));
        let db = TestDb::fresh(kind, clock.clone(), Arc::new(Chance::seeded(3))).await;
        let mut tx = db.store.org(ORG).write().await.unwrap();
        tx.found_organisation(&Organisation::by_default(ORG, "322041", "架空市", "カクウシ")).await.unwrap();
        tx.enqueue(KIND, "{}", clock.now(), None).await.unwrap();
        let act = Act::named("test", Machine::working(ORG, "test").actor(), OperationId(ORG.0));
        tx.commit(&act).await.unwrap();
        Self { db, clock }
    }

    /// Lets these tries happen, each when it is due, and says what stands in the queue then.
    async fn tried(&self, tries: &[Try]) -> JobCounts {
        let told = Told(Mutex::new(tries.iter().copied().collect()), self.clock.clone());
        let handlers = Handlers::default().with(told);
        let worker = Worker::new(self.db.store.clone(), handlers, self.clock.clone(), Waker::default());
        for _ in tries {
            worker.drain().await.unwrap();
            self.clock.advance(TimeDelta::hours(2));
        }
        self.counts().await
    }

    async fn counts(&self) -> JobCounts {
        self.db.store.org(ORG).read().await.unwrap().job_counts().await.unwrap()
    }

    /// A process claims it and dies.
    async fn claimed_and_left(&self) -> usize {
        let now = self.clock.now();
        let claimed = self.db.store.org(ORG).claim_jobs(now, now.plus(LEASE), 8).await.unwrap();
        self.clock.advance(TimeDelta::minutes(6));
        claimed.len()
    }
}

const WAITING: JobCounts = JobCounts { waiting: 1, running: 0, given_up: 0 };
const GIVEN_UP: JobCounts = JobCounts { waiting: 0, running: 0, given_up: 1 };

fn failures(of: Try) -> Vec<Try> {
    vec![of; usize::try_from(MOST_ATTEMPTS).unwrap()]
}

#[tokio::test]
async fn a_job_that_waits_or_whose_process_dies_is_not_given_up() {
    for kind in BOTH {
        let queue = Queue::of(kind).await;
        assert_eq!(queue.tried(&[Try::Waits; WAITS]).await, WAITING, "{kind:?}: it waited");
        for _ in 0..WAITS {
            assert_eq!(queue.claimed_and_left().await, 1, "{kind:?}: it is claimed again after its lease");
        }
        // All that counts nothing: eleven failures are borne still, with waiting between them.
        let mixed: Vec<Try> = failures(Try::Fails).into_iter().skip(1).flat_map(|fails| [Try::Waits, fails]).collect();
        assert_eq!(queue.tried(&mixed).await, WAITING, "{kind:?}: eleven failures");
        assert_eq!(queue.tried(&[Try::Succeeds]).await, JobCounts::default(), "{kind:?}: and it is done in the end");
    }
}

#[tokio::test]
async fn what_failed_before_a_job_came_to_wait_is_forgotten() {
    for kind in BOTH {
        let queue = Queue::of(kind).await;
        let mut spell = failures(Try::Fails).split_off(1);
        spell.push(Try::Waits);
        for _ in 0..3 {
            assert_eq!(queue.tried(&spell).await, WAITING, "{kind:?}: eleven failures, and it went on");
        }
        assert_eq!(queue.tried(&failures(Try::Fails)).await, GIVEN_UP, "{kind:?}: the control");
    }
}

/// The control: failures are counted, and a panic is one.
#[tokio::test]
async fn a_job_that_fails_is_given_up_in_the_end() {
    for kind in BOTH {
        for fails in [Try::Fails, Try::Panics] {
            let queue = Queue::of(kind).await;
            assert_eq!(queue.tried(&failures(fails)[1..]).await, WAITING, "{kind:?}");
            assert_eq!(queue.tried(&[fails]).await, GIVEN_UP, "{kind:?}");
        }
    }
}
