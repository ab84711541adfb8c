//! Limits of message objects that the specification leaves out.

use serde_json::Value;
use url::Url;

use super::action::{self, Place};
use super::length::{graphemes, utf16};
use super::{Report, flex, items, template};

/// Checks the `messages` of a request that passed the specification.
pub fn check_all(body: &Value, report: &mut Report) {
    let list = body.get("messages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for (i, message) in list.iter().enumerate() {
        check(message, &format!("messages[{i}]"), report);
    }
}

fn check(message: &Value, path: &str, report: &mut Report) {
    match message.get("type").and_then(Value::as_str).unwrap_or_default() {
        "text" => check_text(message, path, report),
        "textV2" => {
            report.required(message, path, "text");
            report.at_most(message, path, "text", utf16, 5000);
        }
        "image" => {
            media_url(message, path, "originalContentUrl", report);
            media_url(message, path, "previewImageUrl", report);
        }
        "video" => {
            media_url(message, path, "originalContentUrl", report);
            media_url(message, path, "previewImageUrl", report);
            report.at_most(message, path, "trackingId", utf16, 100);
        }
        "audio" => media_url(message, path, "originalContentUrl", report),
        "location" => {
            for name in ["title", "address"] {
                report.required(message, path, name);
                report.at_most(message, path, name, utf16, 100);
            }
        }
        "imagemap" => check_imagemap(message, path, report),
        "template" => {
            alt_text(message, path, report);
            template::check(message.get("template").unwrap_or(&Value::Null), &format!("{path}.template"), report);
        }
        "flex" => {
            alt_text(message, path, report);
            flex::check(message.get("contents").unwrap_or(&Value::Null), &format!("{path}.contents"), report);
        }
        _ => {}
    }
    check_sender(message, path, report);
    if let Some(quick) = message.get("quickReply") {
        let path = format!("{path}.quickReply");
        report.sized(quick, &path, "items", 1, 13);
        for (path, item) in items(quick, &path, "items") {
            action::check(
                item.get("action").unwrap_or(&Value::Null),
                &format!("{path}.action"),
                Place::QuickReply,
                report,
            );
        }
    }
}

fn check_text(message: &Value, path: &str, report: &mut Report) {
    report.required(message, path, "text");
    report.at_most(message, path, "text", utf16, 5000);
    report.sized(message, path, "emojis", 0, 20);
    let units: Vec<u16> = message.get("text").and_then(Value::as_str).unwrap_or_default().encode_utf16().collect();
    for (path, emoji) in items(message, path, "emojis") {
        let index = emoji.get("index").and_then(Value::as_u64).and_then(|i| usize::try_from(i).ok());
        if index.and_then(|i| units.get(i)) != Some(&u16::from(b'$')) {
            report.say(format!("{path}.index"), "emoji index is not valid");
        }
    }
}

fn alt_text(message: &Value, path: &str, report: &mut Report) {
    report.required(message, path, "altText");
    report.at_most(message, path, "altText", utf16, 1500);
}

fn check_sender(message: &Value, path: &str, report: &mut Report) {
    let Some(sender) = message.get("sender") else { return };
    let path = format!("{path}.sender");
    report.at_most(sender, &path, "name", graphemes, 20);
    if sender.get("name").and_then(Value::as_str).is_some_and(|n| n.eq_ignore_ascii_case("line")) {
        report.say(format!("{path}.name"), "The name contains a word that cannot be used");
    }
    if sender.get("iconUrl").is_some() {
        media_url(sender, &path, "iconUrl", report);
    }
}

fn check_imagemap(message: &Value, path: &str, report: &mut Report) {
    alt_text(message, path, report);
    media_url(message, path, "baseUrl", report);
    if message.pointer("/baseSize/width").and_then(Value::as_u64).is_some_and(|w| w != 1040) {
        report.say(format!("{path}.baseSize.width"), "must be 1040");
    }
    report.sized(message, path, "actions", 0, 50);
    for (path, action) in items(message, path, "actions") {
        report.at_most(action, &path, "linkUri", utf16, 1000);
        report.at_most(action, &path, "text", utf16, 400);
        report.at_most(action, &path, "label", graphemes, 100);
    }
}

/// An address LINE's servers or phones fetch: https, at most 2,000 characters. Plain http is accepted for loopback hosts only: the one
/// relaxation of the simulator.
pub fn media_url(owner: &Value, path: &str, name: &str, report: &mut Report) {
    let Some(text) = owner.get(name).and_then(Value::as_str) else { return };
    if utf16(text) > 2000 {
        report.say(format!("{path}.{name}"), "Length must be between 0 and 2000");
    } else if !is_https_or_loopback(text) {
        report.say(format!("{path}.{name}"), "invalid uri scheme");
    }
}

/// True for an https address, and for http on a loopback host.
pub fn is_https_or_loopback(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    match url.scheme() {
        "https" => url.host().is_some(),
        "http" => is_loopback(&url),
        _ => false,
    }
}

/// True when a URL's host is this machine: `localhost`, a name under it, or a loopback address.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
