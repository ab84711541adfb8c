//! One application: what was handed in, what the conditions come to now, where it stands, its ledger, and what can be done. Who
//! reads it may view programmes and people. Leaves doing it to `decision`.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::HandleApplications;
use tsunagari_acts::ActError;
use tsunagari_acts::judge_application::{Asked, Eligible, judge_application};
use tsunagari_acts::open_paper::{Opened, open_paper};
use tsunagari_acts::record_participation::{Recorded, record_participation};
use tsunagari_acts::running_programme::{Running, running};
use tsunagari_acts::send_application_back::send_application_back;
use tsunagari_blueprints::{Benefit, BenefitKind, Question};
use tsunagari_i18n::Texts;
use tsunagari_kernel::ApplicationId;
use tsunagari_programmes::{Answer, BenefitNo, Event, HandedBy, Named, Outcome, Paper, Place, Round, Seq, Standing};
use tsunagari_storage::application::KeptApplication;
use tsunagari_storage::application_list::ApplicationLine;
use tsunagari_storage::application_notice::KeptNotice;
use tsunagari_storage::ledger::KeptEntry;
use tsunagari_storage::staff::Staff;

use super::decision::{self, Move};
use super::notices::{self, NoticeLine};
use super::words::{self, application_href, programme_href, round_href};
use super::{News, crumbs, framed};
use crate::office::desk::Desk;
use crate::office::people::words::{card_href, coded, place_name};
use crate::office::settings::Wrong;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::{sentence, sentences, unreadable};
use crate::shell::components::{Banner, Chip, ConfirmForm, Crumbs, ErrorSummary, Facts, Field, Link};
use crate::shell::{AppError, Sample, Shell, Tone, page_with_status};

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    let view = Needs::Both(Code::ViewProgrammes, Code::ViewPeople);
    let handle = Needs::Permission(Code::HandleApplications);
    routes
        .get("/office/programmes/applications/{application}", view, show)
        .post("/office/programmes/applications/{application}/move", handle, take)
        .post("/office/programmes/applications/{application}/send-back", handle, send_back)
        .post("/office/programmes/applications/{application}/mistake", handle, correct)
}

struct ConditionLine {
    words: String,
    outcome: Chip,
}

struct EntryLine {
    no: u32,
    when: String,
    what: String,
    who: String,
    annulled: bool,
    take_back: Option<ConfirmForm>,
}

/// What was handed in, as it is shown.
struct OpenedFacts {
    protected: bool,
    paper: Option<Facts>,
    members: Vec<Facts>,
}

#[derive(Template)]
#[template(path = "office/programmes/application.html")]
struct ApplicationPage {
    shell: Shell,
    crumbs: Crumbs,
    receipt: String,
    place: Chip,
    applicant: Option<Link>,
    facts: Facts,
    /// What was handed in; nothing for those who may not open it.
    opened: Option<OpenedFacts>,
    conditions: Vec<ConditionLine>,
    unjudged: Vec<String>,
    moves: Vec<ConfirmForm>,
    errors: ErrorSummary,
    /// What is to be mended, where it can be sent back.
    send_back: Option<SendBack>,
    entries: Vec<EntryLine>,
    notices: Vec<NoticeLine>,
    /// What to do where no message reaches the applicant.
    untold: Option<Banner>,
}

/// What is read of an application.
struct Known {
    it: KeptApplication,
    name: String,
    /// What the programme is called here.
    programme: String,
    round: Round,
    running: std::sync::Arc<Running>,
    judged: Result<Option<Eligible>, Vec<String>>,
    ledger: Vec<KeptEntry>,
    notices: Vec<KeptNotice>,
    staff: Vec<Staff>,
}

