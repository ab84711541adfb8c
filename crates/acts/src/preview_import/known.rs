//! Everybody known, held in memory while a file is compared with them: finds by name, by kana, by birth date (only those
//! whose name shares a character), and those who share an address. Leaves judging to people's matching.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use tsunagari_kernel::PersonId;
use tsunagari_people::matching::{Known, Traits};
use tsunagari_storage::Reader;

use crate::ActError;

const PAGE: i64 = 20_000;

/// The index.
#[derive(Default)]
pub(crate) struct Index {
    people: Vec<Known>,
    by_person: HashMap<PersonId, usize>,
    by_name: HashMap<String, Vec<usize>>,
    by_kana: HashMap<String, Vec<usize>>,
    by_birth: HashMap<NaiveDate, Vec<usize>>,
}

impl Index {
    /// Reads everybody.
    pub(crate) async fn load(reader: &mut Reader) -> Result<Self, ActError> {
        let mut index = Self::default();
        let mut after = None;
        loop {
            let page = reader.known_page(after, PAGE).await?;
            let Some(last) = page.last().map(|known| known.person) else { return Ok(index) };
            after = Some(last);
            for known in page {
                index.add(known);
            }
        }
    }

    /// From people already read.
    pub(crate) fn of(people: Vec<Known>) -> Self {
        let mut index = Self::default();
        for known in people {
            index.add(known);
        }
        index
    }

    fn add(&mut self, known: Known) {
        let place = self.people.len();
        let traits = &known.traits;
        self.by_name.entry(traits.name_key.clone()).or_default().push(place);
        if !traits.kana_key.is_empty() {
            self.by_kana.entry(traits.kana_key.clone()).or_default().push(place);
        }
        if let Some(birth) = traits.birth_date {
            self.by_birth.entry(birth).or_default().push(place);
        }
        self.by_person.insert(known.person, place);
        self.people.push(known);
    }

    /// Those worth comparing with an entry.
    pub(crate) fn near(&self, entry: &Traits, sharing: &[PersonId]) -> Vec<Known> {
        let mut places: BTreeSet<usize> = BTreeSet::new();
        places.extend(self.by_name.get(&entry.name_key).into_iter().flatten());
        if !entry.kana_key.is_empty() {
            places.extend(self.by_kana.get(&entry.kana_key).into_iter().flatten());
        }
        let same_day = entry.birth_date.and_then(|birth| self.by_birth.get(&birth)).into_iter().flatten();
        places.extend(same_day.filter(|place| self.shares_a_character(**place, entry)));
        places.extend(sharing.iter().filter_map(|person| self.by_person.get(person)));
        let known = |place: usize| {
            let mut known = self.people.get(place)?.clone();
            known.shares_contact = sharing.contains(&known.person);
            Some(known)
        };
        places.into_iter().filter_map(known).collect()
    }

    /// Names one slip apart share all but one character.
    fn shares_a_character(&self, place: usize, entry: &Traits) -> bool {
        self.people.get(place).is_some_and(|known| entry.name_key.chars().any(|c| known.traits.name_key.contains(c)))
    }
}
