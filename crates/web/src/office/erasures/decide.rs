//! One person's erasure: what goes and what stays, what keeps it from happening now, and the two steps by two officers.
//! Leaves who may take which step to acts.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::ActError;
use tsunagari_acts::erase_person::{
    GROUNDS, KEEP_REASONS, Prospect, decide_erasure, propose_erasure, prospect, refuse_erasure,
};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{ErasureId, PersonId};
use tsunagari_people::Person;
use tsunagari_storage::erasure::{Holdings, Leaving};
use tsunagari_storage::erasure_case::{AskedBy, CaseState, ErasureCase};
use tsunagari_storage::person_tables::{Fate, HELD};

use crate::office::desk::Desk;
use crate::office::people::words::{card_href, name};
use crate::routes::{Needs, Nothing, Posted, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Banner, Choices, ConfirmForm, Crumbs, ErrorSummary, Facts, Link};
use crate::shell::{AppError, Sample, Shell, Tone, page, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/office/people/{person}/erasure", Needs::Permission(Code::ViewPeople), show)
        .post("/office/people/{person}/erasure", Needs::Permission(Code::EditPeople), propose)
        .post("/office/erasures/{case}/erase", Needs::Permission(Code::DecideErasures), erase)
        .post("/office/erasures/{case}/refuse", Needs::Permission(Code::DecideErasures), refuse)
}

#[derive(Template)]
#[template(path = "office/erasures/decide.html")]
struct DecidePage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    errors: ErrorSummary,
    news: Vec<Banner>,
    goes: Facts,
    notes: Vec<String>,
    data: Option<Link>,
    propose: Option<(String, Choices)>,
    erase: Option<ConfirmForm>,
    refuse: Option<(String, Choices)>,
}

/// What the reader of the page may do, and who they are.
struct Reading {
    propose: bool,
    decide: bool,
    export: bool,
    me: uuid::Uuid,
    proposer: String,
}

fn choices(t: Texts, name: &str, legend: &str, codes: &[&str], prefix: &str) -> Choices {
    let choices = Choices::radio(t, name, t.get(legend));
    codes.iter().fold(choices, |all, code| all.option(*code, t.get(format!("{prefix}-{}", code.replace('_', "-")))))
}

/// Tables whose rows go, with their numbers.
fn goes(t: Texts, holdings: &Holdings) -> Facts {
    let leaves = |table: &str| {
        HELD.iter()
            .find(|held| held.table == table)
            .is_some_and(|held| held.names.iter().any(|(_, fate)| !matches!(fate, Fate::Kept(_))))
    };
    holdings.rows.iter().filter(|(table, _)| leaves(table)).fold(Facts::default(), |facts, (table, n)| {
        facts.row(t.get(format!("data-table-{}", table.replace('_', "-"))), t.count("data-rows", *n))
    })
}

fn news(t: Texts, person: &Person, it: &Prospect, reading: &Reading) -> Vec<Banner> {
    let mut news = Vec::new();
    let warn = |text: String| Banner::of(Tone::Warning, text);
    match &it.case {
        Some(case) if case.state == CaseState::Proposed => {
            let date = t.date(case.since.jst_date());
            let own = case.proposed_by.is_some_and(|user| user.0 == reading.me);
            news.push(Banner::of(
                Tone::Info,
                if own {
                    t.one("erasure-waits-own", "date", date)
                } else {
                    t.two("erasure-waits", "name", reading.proposer.as_str(), "date", date)
                },
            ));
        }
        Some(case) if case.state == CaseState::Asked => {
            news.push(Banner::of(Tone::Info, t.one("erasure-was-asked", "date", t.date(case.since.jst_date()))));
        }
        Some(case) if case.state == CaseState::Refused => {
            let reason = t.get(format!("erasure-reason-{}", case.reason.replace('_', "-")));
            let date = t.date(case.decided_at.unwrap_or(case.since).jst_date());
            news.push(Banner::of(Tone::Info, t.two("erasure-was-refused", "date", date, "reason", reason)));
        }
        Some(_) | None => {}
    }
    if it.holdings.open_messages > 0 {
        news.push(warn(t.count("erasure-blocked-messages", it.holdings.open_messages)));
    }
    if it.holdings.open_imports > 0 {
        news.push(warn(t.get("erasure-blocked-imports")));
    }
    if person.address_protected {
        news.push(warn(t.get("erasure-protected")));
    }
    news
}

