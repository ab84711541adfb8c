//! Writing a message on one page: title, purpose, audience, bubbles for LINE, a mail, one language at a time. Every button
//! keeps what was typed as a draft; nothing typed is lost because something else is wrong.

use std::collections::HashMap;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::WriteMessages;
use tsunagari_acts::ActError;
use tsunagari_acts::write_campaign::{LONGEST_TITLE, Written, begin_campaign, write_campaign};
use tsunagari_kernel::{CampaignId, MediaId, SegmentId};
use tsunagari_outreach::Message;
use tsunagari_outreach::campaign::SentBack;
use tsunagari_outreach::message::{Bubble, Language};

use super::form::{KINDS, LANGUAGES, Typed, code_of, field_of, language_of, places};
use super::phone::Phone;
use super::told::sent_back;
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Banner, Choices, ErrorSummary, Field, FieldKind, Tabs};
use crate::shell::{AppError, NavItem, Sample, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::WriteMessages);
    routes
        .get("/office/messages/new", needs, blank)
        .post("/office/messages/new", needs, begin)
        .get("/office/messages/{id}/edit", needs, open)
        .post("/office/messages/{id}/edit", needs, keep)
}

/// What can be chosen on the page.
#[derive(Default)]
struct Offer {
    purposes: Vec<(String, String)>,
    segments: Vec<(String, String)>,
    pictures: Vec<(String, String)>,
    films: Vec<(String, String)>,
    addresses: HashMap<MediaId, String>,
    town: String,
    account: Option<String>,
    contact: String,
}

impl Offer {
    async fn of(desk: &Desk) -> Result<Self, AppError> {
        let mut reader = desk.here().read().await.map_err(unreadable)?;
        let locale = desk.t.locale();
        let media = reader.media_list().await.map_err(unreadable)?;
        let named = |kind: &str| {
            media.iter().filter(|it| it.kind == kind).map(|it| (it.id.to_string(), it.title.clone())).collect()
        };
        Ok(Self {
            purposes: reader
                .purposes()
                .await
                .map_err(unreadable)?
                .iter()
                .map(|it| (it.code.clone(), it.label(locale.code()).to_owned()))
                .collect(),
            segments: reader
                .segments()
                .await
                .map_err(unreadable)?
                .into_iter()
                .map(|it| (it.id.to_string(), it.name))
                .collect(),
            pictures: named("image"),
            films: named("video"),
            addresses: media.iter().map(|it| (it.id, format!("/media/{}", it.public_name))).collect(),
            town: desk.org.name.clone(),
            account: reader.sending_line_channel().await.map_err(unreadable)?.map(|it| it.name),
            contact: desk.org.contact.clone(),
        })
    }
}

/// The fields of one place for a bubble.
struct Place {
    legend: String,
    /// Name and value of the field that says what was written there before.
    was: (String, &'static str),
    kind: Choices,
    title: Field,
    text: Field,
    media: Choices,
    poster: Choices,
    /// What to do where the lists hold nothing, or not what is wanted.
    library: String,
    buttons: Vec<(Field, Field)>,
    open: bool,
}

#[derive(Template)]
#[template(path = "office/messages/compose.html")]
struct ComposePage {
    shell: Shell,
    action: String,
    version: i64,
    /// The message this new one begins with, whose other languages come along.
    from: String,
    language: &'static str,
    errors: ErrorSummary,
    languages: Tabs,
    title: Field,
    purpose: Choices,
    segment: Choices,
    rule: Field,
    rule_open: bool,
    places: Vec<Place>,
    subject: Field,
    body: Field,
    send_at: Field,
    sent_back: Option<Banner>,
    phone: Phone,
    back: String,
}

/// What the page shows.
struct Shown<'s> {
    id: Option<CampaignId>,
    version: i64,
    written: &'s Written,
    language: Language,
    errors: Vec<(String, String)>,
    sent_back: Option<&'s SentBack>,
    /// The proposed time as it was typed, where it cannot be read.
    at: Option<&'s str>,
    /// The message a new one begins with; empty: none.
    from: &'s str,
}

