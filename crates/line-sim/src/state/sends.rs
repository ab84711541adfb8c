//! The ledger: every accepted request with its recipients, never forgotten, so that a test can prove exactly once.

use std::sync::Arc;

use uuid::Uuid;

use super::bodies::Body;
use super::people::PersonKey;
use crate::clock::Millis;

/// Which call sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SendKind {
    /// Reply.
    Reply,
    /// Push.
    Push,
    /// Multicast.
    Multicast,
    /// Broadcast.
    Broadcast,
    /// Narrowcast.
    Narrowcast,
}

/// One accepted request.
#[derive(Debug)]
pub struct Send {
    /// When.
    pub at: Millis,
    /// Its `x-line-request-id`.
    pub request_id: Uuid,
    /// The call.
    pub kind: SendKind,
    /// Its retry key, if it had one.
    pub retry_key: Option<Uuid>,
    /// What was sent.
    pub body: Arc<Body>,
    /// Message id of the first message object (ids are shared by the recipients of one request, as far as the simulator tells).
    pub first_id: u64,
    /// Everyone it was accepted for.
    pub recipients: Box<[PersonKey]>,
    /// Those of them it did not reach (blocked, not a friend), sorted.
    pub missed: Box<[PersonKey]>,
    /// Aggregation unit, if given.
    pub unit: Option<Box<str>>,
}