fn notes(t: Texts, it: &Prospect) -> Vec<String> {
    let mut notes = Vec::new();
    if it.leaving.entries.len() > 1 {
        notes.push(t.count("erasure-entries", it.leaving.entries.len()));
    }
    if !it.leaving.guardians.is_empty() {
        notes.push(t.count("erasure-guardians", it.leaving.guardians.len()));
    }
    if it.holdings.wards > 0 {
        notes.push(t.count("erasure-wards", it.holdings.wards));
    }
    notes.extend(["erasure-stays-counts", "erasure-stays-audit", "erasure-stays-law"].map(|key| t.get(key)));
    notes
}

impl DecidePage {
    fn of(shell: Shell, person: &Person, it: &Prospect, reading: &Reading, wrong: Vec<(String, String)>) -> Self {
        let t = shell.t;
        let card = card_href(person.id);
        let open = it.case.as_ref().filter(|case| case.state.is_open());
        let proposed = open.filter(|case| case.state == CaseState::Proposed);
        let at = |field: &str| wrong.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone());
        let free = it.holdings.open_messages == 0 && it.holdings.open_imports == 0;
        let erase =
            proposed.filter(|case| reading.decide && free && case.proposed_by.is_some_and(|user| user.0 != reading.me));
        let ground = choices(t, "ground", "erasure-ground", &GROUNDS, "erasure-ground").error(at("ground"));
        let ground =
            if open.is_some_and(|case| case.asked_by == AskedBy::Resident) { ground.chosen("asked") } else { ground };
        let reason = choices(t, "reason", "erasure-reason", &KEEP_REASONS, "erasure-reason").error(at("reason"));
        let refuse =
            open.filter(|_| reading.decide).map(|case| (format!("/office/erasures/{}/refuse", case.id), reason));
        Self {
            crumbs: Crumbs::of(
                t,
                vec![
                    Link::to("/office/people", t.get("shell-nav-people")),
                    Link::to(card.as_str(), name(t, person)),
                    Link::to("/office/erasures", t.get("erasure-list")),
                ],
            ),
            title: t.get("erasure-title"),
            errors: ErrorSummary::of(t, wrong),
            news: news(t, person, it, reading),
            goes: goes(t, &it.holdings),
            notes: notes(t, it),
            data: reading.export.then(|| Link::to(format!("{card}/data"), t.get("erasure-data"))),
            propose: (reading.propose && proposed.is_none()).then(|| (format!("{card}/erasure"), ground)),
            erase: erase.map(|case| {
                ConfirmForm::of(&shell, format!("/office/erasures/{}/erase", case.id), t.get("erasure-erase"))
                    .look("danger")
                    .ask(t.get("erasure-erase.ask"))
            }),
            refuse,
            shell,
        }
    }
}

#[derive(Deserialize)]
struct News {
    #[serde(default)]
    done: String,
}

async fn reading(desk: &Desk, case: Option<&ErasureCase>) -> Result<Reading, AppError> {
    let staff = desk.here().read().await.map_err(unreadable)?.staff().await.map_err(unreadable)?;
    let proposer = case
        .and_then(|case| case.proposed_by)
        .and_then(|user| staff.into_iter().find(|it| it.id == user))
        .map_or_else(|| desk.t.get("actor-user"), |it| it.name);
    Ok(Reading {
        propose: desk.may(Code::EditPeople),
        decide: desk.may(Code::DecideErasures),
        export: desk.may(Code::ExportLists),
        me: desk.staff.id.0,
        proposer,
    })
}

async fn shown(
    desk: &Desk,
    shell: Shell,
    person: PersonId,
    wrong: Vec<(String, String)>,
) -> Result<DecidePage, AppError> {
    let it = prospect(&desk.here(), person).await.map_err(|error| desk.problem(error))?;
    let who = desk.here().read().await.map_err(unreadable)?.person(person).await.map_err(unreadable)?;
    let reading = reading(desk, it.case.as_ref()).await?;
    Ok(DecidePage::of(shell, &who, &it, &reading, wrong))
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(person): Path<String>,
    Query(news): Query<News>,
) -> Result<Response, AppError> {
    let id: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let shell = match news.done.as_str() {
        "proposed" => desk.shell_with(Tone::Success, desk.t.get("erasure-done-proposed")),
        _ => desk.shell(),
    };
    Ok(page(&shown(&desk, shell, id, Vec::new()).await?))
}

