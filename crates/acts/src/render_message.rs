//! What is written becomes what leaves: bubbles become LINE's message objects, merge fields are filled in, buttons carry the
//! campaign's counted links. The same functions serve the preview, the test send and the sending, so that what was seen is
//! what is sent. A mail ends with who sends it, whom to ask and how to stop it, in the reader's language, as the law on
//! such mail asks (特定電子メール法 4); on LINE the reader blocks the account or goes to their page. Leaves limits to
//! channels and personal data on LINE to the linter.

use std::collections::HashMap;

use tsunagari_channels::line::message::{Action, Buttons, Message as LineMessage};
use tsunagari_i18n::{Locale, Texts};
use tsunagari_kernel::{CampaignId, MediaId, OrgId};
use tsunagari_outreach::Message;
use tsunagari_outreach::message::{Bubble, Button, ButtonTarget, Language, MergeField, Piece, pieces};

use crate::signed_token;

/// What filling in needs besides the person.
#[derive(Debug, Clone, Default)]
pub struct Rendering {
    /// `https://tsunagari.example.jp`, without a slash at the end.
    pub origin: String,
    /// Where residents see their own page.
    pub my_page: String,
    /// The organisation's name.
    pub organisation: String,
    /// Who to ask about a message.
    pub contact: String,
    /// The public address of each medium and of its preview.
    pub media: HashMap<MediaId, (String, String)>,
    /// The counted address of each link of a button; a link not named here stands as written.
    pub links: HashMap<String, String>,
}

/// The reader, as far as a mail may name them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReaderFields {
    /// Family and given name.
    pub name: String,
    /// The high school's name, or nothing.
    pub school: String,
    /// The reader's own page.
    pub my_page: String,
}

/// The reader's language as stored with the person.
pub fn language_of(locale: &str) -> Language {
    match locale {
        "en" => Language::En,
        "ja-easy" => Language::JaEasy,
        _ => Language::Ja,
    }
}

/// Which texts a reader of a language gets.
pub(crate) const fn locale_of(language: Language) -> Locale {
    match language {
        Language::Ja => Locale::Ja,
        Language::JaEasy => Locale::JaEasy,
        Language::En => Locale::En,
    }
}

/// What stands under every mail: who sends it, whom to ask, and what the link at its end does. `stop` is the reader's own
/// address for it; nothing where there is no reader, as in a preview.
pub fn mail_foot(rendering: &Rendering, language: Language, stop: Option<&str>) -> String {
    let t = Texts::of(locale_of(language));
    let stop = stop.map_or_else(|| t.get("mail-foot-no-link"), str::to_owned);
    let args = [
        ("town", rendering.organisation.as_str().into()),
        ("contact", rendering.contact.as_str().into()),
        ("link", stop.into()),
    ];
    t.with("mail-foot", &args)
}

/// The text of a mail as it leaves.
pub fn mail_text(
    body: &str,
    rendering: &Rendering,
    reader: &ReaderFields,
    language: Language,
    stop: Option<&str>,
) -> String {
    format!("{}\n\n-- \n{}\n", fill_in(body, rendering, reader), mail_foot(rendering, language, stop))
}

/// The links of all buttons, each once, in the order they are first written: link 1, 2, …
pub fn links_of(message: &Message) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for bubble in message.line.values().flatten() {
        let Bubble::Buttons { buttons, .. } = bubble else { continue };
        for button in buttons {
            if let ButtonTarget::Link { url } = &button.target
                && (url.starts_with("https://") || url.starts_with("http://"))
                && !found.contains(url)
            {
                found.push(url.clone());
            }
        }
    }
    found
}

/// The public address under which clicks on a link are counted: `/c/{campaign}/{n}`. The first part names organisation and
/// campaign; it is no secret.
pub fn click_address(origin: &str, org: OrgId, campaign: CampaignId, link: usize) -> String {
    format!("{origin}/c/{}/{link}", signed_token::pair(org, campaign.0))
}

/// Fills in merge fields; what is none is left out (the linter refuses it before). What is filled in is not read again: a
/// name may hold anything.
pub fn fill_in(text: &str, rendering: &Rendering, reader: &ReaderFields) -> String {
    let of = |piece| match piece {
        Piece::Text(text) => text,
        Piece::Field(MergeField::Organisation) => rendering.organisation.as_str(),
        Piece::Field(MergeField::Name) => reader.name.as_str(),
        Piece::Field(MergeField::School) => reader.school.as_str(),
        Piece::Field(MergeField::MyPage) => reader.my_page.as_str(),
        Piece::Unknown(_) => "",
    };
    pieces(text).into_iter().map(of).collect()
}