async fn read(desk: &Desk, application: &str) -> Result<Known, AppError> {
    let id: ApplicationId = application.parse().map_err(|_| AppError::NotFound)?;
    let it = desk.here().read().await.map_err(unreadable)?.application(id).await.map_err(unreadable)?;
    let whose: Vec<_> = it.applicant.into_iter().collect();
    let keys = desk.here().person_keys(&whose).await.map_err(unreadable)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let round = reader.round(it.round).await.map_err(unreadable)?.round;
    let programme = reader.programme(it.programme).await.map_err(unreadable)?.title;
    let running = running(&desk.house, &mut reader, it.programme, it.version_no).await;
    let running = running.map_err(|error| desk.problem(error))?;
    let paper = if whose.is_empty() { None } else { reader.paper(id, &keys).await.map_err(unreadable)? };
    let mut name = String::new();
    let mut judged = Ok(None);
    if let (Some(applicant), Some(paper)) = (it.applicant, &paper) {
        name = reader.person(applicant).await.map_err(unreadable)?.name();
        let asked = Asked { running: &running, round: &round, venue: it.venue, applicant, paper, at: desk.house.now() };
        judged = match judge_application(&mut reader, asked).await {
            Ok(eligible) => Ok(Some(eligible)),
            Err(ActError::Refused(reasons)) => Err(reasons.iter().map(|it| sentence(desk.t, it)).collect()),
            Err(other) => return Err(desk.problem(other)),
        };
    }
    let ledger = reader.ledger_of(id).await.map_err(unreadable)?;
    let notices = reader.notices_of(id).await.map_err(unreadable)?;
    let staff = reader.staff().await.map_err(unreadable)?;
    Ok(Known { it, name, programme, round, running, judged, ledger, notices, staff })
}

/// An answer in words.
pub(super) fn answer(t: Texts, question: &Question, it: &Answer) -> String {
    match it {
        Answer::Text(text) => text.clone(),
        Answer::Number(n) => t.number(*n),
        Answer::Day(day) => t.date(day),
        Answer::Yes(true) => t.get("programmes-yes"),
        Answer::Yes(false) => t.get("programmes-no"),
        Answer::Place(code) => place_name(*code),
        Answer::Codes(codes) => {
            let label = |code: &String| question.options.iter().find(|it| it.code == *code).map(|it| it.label.clone());
            let labels: Vec<String> = codes.iter().map(|code| label(code).unwrap_or_else(|| code.clone())).collect();
            labels.join(&t.get("programmes-and"))
        }
    }
}

fn named(t: Texts, it: &Named) -> Facts {
    Facts::default()
        .row(t.get("application-name"), format!("{} {}", it.family, it.given).trim().to_owned())
        .row(t.get("application-kana"), format!("{} {}", it.family_kana, it.given_kana).trim().to_owned())
        .row(t.get("application-birth"), it.birth.map(|day| t.date(day)).unwrap_or_default())
        .row(t.get("application-lives"), it.lives.map(place_name).unwrap_or_default())
}

/// What was handed in: the group, whom it is for, the answers.
fn handed_in(t: Texts, running: &Running, paper: &Paper) -> Facts {
    let mut facts = Facts::default();
    if !paper.group.is_empty() {
        facts = facts.row(t.get("application-group"), paper.group.clone());
    }
    if let Some(it) = &paper.named {
        for (term, said) in named(t, it).rows {
            facts = facts.row(t.one("application-of-named", "what", term), said);
        }
    }
    for asked in &paper.sent_back {
        facts = facts.row(t.get("application-asked"), asked.clone());
    }
    for question in &running.blueprint.form {
        let code = tsunagari_programmes::FieldCode(question.code.clone());
        if let Some(it) = paper.answers.get(&code) {
            facts = facts.row(question.label.clone(), answer(t, question, it));
        }
    }
    facts
}

fn outcome_chip(t: Texts, outcome: Outcome) -> Chip {
    let tone = match outcome {
        Outcome::Met => Tone::Success,
        Outcome::ForStaff | Outcome::NotKnown => Tone::Warning,
        Outcome::NotMet => Tone::Error,
    };
    Chip::of(tone, coded(t, "outcome", outcome.code()))
}

fn conditions(t: Texts, running: &Running, eligible: &Eligible) -> Vec<ConditionLine> {
    let found = |code: &str| eligible.findings.iter().find(|(it, _)| it == code).map_or(Outcome::Met, |(_, it)| *it);
    let of_programme =
        running.policy.conditions.iter().map(|it| (running.words_of(&it.code).to_owned(), found(&it.code)));
    let known = |code: &str| running.policy.conditions.iter().any(|it| it.code == code);
    let of_round = eligible.findings.iter().filter(|(code, _)| !known(code));
    let of_round = of_round.map(|(_, outcome)| (t.get("application-also"), *outcome));
    of_programme
        .chain(of_round)
        .map(|(words, outcome)| ConditionLine { words, outcome: outcome_chip(t, outcome) })
        .collect()
}

