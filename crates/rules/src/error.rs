//! Why a text is no rule: a public code, the position, what stood there, what was expected and what was probably meant.
//! Leaves the sentences to the locale files (`rule-error-…`).

use std::fmt;

use tsunagari_kernel::names;

use crate::fact::Codes;
use crate::phrase::{Phrase, PhraseArg, Words};

/// A place in a rule's text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Bytes from the start.
    pub byte: usize,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// The public code of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorCode {
    /// Nothing was written. (Everyone is written `everyone`.)
    Empty,
    /// A character that has no meaning in a rule.
    StrayCharacter,
    /// A text without its closing quote.
    UnclosedText,
    /// Not a day of the calendar.
    NoSuchDay,
    /// Something else was expected here.
    Unexpected,
    /// The text ends where something was still expected.
    Unfinished,
    /// Nested deeper than `limits::DEPTH`.
    TooDeep,
    /// More conditions than `limits::NODES`.
    TooManyConditions,
    /// A list longer than `limits::LIST`.
    ListTooLong,
    /// Text longer than `limits::BYTES`.
    TooLong,
    /// No fact of this name.
    UnknownFact,
    /// No such code in the fact's list.
    UnknownCode,
    /// More or fewer arguments than the fact takes.
    WrongArguments,
    /// This question cannot be asked of this kind of fact.
    WrongOperator,
    /// The value is not of the fact's kind.
    WrongValue,
    /// Not a whole number, where the fact is one.
    NotANumber,
    /// A number beyond ±2^53, or a relative day beyond its bound.
    OutOfRange,
    /// The lower bound is above the upper bound.
    EmptyRange,
}

impl ErrorCode {
    /// Every code, for locale completeness.
    pub const ALL: [Self; 18] = [
        Self::Empty,
        Self::StrayCharacter,
        Self::UnclosedText,
        Self::NoSuchDay,
        Self::Unexpected,
        Self::Unfinished,
        Self::TooDeep,
        Self::TooManyConditions,
        Self::ListTooLong,
        Self::TooLong,
        Self::UnknownFact,
        Self::UnknownCode,
        Self::WrongArguments,
        Self::WrongOperator,
        Self::WrongValue,
        Self::NotANumber,
        Self::OutOfRange,
        Self::EmptyRange,
    ];

    /// The public, stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::StrayCharacter => "stray_character",
            Self::UnclosedText => "unclosed_text",
            Self::NoSuchDay => "no_such_day",
            Self::Unexpected => "unexpected",
            Self::Unfinished => "unfinished",
            Self::TooDeep => "too_deep",
            Self::TooManyConditions => "too_many_conditions",
            Self::ListTooLong => "list_too_long",
            Self::TooLong => "too_long",
            Self::UnknownFact => "unknown_fact",
            Self::UnknownCode => "unknown_code",
            Self::WrongArguments => "wrong_arguments",
            Self::WrongOperator => "wrong_operator",
            Self::WrongValue => "wrong_value",
            Self::NotANumber => "not_a_number",
            Self::OutOfRange => "out_of_range",
            Self::EmptyRange => "empty_range",
        }
    }

    /// The locale key: `rule-error-unknown-fact`.
    pub fn key(self) -> String {
        format!("rule-error-{}", self.name().replace('_', "-"))
    }
}

/// A refusal of a rule's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    /// Why.
    pub code: ErrorCode,
    /// Where it begins.
    pub at: Position,
    /// What stood there, shortened; empty at the end of the text.
    pub found: String,
    /// What may stand there, spelled as in a rule (may be empty).
    pub expected: Vec<String>,
    /// What was probably meant.
    pub suggestion: Option<String>,
    /// The list whose codes are expected, for their words.
    pub codes: Option<Box<Codes>>,
}

/// Codes of a list that are told of where none was probably meant.
const TOLD: usize = 12;

impl RuleError {
    /// A refusal without suggestion.
    pub(crate) fn new(code: ErrorCode, at: Position, found: impl Into<String>) -> Self {
        let found: String = found.into();
        let found = found.chars().take(60).collect();
        Self { code, at, found, expected: Vec::new(), suggestion: None, codes: None }
    }

    pub(crate) fn expecting<E: Into<String>>(mut self, expected: impl IntoIterator<Item = E>) -> Self {
        self.expected = expected.into_iter().map(Into::into).collect();
        self
    }

