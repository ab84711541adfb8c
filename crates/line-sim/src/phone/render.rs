//! Message objects as HTML. Every text is escaped here; Flex is in `flex`.

use serde_json::Value;

use super::flex;
use crate::state::ChatSide;

/// Escapes text for HTML and for double-quoted attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A text property, escaped; empty when missing.
pub fn text(value: &Value, name: &str) -> String {
    escape(value.get(name).and_then(Value::as_str).unwrap_or_default())
}

/// Something to press: a link or a form.
pub struct Tap {
    /// What stands on it.
    pub label: String,
    /// Its HTML around a content, with `{}` where the content goes.
    html: (String, String),
}

impl Tap {
    /// From an action object; `None` for an action the phone does not play.
    pub fn of(action: &Value, handle: &str, channel: &str) -> Option<Self> {
        let kind = action.get("type").and_then(Value::as_str)?;
        let label = action.get("label").and_then(Value::as_str).unwrap_or_default().to_owned();
        let field = |name: &str, value: &str| format!("<input type=hidden name={name} value=\"{}\">", escape(value));
        let get = |name: &str| action.get(name).and_then(Value::as_str).unwrap_or_default();
        let aria = escape(&label);
        let fields = match kind {
            "uri" => {
                let to = get("uri");
                let href = if to.starts_with("http") { open_href(handle, to) } else { escape(to) };
                let start = format!("<a class=tap aria-label=\"{aria}\" href=\"{href}\" target=_blank rel=noopener>");
                return Some(Self { label, html: (start, "</a>".into()) });
            }
            "message" => field("kind", "text") + &field("text", get("text")),
            "postback" => {
                let display =
                    action.get("displayText").or(action.get("text")).and_then(Value::as_str).unwrap_or_default();
                field("kind", "postback") + &field("data", get("data")) + &field("display", display)
            }
            "datetimepicker" => {
                let mode = get("mode");
                let input = if mode == "datetime" { "datetime-local" } else { mode };
                let picker = format!("<input aria-label=\"{aria}\" type=\"{}\" name=date required>", escape(input));
                field("kind", "datetime") + &field("data", get("data")) + &field("mode", mode) + &picker
            }
            "richmenuswitch" => {
                field("kind", "richmenuswitch") + &field("data", get("data")) + &field("alias", get("richMenuAliasId"))
            }
            _ => return None,
        };
        let start = format!(
            "<form class=tap method=post action=\"/phone/{}/{}/do\">{fields}<button aria-label=\"{aria}\">",
            escape(handle),
            escape(channel)
        );
        Some(Self { label, html: (start, "</button></form>".into()) })
    }

    /// Its HTML around a content (already HTML).
    pub fn around(&self, content: &str) -> String {
        format!("{}{content}{}", self.html.0, self.html.1)
    }

    /// Its HTML with its own label.
    pub fn button(&self) -> String {
        self.around(&escape(&self.label))
    }
}

/// Address that opens a link as this phone's.
pub fn open_href(handle: &str, to: &str) -> String {
    let query =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("u", handle).append_pair("to", to).finish();
    escape(&format!("/_phone/open?{query}"))
}

/// One line for the list of chats.
pub fn summary(side: &ChatSide) -> String {
    match side {
        ChatSide::User(text) | ChatSide::Notice(text) => text.to_string(),
        ChatSide::Picture => "写真を送信しました".into(),
        ChatSide::Account(body) => {
            let last = body.messages().pop().unwrap_or_default();
            let named = |name: &str| last.get(name).and_then(Value::as_str).map(str::to_owned);
            named("text").or_else(|| named("altText")).unwrap_or_else(|| "メッセージが届きました".into())
        }
    }
}

/// A message of the account.
pub fn message(message: &Value, handle: &str, channel: &str) -> String {
    let url = |name: &str| text(message, name);
    match message.get("type").and_then(Value::as_str).unwrap_or_default() {
        "text" | "textV2" => {
            let raw = message.get("text").and_then(Value::as_str).unwrap_or_default();
            format!("<p class=bubble>{}</p>", linked(raw, handle))
        }
        "image" => format!("<img class=media src=\"{}\" alt=\"画像\" loading=lazy>", url("previewImageUrl")),
        "video" => format!(
            "<video class=media controls preload=none poster=\"{}\" src=\"{}\"></video>",
            url("previewImageUrl"),
            url("originalContentUrl")
        ),
        "audio" => format!("<audio controls preload=none src=\"{}\"></audio>", url("originalContentUrl")),
        "location" => format!("<p class=bubble><b>{}</b><br>{}</p>", url("title"), url("address")),
        "sticker" => format!("<p class=bubble>[スタンプ {}-{}]</p>", url("packageId"), url("stickerId")),
        "template" => template(message.get("template").unwrap_or(&Value::Null), handle, channel),
        "flex" => flex::container(message.get("contents").unwrap_or(&Value::Null), handle, channel),
        other => format!("<p class=bubble>[{}] {}</p>", escape(other), url("altText")),
    }
}

fn linked(raw: &str, handle: &str) -> String {
    let mut out = String::new();
    for (i, line) in raw.split('\n').enumerate() {
        if i > 0 {
            out.push_str("<br>");
        }
        let mut rest = line;
        while let Some(at) = rest.find("http://").into_iter().chain(rest.find("https://")).min() {
            let (before, from) = rest.split_at(at);
            let end = from.find(|c: char| c.is_whitespace() || !c.is_ascii()).unwrap_or(from.len());
            let (address, after) = from.split_at(end);
            out.push_str(&escape(before));
            let href = open_href(handle, address);
            out.push_str(&format!("<a href=\"{href}\" target=_blank rel=noopener>{}</a>", escape(address)));
            rest = after;
        }
        out.push_str(&escape(rest));
    }
    out
}

fn template(template: &Value, handle: &str, channel: &str) -> String {
    let list = |name: &str| template.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    match template.get("type").and_then(Value::as_str).unwrap_or_default() {
        "carousel" => {
            let cards: String = list("columns").iter().map(|c| card(c, handle, channel)).collect();
            format!("<div class=carousel>{cards}</div>")
        }
        "image_carousel" => {
            let one = |c: &Value| {
                let image = format!("<img src=\"{}\" alt=\"\" loading=lazy>", text(c, "imageUrl"));
                let tap = c.get("action").and_then(|a| Tap::of(a, handle, channel));
                let inner =
                    tap.map_or(image.clone(), |t| t.around(&format!("{image}<span>{}</span>", escape(&t.label))));
                format!("<div class=card>{inner}</div>")
            };
            format!("<div class=carousel>{}</div>", list("columns").iter().map(one).collect::<String>())
        }
        _ => card(template, handle, channel),
    }
}

fn card(card: &Value, handle: &str, channel: &str) -> String {
    let mut html = String::from("<div class=card>");
    if card.get("thumbnailImageUrl").is_some() {
        html.push_str(&format!("<img src=\"{}\" alt=\"\" loading=lazy>", text(card, "thumbnailImageUrl")));
    }
    if card.get("title").is_some() {
        html.push_str(&format!("<h3>{}</h3>", text(card, "title")));
    }
    html.push_str(&format!("<p>{}</p>", text(card, "text").replace('\n', "<br>")));
    for action in card.get("actions").and_then(Value::as_array).into_iter().flatten() {
        html.push_str(&Tap::of(action, handle, channel).map(|t| t.button()).unwrap_or_default());
    }
    html + "</div>"
}