/// The name of a benefit by its order in the blueprint.
fn benefit_name(running: &Running, no: BenefitNo) -> String {
    let at = usize::from(no.0).checked_sub(1);
    at.and_then(|n| running.blueprint.gets.get(n)).map(|it| it.name.clone()).unwrap_or_default()
}

fn entry_words(t: Texts, running: &Running, event: &Event) -> String {
    let what = coded(t, "entry", event.code());
    let more = match event {
        Event::Screened { outcome, .. } => coded(t, "entry-screened", &words::code_of(outcome)),
        Event::Drawn { lot, rank } => {
            t.two("entry-drawn-as", "lot", coded(t, "entry-drawn", &words::code_of(lot)), "rank", i64::from(*rank))
        }
        Event::Queued { order } => t.count("entry-queued-as", i64::from(*order)),
        Event::Offered { until } => t.one("entry-offered-until", "until", t.date_time(*until)),
        Event::Fulfilled { benefit, number } | Event::Returned { benefit, number } => {
            t.two("entry-benefit", "name", benefit_name(running, *benefit), "n", i64::from(*number))
        }
        Event::Rewarded { benefit } => benefit_name(running, *benefit),
        Event::Corrected { annuls } => t.count("entry-annuls", i64::from(annuls.0)),
        Event::Applied | Event::Amended | Event::Withdrawn | Event::Accepted | Event::Declined | Event::Lapsed => {
            String::new()
        }
        Event::Enrolled | Event::Attended | Event::Absent | Event::Completed | Event::CancelledByOffice => {
            String::new()
        }
    };
    if more.is_empty() { what } else { t.two("entry-with", "what", what, "more", more) }
}

/// What goes by parcel or is paid has a page of its own, and is taken back there.
fn is_elsewhere(running: &Running, no: BenefitNo) -> bool {
    let at = usize::from(no.0).checked_sub(1);
    let benefit = at.and_then(|at| running.blueprint.gets.get(at));
    benefit.is_some_and(|it| it.is_money() || it.kind == BenefitKind::Parcel)
}

fn entries(shell: &Shell, known: &Known, may: bool) -> Vec<EntryLine> {
    let t = shell.t;
    let annulled = |seq: Seq| known.ledger.iter().any(|it| it.entry.event == Event::Corrected { annuls: seq });
    let elsewhere = |event: &Event| match event {
        Event::Fulfilled { benefit, .. } | Event::Returned { benefit, .. } => is_elsewhere(&known.running, *benefit),
        _ => false,
    };
    let name_of = |it: &KeptEntry| {
        let staff = it.by_user.and_then(|id| known.staff.iter().find(|it| it.id == id));
        staff.map_or_else(|| coded(t, "data-who", &it.by_kind), |it| it.name.clone())
    };
    let line = |it: &KeptEntry| {
        let seq = it.entry.seq;
        let back =
            ConfirmForm::of(shell, format!("{}/mistake", application_href(known.it.id)), t.get("entry-take-back"));
        let back = back.look("text").field("seq", seq.0.to_string()).ask(t.get("entry-take-back.ask"));
        EntryLine {
            no: seq.0,
            when: t.date_time_short(it.entry.at),
            what: entry_words(t, &known.running, &it.entry.event),
            who: name_of(it),
            annulled: annulled(seq),
            take_back: (may && it.entry.event.can_be_annulled() && !elsewhere(&it.entry.event) && !annulled(seq))
                .then_some(back),
        }
    };
    known.ledger.iter().map(line).collect()
}

