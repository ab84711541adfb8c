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
    /// The last order on the list: who comes stands behind it.
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

    const fn has_more_than(self, waiting: u32) -> bool {
        match self.free() {
            None => true,
            Some(free) => free > waiting,
        }
    }

    /// What becomes of one more who comes. Nobody gets a place before those who wait.
    pub const fn one_more(self) -> Arrival {
        if self.has_more_than(self.waiting) { Arrival::Place } else { self.behind() }
    }

    /// What becomes of one for whom there is no place.
    const fn behind(self) -> Arrival {
        match self.waiting_list {
            WaitingList::Endless => Arrival::Waits { order: self.last_order.saturating_add(1) },
            WaitingList::UpTo(n) if self.waiting < n => Arrival::Waits { order: self.last_order.saturating_add(1) },
            WaitingList::UpTo(_) | WaitingList::None => Arrival::Full,
        }
    }

    /// The same at a venue that has places of its own within these: both must have one that nobody waits for. One list is kept
    /// for all venues.
    pub const fn one_more_at(self, venue: Self) -> Arrival {
        // Those who wait for another venue do not wait for this one's places.
        if venue.has_more_than(venue.waiting) && self.has_more_than(venue.waiting) {
            return Arrival::Place;
        }
        self.behind()
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

    #[test]
    fn a_venue_is_full_on_its_own_or_with_the_round() {
        let round = Places { taken: 20, waiting: 1, last_order: 1, ..THIRTY };
        let venue = Places { capacity: Capacity::Places(10), taken: 9, waiting: 0, ..THIRTY };
        assert_eq!(round.one_more_at(venue), Arrival::Place, "who waits for another venue is not passed by");
        assert_eq!(round.one_more_at(Places { taken: 10, ..venue }), Arrival::Waits { order: 2 });
        assert_eq!(Places { taken: 30, ..round }.one_more_at(venue), Arrival::Waits { order: 2 });
        assert_eq!(round.one_more_at(Places { waiting: 1, ..venue }), Arrival::Waits { order: 2 });
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
