//! Arrivals at a steady rate that do not wait for earlier ones to be answered: a slow server does not make the load
//! smaller. Whoever arrives late because the machine was busy is measured from when they should have arrived.

use std::time::Duration;

use tokio::time::Instant;

/// So many a second.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    begin: Instant,
    every: Duration,
}

impl Pace {
    /// From now on.
    pub fn of(a_second: f64) -> Self {
        Self { begin: Instant::now(), every: Duration::from_secs_f64(1.0 / a_second.max(0.001)) }
    }

    /// Waits for arrival number `n` (from 0); the instant it should have arrived.
    pub async fn arrival(&self, n: u32) -> Instant {
        let at = self.begin + self.every * n;
        tokio::time::sleep_until(at).await;
        at
    }
}
