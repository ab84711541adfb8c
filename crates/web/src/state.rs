//! What handlers share: the house, the key of form tokens, and settings of this process that pages show.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tsunagari_acts::House;

use crate::office::alike::AlikeCounts;

/// Shared by all handlers; cheap to clone.
#[derive(Clone)]
pub struct WebState(pub Arc<Inner>);

/// The parts.
pub struct Inner {
    /// Store, clocks, chance, origin.
    pub house: House,
    /// Binds form tokens to sessions; born with the process's data directory.
    pub form_key: [u8; 32],
    /// Counts that took long, remembered for some minutes.
    pub(crate) alike: AlikeCounts,
    /// Whether the process was told to stop and only finishes what is under way.
    draining: AtomicBool,
}

impl WebState {
    /// From its parts.
    pub fn new(house: House, form_key: [u8; 32]) -> Self {
        Self(Arc::new(Inner { house, form_key, alike: AlikeCounts::default(), draining: AtomicBool::new(false) }))
    }

    /// Says that the process is about to stop: readiness ends, requests are still answered.
    pub fn drain(&self) {
        self.0.draining.store(true, Ordering::Relaxed);
    }

    /// Whether the process is about to stop.
    pub fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Relaxed)
    }

    /// The house.
    pub fn house(&self) -> &House {
        &self.0.house
    }
}
