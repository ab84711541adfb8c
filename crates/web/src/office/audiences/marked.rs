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
        Self { before: before.to_owned(), there, after: after.to_owned(), said: error.said(words) }
    }
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::{Locale, Texts};
    use tsunagari_rules::{Catalogue, Checked, Rule};

    use super::*;

    fn said(rule: &str) -> String {
        let prefectures = tsunagari_kernel::municipality::prefectures().map(|it| it.code.to_string());
        let towns = ["322024", "322041", "322059"];
        let catalogue = Catalogue::of(&[tsunagari_people::facts::FACTS])
            .unwrap()
            .with_codes("prefectures", prefectures)
            .with_codes("municipalities", towns);
        let error = Rule::<Checked>::read(rule, &catalogue).unwrap_err();
        Marked::of(rule, &error, &RuleWords::without_labels(Texts::of(Locale::Ja))).said
    }

    #[test]
    fn what_was_meant_is_found_by_its_word_too() {
        for (rule, meant) in [
            ("residence_prefecture = 大阪府", "270008（大阪府）"),
            ("residence_prefecture = 27", "270008（大阪府）"),
            ("life_stage = 大学1年", "university_1（大1）"),
            ("life_stage = univ_1", "university_1（大1）"),
            ("residence_municipality = 322042", "322041（益田市）"),
        ] {
            let told = said(rule);
            assert!(told.contains(&format!("もしかして「{meant}")), "{rule}: {told}");
        }
        // Where nothing comes near, some are told of and how many more there are.
        let told = said("residence_prefecture = 999999");
        assert!(told.contains("010006（北海道）") && told.contains("ほか35"), "{told}");
    }
}