impl ComposePage {
    fn of(shell: Shell, offer: &Offer, it: Shown<'_>) -> Self {
        let t = shell.t;
        let (written, errors) = (it.written, it.errors);
        let at = |field: &str| errors.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone());
        let base = it.id.map_or_else(|| "/office/messages/new".to_owned(), |id| format!("/office/messages/{id}/edit"));
        let language = code_of(it.language);
        let tab = |(code, _): &(&'static str, Language)| {
            let item =
                NavItem::to(&format!("{base}?lang={code}"), t.get(format!("messages-language-{code}")), "message", "");
            NavItem { current: *code == language, ..item }
        };
        let mut purpose = Choices::select(t, "purpose", t.get("messages-purpose")).error(at("purpose")).required();
        for (code, label) in &offer.purposes {
            purpose = purpose.option(code, label);
        }
        let mut segment =
            Choices::select(t, "segment", t.get("messages-segment")).option("", t.get("messages-segment-none"));
        for (id, name) in &offer.segments {
            segment = segment.option(id, name);
        }
        let chosen = written.segment.map(|id| id.to_string()).unwrap_or_default();
        let mail = written.message.email.get(&it.language);
        Self {
            action: base.clone(),
            version: it.version,
            from: it.from.to_owned(),
            language,
            errors: ErrorSummary::of(t, errors.clone()),
            languages: Tabs::of(
                t.get("messages-languages"),
                if it.id.is_some() { LANGUAGES.iter().map(tab).collect() } else { vec![] },
            ),
            title: Field::text(t, "title", t.get("messages-title"))
                .value(&written.title)
                .hint(t.get("messages-title.hint"))
                .max(u32::try_from(LONGEST_TITLE).unwrap_or(120))
                .error(at("title")),
            purpose: purpose.chosen(&written.purpose),
            segment: segment.chosen(&chosen).hint(t.get("messages-segment.hint")),
            // A copied rule is behind its audience's name; one of its own stands open.
            rule_open: written.segment.is_none() && !written.rule.is_empty() || at("rule").is_some(),
            rule: Field::area(t, "rule", t.get("messages-rule"))
                .value(&written.rule)
                .hint(t.get("messages-rule.hint"))
                .error(at("rule")),
            places: place_fields(&shell, offer, &written.message, it.language),
            subject: Field::text(t, "subject", t.get("messages-subject")).value(mail.map_or("", |mail| &mail.subject)),
            body: Field::area(t, "body", t.get("messages-body"))
                .rows(10)
                .value(mail.map_or("", |mail| &mail.body))
                .hint(t.get("messages-body.hint")),
            send_at: Field::of(FieldKind::DateTime, t, "at", t.get("messages-propose-at"))
                .value(it.at.map_or_else(|| written.proposed.map(field_of).unwrap_or_default(), str::to_owned))
                .hint(t.get("messages-propose-at.hint"))
                .error(at("at")),
            sent_back: it.sent_back.map(|it| sent_back(t, it)),
            phone: Phone::of(t, &offer.town, &written.message, it.language, &offer.addresses)
                .headed(offer.account.as_deref())
                .signed(&offer.contact),
            back: it.id.map_or_else(|| "/office/messages".to_owned(), |id| format!("/office/messages/{id}")),
            shell,
        }
    }
}

fn place_fields(shell: &Shell, offer: &Offer, message: &Message, language: Language) -> Vec<Place> {
    let t = shell.t;
    let select = |name: String, label: &str, options: &[(String, String)], chosen: &str| {
        let mut choices = Choices::select(t, &name, t.get(label)).option("", t.get("messages-none"));
        for (value, label) in options {
            choices = choices.option(value, label);
        }
        choices.chosen(chosen)
    };
    let place = |(n, it): (usize, super::form::BubbleFields)| {
        let name = |field: &str| format!("b{n}-{field}");
        let mut kind =
            Choices::select(t, &name("kind"), t.get("messages-kind")).option("", t.get("messages-kind-none"));
        for code in KINDS {
            kind = kind.option(*code, t.get(format!("messages-kind-{code}")));
        }
        let of_kind = if it.kind == "video" { &offer.films } else { &offer.pictures };
        let button = |(m, (label, url)): (usize, &(String, String))| {
            let shown = t.one("messages-button-label", "n", m + 1);
            (
                Field::text(t, &name(&format!("label{m}")), shown).value(label).max(20),
                Field::text(t, &name(&format!("url{m}")), t.get("messages-button-url")).value(url),
            )
        };
        let media: Vec<(String, String)> = if matches!(it.kind, "" | "text") {
            [&offer.pictures[..], &offer.films[..]].concat()
        } else {
            of_kind.clone()
        };
        let lacking = media.is_empty() || it.kind == "video" && offer.pictures.is_empty();
        let library = if lacking { "messages-library-lacking" } else { "messages-library-more" };
        Place {
            library: t.one(library, "button", t.get("messages-keep-draft")),
            legend: t.one("messages-bubble", "n", n + 1),
            was: (name("was"), it.was),
            kind: kind.chosen(it.kind),
            title: Field::text(t, &name("title"), t.get("messages-card-title")).value(&it.title).max(40),
            text: Field::area(t, &name("text"), t.get("messages-text"))
                .value(&it.text)
                .hint(t.get("messages-text.hint")),
            media: select(name("media"), "messages-media", &media, &it.media),
            poster: select(name("poster"), "messages-poster", &offer.pictures, &it.poster),
            buttons: it.buttons.iter().enumerate().map(button).collect(),
            open: matches!(it.kind, "image" | "video" | "buttons"),
        }
    };
    places(message, language).into_iter().enumerate().map(place).collect()
}

