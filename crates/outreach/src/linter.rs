//! What a message may not be: over a channel's limits (line README 6), or with personal data inside LINE (trust.md 4).
//! To add a check: a violation, its test, a `violation-…` text in each locale.

use tsunagari_kernel::MediaId;
use unicode_segmentation::UnicodeSegmentation;

use crate::audience::{Channel, codes};
use crate::message::{Bubble, Button, ButtonTarget, Language, Mail, MergeField, Message, Piece, pieces};

codes! {
    /// What is wrong.
    ViolationCode {
        /// Written for no channel.
        NothingWritten = "nothing_written",
        /// A text is empty.
        Empty = "empty",
        /// A picture or video without what it shows in words.
        DescriptionMissing = "description_missing",
        /// A button with nothing on it.
        LabelMissing = "label_missing",
        /// A mail without a subject.
        SubjectMissing = "subject_missing",
        /// A mail with nothing but a subject.
        BodyMissing = "body_missing",
        /// More units than allowed.
        TooLong = "too_long",
        /// More than 5 bubbles.
        TooManyBubbles = "too_many_bubbles",
        /// No picture chosen for a picture.
        PictureMissing = "picture_missing",
        /// No video chosen for a video.
        VideoMissing = "video_missing",
        /// No picture chosen that is shown before a video plays.
        PosterMissing = "poster_missing",
        /// Not 1 to 4 buttons.
        ButtonCount = "button_count",
        /// Not an address that opens.
        BadLink = "bad_link",
        /// A personal merge field on LINE.
        PersonalField = "personal_field",
        /// Braces around what is no merge field.
        UnknownField = "unknown_field",
        /// Looks like a telephone number of a person.
        LooksLikePhone = "looks_like_phone",
        /// Looks like a mail address.
        LooksLikeEmail = "looks_like_email",
        /// A line break in a subject.
        LineBreakInSubject = "line_break_in_subject",
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What.
    pub code: ViolationCode,
    /// Where: the channel.
    pub channel: Option<Channel>,
    /// Where: the language.
    pub language: Option<Language>,
    /// Where: the bubble, from 0.
    pub bubble: Option<usize>,
    /// What was counted and what is allowed.
    pub size: Option<(usize, usize)>,
    /// The merge field it is about, as written between the braces.
    pub field: Option<String>,
}

impl Violation {
    /// The merge fields that may stand there.
    pub fn fields(&self) -> Vec<MergeField> {
        let personal = match self.channel {
            Some(Channel::Line) => false,
            Some(Channel::Email) | None => true,
        };
        MergeField::ALL.iter().copied().filter(|field| personal || !field.is_personal()).collect()
    }
}

struct Place<'a> {
    found: &'a mut Vec<Violation>,
    channel: Channel,
    language: Language,
    bubble: Option<usize>,
}

impl Place<'_> {
    fn report(&mut self, code: ViolationCode, size: Option<(usize, usize)>) {
        let (channel, language, bubble) = (Some(self.channel), Some(self.language), self.bubble);
        self.found.push(Violation { code, channel, language, bubble, size, field: None });
    }

    fn report_field(&mut self, code: ViolationCode, field: &str) {
        self.report(code, None);
        if let Some(reported) = self.found.last_mut() {
            reported.field = Some(field.chars().take(60).collect());
        }
    }

    /// `lacking` is what to say when there is nothing.
    fn size(&mut self, counted: usize, most: usize, lacking: ViolationCode) {
        if counted == 0 {
            self.report(lacking, None);
        } else if counted > most {
            self.report(ViolationCode::TooLong, Some((counted, most)));
        }
    }

    fn text(&mut self, text: &str, most_utf16: usize, lacking: ViolationCode) {
        self.size(if text.trim().is_empty() { 0 } else { text.encode_utf16().count() }, most_utf16, lacking);
        self.words(text);
    }

    /// What may stand in a text whatever its size.
    fn words(&mut self, text: &str) {
        for piece in pieces(text) {
            match (piece, self.channel) {
                (Piece::Unknown(written), Channel::Line | Channel::Email) => {
                    self.report_field(ViolationCode::UnknownField, written);
                }
                (Piece::Field(field), Channel::Line) if field.is_personal() => {
                    self.report_field(ViolationCode::PersonalField, field.code());
                }
                (Piece::Field(_) | Piece::Text(_), Channel::Line | Channel::Email) => {}
            }
        }
        match self.channel {
            Channel::Line => self.personal_data(text),
            Channel::Email => {}
        }
    }

    fn chosen(&mut self, media: Option<MediaId>, missing: ViolationCode) {
        if media.is_none() {
            self.report(missing, None);
        }
    }

    fn personal_data(&mut self, text: &str) {
        if looks_like_phone(text) {
            self.report(ViolationCode::LooksLikePhone, None);
        }
        if looks_like_email(text) {
            self.report(ViolationCode::LooksLikeEmail, None);
        }
    }

    fn button(&mut self, button: &Button) {
        self.size(button.label.trim().graphemes(true).count(), 20, ViolationCode::LabelMissing);
        self.words(&button.label);
        match &button.target {
            ButtonTarget::Link { url } => {
                if !is_link(url) {
                    self.report(ViolationCode::BadLink, None);
                }
            }
            ButtonTarget::PersonalPage { path } => {
                if !path.starts_with('/') || path.starts_with("//") || path.contains("{{") {
                    self.report(ViolationCode::BadLink, None);
                }
            }
            ButtonTarget::Postback { data } => {
                self.size(data.encode_utf16().count(), 300, ViolationCode::BadLink);
            }
        }
    }
}

