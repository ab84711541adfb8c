//! A draw that anybody can compute again (RFC 3797, section 4): the entrants stand in a frozen order, the key is made of public
//! numbers or of a seed whose hash was told beforehand, and the whole sequence follows from both. Who is drawn takes the tickets
//! of everybody of the same unit with them (one per person or household); classes are drawn one after the other; a redraw is
//! the sequence going on. MD5 is the method's own and keeps nothing secret. Leaves who may take part to `eligibility`.

use std::collections::BTreeMap;

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization;

/// One who takes part, in the frozen list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrant {
    /// The receipt number, by which an applicant finds themselves; nothing personal.
    pub receipt: String,
    /// The class that is drawn first is 1.
    pub class: u16,
    /// How many tickets; 0 takes no part.
    pub tickets: u32,
    /// Of all with the same unit only one is drawn (a person, a household); empty for a unit of their own.
    #[serde(default)]
    pub unit: String,
}

/// Where the key comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Key {
    /// Named public draws, told before the entrants were frozen: each source's numbers.
    Public {
        /// The numbers of each source, in the order in which the sources were named.
        sources: Vec<Vec<u64>>,
    },
    /// A seed of 32 bytes, in hexadecimal, whose SHA-256 was told beforehand.
    Seed {
        /// The seed.
        seed: String,
    },
}

impl Key {
    /// The key as RFC 3797 writes it: the numbers of a source in rising order, each followed by a point; each source followed
    /// by a stroke. A seed stands as one source, as it is written.
    pub fn text(&self) -> String {
        match self {
            Self::Public { sources } => sources
                .iter()
                .map(|source| {
                    let mut numbers = source.clone();
                    numbers.sort_unstable();
                    numbers.iter().map(|n| format!("{n}.")).collect::<String>() + "/"
                })
                .collect(),
            Self::Seed { seed } => format!("{seed}/"),
        }
    }

    /// What is told beforehand of a seed: its SHA-256 in hexadecimal.
    pub fn commitment(seed: &str) -> String {
        hex::encode(Sha256::digest(seed))
    }
}

/// The frozen list as text: a line for each entrant, its parts separated by tabs; what the hash is taken over.
pub fn list_text(entrants: &[Entrant]) -> String {
    let line = |it: &Entrant| format!("{}\t{}\t{}\t{}\n", it.receipt, it.class, it.tickets, it.unit);
    entrants.iter().map(line).collect()
}

/// Reads a frozen list as [`list_text`] writes it.
///
/// # Errors
/// The first line, from 1, that is none.
pub fn read_list(text: &str) -> Result<Vec<Entrant>, usize> {
    let one = |line: &str| {
        let mut parts = line.split('\t');
        let entrant = Entrant {
            receipt: parts.next().filter(|it| !it.is_empty())?.to_owned(),
            class: parts.next()?.parse().ok()?,
            tickets: parts.next()?.parse().ok()?,
            unit: parts.next()?.to_owned(),
        };
        parts.next().is_none().then_some(entrant)
    };
    (1..).zip(text.lines()).map(|(n, line)| one(line).ok_or(n)).collect()
}

/// The numbers of one public draw as somebody wrote them: with commas or spaces between, in any width. Nothing where it is none.
pub fn read_numbers(text: &str) -> Option<Vec<u64>> {
    let plain: String = text.nfkc().collect();
    let between = |c: char| matches!(c, ',' | '\u{3001}') || c.is_whitespace();
    let numbers: Option<Vec<u64>> =
        plain.split(between).filter(|it| !it.is_empty()).map(|it| it.parse().ok()).collect();
    numbers.filter(|it| !it.is_empty())
}

/// The SHA-256 of the frozen list, in hexadecimal.
pub fn list_hash(entrants: &[Entrant]) -> String {
    hex::encode(Sha256::digest(list_text(entrants)))
}

/// The whole sequence: places of the frozen list, the first drawn first. Who has no ticket, or whose unit was drawn, is not in it.
pub fn sequence(entrants: &[Entrant], key: &Key) -> Vec<usize> {
    let mut units: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, it) in entrants.iter().enumerate().filter(|(_, it)| !it.unit.is_empty()) {
        units.entry(it.unit.as_str()).or_default().push(place);
    }
    let mut classes: Vec<u16> = entrants.iter().map(|it| it.class).collect();
    classes.sort_unstable();
    classes.dedup();
    let mut lots = Lots { key: key.text(), drawn: 0 };
    let mut gone = vec![false; entrants.len()];
    let mut all = Vec::with_capacity(entrants.len());
    for class in classes {
        let in_class = |(place, it): (usize, &Entrant)| if it.class == class && !gone[place] { it.tickets } else { 0 };
        let mut urn = Urn::of(entrants.iter().enumerate().map(in_class).map(u64::from).collect());
        while let Some(ticket) = lots.next(urn.left()) {
            let place = urn.holder(ticket);
            let own = [place];
            let unit = units.get(entrants[place].unit.as_str()).map_or(&own[..], Vec::as_slice);
            for &member in unit {
                urn.take(member);
                gone[member] = true;
            }
            all.push(place);
        }
    }
    all
}

/// The numbers of the method: MD5 over the key between two copies of the draw's index, taken as a number of 128 bits.
struct Lots {
    key: String,
    drawn: u64,
}

impl Lots {
    /// The next ticket of so many; nothing when none is left. The index has two bytes as in RFC 3797 while it fits them, and
    /// eight beyond: its authors thought of no more than 65,535 selections.
    fn next(&mut self, left: u64) -> Option<u64> {
        if left == 0 {
            return None;
        }
        let mut hash = Md5::new();
        let index = self.drawn.to_be_bytes();
        let index = if self.drawn <= u64::from(u16::MAX) { &index[6..] } else { &index[..] };
        hash.update(index);
        hash.update(self.key.as_bytes());
        hash.update(index);
        self.drawn += 1;
        let number = u128::from_be_bytes(hash.finalize().into());
        u64::try_from(number % u128::from(left)).ok()
    }
}

/// The tickets that are left: a tree of partial sums, so that a ticket's holder is found in a few steps among many.
struct Urn {
    sums: Vec<u64>,
    tickets: Vec<u64>,
    left: u64,
}

impl Urn {
    fn of(tickets: Vec<u64>) -> Self {
        let mut sums = vec![0; tickets.len() + 1];
        for (place, n) in tickets.iter().enumerate() {
            sums[place + 1] += n;
            let above = place + 1 + ((place + 1) & (place + 1).wrapping_neg());
            if above < sums.len() {
                sums[above] += sums[place + 1];
            }
        }
        Self { sums, left: tickets.iter().sum(), tickets }
    }

    const fn left(&self) -> u64 {
        self.left
    }

    /// Who holds a ticket, counted from 0 over those that are left.
    fn holder(&self, ticket: u64) -> usize {
        let mut place = 0;
        let mut rest = ticket;
        let mut step = self.sums.len().next_power_of_two() / 2;
        while step > 0 {
            let next = place + step;
            if next < self.sums.len() && self.sums[next] <= rest {
                place = next;
                rest -= self.sums[next];
            }
            step /= 2;
        }
        place
    }

    fn take(&mut self, place: usize) {
        let n = std::mem::take(&mut self.tickets[place]);
        self.left -= n;
        let mut at = place + 1;
        while at < self.sums.len() {
            self.sums[at] -= n;
            at += at & at.wrapping_neg();
        }
    }
}

#[cfg(test)]
mod tests;
