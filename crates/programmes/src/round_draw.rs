//! The draw of a round: prepared (a seed committed to, or public draws named, while nobody can know who takes part), frozen (the list and
//! its hash), drawn (the key). Each step follows the one before, once. Leaves the method to `draw`, storing to storage.

use tsunagari_kernel::{Reason, RoundId, Timestamp};

use crate::draw::{Entrant, Key, list_hash, list_text};

/// Where the key will come from, told beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A seed of the program's, whose SHA-256 is told.
    Seed {
        /// The SHA-256, in hexadecimal.
        commitment: String,
    },
    /// Public draws, named with their dates.
    Public {
        /// In the office's words.
        named: String,
    },
}

/// The list, once it is frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// A line for each who takes part (see [`list_text`]).
    pub list: String,
    /// Its SHA-256, in hexadecimal.
    pub hash: String,
    /// How many places there are.
    pub places: u32,
    /// When.
    pub at: Timestamp,
}

/// The draw of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundDraw {
    /// Whose.
    pub round: RoundId,
    /// Where the key comes from.
    pub source: Source,
    /// When that was told.
    pub prepared_at: Timestamp,
    /// The list.
    pub frozen: Option<Frozen>,
    /// The key, and when it was drawn.
    pub drawn: Option<(Key, Timestamp)>,
}

/// Why a step is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.code())]
pub enum DrawRefusal {
    /// It is prepared already.
    Prepared,
    /// It is frozen already.
    FrozenAlready,
    /// It is not frozen yet.
    NotFrozen,
    /// It was drawn already.
    DrawnAlready,
    /// Nobody takes part.
    Nobody,
    /// The key is not of the source that was told.
    OtherKey,
}

impl DrawRefusal {
    /// The public code, as in the locale keys `reason-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Prepared => "draw_prepared",
            Self::FrozenAlready => "draw_frozen_already",
            Self::NotFrozen => "draw_not_frozen",
            Self::DrawnAlready => "draw_drawn_already",
            Self::Nobody => "draw_nobody",
            Self::OtherKey => "draw_other_key",
        }
    }

    /// The reason as it is stored and translated.
    pub const fn reason(self) -> Reason {
        Reason::of(self.code())
    }
}

impl RoundDraw {
    /// Who takes part is settled from now on.
    ///
    /// # Errors
    /// It is settled already, or nobody takes part.
    pub fn freeze(self, entrants: &[Entrant], places: u32, at: Timestamp) -> Result<Self, DrawRefusal> {
        if self.frozen.is_some() {
            return Err(DrawRefusal::FrozenAlready);
        }
        if entrants.iter().all(|it| it.tickets == 0) {
            return Err(DrawRefusal::Nobody);
        }
        let frozen = Frozen { list: list_text(entrants), hash: list_hash(entrants), places, at };
        Ok(Self { frozen: Some(frozen), ..self })
    }

    /// The key is known.
    ///
    /// # Errors
    /// It was drawn already, the list is not settled, or the key is of another source than was told.
    pub fn draw(self, key: Key, at: Timestamp) -> Result<Self, DrawRefusal> {
        if self.drawn.is_some() {
            return Err(DrawRefusal::DrawnAlready);
        }
        if self.frozen.is_none() {
            return Err(DrawRefusal::NotFrozen);
        }
        let told = match (&self.source, &key) {
            (Source::Seed { commitment }, Key::Seed { seed }) => *commitment == Key::commitment(seed),
            (Source::Public { .. }, Key::Public { sources }) => sources.iter().any(|it| !it.is_empty()),
            (Source::Seed { .. }, Key::Public { .. }) | (Source::Public { .. }, Key::Seed { .. }) => false,
        };
        if told { Ok(Self { drawn: Some((key, at)), ..self }) } else { Err(DrawRefusal::OtherKey) }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_773_600_000_000_000);

    fn prepared(source: Source) -> RoundDraw {
        RoundDraw { round: RoundId(Uuid::nil()), source, prepared_at: NOW, frozen: None, drawn: None }
    }

    fn seed() -> (Source, Key) {
        let seed = "00ff".to_owned();
        (Source::Seed { commitment: Key::commitment(&seed) }, Key::Seed { seed })
    }

    fn one() -> Vec<Entrant> {
        vec![Entrant { receipt: "a".into(), class: 1, tickets: 1, unit: String::new() }]
    }

    #[test]
    fn each_step_follows_the_one_before_once() {
        let (source, key) = seed();
        assert_eq!(prepared(source.clone()).draw(key.clone(), NOW), Err(DrawRefusal::NotFrozen));
        assert_eq!(prepared(source.clone()).freeze(&[], 1, NOW), Err(DrawRefusal::Nobody));
        let frozen = prepared(source).freeze(&one(), 1, NOW).unwrap();
        assert_eq!(frozen.clone().freeze(&one(), 1, NOW), Err(DrawRefusal::FrozenAlready));
        let drawn = frozen.draw(key.clone(), NOW).unwrap();
        assert_eq!(drawn.draw(key, NOW), Err(DrawRefusal::DrawnAlready));
    }

    #[test]
    fn the_key_is_of_the_source_that_was_told() {
        let (source, _) = seed();
        let frozen = |source| prepared(source).freeze(&one(), 1, NOW).unwrap();
        let other = Key::Seed { seed: "01".into() };
        assert_eq!(frozen(source.clone()).draw(other, NOW), Err(DrawRefusal::OtherKey));
        let public = Key::Public { sources: vec![vec![9_319]] };
        assert_eq!(frozen(source).draw(public.clone(), NOW), Err(DrawRefusal::OtherKey));
        let named = Source::Public { named: "宝くじ".into() };
        assert_eq!(frozen(named.clone()).draw(Key::Public { sources: vec![vec![]] }, NOW), Err(DrawRefusal::OtherKey));
        assert!(frozen(named).draw(public, NOW).is_ok());
    }
}
