//! Faces of the page, and the marked place.

use super::*;
use crate::shell::sample::{faults, office_shell};

#[test]
fn every_face_has_its_words() {
    assert_eq!(faults::<EditPage>(office_shell), Vec::<String>::new());
}

#[test]
fn the_offending_place_is_marked_and_a_word_suggested() {
    let catalogue = Catalogue::of(&[tsunagari_people::facts::FACTS]).unwrap();
    let text = "age >= 18 and\n  lifestage = high_3";
    let error = tsunagari_rules::Rule::<tsunagari_rules::Checked>::read(text, &catalogue).unwrap_err();
    let words = RuleWords::without_labels(Texts::of(tsunagari_i18n::Locale::Ja));
    let it = Marked::of(text, &error, &words);
    assert_eq!((it.there.as_str(), it.after.as_str()), ("lifestage", " = high_3"));
    assert!(it.said.contains("2行目の3文字目") && it.said.contains("life_stage"), "{}", it.said);
}

#[test]
fn an_error_at_the_end_has_a_place_too() {
    let catalogue = Catalogue::of(&[tsunagari_people::facts::FACTS]).unwrap();
    let error = tsunagari_rules::Rule::<tsunagari_rules::Checked>::read("age >=", &catalogue).unwrap_err();
    let words = RuleWords::without_labels(Texts::of(tsunagari_i18n::Locale::Ja));
    assert_eq!(Marked::of("age >=", &error, &words).there, "␣");
}