/// The buttons: what is possible, then what can be given or comes back.
fn moves(shell: &Shell, known: &Known) -> Vec<ConfirmForm> {
    let t = shell.t;
    let action = format!("{}/move", application_href(known.it.id));
    let standing = &known.it.standing;
    let button = |code: String, label: String| ConfirmForm::of(shell, action.clone(), label).field("do", code);
    let mut all = Vec::new();
    for code in decision::possible(&known.running.policy.choosing, known.it.judged, standing) {
        let label = t.get(format!("application-do-{code}"));
        let form = button(code.to_owned(), label);
        all.push(match code {
            "choose" | "admit" | "came" => form.look("solid"),
            "call-off" | "not-choose" => form.look("danger").ask(t.get(format!("application-do-{code}.ask"))),
            _ => form,
        });
    }
    if standing.place == Place::Held {
        // A seat is taken by coming, news are read, and a parcel is handed over on a page of its own.
        let handed_over = |it: &Benefit| {
            !it.is_money() && !matches!(it.kind, BenefitKind::Seat | BenefitKind::News | BenefitKind::Parcel)
        };
        let all_of = (1_u16..).zip(&known.running.blueprint.gets);
        for (n, benefit) in all_of.filter(|(_, it)| handed_over(it)) {
            all.push(button(format!("given-{n}"), t.one("application-do-given", "name", benefit.name.clone())));
        }
    }
    for (benefit, given) in standing.given.iter().filter(|(no, _)| !is_elsewhere(&known.running, **no)) {
        for number in given.numbers.difference(&given.returned) {
            let name = benefit_name(&known.running, *benefit);
            let label = t.two("application-do-returned", "name", name, "n", i64::from(*number));
            all.push(button(format!("returned-{}-{number}", benefit.0), label));
        }
    }
    all
}

impl OpenedFacts {
    fn of(t: Texts, running: &Running, opened: &Opened) -> Self {
        let members = opened.paper.as_ref().map(|it| it.members.as_slice()).unwrap_or_default();
        Self {
            protected: opened.protected,
            paper: opened.paper.as_ref().map(|it| handed_in(t, running, it)),
            members: members.iter().map(|it| named(t, it)).collect(),
        }
    }
}

impl ApplicationPage {
    /// Who may handle applications sees what was handed in, and the buttons.
    fn of(shell: Shell, known: &Known, opened: Option<&Opened>, (words, wrong): (&str, &Wrong)) -> Self {
        let may = opened.is_some();
        let t = shell.t;
        let (it, blueprint) = (&known.it, &known.running.blueprint);
        let links = vec![
            Link::to(programme_href(it.programme), known.programme.clone()),
            Link::to(round_href(it.round), known.round.title.clone()),
        ];
        let venue = it.venue.and_then(|no| known.round.venue(no)).map(|it| it.name.clone()).unwrap_or_default();
        let class = it.class.as_deref().map(|code| words::class(blueprint, code).to_owned()).unwrap_or_default();
        let mut facts = Facts::default()
            .row(t.get("application-applied"), t.date_time(it.applied_at))
            .row(t.get("application-handed-by"), coded(t, "handed-by", it.handed_by.code()))
            .row(t.get("application-judged"), coded(t, "outcome", it.judged.code()));
        if !known.round.venues.is_empty() {
            facts = facts.row(t.get("round-venues"), venue);
        }
        if !blueprint.who.classes.is_empty() {
            facts = facts.row(t.get("programmes-classes"), class);
        }
        let (conditions, unjudged) = match &known.judged {
            Ok(Some(eligible)) => (conditions(t, &known.running, eligible), Vec::new()),
            Ok(None) => (Vec::new(), Vec::new()),
            Err(why) => (Vec::new(), why.clone()),
        };
        Self {
            crumbs: crumbs(t, links),
            receipt: it.receipt.clone(),
            place: words::place_chip(t, it.standing.place.code()),
            applicant: it.applicant.map(|id| Link::to(card_href(id), known.name.clone())),
            facts,
            opened: opened.map(|it| OpenedFacts::of(t, &known.running, it)),
            conditions,
            unjudged,
            errors: wrong.summary(t),
            send_back: (may && it.standing.place == Place::Asked).then(|| SendBack {
                action: format!("{}/send-back", application_href(it.id)),
                words: Field::area(t, "words", t.get("application-send-back-words"))
                    .hint(t.get("application-send-back-hint"))
                    .value(words)
                    .error(wrong.at("words"))
                    .required(),
            }),
            moves: if may { moves(&shell, known) } else { Vec::new() },
            entries: entries(&shell, known, may),
            untold: notices::untold(t, &known.notices),
            notices: notices::lines(t, &known.notices),
            shell,
        }
    }
}

