//! What is typed on the page of a message, and the message it means. One language is edited at a time; what is written in the
//! others stays. A part that is empty is left out, a part that is filled never: what was typed into a place beside its kind
//! becomes a bubble of its own. To add a kind of bubble: a code in `KINDS`, its arms below.

use std::collections::HashMap;

use tsunagari_acts::write_campaign::Written;
use tsunagari_kernel::{MediaId, Timestamp};
use tsunagari_outreach::Message;
use tsunagari_outreach::message::{Bubble, Button, ButtonTarget, Language, Mail};

/// The kinds of bubbles, as posted.
pub const KINDS: &[&str] = &["text", "image", "video", "buttons"];
/// The most bubbles of one request (LINE).
pub const MOST_BUBBLES: usize = 5;
/// The most buttons of a bubble (LINE).
pub const MOST_BUTTONS: usize = 4;

/// The languages, as posted.
pub const LANGUAGES: &[(&str, Language)] = &[("ja", Language::Ja), ("ja-easy", Language::JaEasy), ("en", Language::En)];

/// The language of a code; Japanese for anything else.
pub fn language_of(code: &str) -> Language {
    LANGUAGES.iter().find(|(known, _)| *known == code).map_or(Language::Ja, |(_, language)| *language)
}

/// The code of a language.
pub const fn code_of(language: Language) -> &'static str {
    match language {
        Language::Ja => "ja",
        Language::JaEasy => "ja-easy",
        Language::En => "en",
    }
}

/// Reads what a date-and-time field posts, as Japanese time.
pub fn instant(text: &str) -> Option<Timestamp> {
    let at = chrono::NaiveDateTime::parse_from_str(text.trim(), "%Y-%m-%dT%H:%M").ok()?;
    Some(Timestamp::at_jst(at.date(), at.time()))
}

/// What a date-and-time field shows of an instant.
pub fn field_of(at: Timestamp) -> String {
    format!("{}T{}", at.jst_date(), at.jst_time().format("%H:%M"))
}

/// The posted fields.
#[derive(Debug, Clone, Default)]
pub struct Typed(pub HashMap<String, String>);

impl Typed {
    /// From the pairs of a form.
    pub fn of(pairs: Vec<(String, String)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// What stands in a field.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    fn lines(&self, name: &str) -> String {
        self.get(name).replace("\r\n", "\n")
    }

    /// What is meant, on top of what was written in the other languages.
    pub fn written(&self, before: Message) -> Written {
        let language = language_of(self.get("language"));
        let mut message = before;
        let bubbles: Vec<Bubble> = (0..MOST_BUBBLES).flat_map(|n| self.bubbles(n)).collect();
        if bubbles.is_empty() {
            message.line.remove(&language);
        } else {
            message.line.insert(language, bubbles);
        }
        let (subject, body) = (self.get("subject").trim().to_owned(), self.lines("body"));
        if subject.is_empty() && body.trim().is_empty() {
            message.email.remove(&language);
        } else {
            message.email.insert(language, Mail { subject, body, attachments: Vec::new() });
        }
        Written {
            title: self.get("title").trim().to_owned(),
            purpose: self.get("purpose").to_owned(),
            segment: self.get("segment").parse().ok(),
            rule: self.lines("rule"),
            message,
            proposed: instant(self.get("at")),
        }
    }

    /// Whether a time is typed that cannot be read.
    pub fn time_unreadable(&self) -> bool {
        let at = self.get("at");
        !at.trim().is_empty() && instant(at).is_none()
    }

