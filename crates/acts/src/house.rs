//! What every act works with: the store, two clocks, chance, texts, and the program's own addresses. Passed by
//! reference; acts hold no state of their own.

use std::path::PathBuf;
use std::sync::Arc;

use tsunagari_access::OperationId;
use tsunagari_kernel::{Chance, Clock, OrgId, Timestamp};
use tsunagari_storage::{OrgStore, Store};

/// The running house.
#[derive(Clone)]
pub struct House {
    /// The database.
    pub store: Store,
    /// The calendar of the programme: what day it is for people, consents, figures. The demo's begins in the past.
    pub clock: Arc<dyn Clock>,
    /// The real clock: sessions, one-time passwords, tokens, leases.
    pub real_clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<Chance>,
    /// The way to LINE.
    pub line: crate::LineGateway,
    /// Where uploaded files are kept (`files/` of the data directory).
    pub files: PathBuf,
    /// The origin residents and staff see, without a slash at the end: `https://tsunagari.example.jp`.
    pub origin: String,
    /// What of the world outside the offices may name.
    pub outside: Arc<crate::Outside>,
    /// The versions of programmes that were read.
    pub running: Arc<crate::running_programme::RunningProgrammes>,
}

impl House {
    /// One organisation's part of the database.
    pub fn org(&self, org: OrgId) -> OrgStore {
        self.store.org(org)
    }

    /// Now, in the programme's calendar.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new run of an act.
    pub fn operation(&self) -> OperationId {
        OperationId(self.chance.uuid_at(self.real_clock.now()))
    }
}
