//! The seal of a frozen list: one SHA-256 by which anyone who holds the list can show that it is the one behind a
//! published figure, and that nobody was put in, taken out or exchanged since. With standard tools, from the file:
//!
//! - Each entry has a **mark**: SHA-256 of the text `SALT:PERSON`, in 64 lower-case hexadecimal digits. `SALT` are 128
//!   random bits of this entry alone in 32 such digits, `PERSON` is the person's id as UUIDs are written (lower case, with
//!   hyphens); no line end.
//! - The list's **order** is that of the marks, which is nobody's order. Entries are numbered from 1.
//! - An entry's **line** is `NUMBER,MARK,COUNTED` and a line feed, all ASCII; `COUNTED` is `1` for who is in the number and
//!   `0` for who is of the population and was not reached. No header, no byte order mark.
//! - The **seal** is SHA-256 over all lines in that order, in 64 lower-case hexadecimal digits.
//!
//! Erasure takes person and salt out of an entry and leaves the mark: the seal still fits, and the mark leads to nobody, also
//! for who keeps the id in a record of what was done. Without the salt it could be tried out from ids. Rejected: a hash over
//! ids (nothing can be recomputed after the first erasure), a keyed hash (the auditor would need the key). The seal proves
//! nothing against who writes a new list and a new seal into the database: it has to stand somewhere else too, as in the
//! published sheet of figures.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tsunagari_kernel::{Chance, PersonId};

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What keeps a mark from being tried out: 32 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salt(String);

impl Salt {
    /// A new one.
    pub fn born(chance: &Chance) -> Self {
        Self(hexadecimal(&chance.bytes::<16>()))
    }

