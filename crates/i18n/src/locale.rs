//! The three languages of the product. Leaves reading a cookie or a header to the page layer.
//! To add one: a variant here, a folder in `locales/`, its name in `build.rs`; the compiler and the coverage test say the rest.

use std::fmt;

/// A language the product speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Locale {
    /// Japanese, the first language.
    #[default]
    Ja,
    /// やさしい日本語, plain Japanese for learners.
    JaEasy,
    /// English.
    En,
}

impl Locale {
    /// All, in the order of the language switch.
    pub const ALL: [Self; 3] = [Self::Ja, Self::JaEasy, Self::En];

    /// The name used in folders, cookies and `?lang=`: `ja`, `ja-easy`, `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::JaEasy => "ja-easy",
            Self::En => "en",
        }
    }

    /// The BCP 47 tag for the `lang` attribute (plain Japanese is Japanese to a screen reader).
    pub const fn html_lang(self) -> &'static str {
        match self {
            Self::Ja | Self::JaEasy => "ja",
            Self::En => "en",
        }
    }

    /// The locale of this code; `None` for any other text.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.code() == code)
    }

    /// The best locale for an `Accept-Language` header: the first listed language that is spoken here, else Japanese.
    pub fn negotiate(accept_language: &str) -> Self {
        accept_language
            .split(',')
            .filter_map(|part| part.split([';', '-']).next())
            .find_map(|tag| match tag.trim().to_ascii_lowercase().as_str() {
                "ja" => Some(Self::Ja),
                "en" => Some(Self::En),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// Where a text missing here is looked for next.
    pub(crate) const fn fallback(self) -> Option<Self> {
        match self {
            Self::Ja => None,
            Self::JaEasy | Self::En => Some(Self::Ja),
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