    /// What a place means: usually one bubble.
    fn bubbles(&self, n: usize) -> Vec<Bubble> {
        let field = |name: &str| format!("b{n}-{name}");
        let (kind, was) = (self.get(&field("kind")), self.get(&field("was")));
        if kind.is_empty() {
            return Vec::new();
        }
        // Of a place whose kind was changed just now, the fields of the kind before are left-overs.
        let left_over = !was.is_empty() && was != kind;
        let text = self.lines(&field("text"));
        let text = if kind == "text" { text.trim_end_matches('\n').to_owned() } else { text.trim().to_owned() };
        let title = Some(self.get(&field("title")).trim().to_owned()).filter(|it| !it.is_empty());
        let buttons: Vec<Button> = (0..MOST_BUTTONS).filter_map(|m| self.button(n, m)).collect();
        let chosen = |name: &str| self.get(&field(name)).parse().ok();
        let (media, poster) = (chosen("media"), chosen("poster"));
        let shown = |alt: String| match (kind, poster) {
            ("video", _) | (_, Some(_)) => Bubble::Video { media, poster, alt },
            (_, None) => Bubble::Image { media, alt },
        };
        let has_media = media.is_some() || poster.is_some();
        let has_card = title.is_some() || !buttons.is_empty();
        let written = !text.trim().is_empty();
        match kind {
            // Kept also with nothing chosen: the linter says what is missing.
            "image" | "video" if has_card && !left_over => {
                vec![shown(String::new()), Bubble::Buttons { title, text, buttons }]
            }
            "image" | "video" => vec![shown(text)],
            "buttons" | "text" if has_card && !(kind == "text" && left_over) => {
                let picture = (has_media && !left_over).then(|| shown(String::new()));
                picture.into_iter().chain([Bubble::Buttons { title, text, buttons }]).collect()
            }
            "buttons" if written => vec![Bubble::Buttons { title, text, buttons }],
            "text" if has_media && !left_over => {
                let words = written.then_some(Bubble::Text { text });
                words.into_iter().chain([shown(String::new())]).collect()
            }
            "text" if written => vec![Bubble::Text { text }],
            _ => Vec::new(),
        }
    }

    fn button(&self, n: usize, m: usize) -> Option<Button> {
        let label = self.get(&format!("b{n}-label{m}")).trim().to_owned();
        let url = self.get(&format!("b{n}-url{m}")).trim().to_owned();
        if label.is_empty() && url.is_empty() {
            return None;
        }
        let target =
            if url.starts_with('/') { ButtonTarget::PersonalPage { path: url } } else { ButtonTarget::Link { url } };
        Some(Button { label, target })
    }
}

/// A bubble as its fields show it.
#[derive(Debug, Clone, Default)]
pub struct BubbleFields {
    /// Code of the kind, empty for an unused place.
    pub kind: &'static str,
    /// The kind of what was written there before; empty for a place that begins.
    pub was: &'static str,
    /// The text, or what a picture shows.
    pub text: String,
    /// The title of a card.
    pub title: String,
    /// The picture or film.
    pub media: String,
    /// The picture before the film.
    pub poster: String,
    /// Label and address of each button.
    pub buttons: Vec<(String, String)>,
}

/// The places for bubbles of one language: what is written, and one empty one while there is room.
pub fn places(message: &Message, language: Language) -> Vec<BubbleFields> {
    let mut places: Vec<BubbleFields> = message.line.get(&language).into_iter().flatten().map(fields).collect();
    if places.len() < MOST_BUBBLES {
        // A text unless another kind is chosen: what is typed into it at once is not lost.
        places.push(BubbleFields {
            kind: "text",
            buttons: vec![Default::default(); MOST_BUTTONS],
            ..BubbleFields::default()
        });
    }
    places
}

fn fields(bubble: &Bubble) -> BubbleFields {
    let empty = |kind| BubbleFields {
        kind,
        was: kind,
        buttons: vec![Default::default(); MOST_BUTTONS],
        ..BubbleFields::default()
    };
    let chosen = |media: &Option<MediaId>| media.map(|it| it.to_string()).unwrap_or_default();
    match bubble {
        Bubble::Text { text } => BubbleFields { text: text.clone(), ..empty("text") },
        Bubble::Image { media, alt } => BubbleFields { media: chosen(media), text: alt.clone(), ..empty("image") },
        Bubble::Video { media, poster, alt } => {
            BubbleFields { media: chosen(media), poster: chosen(poster), text: alt.clone(), ..empty("video") }
        }
        Bubble::Buttons { title, text, buttons } => {
            let mut shown: Vec<(String, String)> =
                buttons.iter().map(|it| (it.label.clone(), address(&it.target))).collect();
            shown.resize(MOST_BUTTONS, (String::new(), String::new()));
            BubbleFields {
                title: title.clone().unwrap_or_default(),
                text: text.clone(),
                buttons: shown,
                ..empty("buttons")
            }
        }
    }
}

