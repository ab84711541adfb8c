//! Structured sentences: a message key with arguments, which may be phrases themselves, and their rendering through
//! `Words`. Leaves every word to the locale files (`rule-…`, `fact-…`, `code-…`) behind `Words`.

use chrono::NaiveDate;

use crate::fact::Codes;

/// An argument of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhraseArg {
    /// A number, also for plurals.
    Number(i64),
    /// A civil day.
    Date(NaiveDate),
    /// Text as it is.
    Text(String),
    /// A code of a list.
    Code(Codes, String),
    /// Another phrase.
    Phrase(Box<Phrase>),
    /// Several, joined two by two with the message of this key (`left`, `right`).
    Joined(&'static str, Vec<PhraseArg>),
}

/// A message key with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The key in the locale files.
    pub key: String,
    /// Named arguments.
    pub args: Vec<(&'static str, PhraseArg)>,
}

impl Phrase {
    /// A phrase without arguments.
    pub fn of(key: impl Into<String>) -> Self {
        Self { key: key.into(), args: Vec::new() }
    }

    /// The same with an argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, arg: PhraseArg) -> Self {
        self.args.push((name, arg));
        self
    }

    /// The sentence in the language of `words`.
    pub fn render(&self, words: &dyn Words) -> String {
        let args: Vec<(&'static str, Said)> = self.args.iter().map(|(name, arg)| (*name, say(arg, words))).collect();
        words.message(&self.key, &args)
    }
}

/// An argument ready for a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// A number, so that messages may choose a plural.
    Number(i64),
    /// Words.
    Text(String),
}

/// The words of one language for one organisation.
pub trait Words {
    /// The message of a key; a missing key should show the key.
    fn message(&self, key: &str, args: &[(&'static str, Said)]) -> String;

    /// The words for a code: of a closed list from the locale files (`code-no-consent`), of an open list the
    /// organisation's own label.
    fn code(&self, codes: Codes, code: &str) -> String;

    /// A civil day as readers write it.
    fn date(&self, day: NaiveDate) -> String;
}

fn say(arg: &PhraseArg, words: &dyn Words) -> Said {
    match arg {
        PhraseArg::Number(n) => Said::Number(*n),
        PhraseArg::Date(day) => Said::Text(words.date(*day)),
        PhraseArg::Text(text) => Said::Text(text.clone()),
        PhraseArg::Code(codes, code) => Said::Text(words.code(*codes, code)),
        PhraseArg::Phrase(phrase) => Said::Text(phrase.render(words)),
        PhraseArg::Joined(key, parts) => {
            let mut parts = parts.iter();
            let Some(first) = parts.next() else { return Said::Text(String::new()) };
            parts.fold(say(first, words), |left, right| {
                Said::Text(words.message(key, &[("left", left), ("right", say(right, words))]))
            })
        }
    }
}
