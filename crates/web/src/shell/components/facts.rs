//! Known things in words (a description list) and one figure in large.

use askama::Template;

/// A description list: what is known, term by term. Empty descriptions show a dash.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "shell/components/facts.html")]
pub struct Facts {
    /// (term, description).
    pub rows: Vec<(String, String)>,
}

impl Facts {
    /// With one more line.
    #[must_use]
    pub fn row(mut self, term: impl Into<String>, description: impl Into<String>) -> Self {
        self.rows.push((term.into(), description.into()));
        self
    }
}

/// A figure in large, with what it is measured against.
#[derive(Debug, Clone, Template)]
#[template(path = "shell/components/kpi.html")]
pub struct Kpi {
    /// What is counted.
    pub label: String,
    /// The figure, already formatted.
    pub value: String,
    /// Unit behind it; may be empty.
    pub unit: String,
    /// Against what: target, rate, last year; may be empty.
    pub note: String,
    /// The list behind it; empty when there is none.
    pub href: String,
}

impl Kpi {
    /// A figure.
    pub fn of(label: impl Into<String>, value: impl Into<String>, unit: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), unit: unit.into(), note: String::new(), href: String::new() }
    }

    /// With what it is measured against.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// With the list behind it.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = href.into();
        self
    }
}

super::html!(Facts, Kpi);
