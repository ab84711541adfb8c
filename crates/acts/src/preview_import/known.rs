//! Everybody known, held in memory while a file is compared with them: finds by name, by kana, by birth date (only those
//! whose name may be a slip away), and those who share an address. Leaves judging to people's matching.

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
        places.extend(same_day.filter(|place| self.is_a_slip_away(**place, entry)));
        places.extend(sharing.iter().filter_map(|person| self.by_person.get(person)));
        let known = |place: usize| {
            let mut known = self.people.get(place)?.clone();
            known.shares_contact = sharing.contains(&known.person);
            Some(known)
        };
        places.into_iter().filter_map(known).collect()
    }

    fn is_a_slip_away(&self, place: usize, entry: &Traits) -> bool {
        self.people.get(place).is_some_and(|known| may_be_a_slip(&entry.name_key, &known.traits.name_key))
    }
}

/// Whether names may be one slip apart: between what they begin and what they end with alike, at most two characters
/// are left (one written otherwise, left out or put in; two neighbours swapped). Of a class born on one day nearly all
/// are told apart by this alone.
fn may_be_a_slip(one: &str, other: &str) -> bool {
    let (mut a, mut b) = (one.chars(), other.chars());
    while let (Some(x), Some(y)) = (a.clone().next(), b.clone().next()) {
        if x != y {
            break;
        }
        a.next();
        b.next();
    }
    while let (Some(x), Some(y)) = (a.clone().next_back(), b.clone().next_back()) {
        if x != y {
            break;
        }
        a.next_back();
        b.next_back();
    }
    a.count() <= 2 && b.count() <= 2
}

#[cfg(test)]
mod tests {
    use tsunagari_kernel::Chance;
    use tsunagari_people::matching::{Match, find};
    use uuid::Uuid;

    use super::*;

    /// Names of few characters, so that slips, equal names and equal kana are frequent.
    fn traits(chance: &Chance) -> Traits {
        let text = |longest: u64| -> String {
            (0..chance.below(longest + 1)).map(|_| ['架', '空', '花', '子'][chance.below(4) as usize]).collect()
        };
        let (name_key, kana_key) = (text(6), text(3));
        let day = 1 + u32::try_from(chance.below(3)).unwrap();
        let birth_date = (chance.below(5) > 0).then(|| NaiveDate::from_ymd_opt(2007, 4, day).unwrap());
        Traits { name_key, kana_key, birth_date, school: None, cohort: None }
    }

    #[test]
    fn nobody_born_on_the_day_is_missed_who_may_be_meant() {
        let chance = Chance::seeded(31);
        let people: Vec<Known> = (0..400)
            .map(|n| Known { person: PersonId(Uuid::from_u128(n)), traits: traits(&chance), shares_contact: false })
            .collect();
        let index = Index::of(people.clone());
        let mut doubtful = 0;
        for _ in 0..400 {
            let entry = traits(&chance);
            let day = |it: &&Known| entry.birth_date.is_some() && it.traits.birth_date == entry.birth_date;
            let or_named = |it: &&Known| it.traits.name_key == entry.name_key;
            let or_kana = |it: &&Known| !entry.kana_key.is_empty() && it.traits.kana_key == entry.kana_key;
            let all: Vec<Known> = people.iter().filter(|it| day(it) || or_named(it) || or_kana(it)).cloned().collect();
            let expected = find(&entry, &all);
            doubtful += usize::from(matches!(expected, Match::Doubtful(_)));
            assert_eq!(find(&entry, &index.near(&entry, &[])), expected, "{entry:?}");
        }
        assert!(doubtful > 100, "the names are alike enough to say something: {doubtful}");
    }
}