    /// Looks for the nearest of some words and suggests it when it is near enough.
    pub(crate) fn suggesting<'a>(mut self, words: impl IntoIterator<Item = &'a str>) -> Self {
        self.suggestion = nearest(&self.found, words);
        self
    }

    /// The refusal in the words of a reader, who may have written the word for a code instead of the code itself.
    pub fn said(&self, words: &dyn Words) -> String {
        let Some(codes) = self.codes.as_deref().copied() else { return self.phrase().render(words) };
        let labels: Vec<(&String, String)> = self.expected.iter().map(|code| (code, words.code(codes, code))).collect();
        let meant = self.meant(&labels);
        let told = |code: &String| {
            let label = words.code(codes, code);
            if label == *code {
                return PhraseArg::Text(code.clone());
            }
            let coded = Phrase::of("rule-error-code").with("code", PhraseArg::Text(code.clone()));
            PhraseArg::Phrase(Box::new(coded.with("label", PhraseArg::Text(label))))
        };
        let mut listed: Vec<PhraseArg> = self.expected.iter().take(TOLD).map(told).collect();
        if let Some(more) = self.expected.len().checked_sub(TOLD).filter(|more| *more > 0) {
            let more =
                Phrase::of("rule-error-more").with("n", PhraseArg::Number(i64::try_from(more).unwrap_or(i64::MAX)));
            listed.push(PhraseArg::Phrase(Box::new(more)));
        }
        let problem = Phrase::of(self.code.key())
            .with("found", PhraseArg::Text(self.found.clone()))
            .with("expected", PhraseArg::Joined("rule-expected-joined", listed));
        let placed = self.placed(problem);
        let phrase = match meant {
            None => placed,
            Some(code) => Phrase::of("rule-error-suggestion")
                .with("error", PhraseArg::Phrase(Box::new(placed)))
                .with("word", told(code)),
        };
        phrase.render(words)
    }

    /// The code that was probably meant: the one whose word was written, or the only one whose word or spelling what was
    /// written stands for; else the nearest.
    fn meant<'l>(&'l self, labels: &[(&'l String, String)]) -> Option<&'l String> {
        let found = names::comparable(&self.found);
        let only = |fits: &dyn Fn(&str) -> bool| {
            let mut all =
                labels.iter().filter(|(code, label)| fits(&names::comparable(code)) || fits(&names::comparable(label)));
            match (all.next(), all.next()) {
                (Some((code, _)), None) => Some(*code),
                (None | Some(_), _) => None,
            }
        };
        if found.is_empty() {
            return None;
        }
        only(&|word| word == found)
            .or_else(|| only(&|word| word.starts_with(&found)))
            .or(self.suggestion.as_ref())
            .or_else(|| only(&|word| stands_for(&found, word)))
            .or_else(|| only(&|word| stands_for(word, &found)))
    }

    fn placed(&self, problem: Phrase) -> Phrase {
        Phrase::of("rule-error-at")
            .with("line", PhraseArg::Number(i64::from(self.at.line)))
            .with("column", PhraseArg::Number(i64::from(self.at.column)))
            .with("problem", PhraseArg::Phrase(Box::new(problem)))
    }

    /// The refusal as a structured phrase: `rule-error` with `line`, `column`, `problem` and, nested, the suggestion. Where
    /// nothing is written there is no place to name.
    pub fn phrase(&self) -> Phrase {
        let problem = Phrase::of(self.code.key())
            .with("found", PhraseArg::Text(self.found.clone()))
            .with("expected", self.expected_words());
        if self.code == ErrorCode::Empty {
            return problem;
        }
        let placed = self.placed(problem);
        match &self.suggestion {
            None => placed,
            Some(word) => Phrase::of("rule-error-suggestion")
                .with("error", PhraseArg::Phrase(Box::new(placed)))
                .with("word", PhraseArg::Text(word.clone())),
        }
    }

    /// What may stand here: parts of the grammar by their words, everything else as it is spelled.
    pub fn expected_words(&self) -> PhraseArg {
        let grammar = matches!(self.code, ErrorCode::Unexpected | ErrorCode::Unfinished);
        if !grammar || self.expected.is_empty() {
            return PhraseArg::Text(self.expected.join(", "));
        }
        let word = |it: &String| match it.as_str() {
            "(" | ")" | "," => PhraseArg::Text(it.clone()),
            word => PhraseArg::Phrase(Box::new(Phrase::of(format!("rule-expected-{word}")))),
        };
        PhraseArg::Joined("rule-expected-joined", self.expected.iter().map(word).collect())
    }
}

/// Every part of the grammar that may be expected, for locale completeness: each has its `rule-expected-…`.
pub const EXPECTED: [&str; 13] =
    ["fact", "value", "number", "not", "everyone", "and", "or", "in", "known", "unknown", "days", "months", "years"];

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at line {}, column {}", self.code.name(), self.at.line, self.at.column)?;
        if !self.found.is_empty() {
            write!(f, ": {:?}", self.found)?;
        }
        if let Some(word) = &self.suggestion {
            write!(f, " (did you mean {word}?)")?;
        }
        Ok(())
    }
}

impl std::error::Error for RuleError {}

/// The nearest word within a third of the length (at least one, a transposition counting one).
fn nearest<'a>(found: &str, words: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let found = found.to_ascii_lowercase();
    let bound = (found.chars().count() / 3).max(1);
    words
        .into_iter()
        .map(|word| (strsim::damerau_levenshtein(&found, &word.to_ascii_lowercase()), word))
        .filter(|(distance, _)| *distance <= bound)
        // Of two that are as near the one that begins alike: the first characters are written with most care.
        .min_by_key(|(distance, word)| (*distance, std::cmp::Reverse(alike(&found, word)), *word))
        .map(|(_, word)| word.to_owned())
}

/// How many characters two words have in common from the beginning.
fn alike(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count()
}

/// Whether a shortened word has the characters of a longer one in their order: `univ1` of `university_1`.
fn stands_for(short: &str, word: &str) -> bool {
    let mut rest = word.chars();
    short.chars().all(|c| rest.any(|it| it == c))
}
