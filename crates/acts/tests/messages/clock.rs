//! The clock of a town: it stands still until a test moves it, but for a microsecond a reading, because no two readings of a
//! real clock are the same; and it tells of its readings, so that a test can act between one and what follows from it.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;
use tokio::sync::watch;
use tsunagari_kernel::{Clock, Timestamp};

pub struct TownClock {
    micros: AtomicI64,
    readings: watch::Sender<u64>,
}

impl TownClock {
    pub fn at(now: Timestamp) -> Self {
        Self { micros: AtomicI64::new(now.micros()), readings: watch::Sender::new(0) }
    }

    pub fn advance(&self, span: TimeDelta) {
        self.micros.fetch_add(span.num_microseconds().unwrap(), Ordering::SeqCst);
    }

    /// How often it was read, for whoever waits for a reading.
    pub fn readings(&self) -> watch::Receiver<u64> {
        self.readings.subscribe()
    }
}

impl Clock for TownClock {
    fn now(&self) -> Timestamp {
        let now = self.micros.fetch_add(1, Ordering::SeqCst);
        self.readings.send_modify(|n| *n += 1);
        Timestamp::from_micros(now)
    }
}
