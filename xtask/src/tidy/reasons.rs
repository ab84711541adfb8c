//! A reason an act gives has its sentence: `refused-<code>` stands in `locales/ja` for every code written where a reason is
//! made; that the other languages have it too is checked by `locales`. Such a key is put together while the product runs,
//! so no search for it finds the gap. Leaves codes that come out of an enum's `code()` to the tests of `web::sentences`.

use super::locales::keys;
use super::{Finding, House};

/// How a reason is made (`crates/acts/src/answer.rs`), and which argument is the code.
const MAKES: &[(&str, usize)] = &[("Reason::of(", 0), ("Reason::at(", 1), ("refused(", 0), ("refused_at(", 1)];

/// Reasons made by acts, and by the pages that answer in their manner.
pub fn check(house: &House) -> Vec<Finding> {
    let texts = keys(house, "ja");
    let mut findings = Vec::new();
    for source in house.crate_sources().filter(|source| matches!(source.member(), Some("acts" | "web"))) {
        let Some(file) = house.tree.files.iter().find(|file| file.path == source.path) else { continue };
        for (line, code) in given(&file.text).into_iter().filter(|(line, _)| !source.is_test(*line)) {
            let key = format!("refused-{}", code.replace('_', "-"));
            if !texts.contains_key(&key) {
                let message = format!("the reason `{code}` has no sentence: `{key}` stands in no locale file");
                findings.push(Finding::new("reasons", &source.path, line, message));
            }
        }
    }
    findings
}

/// Codes written as they are, with their lines.
fn given(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (make, place) in MAKES {
        for (at, _) in text.match_indices(make) {
            let follows_word = text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
            let argument = arguments(&text[at + make.len()..]).into_iter().nth(*place).unwrap_or_default();
            if let Some(code) = literal(argument).filter(|_| !follows_word) {
                found.push((text[..at].matches('\n').count() + 1, code));
            }
        }
    }
    found.sort_unstable();
    found
}

const fn is_of_a_code(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'
}

/// The code an argument is, when it is written as one.
pub(super) fn literal(argument: &str) -> Option<&str> {
    let code = argument.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    code.filter(|code| code.chars().all(is_of_a_code))
}

/// The arguments of a call from behind its opening bracket.
pub(super) fn arguments(text: &str) -> Vec<&str> {
    let (mut all, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => {
                all.push(&text[start..at]);
                break;
            }
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                all.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_without_its_sentence_is_found() {
        let code = "//! x\nfn a() { Reason::at(\"field\", \"told_here\"); }\nfn b() { Reason::at(\n  of(0, 1),\n  \"not_told\",\n); }\n\
            fn c() { ActError::refused(\"nor_this\"); ActError::refused_at(\"told_not\", error.code()); refused(desk); }\n\
            #[cfg(test)]\nmod tests { fn d() { Reason::of(\"of_a_test\"); } }\n";
        let house = House::of(&[
            ("locales/ja/refusals.ftl", "refused-told-here = A\n"),
            ("crates/acts/src/a.rs", code),
            ("crates/kernel/src/reason.rs", "//! x\nReason::of(\"another_kind\");\n"),
        ]);
        let found = check(&house);
        assert_eq!(found.iter().map(|finding| finding.line).collect::<Vec<_>>(), [3, 7], "{found:?}");
        assert!(found[0].message.contains("refused-not-told") && found[1].message.contains("refused-nor-this"));
    }
}
