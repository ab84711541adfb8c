//! Places: how many a round has, how many are taken, and what becomes of one more. Taken are held and offered places and those
//! chosen for one; a waiting list is served in its order. Leaves counting to storage, behind the round's lock.

use serde::{Deserialize, Serialize};

/// How many places there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// As many as come.
    Open,
    /// So many.
    Places(u32),
}

/// Whether a list is kept behind the places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitingList {
    /// There is one, this long.
    UpTo(u32),
    /// There is one, as long as need be.
    Endless,
    /// There is none: who comes too late is refused.
    None,
}

/// What becomes of one who comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// They have a place.
    Place,
    /// They wait, in this order (from 1).
    Waits {
        /// Their order.
        order: u32,
    },
    /// There is neither.
    Full,
}

/// The places of a round at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Places {
    /// How many there are.
    pub capacity: Capacity,
    /// The list behind them.
    pub waiting_list: WaitingList,
    /// How many are taken.
    pub taken: u32,
    /// How many wait.
    pub waiting: u32,
    /// The last order that was given on the list; it never falls.
    pub last_order: u32,
}

impl Places {
    /// How many are free; nothing where they have no end.
    pub const fn free(self) -> Option<u32> {
        match self.capacity {
            Capacity::Open => None,
            Capacity::Places(n) => Some(n.saturating_sub(self.taken)),
        }
    }

    /// What becomes of one more who comes. Nobody gets a place before those who wait.
    pub const fn one_more(self) -> Arrival {
        match (self.free(), self.waiting_list) {
            (None, _) => Arrival::Place,
            (Some(free), _) if free > self.waiting => Arrival::Place,
            (Some(_), WaitingList::Endless) => Arrival::Waits { order: self.last_order.saturating_add(1) },
            (Some(_), WaitingList::UpTo(n)) if self.waiting < n => {
                Arrival::Waits { order: self.last_order.saturating_add(1) }
            }
            (Some(_), WaitingList::UpTo(_) | WaitingList::None) => Arrival::Full,
        }
    }

    /// How many of those who wait can be offered a place now.
    pub const fn to_offer(self) -> u32 {
        match self.free() {
            None => self.waiting,
            Some(free) => {
                if free < self.waiting {
                    free
                } else {
                    self.waiting
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const THIRTY: Places = Places {
        capacity: Capacity::Places(30),
        waiting_list: WaitingList::UpTo(2),
        taken: 29,
        waiting: 0,
        last_order: 0,
    };

    #[test]
    fn the_last_place_then_the_list_then_nothing() {
        assert_eq!(THIRTY.one_more(), Arrival::Place);
        let full = Places { taken: 30, ..THIRTY };
        assert_eq!(full.one_more(), Arrival::Waits { order: 1 });
        assert_eq!(Places { waiting: 2, last_order: 2, ..full }.one_more(), Arrival::Full);
        assert_eq!(Places { waiting_list: WaitingList::None, ..full }.one_more(), Arrival::Full);
    }

    #[test]
    fn a_place_that_becomes_free_is_for_those_who_wait() {
        let freed = Places { waiting: 1, last_order: 1, ..THIRTY };
        assert_eq!((freed.to_offer(), freed.one_more()), (1, Arrival::Waits { order: 2 }));
    }

    proptest! {
        #[test]
        fn a_thousand_never_overbook(places in 0u32..50, list in 0u32..50) {
            let waiting_list = WaitingList::UpTo(list);
            let mut now = Places { capacity: Capacity::Places(places), waiting_list, taken: 0, waiting: 0, last_order: 0 };
            for _ in 0..1_000 {
                match now.one_more() {
                    Arrival::Place => now.taken += 1,
                    Arrival::Waits { order } => (now.waiting, now.last_order) = (now.waiting + 1, order),
                    Arrival::Full => break,
                }
            }
            prop_assert_eq!((now.taken, now.waiting), (places, list));
        }
    }
}
