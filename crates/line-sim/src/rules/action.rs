//! Limits of action objects by where they stand (reference, action objects; README of the facts, section 6).

use serde_json::Value;

use super::Report;
use super::length::{graphemes, utf16};

/// Where an action stands; its label's rule depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A template other than the image carousel.
    Template,
    /// An image carousel column.
    ImageCarousel,
    /// A rich menu area.
    RichMenu,
    /// A quick reply button.
    QuickReply,
    /// A Flex button.
    FlexButton,
    /// Any other Flex component or a message's default action.
    Elsewhere,
}

impl Place {
    fn label(self) -> (bool, usize) {
        match self {
            Self::Template | Self::QuickReply => (true, 20),
            Self::ImageCarousel => (false, 12),
            Self::RichMenu => (false, 20),
            Self::FlexButton => (true, 40),
            Self::Elsewhere => (false, 40),
        }
    }
}

/// Checks one action.
pub fn check(action: &Value, path: &str, place: Place, report: &mut Report) {
    let (required, max) = place.label();
    if required {
        report.required(action, path, "label");
    }
    report.at_most(action, path, "label", graphemes, max);
    match action.get("type").and_then(Value::as_str).unwrap_or_default() {
        "postback" => {
            report.required(action, path, "data");
            report.at_most(action, path, "data", utf16, 300);
            report.at_most(action, path, "displayText", graphemes, 300);
            report.at_most(action, path, "fillInText", graphemes, 300);
            if action.get("text").is_some() && action.get("displayText").is_some() {
                report.say(format!("{path}.text"), "Must not be specified");
            }
        }
        "message" => {
            report.required(action, path, "text");
            report.at_most(action, path, "text", graphemes, 300);
        }
        "uri" => {
            report.required(action, path, "uri");
            check_uri(action, path, report);
        }
        "datetimepicker" => {
            report.required(action, path, "data");
            report.at_most(action, path, "data", utf16, 300);
        }
        "richmenuswitch" => {
            if place != Place::RichMenu {
                report.say(format!("{path}.type"), "richmenuswitch can only be used in a rich menu");
            }
            report.at_most(action, path, "data", utf16, 300);
        }
        "clipboard" => report.at_most(action, path, "clipboardText", utf16, 1000),
        "camera" | "cameraRoll" | "location" if !matches!(place, Place::QuickReply) => {
            report.say(
                format!("{path}.type"),
                "Must be one of the following values: [postback, message, uri, datetimepicker, clipboard]",
            );
        }
        _ => {}
    }
}

fn check_uri(action: &Value, path: &str, report: &mut Report) {
    let Some(uri) = action.get("uri").and_then(Value::as_str).filter(|u| !u.is_empty()) else { return };
    report.at_most(action, path, "uri", utf16, 1000);
    let scheme = uri.split(':').next().unwrap_or_default();
    let known = ["http", "https", "line", "tel"].contains(&scheme);
    if !known || !uri.is_ascii() {
        report.say(format!("{path}.uri"), "invalid uri");
    }
}
