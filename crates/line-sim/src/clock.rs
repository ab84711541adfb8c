//! The simulator's clock: the real one, shifted or stopped through the control API. Latency and time-outs always use real time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};

/// Milliseconds since 1970 UTC, as LINE's webhooks carry them.
pub type Millis = i64;

#[derive(Clone, Copy)]
enum Mode {
    Shifted(Millis),
    Stopped(Millis),
}

/// A clock that tests may move, and the calendar its instants are shown in on the telephones.
pub struct SimClock {
    mode: Mutex<Mode>,
    shown: AtomicI64,
}

impl Default for SimClock {
    fn default() -> Self {
        Self { mode: Mutex::new(Mode::Shifted(0)), shown: AtomicI64::new(0) }
    }
}

fn system_now() -> Millis {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
}

impl SimClock {
    fn mode(&self) -> std::sync::MutexGuard<'_, Mode> {
        self.mode.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The simulated instant.
    pub fn now(&self) -> Millis {
        match *self.mode() {
            Mode::Shifted(by) => system_now() + by,
            Mode::Stopped(at) => at,
        }
    }

    /// Lets the telephones show another calendar, on which it is now `at`: tokens, limits and webhooks keep to the clock.
    pub fn show_as(&self, at: Millis) {
        self.shown.store(at - self.now(), Ordering::Relaxed);
    }

    /// An instant as the telephones show it.
    pub fn shown(&self, at: Millis) -> Millis {
        at + self.shown.load(Ordering::Relaxed)
    }

    /// Stops the clock at an instant.
    pub fn stop_at(&self, at: Millis) {
        *self.mode() = Mode::Stopped(at);
    }

    /// Moves the clock forward (or back) and leaves it running or stopped as it was.
    pub fn advance(&self, by: Millis) {
        let mut mode = self.mode();
        *mode = match *mode {
            Mode::Shifted(shift) => Mode::Shifted(shift + by),
            Mode::Stopped(at) => Mode::Stopped(at + by),
        };
    }

    /// Lets the clock run from an instant.
    pub fn run_from(&self, at: Millis) {
        *self.mode() = Mode::Shifted(at - system_now());
    }

    /// Back to the real time.
    pub fn real(&self) {
        *self.mode() = Mode::Shifted(0);
    }
}

/// The instant in Japan (UTC+9 without daylight saving), the zone of LINE's days and months.
pub fn in_japan(at: Millis) -> DateTime<FixedOffset> {
    let utc = DateTime::from_timestamp_millis(at).unwrap_or_default();
    match FixedOffset::east_opt(9 * 3600) {
        Some(zone) => utc.with_timezone(&zone),
        None => utc.fixed_offset(),
    }
}

/// The civil day in Japan.
pub fn day(at: Millis) -> NaiveDate {
    in_japan(at).date_naive()
}

/// Year and month in Japan, the period of a quota.
pub fn month(at: Millis) -> (i32, u32) {
    let d = day(at);
    (d.year(), d.month())
}
