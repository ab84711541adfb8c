//! What somebody applied for: the list, with what was begun and not handed in, and a page for each: where it stands in plain words, what
//! was handed in, and what they can do now (take an offered place, take it back). Leaves applying to `portal::applying`.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_acts::ActError;
use tsunagari_acts::amend_application::can_amend;
use tsunagari_acts::answer_offer::{OfferAnswer, answer_offer};
use tsunagari_acts::fill_in::take_up;
use tsunagari_acts::leave_word::{WORDS, can_leave_word, leave_word};
use tsunagari_acts::running_programme::{Running, running};
use tsunagari_acts::withdraw_application::withdraw_application;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{ApplicationId, Timestamp};
use tsunagari_programmes::{Came, Event, Paper, Place, Round};
use tsunagari_storage::application::KeptApplication;
use tsunagari_storage::payment::KeptPayment;
use tsunagari_storage::payment_account::PaymentAccount;

use super::parcels::{MyParcels, ParcelPart};
use super::payments::{self, PaymentPart};
use super::ticket::Ticket;
use crate::portal::applying::answers::told;
use crate::portal::draft::Given;
use crate::portal::offered::words::{place, when};
use crate::portal::toward::Toward;
use crate::portal::town::go;
use crate::portal::visitor::Visitor;
use crate::routes::{Needs, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Chip, Empty, ErrorSummary, Facts, Field};
use crate::shell::{AppError, Shell, Tone, page, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/me/applications", Needs::Resident, list)
        .get("/me/applications/{application}", Needs::Resident, show)
        .post("/me/applications/{application}", Needs::Resident, act)
}

/// A line of the list.
struct Line {
    href: String,
    title: String,
    mark: Chip,
    said: String,
}

#[derive(Template)]
#[template(path = "portal/me/applications.html")]
struct ListPage {
    shell: Shell,
    begun: Vec<(String, String)>,
    lines: Vec<Line>,
    empty: Empty,
    offered: String,
}

#[derive(Template)]
#[template(path = "portal/me/application.html")]
struct ApplicationPage {
    shell: Shell,
    title: String,
    mark: Chip,
    said: String,
    facts: Facts,
    answers: Facts,
    parcels: Vec<ParcelPart>,
    payments: Vec<PaymentPart>,
    ticket: Option<Ticket>,
    /// Where they write how it was, once they took part.
    word: Option<Field>,
    errors: ErrorSummary,
    /// An offered place waits for an answer.
    offered: bool,
    /// What the staff asks to be mended; empty where it does not.
    asked: String,
    /// It can be mended: the words on the button; empty where it cannot.
    mend: String,
    mend_first: bool,
    /// It can be taken back: the address that asks whether they are sure.
    withdraw: String,
    /// They asked to take it back and are asked whether they are sure.
    sure: bool,
    action: String,
}

/// The text of where an application stands: its name for keys `my-place-…`.
fn key(it: &KeptApplication) -> String {
    let standing = &it.standing;
    let came = match (standing.completed, standing.came) {
        (true, _) => Some("completed"),
        (false, Some(Came::Yes)) => Some("came"),
        (false, Some(Came::No)) => Some("absent"),
        (false, None) => None,
    };
    format!("my-place-{}", came.unwrap_or(standing.place.code()).replace('_', "-"))
}

const fn tone(place: Place) -> Tone {
    match place {
        Place::Held | Place::Chosen => Tone::Success,
        Place::Offered { .. } | Place::SentBack => Tone::Warning,
        Place::Asked | Place::Waiting { .. } | Place::Over { .. } => Tone::Info,
    }
}

fn mark(t: Texts, it: &KeptApplication) -> Chip {
    Chip::of(tone(it.standing.place), t.get(key(it)))
}

fn said(t: Texts, it: &KeptApplication) -> String {
    let text = format!("{}.text", key(it));
    match it.standing.place {
        Place::Waiting { order } => t.count(text, i64::from(order)),
        Place::Offered { until } => t.one(text, "until", t.date_time(until)),
        Place::Asked | Place::SentBack | Place::Chosen | Place::Held | Place::Over { .. } => t.get(text),
    }
}

/// Whether it could still be taken back.
fn can_withdraw(it: &KeptApplication, now: Timestamp) -> bool {
    it.standing.clone().after(&Event::Withdrawn, now).is_ok()
}

