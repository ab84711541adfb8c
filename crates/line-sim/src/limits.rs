//! Documented rate limits: a token bucket per channel and endpoint (path template and method). Rejected calls take no token.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::clock::Millis;
use crate::config::RateLimits;
use crate::state::ChannelKey;

/// So many calls in so many milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rate {
    calls: u32,
    per: Millis,
}

const SECOND: Millis = 1000;
const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;

fn rate(method: &str, template: &str) -> Rate {
    let of = |calls, per| Rate { calls, per };
    match (method, template) {
        ("POST", "/v2/bot/message/narrowcast" | "/v2/bot/message/broadcast" | "/v2/bot/channel/webhook/test") => {
            of(60, HOUR)
        }
        ("PUT" | "GET", "/v2/bot/channel/webhook/endpoint") => of(1000, MINUTE),
        ("POST", "/v2/bot/richmenu")
        | ("DELETE", "/v2/bot/richmenu/{richMenuId}" | "/v2/bot/richmenu/alias/{richMenuAliasId}") => of(100, HOUR),
        ("POST", "/v2/bot/richmenu/batch") => of(3, HOUR),
        ("GET", "/v2/bot/richmenu/list") => of(10, SECOND),
        ("POST", "/v2/bot/message/multicast") => of(200, SECOND),
        ("POST", "/v2/bot/chat/loading/start") => of(100, SECOND),
        ("POST", "/v2/oauth/accessToken") => of(370, SECOND),
        _ => of(2000, SECOND),
    }
}

struct Bucket {
    level: f64,
    at: Millis,
}

/// All buckets.
pub struct Limits {
    rule: RateLimits,
    buckets: Mutex<HashMap<(ChannelKey, String), Bucket>>,
}

impl Limits {
    /// Full buckets, or none.
    pub fn ruled(rule: RateLimits) -> Self {
        Self { rule, buckets: Mutex::new(HashMap::new()) }
    }

    /// Whether a call is within its limit; takes a token when it is.
    pub fn admit(&self, channel: ChannelKey, method: &str, template: &str, now: Millis) -> bool {
        if self.rule == RateLimits::Off {
            return true;
        }
        let rate = rate(method, template);
        let (full, per) = (f64::from(rate.calls), rate.per as f64);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket =
            buckets.entry((channel, format!("{method} {template}"))).or_insert(Bucket { level: full, at: now });
        let passed = (now - bucket.at).max(0) as f64;
        bucket.level = (bucket.level + passed * full / per).min(full);
        bucket.at = now;
        if bucket.level < 1.0 {
            return false;
        }
        bucket.level -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_refills() {
        let limits = Limits::ruled(RateLimits::Enforced);
        let call = |now| limits.admit(ChannelKey(0), "POST", "/v2/bot/message/broadcast", now);
        assert!((0..60).all(|_| call(0)));
        assert!(!call(0));
        assert!(call(MINUTE));
        assert!(!call(MINUTE));
    }
}
