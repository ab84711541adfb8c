//! The system's clock: the only place where the program asks the machine for the time; and a calendar that runs
//! beside it from another day (the demo).

use chrono::TimeDelta;
use tsunagari_kernel::{Clock, Timestamp};

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct RealClock;

impl Clock for RealClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(chrono::Utc::now().timestamp_micros())
    }
}

/// A calendar that runs at the real pace from another beginning.
#[derive(Debug, Clone, Copy)]
pub struct ShiftedClock(TimeDelta);

impl ShiftedClock {
    /// A calendar on which it is now `then`.
    pub fn beginning(then: Timestamp) -> Self {
        Self(then.since(RealClock.now()))
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        RealClock.now().plus(self.0)
    }
}