impl ApplicationPage {
    fn of(
        shell: Shell,
        it: &KeptApplication,
        known: &Known,
        (now, asked): (Timestamp, &str),
        ticket: Option<Ticket>,
    ) -> Self {
        let t = shell.t;
        let mut facts = Facts::default().row(t.get("my-receipt"), it.receipt.to_uppercase());
        facts = facts.row(t.get("my-applied"), t.date_time(it.applied_at));
        if let Some(venue) = it.venue.and_then(|no| known.round.venue(no)) {
            facts = facts.row(t.get("offered-where"), place(t, venue));
            if venue.starts.is_some() {
                facts = facts.row(t.get("offered-when"), when(t, venue));
            }
            if !venue.online.is_empty() && it.standing.place == Place::Held {
                facts = facts.row(t.get("my-online"), venue.online.clone());
            }
        }
        let told = known.paper.as_ref().map(|paper| told(t, &known.running, paper)).unwrap_or_default();
        let answers = told.into_iter().fold(Facts::default(), |all, (question, answer)| all.row(question, answer));
        let action = format!("/me/applications/{}", it.id);
        let can = can_withdraw(it, now);
        let sent_back = it.standing.place == Place::SentBack;
        Self {
            title: known.round.title.clone(),
            mark: mark(t, it),
            said: said(t, it),
            facts,
            answers,
            ticket,
            word: can_leave_word(&it.standing).then(|| word_field(t, known)),
            errors: ErrorSummary::of(t, known.wrong.clone()),
            parcels: known.parcels.parts(t, it.standing.place == Place::Held),
            payments: known.payments.iter().map(|of| payments::part(t, of, it.standing.place == Place::Held)).collect(),
            asked: if sent_back { asked_for(known) } else { String::new() },
            mend: if can_amend(it, &known.round, now) {
                t.get(if sent_back { "my-mend" } else { "my-change" })
            } else {
                String::new()
            },
            mend_first: sent_back,
            offered: matches!(it.standing.place, Place::Offered { until } if now < until),
            withdraw: if can { format!("{action}?ask=withdraw") } else { String::new() },
            sure: can && asked == "withdraw",
            action,
            shell,
        }
    }
}

/// How it was, in their words.
fn word_field(t: Texts, known: &Known) -> Field {
    let wrong = known.wrong.iter().find(|(field, _)| field == "words").map(|(_, sentence)| sentence.clone());
    let most = u32::try_from(WORDS).unwrap_or(u32::MAX);
    Field::area(t, "words", t.get("my-word")).value(known.word.as_str()).error(wrong).max(most).rows(4)
}

/// What the staff asked to be mended, the last time.
fn asked_for(known: &Known) -> String {
    known.paper.as_ref().and_then(|it| it.sent_back.last()).cloned().unwrap_or_default()
}

