//! Spellings of school lists.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

#[rstest]
#[case("髙橋 健太", "高橋健太")]
#[case("山﨑　蓮", "山崎蓮")]
#[case("𠮷田 結衣", "吉田 結衣")]
#[case("渡邊 葵", "渡辺葵")]
#[case("渡邉 葵", "渡辺葵")]
#[case("齋藤", "斎藤")]
#[case("齊藤", "斉藤")]
#[case("ＳＭＩＴＨ Ｊｏｈｎ", "smith john")]
#[case("葛󠄀城", "葛城")]
fn written_differently_compared_alike(#[case] one: &str, #[case] other: &str) {
    assert_eq!(comparable(one), comparable(other));
}

#[rstest]
#[case("高橋", "髙橋", true)]
#[case("髙橋", "高橋", false)]
#[case("高橋", "高橋", false)]
#[case("渡邉", "渡邊", false)]
#[case("渡辺", "渡邊", true)]
#[case("高橋", "髙梁", false)]
fn who_cannot_type_a_variant_writes_the_plainer_name(#[case] name: &str, #[case] than: &str, #[case] plainer: bool) {
    assert_eq!(is_plainer(name, than), plainer);
}

#[rstest]
#[case("斎藤", "斉藤")]
#[case("伊藤", "伊東")]
#[case("高橋", "高梁")]
fn different_names_stay_different(#[case] one: &str, #[case] other: &str) {
    assert_ne!(comparable(one), comparable(other));
}

#[rstest]
#[case("ﾀｶﾊｼ ｹﾝﾀ", "タカハシ　けんた")]
#[case("ﾜﾀﾅﾍﾞ", "わたなべ")]
#[case("ｼｮｳﾀ", "ショウタ")]
#[case("シヨウタ", "しょうた")]
#[case("ユーキ", "ユ−キ")]
#[case("かづき", "カズキ")]
#[case("ﾊﾟｳﾛ", "パウロ")]
fn kana_compared_alike(#[case] one: &str, #[case] other: &str) {
    assert_eq!(comparable_kana(one), comparable_kana(other));
}

#[test]
fn kana_is_shown_full_width_with_its_small_letters() {
    assert_eq!(half_to_full("ﾀｶﾊｼ ｼﾞｭﾝ"), "タカハシ ジュン");
    assert_eq!(half_to_full("たかはし　じゅん"), "タカハシ ジュン");
    assert_eq!(half_to_full("ワタナヘ゛"), "ワタナベ");
}

#[rstest]
#[case("たかはし", true)]
#[case("ﾀｶﾊｼ ｹﾝ", true)]
#[case("ローラ", true)]
#[case("高橋", false)]
#[case("高はし", false)]
#[case("", false)]
fn kana_alone(#[case] text: &str, #[case] want: bool) {
    assert_eq!(is_kana(text), want);
}

#[rstest]
#[case("髙橋　健太", "髙橋", "健太")]
#[case("  髙橋   健太 ", "髙橋", "健太")]
#[case("髙橋", "髙橋", "")]
#[case("Silva Maria Clara", "Silva", "Maria Clara")]
fn full_names_split_at_the_first_space(#[case] full: &str, #[case] family: &str, #[case] given: &str) {
    assert_eq!(split(full), (family.to_owned(), given.to_owned()));
}

#[test]
fn two_characters_find_a_name() {
    let grams = search_grams("髙橋 健太", "ﾀｶﾊｼ ｹﾝﾀ");
    for query in ["高橋", "橋健", "たかは", "高", "タ", "ｹﾝ"] {
        assert!(query_grams(query).iter().all(|g| grams.contains(g)), "{query}");
    }
    assert!(!query_grams("高木").iter().all(|g| grams.contains(g)));
    assert!(bigrams("").is_empty());
}

#[test]
fn no_variant_leads_to_another_variant() {
    for (from, to) in VARIANTS {
        assert_eq!(comparable(&to.to_string()), comparable(&from.to_string()), "{from} → {to}");
    }
}

proptest! {
    #[test]
    fn folding_twice_changes_nothing(name in "[髙﨑𠮷邊A-Za-z ァ-ヶｦ-ﾟぁ-ゖ一-龥]{0,12}") {
        let once = comparable(&name);
        prop_assert_eq!(comparable(&once), once.clone());
        let kana = comparable_kana(&name);
        prop_assert_eq!(comparable_kana(&kana), kana);
    }
}
