//! How many pairs of people look like one person, for Today. Pairs are looked for among everybody, which takes long in a large
//! town: what took long is remembered for some minutes, and forgotten as soon as the office has judged a pair. Leaves the
//! pairs themselves to `people::duplicates`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use tsunagari_kernel::{Clock, OrgId, Timestamp};
use tsunagari_storage::{Reader, StorageError};

/// Pairs are counted up to here; more are told as "at least".
pub(crate) const MOST: i64 = 50;
/// A count that took less is made anew each time.
const QUICK: TimeDelta = TimeDelta::milliseconds(10);
/// How long a count that took longer is shown.
const KEPT: TimeDelta = TimeDelta::minutes(10);

#[derive(Clone, Copy)]
struct Count {
    pairs: i64,
    judged: i64,
    at: Timestamp,
    took: TimeDelta,
}

impl Count {
    fn holds(self, judged: i64, now: Timestamp) -> bool {
        self.took >= QUICK && self.judged == judged && now < self.at.plus(KEPT)
    }
}

/// The last counts of this process, by organisation.
#[derive(Default)]
pub(crate) struct AlikeCounts(Mutex<HashMap<OrgId, Count>>);

impl AlikeCounts {
    /// How many pairs wait to be judged, at most one more than `MOST`.
    pub(crate) async fn of(&self, reader: &mut Reader, org: OrgId, clock: &dyn Clock) -> Result<i64, StorageError> {
        let judged = reader.judged_pairs().await?;
        let began = clock.now();
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&org).copied();
        if let Some(known) = known.filter(|known| known.holds(judged, began)) {
            return Ok(known.pairs);
        }
        let found = reader.alike_pairs(MOST + 1).await?.len();
        let pairs = i64::try_from(found).unwrap_or(MOST + 1);
        let count = Count { pairs, judged, at: began, took: clock.now().since(began) };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(org, count);
        Ok(pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_slow_count_is_remembered_until_it_is_old_or_a_pair_was_judged() {
        let at = Timestamp::from_micros(1_773_600_000_000_000);
        let count = |took: i64| Count { pairs: 8, judged: 2, at, took: TimeDelta::milliseconds(took) };
        assert!(count(300).holds(2, at.plus(TimeDelta::minutes(9))));
        assert!(!count(300).holds(2, at.plus(TimeDelta::minutes(10))), "old");
        assert!(!count(300).holds(3, at), "a pair was judged");
        assert!(!count(3).holds(2, at), "quick enough to be made anew");
    }
}
