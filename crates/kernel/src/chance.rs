//! Chance as a parameter: one seeded generator behind a lock, shared by whoever needs ids, tokens or draws.
//! Leaves where the seed comes from to the binary (operating system) and to tests (a fixed number).

use std::sync::Mutex;

use chacha20::ChaCha20Rng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

use crate::time::Timestamp;

/// A shared source of random bytes: cryptographic, seeded once.
pub struct Chance(Mutex<ChaCha20Rng>);

impl Chance {
    /// A generator that repeats itself for the same seed (tests, the demo).
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }

    /// A generator from 256 bits of outside entropy (production).
    pub fn from_entropy(seed: [u8; 32]) -> Self {
        Self(Mutex::new(ChaCha20Rng::from_seed(seed)))
    }

    /// Fills an array with random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0u8; N];
        let mut rng = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        rng.fill_bytes(&mut out);
        out
    }

    /// A number in `0..bound` without modulo bias; 0 when `bound` is 0.
    pub fn below(&self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        let zone = u64::MAX - u64::MAX % bound;
        loop {
            let n = u64::from_le_bytes(self.bytes());
            if n < zone {
                return n % bound;
            }
        }
    }

    /// A time-ordered UUID (version 7, RFC 9562) whose random part comes from this generator.
    pub fn uuid_at(&self, at: Timestamp) -> Uuid {
        let millis = u64::try_from(at.micros() / 1000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }
}
