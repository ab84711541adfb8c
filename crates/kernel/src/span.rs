//! Half-open intervals `[from, until)` over civil days or instants: the form in which every fact that lasts is kept.
//! Leaves what the interval means to its owner.

use serde::{Deserialize, Serialize};

/// A half-open interval. `until = None` lasts until further notice; `until <= from` contains nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span<T> {
    /// The first point inside.
    pub from: T,
    /// The first point outside again.
    pub until: Option<T>,
}

impl<T: Copy + Ord> Span<T> {
    /// From a point on, without an end.
    pub const fn since(from: T) -> Self {
        Self { from, until: None }
    }

    /// From an instant until the next of those that begin after it.
    pub fn until_next(from: T, begins: impl IntoIterator<Item = T>) -> Self {
        Self { from, until: begins.into_iter().filter(|later| *later > from).min() }
    }

    /// From a point until (not including) another.
    pub const fn between(from: T, until: T) -> Self {
        Self { from, until: Some(until) }
    }

    /// Whether a point lies inside.
    pub fn contains(&self, at: T) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }

    /// Whether it is over at a point: it began and its end is not after the point.
    pub fn ended_by(&self, at: T) -> bool {
        self.from <= at && self.until.is_some_and(|until| until <= at)
    }

    /// Whether two intervals share a point.
    pub fn overlaps(&self, other: &Self) -> bool {
        let starts = self.from.max(other.from);
        self.contains(starts) && other.contains(starts)
    }

    /// Whether every point of another lies inside.
    pub fn covers(&self, other: &Self) -> bool {
        let ends_later = match (self.until, other.until) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(mine), Some(theirs)) => theirs <= mine,
        };
        self.from <= other.from && ends_later
    }

    /// The same, ending at `until` unless it ended before.
    #[must_use]
    pub fn cut(self, until: T) -> Self {
        Self { from: self.from, until: Some(self.until.map_or(until, |end| end.min(until))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_outside() {
        let span = Span::between(3, 5);
        assert_eq!([2, 3, 4, 5].map(|n| span.contains(n)), [false, true, true, false]);
        assert_eq!([2, 4, 5].map(|n| span.ended_by(n)), [false, false, true]);
        assert!(!Span::between(5, 5).contains(5));
        assert!(Span::since(1).contains(9));
        assert!(!span.overlaps(&Span::since(5)));
        assert!(span.overlaps(&Span::between(4, 9)));
        assert!(span.covers(&span) && span.covers(&Span::between(4, 5)) && Span::since(3).covers(&span));
        assert!(!span.covers(&Span::between(3, 6)) && !span.covers(&Span::since(4)) && !Span::since(4).covers(&span));
        assert_eq!(span.cut(4).until, Some(4));
        assert_eq!(span.cut(9).until, Some(5));
    }
}
