//! An act has its words: the record of the office says `act-<code>` for every act, a key put together while the product
//! runs, so no search for it finds the gap. Therefore the code is written where the act is named, never carried there.

use super::locales::keys;
use super::reasons::{arguments, literal};
use super::{Finding, House};

const NAMES: &str = "Act::named(";

/// What the crate of acts writes into the record.
pub fn check(house: &House) -> Vec<Finding> {
    let texts = keys(house, "ja");
    let mut findings = Vec::new();
    for source in house.crate_sources().filter(|source| source.member() == Some("acts")) {
        let Some(file) = house.tree.files.iter().find(|file| file.path == source.path) else { continue };
        for (at, _) in file.text.match_indices(NAMES) {
            let line = file.text[..at].matches('\n').count() + 1;
            if source.is_test(line) {
                continue;
            }
            let name = arguments(&file.text[at + NAMES.len()..]).into_iter().next().unwrap_or_default();
            let message = match literal(name) {
                None => format!("the act's code is not written here but carried (`{}`)", name.trim()),
                Some(code) => {
                    let key = format!("act-{}", code.replace('_', "-"));
                    if texts.contains_key(&key) {
                        continue;
                    }
                    format!("the act `{code}` has no words: `{key}` stands in no locale file")
                }
            };
            findings.push(Finding::new("acts", &source.path, line, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_without_words_and_one_whose_code_is_carried_are_found() {
        let code = "//! x\nfn a() { Act::named(\"told\", by, op()); }\nfn b() { Act::named(\n  \"not_told\",\n  by, op()); }\n\
            fn c() { Act::named(code, by, op()); }\n#[cfg(test)]\nmod tests { fn d() { Act::named(\"test\", by, op()); } }\n";
        let house = House::of(&[
            ("locales/ja/settings.ftl", "act-told = A\n"),
            ("crates/acts/src/a.rs", code),
            ("crates/testkit/src/b.rs", "//! x\nfn e() { Act::named(\"prepare\", by, op()); }\n"),
        ]);
        let found = check(&house);
        assert_eq!(found.iter().map(|finding| finding.line).collect::<Vec<_>>(), [3, 6], "{found:?}");
        assert!(found[0].message.contains("act-not-told") && found[1].message.contains("`code`"));
    }
}
