//! Small marks: a symbol, a chip, a bar of progress.

use askama::Template;

use crate::shell::Tone;

/// A symbol of the sprite; decoration only, never the sole bearer of meaning.
#[derive(Debug, Clone, Copy, Template)]
#[template(source = r##"<svg class="icon" aria-hidden="true"><use href="#i-{{ self.0 }}"/></svg>"##, ext = "html")]
pub struct Icon(
    /// Name in the sprite without `i-`.
    pub &'static str,
);

/// A state or a tag in a word.
#[derive(Debug, Clone, Template)]
#[template(source = r#"<span class="chip chip--{{ look }}">{{ label }}</span>"#, ext = "html")]
pub struct Chip {
    /// The word.
    pub label: String,
    look: &'static str,
}

impl Chip {
    /// A state with its tone.
    pub fn of(tone: Tone, label: impl Into<String>) -> Self {
        Self { label: label.into(), look: tone.code() }
    }

    /// A tag without a tone.
    pub fn plain(label: impl Into<String>) -> Self {
        Self { label: label.into(), look: "plain" }
    }
}

/// How much of something is done.
#[derive(Debug, Clone, Template)]
#[template(path = "shell/components/progress.html")]
pub struct Progress {
    /// What.
    pub label: String,
    /// Done.
    pub done: u64,
    /// All.
    pub total: u64,
    /// In words, e.g. `412件中 355件`.
    pub words: String,
}

impl Progress {
    /// Done of all, with the same in words.
    pub fn of(label: impl Into<String>, done: u64, total: u64, words: impl Into<String>) -> Self {
        Self { label: label.into(), done, total, words: words.into() }
    }

    /// `max` of 0 is not allowed in markup.
    fn max(&self) -> u64 {
        self.total.max(1)
    }
}

super::html!(Icon, Chip, Progress);
