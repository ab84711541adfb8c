//! One item of a work list: what it is about, given to a department, or marked done with what came of it.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::HandleWork;
use tsunagari_acts::assign_work_item::assign_work_item;
use tsunagari_acts::finish_work_item::{LONGEST_OUTCOME, cause_is_open, finish_work_item};
use tsunagari_kernel::WorkId;
use tsunagari_storage::team::Team;
use tsunagari_storage::work_item::WorkItem;

use super::{about, kind_words, note_of};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Choices, Crumbs, ErrorSummary, Facts, Field, Link};
use crate::shell::{AppError, Sample, Shell, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/office/work/{item}", Needs::Permission(Code::ViewPeople), show)
        .post("/office/work/{item}/done", Needs::Permission(Code::HandleWork), finish)
        .post("/office/work/{item}/team", Needs::Permission(Code::HandleWork), assign)
}

#[derive(Template)]
#[template(path = "office/teams_work/item.html")]
struct ItemPage {
    shell: Shell,
    crumbs: Crumbs,
    errors: ErrorSummary,
    title: String,
    note: String,
    about: Option<Link>,
    facts: Facts,
    team: Choices,
    outcome: Field,
    base: String,
    open: bool,
    /// Where it ends by a decision of its own, that this is so.
    decided: String,
}

/// An item with what is shown beside it.
struct Known {
    item: WorkItem,
    teams: Vec<Team>,
    names: Vec<(uuid::Uuid, String)>,
    done_by: String,
    /// Whether what it is about waits for a decision of its own.
    waits: bool,
}

async fn read(desk: &Desk, item: &str) -> Result<Known, AppError> {
    let id: WorkId = item.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let item = reader.work_item(id).await.map_err(unreadable)?;
    let waits = cause_is_open(&mut reader, &item).await.map_err(|error| desk.problem(error))?;
    let teams = reader.teams().await.map_err(unreadable)?;
    let person: Vec<uuid::Uuid> = item.person().map(|id| id.0).into_iter().collect();
    let names = reader.names_of_persons(&person).await.map_err(unreadable)?;
    let staff = reader.staff().await.map_err(unreadable)?;
    let done_by = staff.into_iter().find(|it| Some(it.id) == item.done_by).map(|it| it.name).unwrap_or_default();
    Ok(Known { item, teams, names, done_by, waits })
}

impl ItemPage {
    fn of(shell: Shell, known: &Known, may: bool, outcome: &str, wrong: &[(String, String)]) -> Self {
        let t = shell.t;
        let it = &known.item;
        let (title, note) = kind_words(t, &it.kind);
        let mut team = Choices::select(t, "team", t.get("work-team")).option("", t.get("people-team-none"));
        for one in &known.teams {
            team = team.option(one.id.to_string(), one.name.clone());
        }
        let chosen = it.team.map(|id| id.to_string()).unwrap_or_default();
        let mut facts = Facts::default()
            .row(t.get("work-since"), t.date(it.created_at.jst_date()))
            .row(t.get("work-due"), it.due_on.map(|day| t.date(day)).unwrap_or_default());
        if let Some(done) = it.done_at {
            facts = facts
                .row(t.get("work-done-on"), t.date(done.jst_date()))
                .row(
                    t.get("work-done-by"),
                    if it.done_by.is_none() { t.get("work-done-by-itself") } else { known.done_by.clone() },
                )
                .row(t.get("work-outcome"), it.outcome.clone());
        }
        let at = |field: &str| wrong.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone());
        let most = u32::try_from(LONGEST_OUTCOME).unwrap_or(u32::MAX);
        Self {
            crumbs: Crumbs::of(t, vec![Link::to("/office/work", t.get("work-title"))]),
            errors: ErrorSummary::of(t, wrong.to_vec()),
            title,
            note: note_of(t, it, note),
            about: about(t, it, &known.names),
            facts,
            team: team.chosen(&chosen).error(at("team")),
            outcome: Field::area(t, "outcome", t.get("work-outcome"))
                .value(outcome)
                .hint(t.get("work-outcome.hint"))
                .rows(3)
                .max(most)
                .error(at("outcome")),
            base: format!("/office/work/{}", it.id),
            open: may && it.done_at.is_none(),
            decided: if known.waits { t.get("work-decided-there") } else { String::new() },
            shell,
        }
    }
}

async fn show(Extension(desk): Extension<Desk>, Path(item): Path<String>) -> Result<Response, AppError> {
    let known = read(&desk, &item).await?;
    Ok(page_with_status(StatusCode::OK, &ItemPage::of(desk.shell(), &known, desk.may(Code::HandleWork), "", &[])))
}

/// Back to the list, or the item again with what is wrong.
async fn ended(
    desk: &Desk,
    item: &str,
    kept: Result<(), tsunagari_acts::ActError>,
    (to, typed): (&str, &str),
) -> Result<Response, AppError> {
    match kept {
        Ok(()) => Ok(Redirect::to(to).into_response()),
        Err(tsunagari_acts::ActError::Refused(reasons)) => {
            let known = read(desk, item).await?;
            let wrong = sentences(desk.t, &reasons);
            let shown = ItemPage::of(desk.shell(), &known, desk.may(Code::HandleWork), typed, &wrong);
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
        Err(other) => Err(desk.problem(other)),
    }
}

#[derive(Deserialize)]
struct Outcome {
    #[serde(default)]
    outcome: String,
}

async fn finish(
    Extension(desk): Extension<Desk>,
    Path(item): Path<String>,
    Posted(typed): Posted<Outcome>,
) -> Result<Response, AppError> {
    let id: WorkId = item.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<HandleWork>()?;
    let kept = finish_work_item(&desk.house, &by, id, &typed.outcome).await;
    ended(&desk, &item, kept, ("/office/work?news=done", &typed.outcome)).await
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    team: String,
}

async fn assign(
    Extension(desk): Extension<Desk>,
    Path(item): Path<String>,
    Posted(typed): Posted<Given>,
) -> Result<Response, AppError> {
    let id: WorkId = item.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<HandleWork>()?;
    let kept = match typed.team.as_str() {
        "" => assign_work_item(&desk.house, &by, id, None).await,
        team => match team.parse() {
            Ok(team) => assign_work_item(&desk.house, &by, id, Some(team)).await,
            Err(_) => Err(tsunagari_acts::ActError::refused_at("team", "choose_one")),
        },
    };
    ended(&desk, &item, kept, ("/office/work?news=given", "")).await
}

impl Sample for ItemPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let teams = super::sample_teams();
        let known = |kind: &str, done: bool| {
            let mut item = super::sample_item(kind);
            item.done_at = done.then_some(item.created_at);
            Known {
                item,
                teams: teams.clone(),
                names: Vec::new(),
                done_by: "石見 花".into(),
                waits: kind == "restored",
            }
        };
        let wrong = [("outcome".to_owned(), "✕".to_owned())];
        vec![
            Self::of(shell.clone(), &known("doubtful_join", false), true, "", &[]),
            Self::of(shell.clone(), &known("erasure_request", false), true, "見た", &wrong),
            Self::of(shell.clone(), &known("restored", false), true, "", &[]),
            Self::of(shell, &known("channel_stopped", true), false, "", &[]),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<ItemPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }
}
