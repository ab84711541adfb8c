//! When the next message may leave: the token bucket of a channel, quiet hours in Japan, and how often a person is
//! written to. Leaves counting to storage.

use chrono::{Days, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};
use tsunagari_kernel::Timestamp;

/// A token bucket at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    per_second: u32,
    capacity: u32,
    micro_tokens: u64,
    at: Timestamp,
}

impl Pace {
    /// A full bucket; a rate or capacity of 0 counts as 1.
    pub fn full(per_second: u32, capacity: u32, at: Timestamp) -> Self {
        let (per_second, capacity) = (per_second.max(1), capacity.max(1));
        Self { per_second, capacity, micro_tokens: u64::from(capacity) * 1_000_000, at }
    }

    /// Takes one token: the bucket after it, or the instant at which one will be there.
    ///
    /// # Errors
    /// The instant to try again at.
    pub fn take(self, now: Timestamp) -> Result<Self, Timestamp> {
        let gone = u64::try_from(now.micros().saturating_sub(self.at.micros())).unwrap_or(0);
        let held = self
            .micro_tokens
            .saturating_add(gone.saturating_mul(u64::from(self.per_second)))
            .min(u64::from(self.capacity) * 1_000_000);
        let at = self.at.max(now);
        match held.checked_sub(1_000_000) {
            Some(micro_tokens) => Ok(Self { micro_tokens, at, ..self }),
            None => {
                let missing = (1_000_000 - held).div_ceil(u64::from(self.per_second));
                Err(Timestamp::from_micros(at.micros().saturating_add(i64::try_from(missing).unwrap_or(i64::MAX))))
            }
        }
    }
}

/// Hours in Japan in which nothing is sent; may pass midnight. `from == until` means none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// First quiet time.
    pub from: NaiveTime,
    /// First time that is not quiet any more.
    pub until: NaiveTime,
}

impl QuietHours {
    /// The first instant from `now` on at which sending is allowed.
    pub fn next_allowed(self, now: Timestamp) -> Timestamp {
        let (time, today) = (now.jst_time(), now.jst_date());
        let over_midnight = self.from > self.until;
        let quiet =
            if over_midnight { time >= self.from || time < self.until } else { time >= self.from && time < self.until };
        if !quiet {
            return now;
        }
        let day = if over_midnight && time >= self.from {
            today.checked_add_days(Days::new(1)).unwrap_or(today)
        } else {
            today
        };
        Timestamp::at_jst(day, self.until)
    }
}

/// At most so many messages of one purpose to one person in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrequencyCap {
    /// How many.
    pub most: u32,
    /// The window, in days.
    pub days: u32,
}

impl FrequencyCap {
    /// From when on messages count.
    pub fn window_start(self, now: Timestamp) -> Timestamp {
        now.minus(TimeDelta::days(i64::from(self.days)))
    }

    /// Whether one more is allowed after `sent` in the window.
    pub const fn allows_after(self, sent: u32) -> bool {
        sent < self.most
    }
}