fn address(target: &ButtonTarget) -> String {
    match target {
        ButtonTarget::Link { url } => url.clone(),
        ButtonTarget::PersonalPage { path } => path.clone(),
        ButtonTarget::Postback { data } => data.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PICTURE: &str = "00000000-0000-0000-0000-000000000005";

    fn bubbles(pairs: &[(&str, &str)]) -> Vec<Bubble> {
        let typed = Typed::of(pairs.iter().map(|(k, v)| (format!("b0-{k}"), (*v).to_owned())).collect());
        typed.written(Message::default()).message.line.remove(&Language::Ja).unwrap_or_default()
    }

    #[test]
    fn what_is_typed_into_a_place_that_begins_is_never_lost() {
        let place = |more: &[(&str, &str)]| bubbles(&[&[("kind", "text"), ("was", "")], more].concat());
        assert!(matches!(place(&[("media", PICTURE)]).as_slice(), [Bubble::Image { media: Some(_), .. }]));
        let both = place(&[("media", PICTURE), ("text", "お知らせ")]);
        assert!(matches!(both.as_slice(), [Bubble::Text { .. }, Bubble::Image { .. }]), "{both:?}");
        let card = place(&[("text", "見ますか"), ("label0", "見る"), ("url0", "https://example.jp/a")]);
        assert!(matches!(card.as_slice(), [Bubble::Buttons { buttons, .. }] if buttons.len() == 1), "{card:?}");
        let titled = place(&[("title", "催し")]);
        assert!(matches!(titled.as_slice(), [Bubble::Buttons { title: Some(_), .. }]), "the linter says what lacks");
        let all = place(&[("media", PICTURE), ("text", "見ますか"), ("label0", "見る")]);
        assert!(matches!(all.as_slice(), [Bubble::Image { .. }, Bubble::Buttons { .. }]), "{all:?}");
        assert_eq!(place(&[("text", " \r\n")]), []);
    }

    #[test]
    fn of_a_place_that_became_another_kind_the_fields_before_are_left_over() {
        let place = |kind, was, more: &[(&str, &str)]| bubbles(&[&[("kind", kind), ("was", was)], more].concat());
        let text = place("text", "image", &[("media", PICTURE), ("text", "お知らせ")]);
        assert!(matches!(text.as_slice(), [Bubble::Text { .. }]), "{text:?}");
        let text = place("text", "buttons", &[("title", "催し"), ("label0", "見る"), ("text", "お知らせ")]);
        assert!(matches!(text.as_slice(), [Bubble::Text { .. }]), "{text:?}");
        let card = place("buttons", "text", &[("title", "催し"), ("label0", "見る"), ("text", "お知らせ")]);
        assert!(matches!(card.as_slice(), [Bubble::Buttons { title: Some(_), .. }]), "{card:?}");
        assert_eq!(place("", "text", &[("text", "お知らせ")]), [], "not used any more, as chosen");
    }

    #[test]
    fn what_is_shown_and_posted_again_means_the_same() {
        let pairs = [
            ("title", "帰省"),
            ("purpose", "info"),
            ("language", "ja"),
            ("rule", "everyone"),
            ("b0-kind", "text"),
            ("b0-text", "お知らせ\r\nです"),
            ("b1-kind", "buttons"),
            ("b1-title", "催し"),
            ("b1-text", "見ますか"),
            ("b1-label0", "見る"),
            ("b1-url0", "https://example.jp/a"),
            ("b1-label1", "わたしのページ"),
            ("b1-url1", "/me"),
            ("b2-kind", "image"),
            ("b2-text", "会場の地図"),
            ("b3-kind", "video"),
            ("b3-poster", "00000000-0000-0000-0000-000000000005"),
            ("b4-kind", ""),
            ("subject", "件名"),
            ("body", "本文"),
            ("at", "2026-03-20T10:00"),
        ];
        let typed = Typed::of(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect());
        let written = typed.written(Message::default());
        // Also a picture and a film that are not chosen yet.
        assert_eq!(written.message.line[&Language::Ja].len(), 4);
        assert_eq!(written.proposed.map(field_of).as_deref(), Some("2026-03-20T10:00"));
        let mut again = typed.0.clone();
        for (n, place) in places(&written.message, Language::Ja).iter().enumerate() {
            again.insert(format!("b{n}-kind"), place.kind.to_owned());
            again.insert(format!("b{n}-was"), place.was.to_owned());
            again.insert(format!("b{n}-text"), place.text.clone());
            again.insert(format!("b{n}-title"), place.title.clone());
            again.insert(format!("b{n}-media"), place.media.clone());
            again.insert(format!("b{n}-poster"), place.poster.clone());
            for (m, (label, url)) in place.buttons.iter().enumerate() {
                again.insert(format!("b{n}-label{m}"), label.clone());
                again.insert(format!("b{n}-url{m}"), url.clone());
            }
        }
        assert_eq!(Typed(again).written(Message::default()), written);
    }
}
