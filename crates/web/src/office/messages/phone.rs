//! What a phone shows of a message: bubbles drawn with own styles, in the light and the dark of the reader's phone, and a mail
//! as a reader sees it. Fields are filled with an invented reader.

use std::collections::HashMap;

use askama::Template;
use tsunagari_acts::render_message::{ReaderFields, Rendering, fill_in, mail_foot};
use tsunagari_i18n::Texts;
use tsunagari_kernel::MediaId;
use tsunagari_outreach::Message;
use tsunagari_outreach::message::{Bubble, Language};

/// One bubble as drawn.
pub struct Drawn {
    /// `text`, `image`, `video`, `buttons`.
    pub kind: &'static str,
    /// Title of a card.
    pub title: String,
    /// Lines of text, or what a picture shows.
    pub lines: Vec<String>,
    /// The picture's address.
    pub picture: String,
    /// Labels of the buttons.
    pub buttons: Vec<String>,
}

/// A phone with a talk on it, and a mail beside it.
#[derive(Template)]
#[template(path = "office/messages/phone.html")]
pub struct Phone {
    t: Texts,
    /// Whose name stands above the talk.
    account: String,
    organisation: String,
    bubbles: Vec<Drawn>,
    mail: Option<(String, Vec<String>)>,
    language: Language,
}

impl askama::filters::HtmlSafe for Phone {}

impl Phone {
    /// What a reader of this language sees of a message of an organisation; `media` are the addresses of pictures and their previews.
    pub fn of(
        t: Texts,
        organisation: &str,
        message: &Message,
        language: Language,
        media: &HashMap<MediaId, String>,
    ) -> Self {
        let rendering = Rendering { organisation: organisation.to_owned(), ..Rendering::default() };
        let reader = ReaderFields {
            name: t.get("messages-sample-name"),
            school: t.get("messages-sample-school"),
            my_page: t.get("messages-sample-page"),
        };
        let lines = |text: &str| fill_in(text, &rendering, &reader).lines().map(str::to_owned).collect::<Vec<_>>();
        let picture = |id: &Option<MediaId>| id.and_then(|id| media.get(&id)).cloned().unwrap_or_default();
        let draw = |bubble: &Bubble| match bubble {
            Bubble::Text { text } => drawn("text", lines(text)),
            Bubble::Image { media, alt } => Drawn { picture: picture(media), ..drawn("image", vec![alt.clone()]) },
            Bubble::Video { poster, alt, .. } => {
                Drawn { picture: picture(poster), ..drawn("video", vec![alt.clone()]) }
            }
            Bubble::Buttons { title, text, buttons } => Drawn {
                title: fill_in(title.as_deref().unwrap_or_default(), &rendering, &reader),
                buttons: buttons.iter().map(|button| fill_in(&button.label, &rendering, &reader)).collect(),
                ..drawn("buttons", lines(text))
            },
        };
        Self {
            t,
            account: organisation.to_owned(),
            organisation: organisation.to_owned(),
            language,
            bubbles: message.bubbles_for(language).unwrap_or_default().iter().map(draw).collect(),
            mail: message
                .mail_for(language)
                .map(|mail| (fill_in(&mail.subject, &rendering, &reader), lines(&mail.body))),
        }
    }

    /// With the name of the LINE account it leaves by, where one is connected: readers see that, not the organisation's.
    pub fn headed(mut self, account: Option<&str>) -> Self {
        if let Some(account) = account.filter(|it| !it.is_empty()) {
            account.clone_into(&mut self.account);
        }
        self
    }

    /// With what stands under every mail: the contact is whom a reader may ask.
    pub fn signed(mut self, contact: &str) -> Self {
        let (organisation, contact) = (self.organisation.clone(), contact.to_owned());
        let rendering = Rendering { organisation, contact, ..Rendering::default() };
        if let Some((_, lines)) = &mut self.mail {
            lines.extend([String::new(), "--".to_owned()]);
            lines.extend(mail_foot(&rendering, self.language, None).lines().map(str::to_owned));
        }
        self
    }
}

const fn drawn(kind: &'static str, lines: Vec<String>) -> Drawn {
    Drawn { kind, title: String::new(), lines, picture: String::new(), buttons: Vec::new() }
}
