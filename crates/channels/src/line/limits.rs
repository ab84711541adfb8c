//! LINE's documented limits on message objects, checked before anything is sent, as typed violations.
//! LINE counts most texts in UTF-16 code units and what people read on buttons and cards in grapheme clusters
//! (developers.line.biz, "character counting in a text"). Leaves image sizes and formats to whoever stores the image.

use std::fmt;

use thiserror::Error;
use unicode_segmentation::UnicodeSegmentation;
use url::Url;

use super::message::{Action, Buttons, Content, Message, Template};

const TEXT_MAX: usize = 5000;
const URL_MAX: usize = 2000;
const ALT_TEXT_MAX: usize = 1500;
const BUBBLE_MAX_BYTES: usize = 30 * 1024;
const CAROUSEL_MAX_BYTES: usize = 50 * 1024;

/// How a length is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// UTF-16 code units.
    Utf16,
    /// Extended grapheme clusters.
    Graphemes,
    /// Entries of a list.
    Items,
    /// Bytes of JSON.
    Bytes,
}

/// What is wrong with a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Nothing there.
    Empty,
    /// Longer than allowed.
    TooLong {
        /// How it was measured.
        measure: Measure,
        /// As measured.
        found: usize,
        /// Allowed.
        max: usize,
    },
    /// Not an https URL.
    NotHttps,
    /// Not a link LINE opens (http, https, line, tel).
    BadUri,
    /// Not a user id `U` + 32 hexadecimal digits.
    BadUserId,
    /// Named twice.
    Duplicate,
    /// Characters that are not allowed here.
    BadCharacters,
    /// Could not be written as JSON.
    Unserialisable,
}

impl Problem {
    /// The public reason code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "line_empty",
            Self::TooLong { .. } => "line_too_long",
            Self::NotHttps => "line_not_https",
            Self::BadUri => "line_bad_uri",
            Self::BadUserId => "line_bad_user_id",
            Self::Duplicate => "line_duplicate",
            Self::BadCharacters => "line_bad_characters",
            Self::Unserialisable => "line_unserialisable",
        }
    }
}

/// One property that LINE would refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// In LINE's own notation: `messages[0].text`.
    pub property: String,
    /// What is wrong.
    pub problem: Problem,
}

impl Violation {
    fn at(property: impl Into<String>, problem: Problem) -> Self {
        Self { property: property.into(), problem }
    }

    pub(super) fn unserialisable() -> Self {
        Self::at("messages", Problem::Unserialisable)
    }
}

/// Everything LINE would refuse in a request.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct Violations(pub Vec<Violation>);

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{}: {}", violation.property, violation.problem.code())?;
        }
        Ok(())
    }
}

/// Length as LINE counts most texts.
pub fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Length as LINE counts labels, titles and template texts.
pub fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

struct Check(Vec<Violation>);

impl Check {
    fn add(&mut self, property: impl Into<String>, problem: Problem) {
        self.0.push(Violation::at(property, problem));
    }

    fn length(&mut self, property: String, found: usize, measure: Measure, max: usize) {
        if found == 0 {
            self.add(property, Problem::Empty);
        } else if found > max {
            self.add(property, Problem::TooLong { measure, found, max });
        }
    }

    fn units(&mut self, property: String, text: &str, max: usize) {
        self.length(property, utf16(text), Measure::Utf16, max);
    }

    fn clusters(&mut self, property: String, text: &str, max: usize) {
        self.length(property, graphemes(text), Measure::Graphemes, max);
    }

    fn https(&mut self, property: String, url: &str) {
        match Url::parse(url) {
            Ok(parsed) if (parsed.scheme() == "https" || loopback(&parsed)) && url.is_ascii() => {
                self.units(property, url, URL_MAX);
            }
            _ => self.add(property, Problem::NotHttps),
        }
    }

    fn content(&mut self, at: &str, content: &Content) {
        match content {
            Content::Text { text } => self.units(format!("{at}.text"), text, TEXT_MAX),
            Content::Image { original_content_url, preview_image_url }
            | Content::Video { original_content_url, preview_image_url } => {
                self.https(format!("{at}.originalContentUrl"), original_content_url);
                self.https(format!("{at}.previewImageUrl"), preview_image_url);
            }
            Content::Template { alt_text, template: Template::Buttons(card) } => {
                self.units(format!("{at}.altText"), alt_text, ALT_TEXT_MAX);
                self.buttons(&format!("{at}.template"), card);
            }
            Content::Flex { alt_text, contents } => {
                self.units(format!("{at}.altText"), alt_text, ALT_TEXT_MAX);
                let carousel = contents["type"] == "carousel";
                let max = if carousel { CAROUSEL_MAX_BYTES } else { BUBBLE_MAX_BYTES };
                self.length(format!("{at}.contents"), contents.to_string().len(), Measure::Bytes, max);
                if let (true, Some(bubbles)) = (carousel, contents["contents"].as_array()) {
                    self.length(format!("{at}.contents.contents"), bubbles.len(), Measure::Items, 12);
                }
            }
        }
    }

