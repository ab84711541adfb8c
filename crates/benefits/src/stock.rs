//! What parcels are packed from: each good in lots, the soonest to spoil first. A parcel takes one piece of every good, and it is
//! known from which lot, so that those who got a bad one are found. Leaves counting what was taken to storage.

use std::collections::BTreeSet;

use chrono::NaiveDate;

/// A delivery of a good to the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    /// Its number within the round, from 1.
    pub no: u16,
    /// The good: lots of the same name are one good.
    pub good: String,
    /// How many pieces came.
    pub pieces: u32,
    /// The last day it is good to eat, where it spoils.
    pub best_before: Option<NaiveDate>,
}

/// A lot, and how much of it is packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnShelf {
    /// The lot.
    pub lot: Lot,
    /// Pieces that were packed.
    pub taken: u32,
}

impl OnShelf {
    /// Pieces that are left.
    pub const fn left(&self) -> u32 {
        self.lot.pieces.saturating_sub(self.taken)
    }
}

/// Why nothing can be packed. The texts are public codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum StockRefusal {
    /// A good is used up.
    UsedUp,
    /// What is left of a good spoils before it arrives.
    Spoils,
}

impl StockRefusal {
    /// The public code, as in the locale keys `refused-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::UsedUp => "stock_used_up",
            Self::Spoils => "stock_spoils",
        }
    }
}

/// From which lots a parcel that arrives on a day takes its pieces: one of every good. Nothing where no goods are counted.
///
/// # Errors
/// The first good of which there is none.
pub fn take_one_of_each(shelf: &[OnShelf], arrives: NaiveDate) -> Result<Vec<u16>, (String, StockRefusal)> {
    let goods: BTreeSet<&str> = shelf.iter().map(|it| it.lot.good.as_str()).collect();
    let one = |good: &str| {
        let left = || shelf.iter().filter(|it| it.lot.good == good && it.left() > 0);
        let fresh = left().filter(|it| it.lot.best_before.is_none_or(|day| day >= arrives));
        // What never spoils waits until what does is gone.
        let first = fresh.min_by_key(|it| (it.lot.best_before.unwrap_or(NaiveDate::MAX), it.lot.no));
        let why = if left().next().is_some() { StockRefusal::Spoils } else { StockRefusal::UsedUp };
        first.map(|it| it.lot.no).ok_or((good.to_owned(), why))
    };
    goods.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, n).unwrap()
    }

    fn lot(no: u16, good: &str, pieces: u32, taken: u32, best_before: Option<u32>) -> OnShelf {
        OnShelf { lot: Lot { no, good: good.into(), pieces, best_before: best_before.map(day) }, taken }
    }

    #[test]
    fn one_of_every_good_the_soonest_to_spoil_first() {
        let shelf = [
            lot(1, "rice", 10, 0, None),
            lot(2, "cake", 5, 0, Some(30)),
            lot(3, "cake", 5, 0, Some(20)),
            lot(4, "cake", 5, 5, Some(15)),
            lot(5, "rice", 10, 0, Some(28)),
        ];
        assert_eq!(take_one_of_each(&shelf, day(10)), Ok(vec![3, 5]));
        assert_eq!(take_one_of_each(&shelf, day(21)), Ok(vec![2, 5]));
    }

    #[test]
    fn what_is_gone_or_would_arrive_spoilt_stops_the_parcel() {
        let shelf = [lot(1, "rice", 10, 10, None), lot(2, "cake", 5, 0, Some(12))];
        assert_eq!(take_one_of_each(&shelf, day(12)), Err(("rice".into(), StockRefusal::UsedUp)));
        assert_eq!(take_one_of_each(&shelf[1..], day(12)), Ok(vec![2]), "its last day is still good");
        assert_eq!(take_one_of_each(&shelf[1..], day(13)), Err(("cake".into(), StockRefusal::Spoils)));
    }

    #[test]
    fn where_nothing_is_counted_nothing_stops() {
        assert_eq!(take_one_of_each(&[], day(1)), Ok(vec![]));
    }
}