/// What a page needs besides the application.
pub(super) struct Known {
    pub(super) round: Round,
    running: Arc<Running>,
    paper: Option<Paper>,
    parcels: MyParcels,
    payments: Vec<(KeptPayment, Option<PaymentAccount>)>,
    /// What they wrote afterwards, and what was wrong with it.
    word: String,
    wrong: Vec<(String, String)>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct News {
    news: String,
    ask: String,
}

fn told_news(t: Texts, news: &str) -> Option<String> {
    let key = match news {
        "applied" => "my-news-applied",
        "amended" => "my-news-amended",
        "withdrawn" => "my-news-withdrawn",
        "taken" => "my-news-taken",
        "left" => "my-news-left",
        "addressed" => "my-news-addressed",
        "account" => "my-news-account",
        "word" => "my-news-word",
        _ => return None,
    };
    Some(t.get(key))
}

async fn list(Extension(visitor): Extension<Visitor>) -> Result<Response, AppError> {
    let t = visitor.town.t;
    let mut reader = visitor.town.here().read_by_key().await.map_err(unreadable)?;
    let person = visitor.resident.person();
    let mut begun = Vec::new();
    for id in reader.drafts_of(person).await.map_err(unreadable)? {
        let round = reader.round(id).await.map_err(unreadable)?.round;
        if round.takes(visitor.town.house.now()).is_ok() {
            begun.push((format!("/me/apply/{id}"), round.title));
        }
    }
    let mut lines = Vec::new();
    for it in reader.applications_of(person).await.map_err(unreadable)? {
        let title = reader.round(it.round).await.map_err(unreadable)?.round.title;
        lines.push(line(t, &it, title));
    }
    drop(reader);
    Ok(page(&ListPage::of(visitor.shell(), begun, lines, visitor.town.at("/programmes"))))
}

fn line(t: Texts, it: &KeptApplication, title: String) -> Line {
    Line { href: format!("/me/applications/{}", it.id), title, mark: mark(t, it), said: said(t, it) }
}

impl ListPage {
    fn of(shell: Shell, begun: Vec<(String, String)>, lines: Vec<Line>, offered: String) -> Self {
        let t = shell.t;
        Self { empty: Empty::of("today", t.get("my-empty"), t.get("my-empty.text")), begun, lines, offered, shell }
    }
}

/// One's own application; anybody else's is unknown.
pub(super) async fn own(visitor: &Visitor, id: &str) -> Result<(KeptApplication, Known), AppError> {
    let id: ApplicationId = id.parse().map_err(|_| AppError::NotFound)?;
    let here = visitor.town.here();
    let keys = here.person_keys(&[visitor.resident.person()]).await.map_err(unreadable)?;
    let mut reader = here.read_by_key().await.map_err(unreadable)?;
    let it = reader.application(id).await.map_err(unreadable)?;
    if it.applicant != Some(visitor.resident.person()) {
        return Err(AppError::NotFound);
    }
    let round = reader.round(it.round).await.map_err(unreadable)?.round;
    let running = running(&visitor.town.house, &mut reader, it.programme, it.version_no).await;
    let running = running.map_err(|error| visitor.town.problem(error))?;
    let paper = reader.paper(id, &keys).await.map_err(unreadable)?;
    let parcels = MyParcels::of(&mut reader, &it, &keys).await?;
    let payments = payments::of(&mut reader, &it, &keys).await?;
    let word = reader.application_word(id, &keys).await.map_err(unreadable)?.unwrap_or_default();
    Ok((it, Known { round, running, paper, parcels, payments, word, wrong: Vec::new() }))
}

async fn show(
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    Query(news): Query<News>,
) -> Result<Response, AppError> {
    let (it, known) = own(&visitor, &id).await?;
    let mut shell = visitor.shell();
    if let Some(text) = told_news(visitor.town.t, &news.news) {
        shell = visitor.shell_with(Tone::Success, text);
    }
    let ticket = Ticket::of(&visitor, &it, &known.round).await?;
    let asked = (visitor.town.house.now(), news.ask.as_str());
    let mut response = page(&ApplicationPage::of(shell, &it, &known, asked, ticket));
    Toward::forget(&mut response)?;
    Ok(response)
}

async fn act(
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    form: Given,
) -> Result<Response, AppError> {
    let (it, mut known) = own(&visitor, &id).await?;
    let (house, by) = (&visitor.town.house, &visitor.resident);
    if form.get("do") == "mend" {
        let round = take_up(house, by, it.id).await.map_err(|error| visitor.town.problem(error))?;
        return Ok(go(&format!("/me/apply/{round}/check")));
    }
    if form.get("do") == "word" {
        return match leave_word(house, by, it.id, form.get("words")).await {
            Ok(()) => Ok(go(&format!("/me/applications/{}?news=word", it.id))),
            Err(ActError::Refused(reasons)) => {
                known.wrong = sentences(visitor.town.t, &reasons);
                form.get("words").clone_into(&mut known.word);
                let ticket = Ticket::of(&visitor, &it, &known.round).await?;
                let shown = ApplicationPage::of(visitor.shell(), &it, &known, (house.now(), ""), ticket);
                Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
            }
            Err(other) => Err(visitor.town.problem(other)),
        };
    }
    let (done, news) = match form.get("do") {
        "withdraw" => (withdraw_application(house, by, it.id).await, "withdrawn"),
        "take" => (answer_offer(house, by, it.id, OfferAnswer::Take).await, "taken"),
        "leave" => (answer_offer(house, by, it.id, OfferAnswer::Leave).await, "left"),
        _ => return Err(AppError::Bad(Vec::new())),
    };
    done.map_err(|error| visitor.town.problem(error))?;
    Ok(go(&format!("/me/applications/{}?news={news}", it.id)))
}

/// Applications in every place.
#[cfg(test)]
fn samples() -> Vec<KeptApplication> {
    use tsunagari_kernel::PersonId;
    use tsunagari_programmes::{HandedBy, Outcome, Over, Standing};
    use uuid::Uuid;
    let (round, now) = crate::portal::offered::round::sample();
    let over = [Over::Withdrawn, Over::Declined, Over::Lapsed, Over::Cancelled, Over::NotChosen];
    let mut places = vec![
        Place::Asked,
        Place::SentBack,
        Place::Chosen,
        Place::Waiting { order: 3 },
        Place::Offered { until: Timestamp::from_micros(i64::MAX / 4) },
        Place::Held,
    ];
    places.extend(over.map(|why| Place::Over { why }));
    let of = |standing| KeptApplication {
        id: ApplicationId(Uuid::nil()),
        round: round.id,
        programme: round.programme,
        year: round.year,
        version_no: 1,
        venue: Some(2),
        receipt: "k7p2mx9a".into(),
        applicant: Some(PersonId(Uuid::nil())),
        beneficiary: None,
        household: None,
        handed_by: HandedBy::Applicant,
        judged: Outcome::Met,
        class: None,
        standing,
        entries: 1,
        applied_at: now,
        changed_at: now,
    };
    let held = Standing { place: Place::Held, ..Standing::asked() };
    let mut all: Vec<_> = places.into_iter().map(|place| of(Standing { place, ..Standing::asked() })).collect();
    all.push(of(Standing { came: Some(Came::Yes), ..held.clone() }));
    all.push(of(Standing { came: Some(Came::No), ..held.clone() }));
    all.push(of(Standing { completed: true, ..held }));
    all
}

#[cfg(test)]
mod tests;