    fn buttons(&mut self, at: &str, card: &Buttons) {
        let crowded = card.title.is_some() || card.thumbnail_image_url.is_some();
        self.clusters(format!("{at}.text"), &card.text, if crowded { 60 } else { 160 });
        if let Some(title) = &card.title {
            self.clusters(format!("{at}.title"), title, 40);
        }
        if let Some(url) = &card.thumbnail_image_url {
            self.https(format!("{at}.thumbnailImageUrl"), url);
        }
        self.length(format!("{at}.actions"), card.actions.len(), Measure::Items, 4);
        for (index, action) in card.actions.iter().enumerate() {
            self.action(&format!("{at}.actions[{index}]"), action);
        }
    }

    fn action(&mut self, at: &str, action: &Action) {
        match action {
            Action::Uri { label, uri } => {
                self.clusters(format!("{at}.label"), label, 20);
                let scheme = Url::parse(uri).map(|url| url.scheme().to_owned()).unwrap_or_default();
                if !uri.is_ascii() || !["http", "https", "line", "tel"].contains(&scheme.as_str()) {
                    self.add(format!("{at}.uri"), Problem::BadUri);
                }
                self.units(format!("{at}.uri"), uri, 1000);
            }
            Action::Message { label, text } => {
                self.clusters(format!("{at}.label"), label, 20);
                self.clusters(format!("{at}.text"), text, 300);
            }
            Action::Postback { label, data, display_text } => {
                self.clusters(format!("{at}.label"), label, 20);
                self.units(format!("{at}.data"), data, 300);
                if let Some(text) = display_text {
                    self.clusters(format!("{at}.displayText"), text, 300);
                }
            }
            Action::RichMenuSwitch { label, rich_menu_alias_id, data } => {
                if let Some(label) = label {
                    self.clusters(format!("{at}.label"), label, 20);
                }
                self.units(format!("{at}.richMenuAliasId"), rich_menu_alias_id, 32);
                self.units(format!("{at}.data"), data, 300);
            }
        }
    }
}

/// The simulator lives on loopback without TLS and says so; LINE itself would refuse.
fn loopback(url: &Url) -> bool {
    url.scheme() == "http"
        && url.host_str().is_some_and(|host| {
            host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1" || host == "[::1]"
        })
}

/// Checks the message objects of one request.
pub fn check_messages(messages: &[Message]) -> Vec<Violation> {
    let mut check = Check(Vec::new());
    check.length("messages".into(), messages.len(), Measure::Items, 5);
    for (index, message) in messages.iter().enumerate() {
        let at = format!("messages[{index}]");
        check.content(&at, &message.content);
        if let Some(quick) = &message.quick_reply {
            check.length(format!("{at}.quickReply.items"), quick.items.len(), Measure::Items, 13);
            for (item, reply) in quick.items.iter().enumerate() {
                check.action(&format!("{at}.quickReply.items[{item}].action"), &reply.action);
            }
        }
    }
    check.0
}

/// Whether this is a LINE user id.
pub fn is_user_id(id: &str) -> bool {
    id.len() == 33 && id.starts_with('U') && id[1..].bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

pub(super) fn check_recipients(to: &[String], max: usize) -> Vec<Violation> {
    let mut check = Check(Vec::new());
    check.length("to".into(), to.len(), Measure::Items, max);
    let mut seen = std::collections::HashSet::with_capacity(to.len());
    for (index, id) in to.iter().enumerate() {
        if !is_user_id(id) {
            check.add(format!("to[{index}]"), Problem::BadUserId);
        } else if !seen.insert(id) {
            check.add(format!("to[{index}]"), Problem::Duplicate);
        }
    }
    check.0
}

pub(super) fn check_units(unit: Option<&str>) -> Vec<Violation> {
    let mut check = Check(Vec::new());
    if let Some(unit) = unit {
        check.units("customAggregationUnits[0]".into(), unit, 30);
        if !unit.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            check.add("customAggregationUnits[0]", Problem::BadCharacters);
        }
    }
    check.0
}

#[cfg(test)]
mod tests;
