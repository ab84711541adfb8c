//! Draws of the demonstration: one of several, by weight, per hundred, a moment between two.

use chrono::{NaiveDate, TimeDelta};
use tsunagari_kernel::{Chance, Timestamp};

/// Draws from a seeded generator.
#[derive(Clone, Copy)]
pub struct Draw<'c>(pub &'c Chance);

impl Draw<'_> {
    /// A number in `0..bound`.
    pub fn below(self, bound: u64) -> u64 {
        self.0.below(bound)
    }

    /// Yes in this many of a thousand.
    pub fn per_mille(self, yes: u64) -> bool {
        self.0.below(1_000) < yes
    }

    /// One of several; `None` of none.
    pub fn one<T>(self, of: &[T]) -> Option<&T> {
        of.get(usize::try_from(self.below(of.len() as u64)).unwrap_or(0))
    }

    /// One of several by weight.
    pub fn weighted<T>(self, of: &[T], weight: impl Fn(&T) -> u64) -> Option<&T> {
        let mut at = self.below(of.iter().map(&weight).sum());
        of.iter().find(|it| {
            let here = weight(it);
            let found = at < here;
            at = at.saturating_sub(here);
            found
        })
    }

    /// A day from `first`, less than `days` later.
    pub fn day(self, first: NaiveDate, days: u64) -> NaiveDate {
        let later = i64::try_from(self.below(days)).unwrap_or(0);
        first.checked_add_signed(TimeDelta::days(later)).unwrap_or(first)
    }

    /// An instant of a day between 8 and 21 o'clock in Japan.
    pub fn moment(self, day: NaiveDate) -> Timestamp {
        let seconds = 8 * 3_600 + i64::try_from(self.below(13 * 3_600)).unwrap_or(0);
        Timestamp::start_of(day).plus(TimeDelta::seconds(seconds))
    }

    /// 32 hexadecimal digits.
    pub fn hex(self) -> String {
        self.0.bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
