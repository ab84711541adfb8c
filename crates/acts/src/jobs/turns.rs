//! One run at a time for each key in this process: whoever comes while a run is under way leaves word, and the run looks
//! once more before it ends. So nothing that stood in the database when somebody came is overlooked, and nobody waits.
//! Other processes are not seen: what two runs share must be safe to do twice. Leaves what a run does to its job.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Nothing,
    Left,
}

/// The runs under way.
#[derive(Debug)]
pub(crate) struct Turns<K>(Arc<Mutex<HashMap<K, Word>>>);

/// A run; dropping it ends it, whatever word was left.
pub(crate) struct Turn<K: Eq + Hash + Copy> {
    turns: Turns<K>,
    key: K,
    over: bool,
}

impl<K> Default for Turns<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Eq + Hash + Copy> Turns<K> {
    fn table(&self) -> MutexGuard<'_, HashMap<K, Word>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a run; `None` when one is under way, which then looks once more.
    pub(crate) fn begin(&self, key: K) -> Option<Turn<K>> {
        let mut table = self.table();
        if let Some(word) = table.get_mut(&key) {
            *word = Word::Left;
            return None;
        }
        table.insert(key, Word::Nothing);
        Some(Turn { turns: Self(self.0.clone()), key, over: false })
    }
}

impl<K: Eq + Hash + Copy> Turn<K> {
    /// Ends the run, or gives it back because word was left since it last asked.
    pub(crate) fn end(mut self) -> Option<Self> {
        let mut table = self.turns.table();
        if let Some(word @ Word::Left) = table.get_mut(&self.key) {
            *word = Word::Nothing;
            drop(table);
            return Some(self);
        }
        table.remove(&self.key);
        drop(table);
        // From here on the key may be somebody else's.
        self.over = true;
        None
    }
}

impl<K: Eq + Hash + Copy> Drop for Turn<K> {
    fn drop(&mut self) {
        if !self.over {
            self.turns.table().remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_meanwhile_leaves_word_and_the_run_looks_once_more() {
        let turns = Turns::default();
        let run = turns.begin(1).unwrap();
        assert!(turns.begin(1).is_none());
        assert!(turns.begin(2).is_some(), "another key is its own");
        let again = run.end().expect("word was left");
        assert!(again.end().is_none(), "nobody came since");
        assert!(turns.begin(1).is_some());
    }

    #[test]
    fn a_run_that_fails_makes_room() {
        let turns = Turns::default();
        drop(turns.begin(1));
        assert!(turns.begin(1).is_some());
    }
}
