//! One seeded generator for ids, tokens and fault draws, so that a run can be repeated.

use std::sync::Mutex;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

/// A shared seeded source of random bytes.
pub struct Chance(Mutex<StdRng>);

impl Chance {
    /// Repeats itself for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0u8; N];
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(&mut out);
        out
    }

    /// A random UUID.
    pub fn uuid(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// A token of `2 * N` hexadecimal digits.
    pub fn token<const N: usize>(&self) -> String {
        hex::encode(self.bytes::<N>())
    }

    /// True in `per_million` of a million draws.
    pub fn strikes(&self, per_million: u32) -> bool {
        u64::from_le_bytes(self.bytes()) % 1_000_000 < u64::from(per_million)
    }

    /// Shuffles in place (Fisher and Yates).
    pub fn shuffle<T>(&self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = usize::try_from(u64::from_le_bytes(self.bytes()) % (i as u64 + 1)).unwrap_or(i);
            items.swap(i, j);
        }
    }
}