/// The form that sends an application back.
struct SendBack {
    action: String,
    words: Field,
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(application): Path<String>,
    Query(news): Query<News>,
) -> Result<Response, AppError> {
    let shell = framed(&desk, &news.done);
    shown(&desk, shell, &application, StatusCode::OK, ("", &Wrong::default())).await
}

/// The page, with what was typed into it.
async fn shown(
    desk: &Desk,
    shell: Shell,
    application: &str,
    status: StatusCode,
    typed: (&str, &Wrong),
) -> Result<Response, AppError> {
    let known = read(desk, application).await?;
    let opened = if desk.may(Code::HandleApplications) {
        let by = desk.grant::<HandleApplications>()?;
        Some(open_paper(&desk.house, &by, known.it.id).await.map_err(|error| desk.problem(error))?)
    } else {
        None
    };
    Ok(page_with_status(status, &ApplicationPage::of(shell, &known, opened.as_ref(), typed)))
}

/// Back to the application, with what was done or why it could not be.
async fn ended(desk: &Desk, id: ApplicationId, done: Result<(), ActError>, news: &str) -> Result<Response, AppError> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("{}?done={news}", application_href(id))).into_response()),
        Err(error) => Err(desk.problem(error)),
    }
}

#[derive(Deserialize)]
struct Button {
    #[serde(default, rename = "do")]
    code: String,
}

async fn take(
    Extension(desk): Extension<Desk>,
    Path(application): Path<String>,
    Posted(button): Posted<Button>,
) -> Result<Response, AppError> {
    let id: ApplicationId = application.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<HandleApplications>()?;
    desk.here().read().await.map_err(unreadable)?.application(id).await.map_err(unreadable)?;
    let what = Move::parse(&button.code).ok_or(AppError::Bad(Vec::new()))?;
    ended(&desk, id, what.take(&desk.house, &by, id).await, what.done()).await
}

#[derive(Deserialize)]
struct Words {
    #[serde(default)]
    words: String,
}

async fn send_back(
    Extension(desk): Extension<Desk>,
    Path(application): Path<String>,
    Posted(given): Posted<Words>,
) -> Result<Response, AppError> {
    let id: ApplicationId = application.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<HandleApplications>()?;
    match send_application_back(&desk.house, &by, id, &given.words).await {
        Err(ActError::Refused(reasons)) => {
            let wrong = Wrong(sentences(desk.t, &reasons));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            shown(&desk, desk.shell(), &application, status, (&given.words, &wrong)).await
        }
        done => ended(&desk, id, done.map(drop), "decided").await,
    }
}

#[derive(Deserialize)]
struct Mistake {
    #[serde(default)]
    seq: String,
}

async fn correct(
    Extension(desk): Extension<Desk>,
    Path(application): Path<String>,
    Posted(mistake): Posted<Mistake>,
) -> Result<Response, AppError> {
    let id: ApplicationId = application.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<HandleApplications>()?;
    let what = Recorded::Mistake(Seq(mistake.seq.parse().unwrap_or_default()));
    let done = record_participation(&desk.house, &by, id, what).await.map(drop);
    ended(&desk, id, done, "corrected").await
}

fn sample(place: Place, no: u128) -> KeptApplication {
    let nil = uuid::Uuid::nil();
    let now = tsunagari_kernel::Timestamp::from_micros(1_773_600_000_000_000);
    KeptApplication {
        id: ApplicationId(uuid::Uuid::from_u128(no)),
        round: tsunagari_kernel::RoundId(nil),
        programme: tsunagari_kernel::ProgrammeId(nil),
        year: tsunagari_kernel::FiscalYear(2025),
        version_no: 1,
        venue: Some(1),
        receipt: "K7MQ2XRA".into(),
        applicant: (no != 3).then_some(tsunagari_kernel::PersonId(nil)),
        beneficiary: None,
        household: None,
        handed_by: if no == 1 { HandedBy::Applicant } else { HandedBy::Staff },
        judged: if no == 1 { Outcome::ForStaff } else { Outcome::Met },
        class: None,
        standing: Standing { place, ..Standing::asked() },
        entries: 1,
        applied_at: now,
        changed_at: now,
    }
}

