//! The work lists of departments: what waits for the office, most urgent first, with where to deal with it, and marking it
//! done. Today shows the counts (`work_items_open`).

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::EditPeople;
use tsunagari_acts::finish_work_item::finish_work_item;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{TeamId, WorkId};
use tsunagari_storage::team::Team;
use tsunagari_storage::work_item::WorkItem;

use crate::office::desk::Desk;
use crate::office::people::words::card_href;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{ConfirmForm, Empty, Link, Tabs};
use crate::shell::{AppError, NavItem, Sample, Shell, page};

/// The most items shown at once.
const MOST: i64 = 100;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/work", Needs::Permission(Code::ViewPeople), show).post(
        "/office/work/{item}/done",
        Needs::Permission(Code::EditPeople),
        finish,
    )
}

struct Line {
    what: String,
    about: Option<Link>,
    note: String,
    since: String,
    due: String,
    team: String,
    done: Option<ConfirmForm>,
}

#[derive(Template)]
#[template(path = "office/teams_work/list.html")]
struct WorkPage {
    shell: Shell,
    tabs: Tabs,
    lines: Vec<Line>,
    finished: Vec<Line>,
    empty: Empty,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    team: String,
}

/// Where an item of a kind is dealt with.
fn about(t: Texts, it: &WorkItem, names: &[(uuid::Uuid, String)]) -> Option<Link> {
    if let Some(person) = it.person() {
        let name = names.iter().find(|(id, _)| *id == person.0).map(|(_, name)| name.clone());
        return Some(Link::to(card_href(person), name.unwrap_or_else(|| t.get("work-person"))));
    }
    match it.kind.as_str() {
        "channel_stopped" => Some(Link::to("/office/settings", t.get("shell-nav-settings"))),
        "unknown_deliveries" => Some(Link::to(format!("/office/messages/{}", it.subject), t.get("work-message"))),
        _ => None,
    }
}

fn line(t: Texts, it: &WorkItem, names: &[(uuid::Uuid, String)], teams: &[Team], done: Option<ConfirmForm>) -> Line {
    let kind = it.kind.replace('_', "-");
    Line {
        what: t.find(format!("work-kind-{kind}")).unwrap_or_else(|| it.kind.clone()),
        about: about(t, it, names),
        note: t.find(format!("work-note-{kind}")).unwrap_or_default(),
        since: t.date_short(it.created_at.jst_date()),
        due: it.due_on.map(|day| t.date_short(day)).unwrap_or_default(),
        team: it
            .team
            .and_then(|id| teams.iter().find(|team| team.id == id))
            .map(|team| team.name.clone())
            .unwrap_or_default(),
        done,
    }
}

impl WorkPage {
    fn of(shell: Shell, teams: &[Team], chosen: Option<TeamId>, lines: Vec<Line>, finished: Vec<Line>) -> Self {
        let t = shell.t;
        let here = chosen.map_or_else(|| "/office/work".to_owned(), |team| format!("/office/work?team={team}"));
        let tab =
            |href: String, label: String| NavItem { current: href == here, href, label, icon: "team", count: None };
        let mut items = vec![tab("/office/work".into(), t.get("work-all"))];
        items.extend(teams.iter().map(|team| tab(format!("/office/work?team={}", team.id), team.name.clone())));
        Self {
            tabs: Tabs::of(t.get("work-title"), items),
            lines,
            finished,
            empty: Empty::of("success", t.get("work-empty"), t.get("work-empty.text")),
            shell,
        }
    }
}

async fn show(Extension(desk): Extension<Desk>, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let t = desk.t;
    let team: Option<TeamId> = asked.team.parse().ok();
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let teams = reader.teams().await.map_err(unreadable)?;
    let open = reader.open_work(team, MOST).await.map_err(unreadable)?;
    let done = reader.done_work(team, 20).await.map_err(unreadable)?;
    let persons: Vec<uuid::Uuid> = open.iter().chain(&done).filter_map(|it| it.person().map(|id| id.0)).collect();
    let names = reader.names_of_persons(&persons).await.map_err(unreadable)?;
    drop(reader);
    let shell = desk.shell();
    let button = |it: &WorkItem| {
        ConfirmForm::of(&shell, format!("/office/work/{}/done", it.id), t.get("work-done")).look("text")
    };
    let may = desk.may(Code::EditPeople);
    let lines = open.iter().map(|it| line(t, it, &names, &teams, may.then(|| button(it)))).collect();
    let finished = done.iter().map(|it| line(t, it, &names, &teams, None)).collect();
    Ok(page(&WorkPage::of(shell, &teams, team, lines, finished)))
}

#[derive(Deserialize)]
struct Nothing {}

async fn finish(
    Extension(desk): Extension<Desk>,
    Path(item): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let id: WorkId = item.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<EditPeople>()?;
    finish_work_item(&desk.house, &by, id).await.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to("/office/work").into_response())
}

impl Sample for WorkPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let t = shell.t;
        let nil = uuid::Uuid::nil();
        let teams = vec![Team { id: TeamId(nil), name: "ひとづくり推進課".into() }];
        let item = |kind: &str| WorkItem {
            id: WorkId(nil),
            team: Some(TeamId(nil)),
            kind: kind.into(),
            subject: nil.to_string(),
            note: String::new(),
            due_on: chrono::NaiveDate::from_ymd_opt(2026, 3, 31),
            created_at: tsunagari_kernel::Timestamp::from_micros(1_773_600_000_000_000),
            done_at: None,
            done_by: None,
        };
        let kinds = ["doubtful_join", "erasure_request", "doubtful_duplicate", "channel_stopped", "unknown_deliveries"];
        let button = || Some(ConfirmForm::of(&shell, "#", t.get("work-done")).look("text"));
        let lines = kinds.iter().map(|kind| line(t, &item(kind), &[], &teams, button())).collect();
        vec![
            Self::of(shell.clone(), &[], None, Vec::new(), Vec::new()),
            Self::of(shell, &teams, Some(TeamId(nil)), lines, Vec::new()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<WorkPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }
}
