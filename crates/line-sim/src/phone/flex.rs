//! Flex messages as HTML: boxes, texts, images, buttons, separators. Sizes are LINE's keywords or pixels; anything unreadable is left out.

use serde_json::Value;

use super::render::{Tap, escape, text};

/// A Flex container.
pub fn container(container: &Value, handle: &str, channel: &str) -> String {
    let draw = Draw { handle, channel };
    match container.get("type").and_then(Value::as_str) {
        Some("carousel") => {
            let bubbles = container.get("contents").and_then(Value::as_array);
            let inner: String = bubbles.into_iter().flatten().map(|b| draw.bubble(b)).collect();
            format!("<div class=carousel>{inner}</div>")
        }
        _ => draw.bubble(container),
    }
}

struct Draw<'a> {
    handle: &'a str,
    channel: &'a str,
}

fn size(word: &str) -> Option<String> {
    let px = match word {
        "none" => 0,
        "xxs" => 2,
        "xs" => 4,
        "sm" => 6,
        "md" => 10,
        "lg" => 14,
        "xl" => 18,
        "xxl" => 22,
        _ => return plain_length(word),
    };
    Some(format!("{px}px"))
}

fn plain_length(word: &str) -> Option<String> {
    let number = word.strip_suffix("px").or_else(|| word.strip_suffix('%'))?;
    number.parse::<f64>().is_ok().then(|| word.to_owned())
}

fn text_size(word: &str) -> &'static str {
    match word {
        "xxs" => "11px",
        "xs" => "13px",
        "sm" => "14px",
        "lg" => "19px",
        "xl" => "22px",
        "xxl" => "29px",
        "3xl" => "35px",
        _ => "16px",
    }
}

fn colour(value: &Value, name: &str) -> Option<String> {
    let text = value.get(name)?.as_str()?;
    let digits = text.strip_prefix('#')?;
    (matches!(digits.len(), 6 | 8) && digits.bytes().all(|b| b.is_ascii_hexdigit())).then(|| text.to_owned())
}

fn word<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn spacing(component: &Value) -> String {
    let mut style = String::new();
    for (name, property) in [
        ("margin", "margin-block-start"),
        ("paddingAll", "padding"),
        ("paddingTop", "padding-top"),
        ("paddingBottom", "padding-bottom"),
        ("paddingStart", "padding-left"),
        ("paddingEnd", "padding-right"),
        ("cornerRadius", "border-radius"),
        ("width", "width"),
        ("height", "height"),
        ("spacing", "gap"),
    ] {
        if let Some(length) = size(word(component, name)) {
            style.push_str(&format!("{property}:{length};"));
        }
    }
    if let Some(flex) = component.get("flex").and_then(Value::as_i64) {
        style.push_str(&format!("flex:{flex} 1 0;"));
    }
    for (name, property) in [("backgroundColor", "background"), ("color", "color")] {
        if let Some(colour) = colour(component, name) {
            style.push_str(&format!("{property}:{colour};"));
        }
    }
    style
}

impl Draw<'_> {
    fn bubble(&self, bubble: &Value) -> String {
        let width = match word(bubble, "size") {
            "nano" => 120,
            "micro" => 160,
            "deca" => 220,
            "hecto" => 241,
            "kilo" => 260,
            _ => 300,
        };
        let mut html = format!("<div class=flexbubble style=\"max-width:{width}px\">");
        for block in ["header", "hero", "body", "footer"] {
            if let Some(component) = bubble.get(block) {
                html.push_str(&format!("<div class=\"fx-{block}\">{}</div>", self.component(component)));
            }
        }
        html + "</div>"
    }

    fn component(&self, component: &Value) -> String {
        let html = match word(component, "type") {
            "box" => self.stack(component),
            "text" => self.words(component),
            "image" => {
                let ratio = word(component, "aspectRatio");
                let ratio = ratio.split_once(':').filter(|(a, b)| a.parse::<f64>().is_ok() && b.parse::<f64>().is_ok());
                let ratio = ratio.map_or("1/1".to_owned(), |(a, b)| format!("{a}/{b}"));
                let fit = if word(component, "aspectMode") == "cover" { "cover" } else { "contain" };
                format!(
                    "<img class=fx-img style=\"aspect-ratio:{ratio};object-fit:{fit};{}\" src=\"{}\" alt=\"\" loading=lazy>",
                    spacing(component),
                    text(component, "url")
                )
            }
            "icon" => format!("<img class=fx-icon src=\"{}\" alt=\"\">", text(component, "url")),
            "video" => format!(
                "<video class=fx-img controls preload=none poster=\"{}\" src=\"{}\"></video>",
                text(component, "previewUrl"),
                text(component, "url")
            ),
            "button" => {
                let style = match word(component, "style") {
                    "primary" => "fx-primary",
                    "secondary" => "fx-secondary",
                    _ => "fx-link",
                };
                let tap = component.get("action").and_then(|a| Tap::of(a, self.handle, self.channel));
                let colour = colour(component, "color").filter(|_| style != "fx-link");
                let paint = colour.map(|c| format!(" style=\"--paint:{c}\"")).unwrap_or_default();
                return format!(
                    "<div class=\"fx-button {style}\"{paint}>{}</div>",
                    tap.map(|t| t.button()).unwrap_or_default()
                );
            }
            "separator" => "<hr class=fx-line>".to_owned(),
            "filler" => "<span class=fx-filler></span>".to_owned(),
            _ => String::new(),
        };
        match component.get("action").and_then(|a| Tap::of(a, self.handle, self.channel)) {
            Some(tap) => tap.around(&html),
            None => html,
        }
    }

    fn stack(&self, component: &Value) -> String {
        let layout = match word(component, "layout") {
            "horizontal" => "fx-row",
            "baseline" => "fx-baseline",
            _ => "fx-column",
        };
        let children = component.get("contents").and_then(Value::as_array);
        let inner: String = children.into_iter().flatten().map(|c| self.component(c)).collect();
        format!("<div class=\"fx-box {layout}\" style=\"{}\">{inner}</div>", spacing(component))
    }

    fn words(&self, component: &Value) -> String {
        let mut style = spacing(component);
        style.push_str(&format!("font-size:{};", text_size(word(component, "size"))));
        if word(component, "weight") == "bold" {
            style.push_str("font-weight:700;");
        }
        if ["center", "end"].contains(&word(component, "align")) {
            style.push_str(&format!("text-align:{};", word(component, "align")));
        }
        if component.get("wrap").and_then(Value::as_bool) != Some(true) {
            style.push_str("white-space:nowrap;overflow:hidden;text-overflow:ellipsis;");
        }
        let spans = component.get("contents").and_then(Value::as_array);
        let inner = match spans {
            Some(spans) => spans.iter().map(|s| text(s, "text")).collect(),
            None => escape(word(component, "text")).replace('\n', "<br>"),
        };
        format!("<p class=fx-text style=\"{style}\">{inner}</p>")
    }
}
