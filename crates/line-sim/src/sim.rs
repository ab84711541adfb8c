//! The simulator shared by all handlers: the world behind its lock, the clock, chance, faults, rate limits and the webhook sender.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use p256::ecdsa::SigningKey;

use crate::chance::Chance;
use crate::clock::SimClock;
use crate::config::{SimConfig, StartError};
use crate::faults::Faults;
use crate::limits::Limits;
use crate::state::World;
use crate::webhook::sender::Sender;

/// A handle on the simulator; clones share everything.
#[derive(Clone)]
pub struct Sim(Arc<Inner>);

struct Inner {
    config: SimConfig,
    seed: u64,
    base_url: OnceLock<String>,
    world: Mutex<World>,
    clock: SimClock,
    chance: Chance,
    faults: Faults,
    limits: Limits,
    sender: Sender,
    liff_key: SigningKey,
}

impl Sim {
    /// A simulator without a listener.
    ///
    /// # Errors
    /// When the webhook client cannot be built.
    pub fn build(config: SimConfig) -> Result<Self, StartError> {
        // The standard hasher's keys are fresh per process: enough for a simulator's seed.
        let seed = config.seed.unwrap_or_else(|| RandomState::new().build_hasher().finish());
        let chance = Chance::seeded(seed);
        let limits = Limits::ruled(config.rate_limits);
        let liff_key = loop {
            // A random scalar is refused with probability 2^-32; then the next is taken.
            if let Ok(key) = SigningKey::from_slice(&chance.bytes::<32>()) {
                break key;
            }
        };
        Ok(Self(Arc::new(Inner {
            seed,
            base_url: OnceLock::new(),
            world: Mutex::new(World::empty(seed)),
            clock: SimClock::default(),
            faults: Faults::default(),
            limits,
            sender: Sender::build()?,
            liff_key,
            chance,
            config,
        })))
    }

    /// The world, locked: hold it for a moment, never across an await.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.0.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How it was started.
    pub fn config(&self) -> &SimConfig {
        &self.0.config
    }

    /// Seed in use.
    pub fn seed(&self) -> u64 {
        self.0.seed
    }

    /// The one origin: API, data, access pages and control.
    pub fn base_url(&self) -> &str {
        self.0.base_url.get().map_or("", String::as_str)
    }

    /// Names the origin once, when the listener is open.
    pub(crate) fn open_at(&self, base_url: String) {
        let _ = self.0.base_url.set(base_url);
    }

    /// The clock.
    pub fn clock(&self) -> &SimClock {
        &self.0.clock
    }

    /// Now in milliseconds on the simulator's clock.
    pub fn now(&self) -> i64 {
        self.0.clock.now()
    }

    /// Chance.
    pub fn chance(&self) -> &Chance {
        &self.0.chance
    }

    /// Faults to play.
    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// Rate limits.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// The webhook sender.
    pub fn sender(&self) -> &Sender {
        &self.0.sender
    }

    /// Key of LIFF's ES256 ID tokens.
    pub(crate) fn liff_key(&self) -> &SigningKey {
        &self.0.liff_key
    }

    /// Address of a person's phone.
    pub fn phone_url(&self, handle: &str) -> String {
        let port = url::Url::parse(self.base_url()).ok().and_then(|u| u.port()).unwrap_or(80);
        format!("http://{handle}.localhost:{port}/")
    }
}
