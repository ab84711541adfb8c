//! A rule as it was typed, marked at the place where it stops being one, with the sentence for that place.

use askama::Template;
use tsunagari_rules::RuleError;

use crate::rule_words::RuleWords;

/// The text around the place.
#[derive(Debug, Clone, Template)]
#[template(ext = "html", source = r#"<pre class="rule-text">{{ before }}<mark>{{ there }}</mark>{{ after }}</pre>"#)]
pub struct Marked {
    pub(super) before: String,
    pub(super) there: String,
    pub(super) after: String,
    /// What is wrong there.
    pub(crate) said: String,
}

impl askama::filters::HtmlSafe for Marked {}

impl Marked {
    /// The text with its error, in the reader's words.
    pub(crate) fn of(text: &str, error: &RuleError, words: &RuleWords) -> Self {
        let start = (0..=error.at.byte.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let (before, rest) = text.split_at(start);
        let long = if error.found.is_empty() || !rest.starts_with(&error.found) {
            rest.chars().next().map_or(0, char::len_utf8)
        } else {
            error.found.len()
        };
        let (there, after) = rest.split_at(long);
        // A place at the end of the text has no character of its own.
        let there = if there.trim().is_empty() { "␣".to_owned() } else { there.to_owned() };
        Self { before: before.to_owned(), there, after: after.to_owned(), said: error.phrase().render(words) }
    }
}
