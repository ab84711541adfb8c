//! How long things took, and the places of their order. Leaves printing to whoever collected them.

use std::time::Duration;

/// A series of durations.
#[derive(Debug, Clone, Default)]
pub struct Times {
    sorted: Vec<Duration>,
}

impl Times {
    /// Of these durations.
    pub fn of(mut all: Vec<Duration>) -> Self {
        all.sort_unstable();
        Self { sorted: all }
    }

    /// Those of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut all = self.sorted;
        all.extend(other.sorted);
        Self::of(all)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// The duration that `percent` of 100 do not exceed (nearest rank): 0 the shortest, 100 the longest; zero of none.
    pub fn at(&self, percent: f64) -> Duration {
        let rank = (percent / 100.0 * self.sorted.len() as f64).ceil() as usize;
        self.sorted.get(rank.max(1) - 1).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_nearest_ranks() {
        let ms = Duration::from_millis;
        let times = Times::of((1..=200).rev().map(ms).collect());
        assert_eq!([0.0, 50.0, 95.0, 99.0, 100.0].map(|p| times.at(p)), [ms(1), ms(100), ms(190), ms(198), ms(200)]);
        assert_eq!(Times::default().at(99.0), Duration::ZERO);
    }
}
