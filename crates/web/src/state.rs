//! What handlers share: the house, the key of form tokens, and settings of this process that pages show.

use std::sync::Arc;

use tsunagari_acts::House;

/// Shared by all handlers; cheap to clone.
#[derive(Clone)]
pub struct WebState(pub Arc<Inner>);

/// The parts.
pub struct Inner {
    /// Store, clocks, chance, origin.
    pub house: House,
    /// Binds form tokens to sessions; born with the process's data directory.
    pub form_key: [u8; 32],
}

impl WebState {
    /// From its parts.
    pub fn new(house: House, form_key: [u8; 32]) -> Self {
        Self(Arc::new(Inner { house, form_key }))
    }

    /// The house.
    pub fn house(&self) -> &House {
        &self.0.house
    }
}
