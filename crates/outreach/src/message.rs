//! What is written, per channel and language. Leaves limits and personal data to `linter`, wire formats to channels.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tsunagari_kernel::MediaId;

use crate::audience::{Channel, ContentKind};

/// A language of readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Japanese.
    Ja,
    /// Plain Japanese.
    JaEasy,
    /// English.
    En,
}

/// Where a button leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ButtonTarget {
    /// An address.
    Link {
        /// http, https, line or tel.
        url: String,
    },
    /// The reader's own page: makes the content personal.
    PersonalPage {
        /// Path on the portal, e.g. `/me`.
        path: String,
    },
    /// Data sent back to us.
    Postback {
        /// At most 300 UTF-16 units.
        data: String,
    },
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// At most 20 graphemes.
    pub label: String,
    /// Where it leads.
    pub target: ButtonTarget,
}

/// One bubble of a LINE talk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Bubble {
    /// Text.
    Text {
        /// May hold merge fields in `{{…}}`, which the linter refuses on LINE.
        text: String,
    },
    /// A picture.
    Image {
        /// Which; nothing while none is chosen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        media: Option<MediaId>,
        /// What it shows, for those who do not see it.
        alt: String,
    },
    /// A video with the picture shown before it plays.
    Video {
        /// Which; nothing while none is chosen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        media: Option<MediaId>,
        /// The picture; nothing while none is chosen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        poster: Option<MediaId>,
        /// What it shows.
        alt: String,
    },
    /// Text with 1-4 buttons.
    Buttons {
        /// Shown above the text.
        title: Option<String>,
        /// The text.
        text: String,
        /// The buttons.
        buttons: Vec<Button>,
    },
}

/// A mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// The subject.
    pub subject: String,
    /// Plain text; merge fields allowed.
    pub body: String,
    /// Attached files.
    pub attachments: Vec<MediaId>,
}

/// A field filled in per reader, written `{{code}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MergeField {
    /// The reader's name.
    Name,
    /// The school.
    School,
    /// The address of the reader's own page, which asks who they are.
    MyPage,
    /// The organisation's name: personal to nobody.
    Organisation,
}

impl MergeField {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Name, Self::School, Self::MyPage, Self::Organisation];

    /// As written between the braces.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::School => "school",
            Self::MyPage => "my_page",
            Self::Organisation => "organisation",
        }
    }

    /// Whether the filled-in text tells something about a person.
    pub const fn is_personal(self) -> bool {
        match self {
            Self::Name | Self::School | Self::MyPage => true,
            Self::Organisation => false,
        }
    }
}

/// A part of a text with merge fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// As it stands.
    Text(&'t str),
    /// To be filled in.
    Field(MergeField),
    /// Braces around what is no field, or braces that do not end: what stands in them.
    Unknown(&'t str),
}

/// A text taken apart: the only reader of braces, so that what is checked and what is filled in cannot differ.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        found.push(Piece::Text(before));
        let Some((inside, behind)) = after.split_once("}}") else {
            found.push(Piece::Unknown(after.trim()));
            return found;
        };
        let field = MergeField::ALL.iter().copied().find(|field| field.code() == inside.trim());
        found.push(field.map_or(Piece::Unknown(inside.trim()), Piece::Field));
        rest = behind;
    }
    found.push(Piece::Text(rest));
    found
}

/// What a campaign says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Bubbles for LINE; empty when it is not sent there.
    pub line: BTreeMap<Language, Vec<Bubble>>,
    /// Mail; empty when it is not sent there.
    pub email: BTreeMap<Language, Mail>,
}

impl Message {
    /// Whether the LINE content is the same for all.
    pub fn line_content(&self) -> ContentKind {
        let personal = self.line.values().flatten().any(|bubble| match bubble {
            Bubble::Buttons { buttons, .. } => {
                buttons.iter().any(|b| matches!(b.target, ButtonTarget::PersonalPage { .. }))
            }
            Bubble::Text { .. } | Bubble::Image { .. } | Bubble::Video { .. } => false,
        });
        if personal { ContentKind::PersonalLink } else { ContentKind::Same }
    }

    /// The bubbles for a reader: their language, else Japanese, else any.
    pub fn bubbles_for(&self, language: Language) -> Option<&[Bubble]> {
        let found = self.line.get(&language).or_else(|| self.line.get(&Language::Ja));
        found.or_else(|| self.line.values().next()).map(Vec::as_slice)
    }

    /// The mail for a reader, likewise.
    pub fn mail_for(&self, language: Language) -> Option<&Mail> {
        let found = self.email.get(&language).or_else(|| self.email.get(&Language::Ja));
        found.or_else(|| self.email.values().next())
    }

    /// Everything an approver must open.
    pub fn attachments(&self) -> Vec<MediaId> {
        let bubbles = self.line.values().flatten().flat_map(|bubble| match bubble {
            Bubble::Image { media, .. } => [*media, None],
            Bubble::Video { media, poster, .. } => [*media, *poster],
            Bubble::Text { .. } | Bubble::Buttons { .. } => [None, None],
        });
        let mut all: Vec<_> =
            bubbles.flatten().chain(self.email.values().flat_map(|m| m.attachments.clone())).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The channels it is written for.
    pub fn channels(&self) -> Vec<Channel> {
        let line = (!self.line.is_empty()).then_some(Channel::Line);
        let email = (!self.email.is_empty()).then_some(Channel::Email);
        line.into_iter().chain(email).collect()
    }
}