impl Sample for ComposePage {
    fn samples(shell: Shell) -> Vec<Self> {
        let again =
            Shell { nav: shell.nav.clone(), ..Shell::bare(shell.t.locale(), shell.org.clone(), "/office/messages") };
        let offer = Offer { town: "益田市".into(), ..Offer::default() };
        let written = Typed(
            [("b0-kind", "text"), ("b0-text", "こんにちは"), ("subject", "件名"), ("body", "本文")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        )
        .written(Message::default());
        let id = Some(CampaignId(uuid::Uuid::nil()));
        let error = vec![("title".to_owned(), "×".to_owned())];
        vec![
            Self::of(
                shell,
                &offer,
                Shown {
                    id: None,
                    version: 0,
                    written: &Written::default(),
                    language: Language::Ja,
                    errors: vec![],
                    sent_back: None,
                    at: None,
                    from: "",
                },
            ),
            Self::of(
                again,
                &offer,
                Shown {
                    id,
                    version: 2,
                    written: &written,
                    language: Language::Ja,
                    errors: error,
                    sent_back: Some(&super::sample::sample_word()),
                    at: Some("あした"),
                    from: "",
                },
            ),
        ]
    }
}

#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    segment: String,
    /// The message whose content a new one begins with.
    #[serde(default)]
    from: String,
}

/// What a new message takes over from another: everything but its time. An audience that is no longer offered comes as its rule.
async fn taken_over(desk: &Desk, from: CampaignId, offer: &Offer) -> Result<Written, AppError> {
    let kept = desk.here().read().await.map_err(unreadable)?.campaign(from).await.map_err(unreadable)?;
    let offered = |id: &SegmentId| offer.segments.iter().any(|(it, _)| *it == id.to_string());
    Ok(Written {
        title: kept.title,
        purpose: kept.purpose,
        segment: kept.segment.filter(offered),
        rule: kept.rule,
        message: kept.message,
        proposed: None,
    })
}

async fn blank(Extension(desk): Extension<Desk>, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let offer = Offer::of(&desk).await?;
    let written = match asked.from.as_str() {
        "" => Written { segment: asked.segment.parse().ok(), ..Written::default() },
        from => taken_over(&desk, from.parse().map_err(|_| AppError::NotFound)?, &offer).await?,
    };
    let shown = Shown {
        id: None,
        version: 0,
        written: &written,
        language: language_of(&asked.lang),
        errors: Vec::new(),
        sent_back: None,
        at: None,
        from: &asked.from,
    };
    Ok(page(&ComposePage::of(desk.shell(), &offer, shown)))
}

async fn open(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let id: CampaignId = id.parse().map_err(|_| AppError::NotFound)?;
    let kept = desk.here().read().await.map_err(unreadable)?.campaign(id).await.map_err(unreadable)?;
    let written = Written {
        title: kept.title,
        purpose: kept.purpose,
        segment: kept.segment,
        rule: kept.rule,
        message: kept.message,
        proposed: kept.campaign.proposed,
    };
    let offer = Offer::of(&desk).await?;
    let shown = Shown {
        id: Some(id),
        version: kept.version,
        written: &written,
        language: language_of(&asked.lang),
        errors: Vec::new(),
        sent_back: kept.campaign.sent_back.as_ref(),
        at: None,
        from: "",
    };
    Ok(page(&ComposePage::of(desk.shell(), &offer, shown)))
}

