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

    /// Kept for a program that looks in beside the one running.
    pub fn kept(self) -> String {
        self.0.num_microseconds().unwrap_or_default().to_string()
    }

    /// Read back; nothing where it is none.
    pub fn read(text: &str) -> Option<Self> {
        text.trim().parse().ok().map(TimeDelta::microseconds).map(Self)
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        RealClock.now().plus(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_read_back_is_the_same_calendar() {
        let begun = ShiftedClock::beginning(Timestamp::from_micros(1_773_619_200_000_000));
        let read = ShiftedClock::read(&begun.kept()).unwrap();
        assert_eq!(read.0, begun.0);
        assert_eq!(read.today().to_string(), "2026-03-16");
        assert!(ShiftedClock::read("tomorrow").is_none());
    }
}
