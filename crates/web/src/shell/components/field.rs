//! One line or box of a form: label above, support text, error with icon, value kept. Leaves checking to the page.

use askama::Template;
use tsunagari_i18n::Texts;

/// What is typed into a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of words.
    Text,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Tel,
    /// A civil date, `2026-03-16`.
    Date,
    /// A civil date and time of day in Japan, `2026-03-16T18:00`.
    DateTime,
    /// A whole number.
    Number,
    /// A secret.
    Password,
    /// A six-digit code of an authenticator.
    Code,
    /// Words to search for.
    Search,
    /// An address on the web.
    Url,
    /// Several lines.
    Area,
}

impl FieldKind {
    /// The `type` attribute.
    pub const fn input_type(self) -> &'static str {
        match self {
            Self::Text | Self::Code | Self::Number | Self::Area => "text",
            Self::Email => "email",
            Self::Tel => "tel",
            Self::Date => "date",
            Self::DateTime => "datetime-local",
            Self::Password => "password",
            Self::Search => "search",
            Self::Url => "url",
        }
    }

    /// The `inputmode` attribute; empty where the type decides.
    pub const fn input_mode(self) -> &'static str {
        match self {
            Self::Number | Self::Code => "numeric",
            Self::Text
            | Self::Email
            | Self::Tel
            | Self::Date
            | Self::DateTime
            | Self::Password
            | Self::Search
            | Self::Url
            | Self::Area => "",
        }
    }
}

/// A field of a form. `id` is `f-NAME`, to which [`super::ErrorSummary`] links.
#[derive(Debug, Clone, Template)]
#[template(path = "shell/components/field.html")]
pub struct Field {
    t: Texts,
    /// What is typed.
    pub kind: FieldKind,
    /// Name in the posted form.
    pub name: String,
    /// Label above.
    pub label: String,
    /// What stands in it.
    pub value: String,
    /// Support text below the label.
    pub hint: Option<String>,
    /// What is wrong and what to do.
    pub error: Option<String>,
    /// Must be filled in.
    pub required: bool,
    /// `autocomplete` token.
    pub autocomplete: &'static str,
    /// Longest input in characters; shows a counter.
    pub max: Option<u32>,
    /// Rows of an area.
    pub rows: u8,
    /// Short inputs stand narrow.
    pub width: &'static str,
}
super::html!(Field);

impl Field {
    /// A field of a kind.
    pub fn of(kind: FieldKind, t: Texts, name: &str, label: impl Into<String>) -> Self {
        let width = match kind {
            FieldKind::Date | FieldKind::Number | FieldKind::Code | FieldKind::Tel => "short",
            FieldKind::DateTime => "medium",
            FieldKind::Text
            | FieldKind::Email
            | FieldKind::Password
            | FieldKind::Search
            | FieldKind::Url
            | FieldKind::Area => "full",
        };
        Self {
            t,
            kind,
            name: name.to_owned(),
            label: label.into(),
            value: String::new(),
            hint: None,
            error: None,
            required: false,
            autocomplete: "",
            max: None,
            rows: 6,
            width,
        }
    }

    /// One line of words.
    pub fn text(t: Texts, name: &str, label: impl Into<String>) -> Self {
        Self::of(FieldKind::Text, t, name, label)
    }

    /// An e-mail address.
    pub fn email(t: Texts, name: &str, label: impl Into<String>) -> Self {
        Self::of(FieldKind::Email, t, name, label).autocomplete("email")
    }

    /// A civil date.
    pub fn date(t: Texts, name: &str, label: impl Into<String>) -> Self {
        Self::of(FieldKind::Date, t, name, label)
    }

    /// Several lines.
    pub fn area(t: Texts, name: &str, label: impl Into<String>) -> Self {
        Self::of(FieldKind::Area, t, name, label)
    }

    /// A secret; its value is never sent back.
    pub fn password(t: Texts, name: &str, label: impl Into<String>) -> Self {
        Self::of(FieldKind::Password, t, name, label).autocomplete("current-password")
    }

    /// With what was typed.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
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

    /// Must be filled in.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// With an `autocomplete` token.
    #[must_use]
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = token;
        self
    }

    /// With a longest length in characters.
    #[must_use]
    pub fn max(mut self, characters: u32) -> Self {
        self.max = Some(characters);
        self
    }

    /// With this many rows (areas).
    #[must_use]
    pub fn rows(mut self, rows: u8) -> Self {
        self.rows = rows;
        self
    }

    fn is_area(&self) -> bool {
        self.kind == FieldKind::Area
    }

    fn shown_value(&self) -> &str {
        if self.kind == FieldKind::Password { "" } else { &self.value }
    }

    fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("f-{}-hint", self.name));
        }
        if self.error.is_some() {
            ids.push(format!("f-{}-error", self.name));
        }
        ids.join(" ")
    }
}