fn is_link(url: &str) -> bool {
    let known = ["https://", "http://", "line://", "tel:"].iter().any(|s| url.len() > s.len() && url.starts_with(s));
    known && url.len() <= 1000 && url.is_ascii() && !url.contains(char::is_whitespace) && !url.contains("{{")
}

/// Mobile numbers (070, 080, 090 and eleven digits), full-width and hyphenated too. An office's landline passes.
fn looks_like_phone(text: &str) -> bool {
    let mut run = String::new();
    let flat = text.chars().chain([' ']).map(|c| match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '－' | 'ー' | '‐' | '−' => '-',
        other => other,
    });
    for c in flat {
        if c.is_ascii_digit() {
            run.push(c);
        } else if c != '-' {
            if run.len() == 11 && ["070", "080", "090"].iter().any(|p| run.starts_with(p)) {
                return true;
            }
            run.clear();
        }
    }
    false
}

fn looks_like_email(text: &str) -> bool {
    text.split(|c: char| !(c.is_ascii_graphic() || c == '＠')).any(|word| {
        word.replace('＠', "@").split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && domain.split('.').filter(|part| !part.is_empty()).count() >= 2
        })
    })
}

/// Everything wrong with a message; empty when it can be submitted.
pub fn lint(message: &Message) -> Vec<Violation> {
    let mut found = Vec::new();
    if message.channels().is_empty() {
        let code = ViolationCode::NothingWritten;
        found.push(Violation { code, channel: None, language: None, bubble: None, size: None, field: None });
    }
    for (language, bubbles) in &message.line {
        let place = Place { found: &mut found, channel: Channel::Line, language: *language, bubble: None };
        lint_line(place, bubbles);
    }
    for (language, mail) in &message.email {
        let place = Place { found: &mut found, channel: Channel::Email, language: *language, bubble: None };
        lint_mail(place, mail);
    }
    found
}

fn lint_line(mut place: Place<'_>, bubbles: &[Bubble]) {
    match bubbles.len() {
        0 => place.report(ViolationCode::Empty, None),
        1..=5 => {}
        n => place.report(ViolationCode::TooManyBubbles, Some((n, 5))),
    }
    for (i, bubble) in bubbles.iter().enumerate() {
        place.bubble = Some(i);
        match bubble {
            Bubble::Text { text } => place.text(text, 5000, ViolationCode::Empty),
            Bubble::Image { media, alt } => {
                place.chosen(*media, ViolationCode::PictureMissing);
                place.text(alt, 1500, ViolationCode::DescriptionMissing);
            }
            Bubble::Video { media, poster, alt } => {
                place.chosen(*media, ViolationCode::VideoMissing);
                place.chosen(*poster, ViolationCode::PosterMissing);
                place.text(alt, 1500, ViolationCode::DescriptionMissing);
            }
            Bubble::Buttons { title, text, buttons } => {
                if let Some(title) = title {
                    place.text(title, 40, ViolationCode::Empty);
                }
                place.text(text, if title.is_some() { 60 } else { 160 }, ViolationCode::Empty);
                if !(1..=4).contains(&buttons.len()) {
                    place.report(ViolationCode::ButtonCount, Some((buttons.len(), 4)));
                }
                buttons.iter().for_each(|button| place.button(button));
            }
        }
    }
}

fn lint_mail(mut place: Place<'_>, mail: &Mail) {
    place.text(&mail.subject, 200, ViolationCode::SubjectMissing);
    if mail.subject.contains(['\r', '\n']) {
        place.report(ViolationCode::LineBreakInSubject, None);
    }
    place.text(&mail.body, 50_000, ViolationCode::BodyMissing);
}
