//! Limits of Flex containers: bytes, bubbles, one width, where a video may stand, and the actions inside.

use serde_json::Value;

use super::action::{self, Place};
use super::message::media_url;
use super::{Report, items};

const BUBBLE_BYTES: usize = 30 * 1024;
const CAROUSEL_BYTES: usize = 50 * 1024;

/// Checks a Flex container.
pub fn check(container: &Value, path: &str, report: &mut Report) {
    match container.get("type").and_then(Value::as_str).unwrap_or_default() {
        "bubble" => {
            sized(container, path, BUBBLE_BYTES, report);
            check_bubble(container, path, Standing::Alone, report);
        }
        "carousel" => {
            sized(container, path, CAROUSEL_BYTES, report);
            report.sized(container, path, "contents", 1, 12);
            let bubbles = items(container, path, "contents");
            let width = |b: &Value| b.get("size").and_then(Value::as_str).unwrap_or("mega").to_owned();
            for (path, bubble) in &bubbles {
                sized(bubble, path, BUBBLE_BYTES, report);
                check_bubble(bubble, path, Standing::InCarousel, report);
                if bubbles.first().is_some_and(|(_, first)| width(first) != width(bubble)) {
                    report.say(format!("{path}.size"), "must be the same in all bubbles of a carousel");
                }
            }
        }
        _ => {}
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Alone,
    InCarousel,
}

fn sized(value: &Value, path: &str, max: usize, report: &mut Report) {
    if value.to_string().len() > max {
        report.say(path, format!("The JSON size must be at most {} KB", max / 1024));
    }
}

fn check_bubble(bubble: &Value, path: &str, standing: Standing, report: &mut Report) {
    for block in ["header", "hero", "body", "footer"] {
        let Some(component) = bubble.get(block) else { continue };
        let path = format!("{path}.{block}");
        if component.get("type").and_then(Value::as_str) == Some("video") {
            let size = bubble.get("size").and_then(Value::as_str).unwrap_or("mega");
            if block != "hero" || standing == Standing::InCarousel || !["kilo", "mega", "giga"].contains(&size) {
                report.say(path.clone(), "video can only be used in the hero block of a single bubble");
            }
        }
        check_component(component, &path, report);
    }
    if let Some(tap) = bubble.get("action") {
        action::check(tap, &format!("{path}.action"), Place::Elsewhere, report);
    }
}

fn check_component(component: &Value, path: &str, report: &mut Report) {
    let kind = component.get("type").and_then(Value::as_str).unwrap_or_default();
    if matches!(kind, "image" | "icon" | "video") {
        media_url(component, path, "url", report);
    }
    if kind == "text" && component.get("contents").is_none() {
        report.required(component, path, "text");
    }
    if let Some(tap) = component.get("action") {
        let place = if kind == "button" { Place::FlexButton } else { Place::Elsewhere };
        action::check(tap, &format!("{path}.action"), place, report);
    }
    if kind == "box" {
        for (path, inner) in items(component, path, "contents") {
            if inner.get("type").and_then(Value::as_str) == Some("video") {
                report.say(path.clone(), "video can only be used directly under the hero block");
            }
            check_component(inner, &path, report);
        }
    }
}
