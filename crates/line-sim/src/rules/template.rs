//! Limits of template messages.

use serde_json::Value;

use super::action::{self, Place};
use super::length::graphemes;
use super::message::media_url;
use super::{Report, items};

/// Checks a template object.
pub fn check(template: &Value, path: &str, report: &mut Report) {
    match template.get("type").and_then(Value::as_str).unwrap_or_default() {
        "buttons" => {
            report.sized(template, path, "actions", 1, 4);
            check_card(template, path, 160, report);
        }
        "confirm" => {
            report.required(template, path, "text");
            report.at_most(template, path, "text", graphemes, 240);
            report.sized(template, path, "actions", 2, 2);
            check_actions(template, path, report);
        }
        "carousel" => check_carousel(template, path, report),
        "image_carousel" => {
            report.sized(template, path, "columns", 1, 10);
            for (path, column) in items(template, path, "columns") {
                media_url(column, &path, "imageUrl", report);
                let action = column.get("action").unwrap_or(&Value::Null);
                action::check(action, &format!("{path}.action"), Place::ImageCarousel, report);
            }
        }
        _ => {}
    }
}

fn check_card(card: &Value, path: &str, plain_text: usize, report: &mut Report) {
    let adorned = card.get("thumbnailImageUrl").is_some() || card.get("title").is_some();
    report.at_most(card, path, "title", graphemes, 40);
    report.required(card, path, "text");
    report.at_most(card, path, "text", graphemes, if adorned { 60 } else { plain_text });
    media_url(card, path, "thumbnailImageUrl", report);
    check_actions(card, path, report);
}

fn check_actions(owner: &Value, path: &str, report: &mut Report) {
    for (path, item) in items(owner, path, "actions") {
        action::check(item, &path, Place::Template, report);
    }
}

fn check_carousel(template: &Value, path: &str, report: &mut Report) {
    report.sized(template, path, "columns", 1, 10);
    let columns = items(template, path, "columns");
    for (path, column) in &columns {
        report.sized(column, path, "actions", 1, 3);
        check_card(column, path, 120, report);
    }
    let actions = |c: &Value| c.get("actions").and_then(Value::as_array).map_or(0, Vec::len);
    let has = |c: &Value, name: &str| c.get(name).is_some();
    if let Some((_, first)) = columns.first() {
        for (path, column) in &columns {
            if actions(column) != actions(first) {
                report.say(format!("{path}.actions"), "The number of actions must be the same in all columns");
            }
            for name in ["title", "thumbnailImageUrl"] {
                if has(column, name) != has(first, name) {
                    report.say(format!("{path}.{name}"), "must be specified in all columns or in none");
                }
            }
        }
    }
}
