//! The rule of a denominator beside its text: what it says and whom it counts today, where it is no rule, what may be written,
//! and the audience it can be taken from. Leaves keeping it to `denominator`.

use tsunagari_i18n::Texts;
use tsunagari_kernel::Moment;
use tsunagari_rules::{Catalogue, Checked, Rule, RuleError};
use tsunagari_storage::audience::Audience;
use tsunagari_storage::segment::Segment;

use super::Wrong;
use super::indicator::Typed;
use super::paper::{Part, Press};
use crate::office::audiences::fact_list::FactList;
use crate::office::audiences::marked::Marked;
use crate::office::desk::Desk;
use crate::rule_words::RuleWords;
use crate::sentences::unreadable;
use crate::shell::AppError;
use crate::shell::components::{Choices, Field};

/// What the buttons post: take the chosen audience's rule; read the rule back.
const TAKE: &str = "take";
const READ: &str = "read";

/// What a rule is read by, and what was typed as one.
pub(super) struct RuleDesk {
    catalogue: Catalogue,
    words: RuleWords,
    audiences: Vec<Segment>,
    /// What it says and how many it counts today; nothing where it is none.
    means: Option<String>,
}

impl RuleDesk {
    /// Opens it for what was typed. A press of a button of its own is answered in what was typed, and says so.
    pub(super) async fn open(desk: &Desk, typed: &mut Typed) -> Result<(Self, bool), AppError> {
        let mut reader = desk.here().read().await.map_err(unreadable)?;
        let catalogue = reader.rule_catalogue().await.map_err(unreadable)?;
        let words = RuleWords::read(&mut reader, desk.t).await.map_err(unreadable)?;
        let audiences = reader.segments().await.map_err(unreadable)?;
        let pressed = typed.get("do").is_some_and(|pressed| pressed == TAKE || pressed == READ);
        if pressed {
            typed.insert("kind".into(), "rule".into());
        }
        if typed.get("do").is_some_and(|pressed| pressed == TAKE)
            && let Some(chosen) = audiences.iter().find(|it| Some(&it.id.to_string()) == typed.get("audience"))
        {
            typed.insert("rule".into(), chosen.rule.clone());
        }
        let means = match Rule::<Checked>::read(text(typed), &catalogue) {
            Ok(rule) => {
                let at = Moment::now(&*desk.house.clock);
                let policy = desk.org.policy();
                let audience = Audience::of_rule(&rule, &at, &policy);
                let people = reader.count_audience(&audience).await.map_err(unreadable)?;
                let said = rule.phrase().render(&words);
                let people = desk.t.number(people);
                Some(desk.t.two("settings-denominator-means", "rule", said, "people", people))
            }
            Err(_) => None,
        };
        Ok((Self { catalogue, words, audiences, means }, pressed))
    }

    fn fault(&self, typed: &Typed) -> Option<RuleError> {
        Rule::<Checked>::read(text(typed), &self.catalogue).err()
    }

    /// Says at the rule's field why it is none; an act would only refuse it.
    pub(super) fn judge(&self, typed: &Typed, wrong: &mut Wrong) {
        if let Some(error) = self.fault(typed).filter(|_| typed.get("kind").is_some_and(|kind| kind == "rule")) {
            wrong.0.push(("rule".into(), Marked::of(text(typed), &error, &self.words).said));
        }
    }

    /// The text with everything beside it.
    pub(super) fn parts(&self, t: Texts, typed: &Typed, wrong: &Wrong) -> Vec<Part> {
        let field = Field::area(t, "rule", t.get("settings-denominator-text"))
            .hint(t.get("settings-denominator-text.hint"))
            .value(text(typed))
            .rows(3)
            .error(wrong.at("rule"));
        let mut parts = vec![field.into()];
        let fault = self.fault(typed).filter(|_| !text(typed).is_empty());
        parts.extend(fault.map(|error| Part::Marked(Marked::of(text(typed), &error, &self.words))));
        parts.extend(self.means.clone().map(Part::Note));
        let press = |about: Option<Choices>, key: &str, value: &'static str| {
            Part::Press(Press { about, label: t.get(key), value, at: "rule" })
        };
        parts.push(press(None, "settings-denominator-read", READ));
        if !self.audiences.is_empty() {
            let choices = Choices::select(t, "audience", t.get("settings-denominator-audience"))
                .option("", t.get("settings-denominator-audience-choose"))
                .hint(t.get("settings-denominator-audience.hint"));
            let choices = self.audiences.iter().fold(choices, |all, it| all.option(it.id.to_string(), it.name.clone()));
            let chosen = typed.get("audience").map_or("", String::as_str);
            parts.push(press(Some(choices.chosen(chosen)), "settings-denominator-take", TAKE));
        }
        parts.push(Part::RuleFacts(FactList::of(t, &self.catalogue, &self.words)));
        parts
    }

    /// One without an organisation, for the samples.
    #[cfg(test)]
    pub(super) fn sample(t: Texts) -> Self {
        let catalogue = Catalogue::of(&[tsunagari_people::facts::FACTS]).unwrap();
        let means = Some(t.two("settings-denominator-means", "rule", "everyone", "people", "3"));
        Self { catalogue, words: RuleWords::without_labels(t), audiences: Vec::new(), means }
    }
}

/// The rule as typed.
fn text(typed: &Typed) -> &str {
    typed.get("rule").map_or("", |text| text.trim())
}
