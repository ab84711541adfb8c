//! Retry keys: an accepted one answers 409 for 24 hours, afterwards the same key sends again.

use std::collections::{HashMap, VecDeque};

use serde_json::Value;
use uuid::Uuid;

use crate::clock::Millis;

const KEPT: Millis = 24 * 3600 * 1000;

/// What a key was accepted for.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// Request id of the accepted request.
    pub request_id: Uuid,
    /// Its `sentMessages`, for push only.
    pub sent: Option<Value>,
}

/// The keys of one channel.
#[derive(Debug, Default)]
pub struct RetryKeys {
    accepted: HashMap<Uuid, (Millis, Accepted)>,
    order: VecDeque<(Millis, Uuid)>,
}

impl RetryKeys {
    /// The acceptance a key still stands for.
    pub fn find(&mut self, key: Uuid, now: Millis) -> Option<Accepted> {
        while self.order.front().is_some_and(|(at, _)| now - at >= KEPT) {
            if let Some((at, old)) = self.order.pop_front()
                && self.accepted.get(&old).is_some_and(|(kept, _)| *kept == at)
            {
                self.accepted.remove(&old);
            }
        }
        self.accepted.get(&key).filter(|(at, _)| now - at < KEPT).map(|(_, accepted)| accepted.clone())
    }

    /// Keeps an accepted key.
    pub fn keep(&mut self, key: Uuid, now: Millis, accepted: Accepted) {
        self.accepted.insert(key, (now, accepted));
        self.order.push_back((now, key));
    }
}