/// The bubbles as LINE's messages.
pub fn line_messages(bubbles: &[Bubble], rendering: &Rendering, reader: &ReaderFields) -> Vec<LineMessage> {
    bubbles.iter().map(|bubble| line_message(bubble, rendering, reader)).collect()
}

fn line_message(bubble: &Bubble, rendering: &Rendering, reader: &ReaderFields) -> LineMessage {
    let address =
        |media: &Option<MediaId>| media.and_then(|media| rendering.media.get(&media)).cloned().unwrap_or_default();
    match bubble {
        Bubble::Text { text } => LineMessage::text(fill_in(text, rendering, reader)),
        Bubble::Image { media, .. } => {
            let (original, preview) = address(media);
            LineMessage::image(original, preview)
        }
        Bubble::Video { media, poster, .. } => LineMessage::video(address(media).0, address(poster).1),
        Bubble::Buttons { title, text, buttons } => {
            let text = fill_in(text, rendering, reader);
            let title = title.as_ref().map(|title| fill_in(title, rendering, reader));
            let actions = buttons.iter().map(|button| action(button, rendering, reader)).collect();
            let card = Buttons { thumbnail_image_url: None, title: title.clone(), text: text.clone(), actions };
            LineMessage::buttons(title.unwrap_or(text), card)
        }
    }
}

fn action(button: &Button, rendering: &Rendering, reader: &ReaderFields) -> Action {
    let label = fill_in(&button.label, rendering, reader);
    match &button.target {
        ButtonTarget::Link { url } => {
            let uri = rendering.links.get(url).cloned().unwrap_or_else(|| url.clone());
            Action::Uri { label, uri }
        }
        ButtonTarget::PersonalPage { path } => {
            let home = if reader.my_page.is_empty() { &rendering.my_page } else { &reader.my_page };
            Action::Uri { label, uri: format!("{home}{}", path.strip_prefix("/me").unwrap_or(path)) }
        }
        ButtonTarget::Postback { data } => Action::Postback { label, data: data.clone(), display_text: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader() -> (Rendering, ReaderFields) {
        let rendering = Rendering { organisation: "架空市".into(), ..Rendering::default() };
        let reader = ReaderFields {
            name: "{{school}}".into(),
            school: "架空高校".into(),
            my_page: "https://town.example/me".into(),
        };
        (rendering, reader)
    }

    #[test]
    fn fields_are_filled_in_once_and_wherever_they_may_stand() {
        let (rendering, reader) = reader();
        let filled = fill_in("{{ name }}さん（{{school}}）{{organisation}}より {{my_page}}", &rendering, &reader);
        assert_eq!(filled, "{{school}}さん（架空高校）架空市より https://town.example/me");
        let link = ButtonTarget::Link { url: "https://example.jp/a".into() };
        let card = Bubble::Buttons {
            title: Some("{{ organisation }}の催し".into()),
            text: "{{organisation}}に帰りますか".into(),
            buttons: vec![Button { label: "{{organisation}}へ".into(), target: link }],
        };
        let told = serde_json::to_string(&line_messages(&[card], &rendering, &reader)).unwrap();
        for shown in ["架空市の催し", "架空市に帰りますか", "架空市へ"] {
            assert!(told.contains(shown), "{shown}: {told}");
        }
        assert!(!told.contains("{{") && told.matches("架空市の催し").count() == 2, "as the phone's notice too: {told}");
    }

    #[test]
    fn a_mail_says_who_sends_it_and_what_its_last_link_does() {
        let rendering = Rendering {
            organisation: "架空市".into(),
            contact: "架空市 ひとづくり推進課".into(),
            ..Rendering::default()
        };
        let link = "https://town.example/u/token";
        for (language, stops) in [
            (Language::Ja, "このお知らせをやめる"),
            (Language::JaEasy, "この お知らせを やめる"),
            (Language::En, "Stop this news"),
        ] {
            let text = mail_text("本文", &rendering, &ReaderFields::default(), language, Some(link));
            let (body, foot) = text.split_once("\n\n-- \n").unwrap();
            assert_eq!(body, "本文");
            for part in ["架空市", "ひとづくり推進課", stops] {
                assert!(foot.contains(part), "{language:?} lacks {part}: {foot}");
            }
            // The link stands alone, so that no mail program breaks it.
            assert_eq!(foot.lines().last(), Some(link));
            let tried = mail_text("本文", &rendering, &ReaderFields::default(), language, None);
            assert!(tried.contains(stops) && !tried.contains("/u/") && !tried.contains('⟦'), "{tried}");
        }
    }
}
