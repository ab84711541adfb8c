//! Departments: the list, one form for a new one, one for each name.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::keep_team::keep_team;
use tsunagari_kernel::TeamId;
use tsunagari_storage::team::Team;

use super::{News, Wrong, crumbs, framed, onward, settle};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Crumbs, Empty, ErrorSummary, Field};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageStaff);
    routes.get("/office/settings/teams", needs, show).post("/office/settings/teams", needs, keep)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Given {
    team: String,
    name: String,
}

#[derive(Template)]
#[template(path = "office/settings/teams.html")]
struct TeamsPage {
    shell: Shell,
    crumbs: Crumbs,
    errors: ErrorSummary,
    rows: Vec<(String, String)>,
    name: Field,
    empty: Empty,
}

impl TeamsPage {
    fn of(shell: Shell, teams: &[Team], given: &Given, wrong: &Wrong) -> Self {
        let t = shell.t;
        let typed = if given.team.is_empty() { given.name.as_str() } else { "" };
        Self {
            crumbs: crumbs(t, &[]),
            errors: wrong.summary(t),
            rows: teams.iter().map(|team| (team.id.to_string(), team.name.clone())).collect(),
            name: Field::text(t, "name", t.get("settings-team-name")).value(typed).error(wrong.at("name")).required(),
            empty: Empty::of("team", t.get("settings-teams-empty"), t.get("settings-teams-empty.text")),
            shell,
        }
    }
}

impl Sample for TeamsPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let team = Team { id: TeamId(uuid::Uuid::nil()), name: "ひとづくり推進課".into() };
        vec![
            Self::of(shell.clone(), &[], &Given::default(), &Wrong::default()),
            Self::of(shell, &[team], &Given::default(), &Wrong::default()),
        ]
    }
}

async fn show(Extension(desk): Extension<Desk>, Query(news): Query<News>) -> Result<Response, AppError> {
    let teams = desk.here().read().await.map_err(unreadable)?.teams().await.map_err(unreadable)?;
    Ok(page(&TeamsPage::of(framed(&desk, &news), &teams, &Given::default(), &Wrong::default())))
}

async fn keep(Extension(desk): Extension<Desk>, Posted(given): Posted<Given>) -> Result<Response, AppError> {
    let by = desk.grant()?;
    let id = if given.team.is_empty() { None } else { Some(given.team.parse().map_err(|_| AppError::NotFound)?) };
    match settle(&desk, keep_team(&desk.house, &by, id, &given.name).await)? {
        Ok(_) => Ok(onward("/office/settings/teams?done=saved")),
        Err(wrong) => {
            let teams = desk.here().read().await.map_err(unreadable)?.teams().await.map_err(unreadable)?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &TeamsPage::of(desk.shell(), &teams, &given, &wrong)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<TeamsPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }
}
