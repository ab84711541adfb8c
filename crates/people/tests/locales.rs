//! Every public code of people has its text in every locale, and no locale has a text for a code that is gone.

use std::collections::BTreeSet;

use tsunagari_people::consent::ConsentEnd;
use tsunagari_people::import::{Problem, RowField};
use tsunagari_people::{
    ContactKind, EndReason, FACTS, LifeStage, PersonLocale, ReachReason, SchoolKind, TieEnd, TieKind,
};

const TEXTS: [(&str, &str); 3] = [
    (
        "ja",
        concat!(include_str!("../../../locales/ja/people.ftl"), "\n", include_str!("../../../locales/ja/import.ftl")),
    ),
    ("ja-easy", include_str!("../../../locales/ja-easy/people.ftl")),
    (
        "en",
        concat!(include_str!("../../../locales/en/people.ftl"), "\n", include_str!("../../../locales/en/import.ftl")),
    ),
];

const LISTS: [(&str, &[&str]); 10] = [
    ("reason", ReachReason::CODES),
    ("life-stage", LifeStage::CODES),
    ("school-kind", SchoolKind::CODES),
    ("tie-end", TieEnd::CODES),
    ("contact-kind", ContactKind::CODES),
    ("contact-end", EndReason::CODES),
    ("consent-end", ConsentEnd::CODES),
    ("person-locale", PersonLocale::CODES),
    ("import-field", RowField::CODES),
    ("import-problem", Problem::CODES),
];

fn keys(text: &str) -> BTreeSet<&str> {
    text.lines()
        .filter_map(|line| line.split_once(" = "))
        .filter(|(_, words)| !words.is_empty())
        .map(|(key, _)| key)
        .collect()
}

fn key(prefix: &str, code: &str) -> String {
    format!("{prefix}-{}", code.replace('_', "-"))
}

#[test]
fn every_code_has_its_text() {
    for (locale, text) in TEXTS {
        let there = keys(text);
        let mut wanted: Vec<String> = FACTS.iter().map(tsunagari_rules::FactDef::label_key).collect();
        let sentences = FACTS.iter().filter(|fact| !fact.params.is_empty());
        wanted.extend(sentences.map(|fact| format!("{}-of", fact.label_key())));
        wanted.extend(TieKind::CODES.iter().map(|code| key("tie", code)));
        for (prefix, codes) in LISTS {
            wanted.extend(codes.iter().map(|code| key(prefix, code)));
        }
        let missing: Vec<&String> = wanted.iter().filter(|key| !there.contains(key.as_str())).collect();
        assert!(missing.is_empty(), "{locale} lacks {missing:?}");
    }
}

/// The crate's own files; `import.ftl` also holds the words of the office's pages.
const OWN: [(&str, &str); 3] = [
    ("ja", include_str!("../../../locales/ja/people.ftl")),
    ("ja-easy", include_str!("../../../locales/ja-easy/people.ftl")),
    ("en", include_str!("../../../locales/en/people.ftl")),
];

#[test]
fn no_text_is_left_over() {
    for (locale, text) in OWN {
        for (prefix, codes) in LISTS {
            let wanted: BTreeSet<String> = codes.iter().map(|code| key(prefix, code)).collect();
            let start = format!("{prefix}-");
            let left: Vec<&str> =
                keys(text).into_iter().filter(|key| key.starts_with(&start) && !wanted.contains(*key)).collect();
            assert!(left.is_empty(), "{locale} still has {left:?}");
        }
    }
}
