//! The example of RFC 3797, tickets, classes, units, and that a sequence never depends on anything but list and key.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn entrants(many: usize) -> Vec<Entrant> {
    (1..=many).map(|n| Entrant { receipt: n.to_string(), class: 1, tickets: 1, unit: String::new() }).collect()
}

fn public() -> Key {
    Key::Public { sources: vec![vec![9319], vec![2, 5, 12, 8, 10], vec![9, 18, 26, 34, 41, 45]] }
}

#[test]
fn the_example_of_the_rfc_comes_out() {
    assert_eq!(public().text(), "9319./2.5.8.10.12./9.18.26.34.41.45./");
    let drawn = sequence(&entrants(25), &public());
    let first: Vec<usize> = drawn.iter().take(10).map(|place| place + 1).collect();
    assert_eq!(first, [17, 7, 2, 16, 25, 23, 8, 24, 19, 13]);
    assert_eq!(drawn.len(), 25, "the sequence goes on to the last");
}

#[test]
fn more_tickets_are_drawn_sooner_and_none_is_not_drawn() {
    let mut all = entrants(3);
    (all[0].tickets, all[1].tickets, all[2].tickets) = (0, 1, 999);
    let first = |n: u64| sequence(&all, &Key::Public { sources: vec![vec![n]] })[0];
    assert!((0..200).filter(|n| first(*n) == 2).count() > 190);
    assert!((0..200).all(|n| !sequence(&all, &Key::Public { sources: vec![vec![n]] }).contains(&0)));
}

#[test]
fn the_first_class_is_drawn_before_the_second() {
    let mut all = entrants(40);
    for it in &mut all[..20] {
        it.class = 2;
    }
    let drawn = sequence(&all, &public());
    assert!(drawn[..20].iter().all(|place| *place >= 20) && drawn[20..].iter().all(|place| *place < 20));
}

#[test]
fn of_a_household_one_is_drawn_whatever_their_classes() {
    let mut all = entrants(9);
    for place in [0, 4, 8] {
        all[place].unit = "house".into();
    }
    all[8].class = 2;
    let drawn = sequence(&all, &public());
    assert_eq!(drawn.len(), 7);
    assert_eq!(drawn.iter().filter(|place| [0, 4, 8].contains(place)).count(), 1);
}

#[test]
fn a_list_reads_as_it_was_frozen() {
    let mut all = entrants(3);
    all[1].unit = "house".into();
    assert_eq!(read_list(&list_text(&all)), Ok(all.clone()));
    assert_eq!(read_list("1\t1\t1\t\n2\tone\t1\t\n"), Err(2));
    assert_eq!(read_list("1\t1\t1\t\tmore\n"), Err(1));
    let hash = list_hash(&all);
    all.swap(0, 1);
    assert_ne!(list_hash(&all), hash, "the order belongs to it");
}

#[test]
fn a_seed_is_told_by_its_hash_beforehand() {
    let seed = "00".repeat(32);
    assert_eq!(Key::commitment(&seed), hex::encode(Sha256::digest(seed.as_bytes())));
    let (one, other) = (Key::Seed { seed }, Key::Seed { seed: "01".repeat(32) });
    assert_ne!(sequence(&entrants(50), &one), sequence(&entrants(50), &other));
}

#[test]
fn beyond_two_bytes_the_index_goes_on() {
    let drawn: BTreeSet<usize> = sequence(&entrants(70_000), &public()).into_iter().collect();
    assert_eq!(drawn.len(), 70_000);
}

/// The method as its text says it: one list, from which the drawn are taken.
fn slowly(entrants: &[Entrant], key: &Key) -> Vec<usize> {
    let mut lots = Lots { key: key.text(), drawn: 0 };
    let classes: BTreeSet<u16> = entrants.iter().map(|it| it.class).collect();
    let (mut gone, mut all) = (BTreeSet::new(), Vec::new());
    for class in classes {
        loop {
            let alive = |place: &usize| entrants[*place].class == class && !gone.contains(place);
            let tickets = |place: usize| std::iter::repeat_n(place, entrants[place].tickets as usize);
            let urn: Vec<usize> = (0..entrants.len()).filter(alive).flat_map(tickets).collect();
            let Some(ticket) = lots.next(urn.len() as u64) else { break };
            let place = urn[usize::try_from(ticket).unwrap()];
            let same =
                |other: &usize| !entrants[place].unit.is_empty() && entrants[*other].unit == entrants[place].unit;
            gone.extend((0..entrants.len()).filter(same));
            gone.insert(place);
            all.push(place);
        }
    }
    all
}

proptest! {
    #[test]
    fn quickly_is_as_the_text_says(parts in prop::collection::vec((1u16..4, 0u32..4, 0u8..6), 0..40), n in any::<u64>()) {
        let all: Vec<Entrant> = parts
            .iter()
            .enumerate()
            .map(|(place, (class, tickets, unit))| Entrant {
                receipt: place.to_string(),
                class: *class,
                tickets: *tickets,
                unit: if *unit == 0 { String::new() } else { format!("u{unit}") },
            })
            .collect();
        let key = Key::Public { sources: vec![vec![n]] };
        prop_assert_eq!(sequence(&all, &key), slowly(&all, &key));
    }
}
