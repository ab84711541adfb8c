//! Choosing a file, or dropping it where scripts run. Leaves size and type checks to the page that receives it.

use askama::Template;
use tsunagari_i18n::Texts;

/// A file to send. The form needs `enctype="multipart/form-data"`.
#[derive(Debug, Clone, Template)]
#[template(path = "shell/components/file_drop.html")]
pub struct FileDrop {
    t: Texts,
    /// Name in the posted form.
    pub name: String,
    /// Label above.
    pub label: String,
    /// The `accept` attribute.
    pub accept: String,
    /// Support text.
    pub hint: Option<String>,
    /// What is wrong and what to do.
    pub error: Option<String>,
}
super::html!(FileDrop);

impl FileDrop {
    /// A file input.
    pub fn of(t: Texts, name: &str, label: impl Into<String>, accept: &str) -> Self {
        Self { t, name: name.to_owned(), label: label.into(), accept: accept.to_owned(), hint: None, error: None }
    }

    /// With support text.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With what is wrong, if anything.
    #[must_use]
    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }
}
