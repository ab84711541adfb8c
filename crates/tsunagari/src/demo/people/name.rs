//! Names of the demonstration's people, put together from parts.

use super::draw::Draw;
use crate::demo::words::{Part, Words};

/// A name with its reading in katakana.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// Family name's reading.
    pub family_kana: String,
    /// Given name's reading.
    pub given_kana: String,
}

fn joined(draw: Draw<'_>, first: &[Part], second: &[Part]) -> (String, String) {
    let (Some(a), Some(b)) = (draw.one(first), draw.one(second)) else { return (String::new(), String::new()) };
    (format!("{}{}", a.0, b.0), format!("{}{}", a.1, b.1))
}

/// A new name.
pub fn name(draw: Draw<'_>, words: &Words) -> Name {
    let (family, family_kana) = joined(draw, &words.family_first, &words.family_second);
    let (given, given_kana) = joined(draw, &words.given_first, &words.given_second);
    Name { family, given, family_kana, given_kana }
}

/// A new name in the same family.
pub fn relative(draw: Draw<'_>, words: &Words, of: &Name) -> Name {
    let (given, given_kana) = joined(draw, &words.given_first, &words.given_second);
    Name { given, given_kana, ..of.clone() }
}
