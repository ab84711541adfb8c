//! Pairs as lists and joins bring them.

use proptest::prelude::*;
use rstest::rstest;
use tsunagari_kernel::names;

use super::*;
use crate::tests::id;

fn traits(name: &str, kana: &str, birth: &str, class: u128) -> Traits {
    Traits {
        name_key: names::comparable(name),
        kana_key: names::comparable_kana(kana),
        birth_date: birth.parse().ok(),
        school: (class > 0).then(|| SchoolId(id(class))),
        cohort: (class > 0).then_some(FiscalYear(2025)),
    }
}

fn known(n: u128, traits: Traits) -> Known {
    Known { person: PersonId(id(n)), traits, shares_contact: false }
}

fn answer(entry: &Traits, other: Traits, shares_contact: bool) -> &'static str {
    match find(entry, &[Known { person: PersonId(id(1)), traits: other, shares_contact }]) {
        Match::Same(_) => "same",
        Match::Doubtful(_) => "doubtful",
        Match::New => "new",
    }
}

#[rstest]
#[case::variant("髙橋 健太", "ﾀｶﾊｼ ｹﾝﾀ", "2007-06-01", 1, "same")]
#[case::no_kana("高橋　健太", "", "2007-06-01", 0, "same")]
#[case::one_digit("高橋 健太", "タカハシ ケンタ", "2007-06-07", 1, "doubtful")]
#[case::swapped("高橋 健太", "タカハシ ケンタ", "2007-01-06", 0, "doubtful")]
#[case::namesake("高橋 健太", "タカハシ ケンタ", "2005-11-23", 0, "new")]
#[case::namesake_in_class("高橋 健太", "タカハシ ケンタ", "2006-11-23", 1, "doubtful")]
#[case::birth_missing_in_class("高橋 健太", "タカハシ ケンタ", "", 1, "same")]
#[case::birth_missing("高橋 健太", "タカハシ ケンタ", "", 0, "doubtful")]
#[case::other_reading("高橋 健太", "タカハシ ケンダイ", "2007-06-01", 1, "doubtful")]
#[case::kana_in_class("高橋 謙太", "タカハシ ケンタ", "2007-06-01", 1, "same")]
#[case::kana_elsewhere("高橋 謙太", "タカハシ ケンタ", "2007-06-01", 2, "doubtful")]
#[case::one_character("高橋 健汰", "", "2007-06-01", 0, "doubtful")]
#[case::twin("高橋 康介", "タカハシ コウスケ", "2007-06-01", 1, "new")]
#[case::stranger("佐藤 花子", "サトウ ハナコ", "2007-06-01", 1, "new")]
fn pairs(#[case] name: &str, #[case] kana: &str, #[case] birth: &str, #[case] class: u128, #[case] want: &str) {
    let stored = traits("高橋 健太", "タカハシ ケンタ", "2007-06-01", 1);
    assert_eq!(answer(&traits(name, kana, birth, class), stored, false), want);
}

#[test]
fn a_shared_address_decides_less_than_a_name() {
    let stored = traits("高橋 健太", "タカハシ ケンタ", "2007-06-01", 0);
    assert_eq!(answer(&traits("高橋 健太", "", "", 0), stored.clone(), true), "same");
    assert_eq!(answer(&traits("高橋 康介", "タカハシ コウスケ", "2007-06-01", 0), stored.clone(), true), "doubtful");
    assert_eq!(
        answer(&traits("高橋 一郎", "タカハシ イチロウ", "1975-06-01", 0), stored, true),
        "new",
        "a parent's address"
    );
}

#[test]
fn two_that_fit_are_for_people_to_decide() {
    let entry = traits("高橋 健太", "", "2007-06-01", 0);
    let both = [known(2, entry.clone()), known(1, entry.clone())];
    let Match::Doubtful(found) = find(&entry, &both) else { panic!("not doubtful") };
    assert_eq!(found.iter().map(|c| c.person).collect::<Vec<_>>(), [PersonId(id(1)), PersonId(id(2))]);
    assert!(found.iter().all(|c| c.why.contains(&Evidence::SeveralFit)));
}

#[test]
fn nobody_known_is_new() {
    assert_eq!(find(&traits("高橋 健太", "", "2007-06-01", 0), &[]), Match::New);
    assert_eq!(answer(&Traits::default(), Traits::default(), false), "new", "empty names prove nothing");
}

proptest! {
    /// The order of the known never matters.
    #[test]
    fn deterministic(pick in proptest::collection::vec((0usize..4, 0usize..3, 0usize..4, 0u128..3), 0..6)) {
        let of = |(name, kana, birth, class): (usize, usize, usize, u128)| traits(
            ["高橋 健太", "髙橋 健汰", "佐藤 花子", "高橋 康介"][name],
            ["", "タカハシ ケンタ", "サトウ ハナコ"][kana],
            ["", "2007-06-01", "2007-06-07", "2005-01-30"][birth],
            class,
        );
        let entry = of((0, 1, 1, 1));
        let mut all: Vec<Known> = pick.into_iter().enumerate().map(|(n, p)| known(n as u128, of(p))).collect();
        let forward = find(&entry, &all);
        all.reverse();
        prop_assert_eq!(find(&entry, &all), forward);
    }
}
