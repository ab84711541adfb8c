//! A kind of job: its code with the payload's version, and what to do. An error says retry or fail.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use thiserror::Error;
use tsunagari_kernel::{OrgId, Timestamp};

/// Why a try did not finish the job.
#[derive(Debug, Clone, Error)]
pub enum JobError {
    /// Try again with growing pauses.
    #[error("retry: {0}")]
    Retry(String),
    /// Try again at this instant (real time); no failure, and those before are forgotten.
    #[error("later: {1}")]
    Later(Timestamp, String),
    /// It can never succeed: a person must look.
    #[error("failed: {0}")]
    Fail(String),
}

/// A kind of job.
#[async_trait]
pub trait Handler: Send + Sync {
    /// The code and payload version, e.g. `send_batch.1`. Old versions stay readable until none can be in a queue.
    fn kind(&self) -> &'static str;

    /// Does the work once. May be called again after a crash: it must be safe to repeat.
    async fn run(&self, org: OrgId, payload: &str) -> Result<(), JobError>;
}

/// Every kind the program knows.
#[derive(Clone, Default)]
pub struct Handlers(HashMap<&'static str, Arc<dyn Handler>>);

impl Handlers {
    /// With one more kind.
    #[must_use]
    pub fn with(mut self, handler: impl Handler + 'static) -> Self {
        self.0.insert(handler.kind(), Arc::new(handler));
        self
    }

    /// The handler of a kind.
    pub fn of(&self, kind: &str) -> Option<Arc<dyn Handler>> {
        self.0.get(kind).cloned()
    }
}