    /// As it was stored; nothing is checked.
    pub const fn stored(text: String) -> Self {
        Self(text)
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What an entry is known by in the seal: 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(String);

impl Mark {
    /// A person's in a list.
    pub fn of(salt: &Salt, person: PersonId) -> Self {
        Self(hexadecimal(&Sha256::digest(format!("{}:{person}", salt.0))))
    }

    /// As it was stored; nothing is checked.
    pub const fn stored(text: String) -> Self {
        Self(text)
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An entry of a frozen list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its mark.
    pub mark: Mark,
    /// Who, and the salt; nothing after erasure.
    pub opening: Option<(Salt, PersonId)>,
    /// In the number, or of the population and not reached.
    pub counted: bool,
}

/// The seal of a list: 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal(String);

impl Seal {
    /// As it was stored; nothing is checked.
    pub const fn stored(text: String) -> Self {
        Self(text)
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A list as it is read entry by entry, in its order.
#[derive(Clone, Default)]
pub struct Reading {
    lines: Sha256,
    entries: u64,
    counted: u64,
    erased: u64,
    strange: u64,
}

impl Reading {
    /// The next entry.
    pub fn next(&mut self, entry: &Entry) {
        self.entries += 1;
        self.counted += u64::from(entry.counted);
        match &entry.opening {
            None => self.erased += 1,
            Some((salt, person)) => self.strange += u64::from(Mark::of(salt, *person) != entry.mark),
        }
        let line = format!("{},{},{}\n", self.entries, entry.mark.0, u8::from(entry.counted));
        self.lines.update(line.as_bytes());
    }

    /// The seal of what was read.
    pub fn seal(self) -> Seal {
        Seal(hexadecimal(&self.lines.finalize()))
    }

    /// What was read, held against what was published.
    pub fn verdict(self, people: u64, seal: &Seal) -> Verdict {
        let Self { entries, counted, erased, strange, .. } = self;
        let mut faults = Vec::new();
        if counted != people {
            faults.push(Fault::Number);
        }
        if strange > 0 {
            faults.push(Fault::People(strange));
        }
        if self.seal() != *seal {
            faults.push(Fault::Seal);
        }
        Verdict { entries, counted, erased, faults }
    }
}

/// What a frozen list says for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How many entries it has.
    pub entries: u64,
    /// How many of them are in the number.
    pub counted: u64,
    /// How many lead to nobody any more: erased since. The seal covers their marks, and whose they were cannot be shown.
    pub erased: u64,
    /// What does not fit; nothing when list, number and seal belong together.
    pub faults: Vec<Fault>,
}

/// What does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// As many are counted in the list as were not published.
    Number,
    /// The marks of so many entries are not those of the persons who stand there.
    People(u64),
    /// The list is not the one that was sealed.
    Seal,
}

#[cfg(test)]
mod tests {
    use tsunagari_kernel::Timestamp;

    use super::*;

    /// Three entries in the list's order, the first and the third counted.
    fn list() -> Vec<Entry> {
        let chance = Chance::seeded(11);
        let mut list: Vec<Entry> = (0..3)
            .map(|n| {
                let (salt, person) = (Salt::born(&chance), PersonId::born(&chance, Timestamp::from_micros(n)));
                Entry { mark: Mark::of(&salt, person), opening: Some((salt, person)), counted: true }
            })
            .collect();
        list.sort_by(|a, b| a.mark.cmp(&b.mark));
        list[1].counted = false;
        list
    }

    fn read(list: &[Entry]) -> Reading {
        let mut reading = Reading::default();
        list.iter().for_each(|entry| reading.next(entry));
        reading
    }

    #[test]
    fn the_text_is_what_the_header_says() {
        // printf '%s' 00112233445566778899aabbccddeeff:018f0000-0000-7000-8000-000000000001 | sha256sum
        let (salt, person) = (
            Salt::stored("00112233445566778899aabbccddeeff".into()),
            "018f0000-0000-7000-8000-000000000001".parse().unwrap(),
        );
        let mark = Mark::of(&salt, person);
        assert_eq!(mark.as_str(), "5aa3bbad4798875d05f672089ea6522149256d25275b83ff2399a00366aa024b");
        // printf '1,%s,1\n2,%s,0\n' MARK MARK | sha256sum
        let entry = |counted| Entry { mark: mark.clone(), opening: None, counted };
        assert_eq!(
            read(&[entry(true), entry(false)]).seal().as_str(),
            "69db184ef90257fca05dac02b7ded34aeb42db4aee3d414b3bbea252c2710ee5"
        );
    }

    #[test]
    fn an_untouched_list_fits_and_still_does_when_somebody_was_erased() {
        let mut list = list();
        let seal = read(&list).seal();
        let whole = read(&list).verdict(2, &seal);
        assert_eq!(whole, Verdict { entries: 3, counted: 2, erased: 0, faults: vec![] });
        list[0].opening = None;
        assert_eq!(read(&list).verdict(2, &seal), Verdict { erased: 1, ..whole });
    }

    #[test]
    fn whatever_is_changed_is_told() {
        let (list, seal) = (list(), read(&list()).seal());
        let faults = |list: &[Entry]| read(list).verdict(2, &seal).faults;
        let changed = |change: fn(&mut Vec<Entry>)| {
            let mut list = list.clone();
            change(&mut list);
            faults(&list)
        };
        assert_eq!(changed(|list| list.truncate(2)), [Fault::Number, Fault::Seal]);
        assert_eq!(changed(|list| list.swap(0, 2)), [Fault::Seal]);
        assert_eq!(changed(|list| list[1].counted = true), [Fault::Number, Fault::Seal]);
        // Somebody else is put in the place of somebody: the mark stays, the person does not fit it.
        assert_eq!(
            changed(|list| {
                let other = list[1].opening.clone().map(|(_, person)| person);
                list[0].opening = list[0].opening.clone().zip(other).map(|((salt, _), other)| (salt, other));
            }),
            [Fault::People(1)]
        );
        assert_eq!(read(&list).verdict(3, &seal).faults, [Fault::Number]);
    }
}