/// Where a button leads after the draft is kept.
fn onward(typed: &Typed, id: CampaignId) -> Response {
    let to = match typed.get("then") {
        "look" => format!("/office/messages/{id}"),
        "" | "more" => format!("/office/messages/{id}/edit?lang={}", code_of(language_of(typed.get("language")))),
        language => format!("/office/messages/{id}/edit?lang={}", code_of(language_of(language))),
    };
    Redirect::to(&to).into_response()
}

async fn begin(
    Extension(desk): Extension<Desk>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::of(pairs);
    // The form holds one language; the others come from the message this one began with.
    let before = match typed.get("from") {
        "" => Message::default(),
        from => {
            let from = from.parse().map_err(|_| AppError::NotFound)?;
            desk.here().read().await.map_err(unreadable)?.campaign(from).await.map_err(unreadable)?.message
        }
    };
    let written = meant(&desk, &typed, before).await?;
    if typed.time_unreadable() {
        return again(&desk, None, 0, &typed, &written, ActError::refused_at("at", "time_unreadable")).await;
    }
    match begin_campaign(&desk.house, &desk.grant::<WriteMessages>()?, written.clone()).await {
        Ok(id) => Ok(onward(&typed, id)),
        Err(error) => again(&desk, None, 0, &typed, &written, error).await,
    }
}

async fn keep(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let id: CampaignId = id.parse().map_err(|_| AppError::NotFound)?;
    let typed = Typed::of(pairs);
    let version: i64 = typed.get("version").parse().unwrap_or(0);
    let kept = desk.here().read().await.map_err(unreadable)?.campaign(id).await.map_err(unreadable)?;
    let written = meant(&desk, &typed, kept.message).await?;
    if typed.time_unreadable() {
        return again(&desk, Some(id), version, &typed, &written, ActError::refused_at("at", "time_unreadable")).await;
    }
    match write_campaign(&desk.house, &desk.grant::<WriteMessages>()?, id, version, written.clone()).await {
        Ok(()) => Ok(onward(&typed, id)),
        // Kept once more, after being told, it takes the place of what the other one wrote.
        Err(ActError::Conflict) => {
            let now = desk.here().read().await.map_err(unreadable)?.campaign(id).await.map_err(unreadable)?.version;
            again(&desk, Some(id), now, &typed, &written, ActError::Conflict).await
        }
        Err(error) => again(&desk, Some(id), version, &typed, &written, error).await,
    }
}

/// What the form means; a film chosen in a place that offers pictures too is a film.
async fn meant(desk: &Desk, typed: &Typed, before: Message) -> Result<Written, AppError> {
    let mut written = typed.written(before);
    let chosen = written.message.line.values_mut().flatten();
    let mut media = None;
    for bubble in chosen {
        let Bubble::Image { media: Some(id), alt } = bubble else { continue };
        if media.is_none() {
            media = Some(desk.here().read().await.map_err(unreadable)?.media_list().await.map_err(unreadable)?);
        }
        let film = |it: &tsunagari_storage::media::Media| it.id == *id && it.kind == "video";
        if media.iter().flatten().any(film) {
            *bubble = Bubble::Video { media: Some(*id), poster: None, alt: std::mem::take(alt) };
        }
    }
    Ok(written)
}

/// The form again with what was typed, and why it was not kept.
async fn again(
    desk: &Desk,
    id: Option<CampaignId>,
    version: i64,
    typed: &Typed,
    written: &Written,
    error: ActError,
) -> Result<Response, AppError> {
    let errors = match error {
        ActError::Refused(reasons) => sentences(desk.t, &reasons),
        ActError::Conflict => vec![(String::new(), desk.t.get("messages-changed-by-another"))],
        other => return Err(desk.problem(other)),
    };
    let offer = Offer::of(desk).await?;
    let language = language_of(typed.get("language"));
    let at = typed.time_unreadable().then(|| typed.get("at"));
    let shown = Shown { id, version, written, language, errors, sent_back: None, at, from: typed.get("from") };
    let page = ComposePage::of(desk.shell(), &offer, shown);
    Ok(crate::shell::page_with_status(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &page))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::ComposePage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