/// Invented places, one of each.
fn sample_places() -> Vec<Place> {
    use tsunagari_programmes::Over;
    let until = tsunagari_kernel::Timestamp::from_micros(1_773_600_000_000_000);
    let over = [Over::Withdrawn, Over::Declined, Over::Lapsed, Over::Cancelled, Over::NotChosen];
    let mut all = vec![Place::Asked, Place::SentBack, Place::Chosen, Place::Held];
    all.extend([Place::Waiting { order: 1 }, Place::Offered { until }]);
    all.extend(over.map(|why| Place::Over { why }));
    all
}

/// Invented lines, one of each place.
pub(super) fn sample_lines() -> Vec<ApplicationLine> {
    let line = |(place, no)| ApplicationLine {
        application: sample(place, no),
        name: "髙橋 花".into(),
        kana: "タカハシ ハナ".into(),
    };
    sample_places().into_iter().zip(1..).map(line).collect()
}

impl Sample for ApplicationPage {
    fn samples(shell: Shell) -> Vec<Self> {
        use tsunagari_programmes::{Entry, Lot, Screening};
        let benefit = BenefitNo(1);
        let until = tsunagari_kernel::Timestamp::from_micros(1_773_600_000_000_000);
        let screened = [Screening::Admitted, Screening::Chosen, Screening::SentBack, Screening::NotChosen];
        let mut events = vec![Event::Applied, Event::Amended, Event::Withdrawn];
        events.extend(screened.map(|outcome| Event::Screened { outcome, points: None }));
        events.extend([Lot::Won, Lot::Behind].map(|lot| Event::Drawn { lot, rank: 2 }));
        events.extend([Event::Queued { order: 1 }, Event::Offered { until }, Event::Accepted, Event::Declined]);
        events.extend([Event::Lapsed, Event::Enrolled, Event::Attended, Event::Absent]);
        events.extend([Event::Fulfilled { benefit, number: 1 }, Event::Returned { benefit, number: 1 }]);
        events.extend([Event::Rewarded { benefit }, Event::Completed, Event::CancelledByOffice]);
        events.push(Event::Corrected { annuls: Seq(16) });
        let entry = |(event, no)| KeptEntry {
            entry: Entry { seq: Seq(no), at: until, event },
            by_kind: if no == 1 { "resident".into() } else { "machine".into() },
            by_user: None,
        };
        let ledger: Vec<KeptEntry> = events.into_iter().zip(1..).map(entry).collect();
        let named = Named { family: "髙橋".into(), given: "花".into(), ..Named::default() };
        let paper =
            Paper { named: Some(named.clone()), group: "若者会".into(), members: vec![named], ..Paper::default() };
        let outcomes = [Outcome::ForStaff, Outcome::NotKnown, Outcome::NotMet];
        let face = |it: &tsunagari_blueprints::Blueprint, place: Place, no: u128| {
            let values = tsunagari_blueprints::Values::of(&it.parameters);
            let running = Running::of(it.clone(), values).ok()?;
            let findings = outcomes.map(|outcome| ("also".to_owned(), outcome)).into();
            let eligible = Eligible { outcome: Outcome::NotMet, findings, class: None, reasons: Vec::new() };
            let mut application = sample(place, no);
            application.standing.given.entry(benefit).or_default().numbers.insert(1);
            let known = Known {
                it: application,
                name: "髙橋 花".into(),
                programme: "帰省の集い".into(),
                round: super::round_form::sample_round().round,
                running: std::sync::Arc::new(running),
                judged: if no == 2 { Err(vec!["✕".into()]) } else { Ok(Some(eligible)) },
                ledger: ledger.clone(),
                notices: notices::sample(until),
                staff: Vec::new(),
            };
            let opened = Opened { paper: (no != 3).then(|| paper.clone()), protected: no == 4 };
            Some(Self::of(shell.clone(), &known, (no != 5).then_some(&opened), ("", &Wrong::default())))
        };
        let all = super::gallery::shipped().iter();
        let places = sample_places().into_iter().zip(1..).cycle();
        all.zip(places).filter_map(|(it, (place, no))| face(it, place, no)).collect()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::ApplicationPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
