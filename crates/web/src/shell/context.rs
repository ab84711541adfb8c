//! The frame around a page: language, organisation, user, navigation, messages. One `Shell` per rendered page, made by the
//! surface's middleware. Leaves the look to the templates and styles; holds nothing of the page's own subject.

use tsunagari_i18n::{Locale, Texts};

use super::assets;
use super::components::ContactText;
use super::nav::NavItem;

/// The town's colour on its letterhead; a closed palette with checked contrast, because inline styles are forbidden.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Accent {
    /// 藍, the default.
    #[default]
    Indigo,
    /// 浅葱, sea and rivers.
    Sea,
    /// 松葉, forests.
    Pine,
    /// 茜, madder.
    Madder,
    /// 柿, persimmon.
    Persimmon,
    /// 藤, wisteria.
    Wisteria,
}

impl Accent {
    /// All, in the order of the settings page.
    pub const ALL: [Self; 6] = [Self::Indigo, Self::Sea, Self::Pine, Self::Madder, Self::Persimmon, Self::Wisteria];

    /// The name in data and in the style sheet.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Indigo => "indigo",
            Self::Sea => "sea",
            Self::Pine => "pine",
            Self::Madder => "madder",
            Self::Persimmon => "persimmon",
            Self::Wisteria => "wisteria",
        }
    }

    /// The accent of this name; the default for any other.
    pub fn parse(code: &str) -> Self {
        Self::ALL.into_iter().find(|a| a.code() == code).unwrap_or_default()
    }

    /// A steady accent for a town that has chosen none.
    pub fn for_seed(seed: &str) -> Self {
        let sum: usize = seed.bytes().map(usize::from).sum();
        Self::ALL[sum % Self::ALL.len()]
    }
}

/// Whose page it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Org {
    /// Shown as letterhead, e.g. 益田市.
    pub name: String,
    /// Department or a line below the name; may be empty.
    pub line: String,
    /// The town's colour.
    pub accent: Accent,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// As shown in the bar.
    pub name: String,
    /// The role, already in the reader's language.
    pub role: String,
}

/// What kind of news something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Neutral news.
    Info,
    /// It worked.
    Success,
    /// Look before going on.
    Warning,
    /// It failed or is refused.
    Error,
}

impl Tone {
    /// Class suffix and icon name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A message shown once on the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// What kind.
    pub tone: Tone,
    /// The sentence, in the reader's language.
    pub text: String,
}

/// Light, dark or as the device says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Value of `data-theme`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The frame of one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shell {
    /// Texts in the reader's language: `{{ shell.t.get("people-title") }}`.
    pub t: Texts,
    /// Whose page.
    pub org: Org,
    /// Who is signed in, if anyone.
    pub user: Option<User>,
    /// Session-bound token for forms; empty when there is no session.
    pub csrf: String,
    /// The office's sidebar; empty on the portal.
    pub nav: Vec<NavItem>,
    /// Messages shown once.
    pub flash: Vec<Flash>,
    /// Light, dark, system.
    pub theme: Theme,
    /// Path and query of this page without `lang`, for the language switch.
    pub path: String,
    /// Where the sign-out form posts; empty hides it.
    pub sign_out: String,
    /// Where the letterhead leads.
    pub home: String,
    /// Whom to ask, at the foot of the portal's pages; empty when nobody is named.
    pub contact: ContactText,
}

impl Shell {
    /// A frame without user or navigation.
    pub fn bare(locale: Locale, org: Org, path: impl Into<String>) -> Self {
        Self {
            t: Texts::of(locale),
            org,
            user: None,
            csrf: String::new(),
            nav: Vec::new(),
            flash: Vec::new(),
            theme: Theme::System,
            path: path.into(),
            sign_out: String::new(),
            home: "/".to_owned(),
            contact: ContactText::default(),
        }
    }

    /// URL of an embedded file by its plain name, e.g. `site.css`.
    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// The language switch: name of each language in itself, address, whether it is the present one. Plain Japanese is for
    /// residents; the office's pages have no words of their own in it.
    pub fn languages(&self) -> Vec<NavItem> {
        let glue = if self.path.contains('?') { '&' } else { '?' };
        let office = [&self.path, &self.home].into_iter().any(|it| it.starts_with("/office"));
        Locale::ALL
            .into_iter()
            .filter(|l| !(office && *l == Locale::JaEasy))
            .map(|l| NavItem {
                href: format!("{}{glue}lang={}", self.path, l.code()),
                label: Texts::of(l).get("shell-language-name"),
                icon: l.html_lang(),
                current: l == self.t.locale(),
                count: None,
            })
            .collect()
    }
}
