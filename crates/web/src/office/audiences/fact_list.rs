//! The facts a rule may speak about, for somebody who writes one as text: each with its words and an example that reads as it
//! stands, made of the organisation's own codes. Leaves the examples to `rules`.

use askama::Template;
use tsunagari_i18n::Texts;
use tsunagari_rules::{Catalogue, Checked, Rule};

use super::clause_form::subjects;
use crate::rule_words::RuleWords;

/// The list, folded until somebody asks for it.
#[derive(Debug, Clone, Template)]
#[template(path = "office/audiences/facts.html")]
pub struct FactList {
    t: Texts,
    facts: Vec<FactLine>,
}

impl askama::filters::HtmlSafe for FactList {}

impl FactList {
    /// What may be written in this organisation.
    pub(crate) fn of(t: Texts, catalogue: &Catalogue, words: &RuleWords) -> Self {
        Self { t, facts: lines(catalogue, words) }
    }
}

/// A fact as listed.
#[derive(Debug, Clone)]
struct FactLine {
    /// As written in a rule.
    name: &'static str,
    /// What it is.
    label: String,
    /// A condition of it.
    example: String,
    /// What the condition says.
    means: String,
}

/// Every fact that can be asked here, by subject.
fn lines(catalogue: &Catalogue, words: &RuleWords) -> Vec<FactLine> {
    let line = |name: &'static str| {
        let fact = catalogue.fact(name)?;
        let example = fact.example(catalogue)?;
        let rule = Rule::<Checked>::read(&example, catalogue).ok()?;
        Some(FactLine { name, label: words.text(&fact.label_key()), means: rule.phrase().render(words), example })
    };
    subjects(catalogue).into_iter().filter_map(line).collect()
}

/// A whole rule as an example: of a closed list, and of reach where the organisation has a purpose.
pub(super) fn whole(catalogue: &Catalogue) -> String {
    let part = |name: &str| catalogue.fact(name).and_then(|fact| fact.example(catalogue));
    let parts: Vec<String> = ["life_stage", "reachable"].into_iter().filter_map(part).collect();
    if parts.is_empty() { "everyone".to_owned() } else { parts.join(" and ") }
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;

    use super::*;

    fn catalogue() -> Catalogue {
        Catalogue::of(&[tsunagari_people::facts::FACTS]).unwrap().with_codes("purposes", ["events", "info"])
    }

    #[test]
    fn what_is_shown_as_an_example_is_accepted() {
        let catalogue = catalogue();
        let all = lines(&catalogue, &RuleWords::without_labels(Texts::of(Locale::Ja)));
        assert!(all.iter().any(|it| it.example == "reachable(events)"), "the organisation's own purpose");
        assert!(all.iter().all(|it| !it.label.is_empty() && !it.means.is_empty()));
        assert!(Rule::<Checked>::read(&whole(&catalogue), &catalogue).is_ok(), "{}", whole(&catalogue));
    }

    #[test]
    fn a_fact_without_codes_is_not_listed() {
        let catalogue = Catalogue::of(&[tsunagari_people::facts::FACTS]).unwrap();
        let all = lines(&catalogue, &RuleWords::without_labels(Texts::of(Locale::Ja)));
        assert!(all.iter().all(|it| it.name != "reachable") && all.iter().any(|it| it.name == "age"));
    }
}
