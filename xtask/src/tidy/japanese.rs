//! What a reader sees stands in locale files: no Japanese in code, comments or templates. Tables of the domain (eras,
//! kana, municipalities, words of a school's list) and the two simulators, which are not the product, are left out.

use super::rust::is_test_path;
use super::{Finding, House};

/// Places that hold Japanese as data, each with its reason.
const MAY_HOLD: &[(&str, &str)] = &[
    ("crates/kernel/src/", "tables of eras, kana, name variants and municipalities"),
    ("crates/people/src/import", "words that schools write in their lists"),
    ("crates/people/src/matching", "spellings to compare"),
    ("crates/channels/src/email/bounce", "words of foreign mail servers to recognise"),
    ("crates/documents/src/", "words and encodings of files that come from and go to an office"),
    ("crates/i18n/src/format", "how a date or an amount is written is grammar, not a text"),
    ("crates/outreach/src/linter", "marks of personal data to recognise"),
    ("crates/rules/src/arbitrary", "random values for property tests"),
    ("crates/web/src/office/import/rows/samples", "sample values for the test that draws every template"),
    ("crates/storage/examples/", "synthetic people of a measurement"),
    ("crates/documents/examples/", "a synthetic school's list"),
    ("crates/web/src/shell/sample", "sample values for the test that draws every template"),
    ("crates/line-sim/", "a simulator, not the product"),
    ("crates/mail-sim/", "a simulator, not the product"),
    ("crates/tsunagari/src/demo", "synthetic people and places"),
    ("crates/tsunagari/src/commands/demo", "synthetic people and places"),
];

/// A term in a comment is a gloss; this many characters in a row are a sentence.
const SENTENCE: usize = 12;

/// Strings, comments and templates of the product.
pub fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    let may_hold = |path: &str| MAY_HOLD.iter().any(|(place, _)| path.starts_with(place)) || is_test_path(path);
    for source in house.crate_sources().filter(|source| !may_hold(&source.path)) {
        let samples = sample_blocks(house, &source.path);
        let in_sample = |line: usize| samples.iter().any(|block| block.contains(&line));
        for (line, _) in source.product_strings().filter(|(line, text)| longest_run(text) > 0 && !in_sample(*line)) {
            let message = "Japanese in code: what a reader sees stands in locales/";
            findings.push(Finding::new("japanese", &source.path, line, message));
        }
        for (line, _) in source.comments.iter().filter(|(_, text)| longest_run(text) >= SENTENCE) {
            findings.push(Finding::new(
                "japanese",
                &source.path,
                *line,
                "comments are English (a term may be glossed)",
            ));
        }
    }
    for file in house.tree.ending("html").filter(|file| file.path.starts_with("crates/web/templates/")) {
        for (line, _) in file.lines().filter(|(_, text)| longest_run(text) > 0) {
            findings.push(Finding::new("japanese", &file.path, line, "Japanese in a template: it stands in locales/"));
        }
    }
    findings
}

/// The lines of `impl Sample for …` blocks and of functions named `sample…` or `samples…`: invented values for the test
/// that draws every page.
fn sample_blocks(house: &House, path: &str) -> Vec<std::ops::Range<usize>> {
    let Some(file) = house.tree.ending("rs").find(|file| file.path == path) else { return Vec::new() };
    let mut blocks = Vec::new();
    let mut begun: Option<(usize, &str)> = None;
    for (line, text) in file.lines() {
        let indent = &text[..text.len() - text.trim_start().len()];
        match begun {
            None if opens_sample(text.trim_start()) => begun = Some((line, indent)),
            Some((from, of)) if indent == of && text.trim() == "}" => {
                blocks.push(from..line + 1);
                begun = None;
            }
            None | Some(_) => {}
        }
    }
    blocks
}

fn opens_sample(text: &str) -> bool {
    let named = text.split_once("fn ").is_some_and(|(before, name)| {
        before.split_whitespace().all(|word| word.starts_with("pub")) && name.starts_with("sample")
    });
    named || text.starts_with("impl Sample for ")
}

fn longest_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for character in text.chars() {
        run = if is_japanese(character) { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

fn is_japanese(character: char) -> bool {
    // Kana, ideographs with extension A and the compatibility block, half-width kana, supplementary ideographs.
    // The middle dot joins a list in every text.
    character != '\u{30fb}'
        && matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_found_and_glosses_are_not() {
        let text = "//! The fiscal year (年度).\nlet a = \"保存\";\n// これは日本語で書かれた長い説明です\n";
        let found = check(&House::of(&[("crates/web/src/a.rs", text), ("crates/kernel/src/era.rs", text)]));
        assert_eq!(found.iter().map(|finding| finding.line).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn invented_values_of_a_page_may_be_japanese() {
        let text = "impl Sample for P {\n    fn a() { \"益田\" }\n}\nlet a = \"保存\";\n";
        let found = check(&House::of(&[("crates/web/src/a.rs", text)]));
        assert_eq!(found.iter().map(|finding| finding.line).collect::<Vec<_>>(), [4]);
    }

    #[test]
    fn templates_hold_no_japanese() {
        let found = check(&House::of(&[("crates/web/templates/a.html", "<p>{{ t.get(\"a-b\") }}</p>\n<p>保存</p>\n")]));
        assert_eq!(found.iter().map(|finding| finding.line).collect::<Vec<_>>(), [2]);
    }
}
