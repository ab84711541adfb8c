//! News on a page: a banner, the summary of a form's errors, and what stands where there is nothing yet.

use askama::Template;
use tsunagari_i18n::Texts;

use crate::shell::Tone;

/// A link with words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// The words.
    pub label: String,
}

impl Link {
    /// A link.
    pub fn to(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into() }
    }
}

/// A notification banner.
#[derive(Debug, Clone, Template)]
#[template(path = "shell/components/banner.html")]
pub struct Banner {
    /// What kind of news.
    pub tone: Tone,
    /// The news in one line.
    pub title: String,
    /// More; may be empty.
    pub text: String,
    /// What to do.
    pub action: Option<Link>,
}

impl Banner {
    /// A banner with a title.
    pub fn of(tone: Tone, title: impl Into<String>) -> Self {
        Self { tone, title: title.into(), text: String::new(), action: None }
    }

    /// With more words.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// With what to do.
    #[must_use]
    pub fn action(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.action = Some(Link::to(href, label));
        self
    }
}

/// The errors of a form on top of the page, each a link to its field. Renders nothing when there is none.
#[derive(Debug, Clone, Template)]
#[template(path = "shell/components/error_summary.html")]
pub struct ErrorSummary {
    t: Texts,
    /// (name of the field, sentence).
    pub errors: Vec<(String, String)>,
}

impl ErrorSummary {
    /// From (name of the field, sentence).
    pub fn of(t: Texts, errors: Vec<(String, String)>) -> Self {
        Self { t, errors }
    }
}

/// What stands where there is nothing yet, and how to begin.
#[derive(Debug, Clone, Template)]
#[template(path = "shell/components/empty.html")]
pub struct Empty {
    /// Symbol of the sprite without `i-`.
    pub icon: &'static str,
    /// What is not there.
    pub title: String,
    /// Why, or what will appear.
    pub text: String,
    /// How to begin.
    pub action: Option<Link>,
}

impl Empty {
    /// An empty state.
    pub fn of(icon: &'static str, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { icon, title: title.into(), text: text.into(), action: None }
    }

    /// With how to begin.
    #[must_use]
    pub fn action(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.action = Some(Link::to(href, label));
        self
    }
}

super::html!(Banner, ErrorSummary, Empty);