/// Back to where it was done, or the same page with what is wrong.
async fn settled(desk: &Desk, person: PersonId, done: Result<(), ActError>, to: &str) -> Result<Response, AppError> {
    match done {
        Ok(()) => Ok(Redirect::to(to).into_response()),
        Err(ActError::Refused(reasons)) => {
            let mut shell = desk.shell();
            shell.path = format!("{}/erasure", card_href(person));
            let view = shown(desk, shell, person, sentences(desk.t, &reasons)).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view))
        }
        Err(other) => Err(desk.problem(other)),
    }
}

#[derive(Deserialize)]
struct Ground {
    #[serde(default)]
    ground: String,
}

async fn propose(
    Extension(desk): Extension<Desk>,
    Path(person): Path<String>,
    Posted(given): Posted<Ground>,
) -> Result<Response, AppError> {
    let id: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let done = propose_erasure(&desk.house, &desk.grant()?, id, &given.ground).await.map(|_| ());
    settled(&desk, id, done, &format!("{}/erasure?done=proposed", card_href(id))).await
}

async fn person_of(desk: &Desk, case: &str) -> Result<(ErasureId, PersonId), AppError> {
    let id: ErasureId = case.parse().map_err(|_| AppError::NotFound)?;
    let case = desk.here().read().await.map_err(unreadable)?.erasure_case(id).await.map_err(unreadable)?;
    Ok((id, case.person))
}

async fn erase(
    Extension(desk): Extension<Desk>,
    Path(case): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let (id, person) = person_of(&desk, &case).await?;
    let done = decide_erasure(&desk.house, &desk.grant()?, id).await;
    settled(&desk, person, done, "/office/erasures?done=erased").await
}

#[derive(Deserialize)]
struct Why {
    #[serde(default)]
    reason: String,
}

async fn refuse(
    Extension(desk): Extension<Desk>,
    Path(case): Path<String>,
    Posted(given): Posted<Why>,
) -> Result<Response, AppError> {
    let (id, person) = person_of(&desk, &case).await?;
    let done = refuse_erasure(&desk.house, &desk.grant()?, id, &given.reason).await;
    settled(&desk, person, done, "/office/erasures?done=refused").await
}

impl Sample for DecidePage {
    fn samples(shell: Shell) -> Vec<Self> {
        let (_, record) = crate::office::people::words::sample(shell.t);
        let person = record.person;
        let holdings = Holdings {
            rows: HELD.iter().map(|held| (held.table, 2)).collect(),
            wards: 1,
            open_messages: 1,
            open_imports: 1,
        };
        let leaving = Leaving { entries: vec![person.id, person.id], guardians: vec![person.id] };
        let case = |state, reason: &str| ErasureCase {
            id: ErasureId(uuid::Uuid::nil()),
            person: person.id,
            asked_by: AskedBy::Resident,
            state,
            reason: reason.into(),
            proposed_by: Some(tsunagari_kernel::UserId(uuid::Uuid::nil())),
            since: person.created_at,
            decided_by: None,
            decided_at: None,
        };
        let reading = |me| Reading { propose: true, decide: true, export: true, me, proposer: "石見 花".into() };
        let other = uuid::Uuid::from_u128(9);
        let free = Holdings { open_messages: 0, open_imports: 0, ..holdings.clone() };
        let faces = [
            (holdings, None, other),
            (free.clone(), Some(case(CaseState::Asked, "asked")), other),
            (free.clone(), Some(case(CaseState::Proposed, "asked")), other),
            (free.clone(), Some(case(CaseState::Proposed, "asked")), uuid::Uuid::nil()),
            (free, Some(case(CaseState::Refused, "legal_retention")), other),
        ];
        faces
            .into_iter()
            .map(|(holdings, case, me)| {
                let it = Prospect { leaving: leaving.clone(), holdings, case };
                Self::of(shell.clone(), &person, &it, &reading(me), Vec::new())
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<DecidePage>(crate::shell::sample::office_shell),
            Vec::<String>::new()
        );
    }
}
