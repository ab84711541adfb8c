//! Limits of a rich menu definition and of its image.

use serde_json::Value;

use super::action::{self, Place};
use super::length::graphemes;
use super::{Report, items};

/// Checks a definition. LINE treats these properties as required although the specification does not say so.
pub fn check(menu: &Value, report: &mut Report) {
    for name in ["size", "selected", "name", "chatBarText", "areas"] {
        if menu.get(name).is_none() {
            report.say(name, "must be specified");
        }
    }
    let text = |name: &str| menu.get(name).and_then(Value::as_str).unwrap_or_default();
    if graphemes(text("name")) > 300 {
        report.say("name", "Length must be between 0 and 300");
    }
    if graphemes(text("chatBarText")) > 14 {
        report.say("chatBarText", "Length must be between 0 and 14");
    }
    let side = |name: &str| menu.pointer(&format!("/size/{name}")).and_then(Value::as_u64).unwrap_or(0);
    let (width, height) = (side("width"), side("height"));
    if !(800..=2500).contains(&width) {
        report.say("size.width", "Must be between 800 and 2500");
    }
    if height < 250 {
        report.say("size.height", "must be greater than or equal to 250");
    } else if width * 100 < height * 145 {
        report.say("size", "The aspect ratio (width / height) must be at least 1.45");
    }
    if menu.get("areas").and_then(Value::as_array).is_some_and(|a| a.len() > 20) {
        report.say("areas", "Size must be between 0 and 20");
    }
    for (path, area) in items(&serde_json::json!({"a": menu.get("areas")}), "", "a") {
        let path = path.replacen(".a", "areas", 1);
        check_area(area, &path, (width, height), report);
    }
}

fn check_area(area: &Value, path: &str, (width, height): (u64, u64), report: &mut Report) {
    let bound = |name: &str| area.pointer(&format!("/bounds/{name}")).and_then(Value::as_u64);
    match (bound("x"), bound("y"), bound("width"), bound("height")) {
        (Some(x), Some(y), Some(w), Some(h)) if x + w <= width && y + h <= height => {}
        (Some(_), Some(_), Some(_), Some(_)) => {
            report.say(format!("{path}.bounds"), "The area is outside the rich menu")
        }
        _ => report.say(format!("{path}.bounds"), "must be specified"),
    }
    match area.get("action") {
        Some(tap) => action::check(tap, &format!("{path}.action"), Place::RichMenu, report),
        None => report.say(format!("{path}.action"), "must be specified"),
    }
}

/// Why an uploaded image is refused, if it is.
pub fn refuse_image(definition: &Value, bytes: &[u8]) -> Option<&'static str> {
    if bytes.len() > 1024 * 1024 {
        return Some("The image size is not allowed for richmenu");
    }
    let found = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format().ok()?.into_dimensions();
    let side = |name: &str| definition.pointer(&format!("/size/{name}")).and_then(Value::as_u64);
    match found {
        Ok((w, h)) if Some(u64::from(w)) == side("width") && Some(u64::from(h)) == side("height") => None,
        Ok(_) | Err(_) => Some("The image size is not allowed for richmenu"),
    }
}
