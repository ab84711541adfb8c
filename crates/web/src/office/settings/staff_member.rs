//! One colleague: invited, changed, let in anew. The invitation's link is shown once, to be handed over by the officer.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use tsunagari_access::{Code, Role};
use tsunagari_acts::add_staff::{Invitation, StaffGiven, add_staff};
use tsunagari_acts::keep_staff::{StaffAccess, StaffChange, keep_staff};
use tsunagari_acts::reset_second_factor::reset_second_factor;
use tsunagari_kernel::{TeamId, Timestamp, UserId};
use tsunagari_storage::staff::Staff;
use tsunagari_storage::team::Team;

use super::paper::{Paper, Part};
use super::{News, Wrong, crumbs, framed, onward, settle};
use crate::office::desk::Desk;
use crate::routes::{Needs, Nothing, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Choices, ConfirmForm, Crumbs, Field};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

const LIST: (&str, &str) = ("/office/settings/staff", "settings-staff");

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageStaff);
    routes
        .get("/office/settings/staff/new", needs, blank)
        .post("/office/settings/staff/new", needs, add)
        .get("/office/settings/staff/{user}", needs, show)
        .post("/office/settings/staff/{user}", needs, keep)
        .post("/office/settings/staff/{user}/factor", needs, reset)
}

/// The form as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Given {
    login: String,
    name: String,
    role: String,
    until: String,
    team: String,
    access: String,
}

impl Given {
    fn of(it: &Staff) -> Self {
        let last = it.role.until().map(|until| until.minus(chrono::TimeDelta::microseconds(1)).jst_date());
        Self {
            login: it.login.clone(),
            name: it.name.clone(),
            role: it.role.code().into(),
            until: last.map(|day| day.to_string()).unwrap_or_default(),
            team: it.team.map(|team| team.to_string()).unwrap_or_default(),
            access: if it.active { "open" } else { "closed" }.into(),
        }
    }

    fn until(&self) -> Option<NaiveDate> {
        self.until.trim().parse().ok()
    }

    fn team(&self) -> Option<TeamId> {
        self.team.parse().ok()
    }
}

fn common(paper: Paper, shell: &Shell, given: &Given, teams: &[Team], wrong: &Wrong) -> Paper {
    let t = shell.t;
    let codes = Role::every(Timestamp::from_micros(0)).map(Role::code);
    let roles = codes.iter().fold(Choices::radio(t, "role", t.get("settings-staff-role")), |choices, code| {
        choices.option_with(*code, t.get(format!("role-{code}")), t.get(format!("settings-role-{code}")))
    });
    let none = Choices::select(t, "team", t.get("settings-staff-team")).option("", t.get("settings-staff-no-team"));
    let departments = teams.iter().fold(none, |choices, team| choices.option(team.id.to_string(), team.name.clone()));
    paper
        .part(
            Field::text(t, "name", t.get("settings-staff-name")).value(&given.name).error(wrong.at("name")).required(),
        )
        .part(roles.chosen(&given.role).error(wrong.at("role")).required())
        .part(
            Field::date(t, "until", t.get("settings-staff-until"))
                .value(&given.until)
                .hint(t.get("settings-staff-until.hint"))
                .error(wrong.at("until")),
        )
        .part(departments.chosen(&given.team).error(wrong.at("team")))
}

fn new_form(shell: Shell, given: &Given, teams: &[Team], wrong: &Wrong) -> Paper {
    let t = shell.t;
    let login = Field::text(t, "login", t.get("settings-staff-login"))
        .value(&given.login)
        .hint(t.get("settings-staff-login.hint"))
        .error(wrong.at("login"))
        .required();
    let paper =
        Paper::of(shell.clone(), "settings-staff-add", &[LIST], "/office/settings/staff/new", wrong).part(login);
    common(paper, &shell, given, teams, wrong).button(t.get("settings-staff-invite"))
}

fn member_form(shell: Shell, id: UserId, given: &Given, teams: &[Team], wrong: &Wrong) -> Paper {
    let t = shell.t;
    let here = format!("/office/settings/staff/{id}");
    let access = Choices::radio(t, "access", t.get("settings-staff-access"))
        .option("open", t.get("settings-staff-access-open"))
        .option_with("closed", t.get("settings-staff-access-closed"), t.get("settings-staff-access-closed.hint"))
        .chosen(&given.access)
        .error(wrong.at("access"));
    let again = ConfirmForm::of(&shell, format!("{here}/factor"), t.get("settings-staff-again")).ask(t.one(
        "settings-staff-again.ask",
        "name",
        given.name.clone(),
    ));
    let paper = Paper::of(shell.clone(), "settings-staff-edit", &[LIST], here, wrong).titled(given.name.clone());
    let paper = common(paper.part(Part::Note(given.login.clone())), &shell, given, teams, wrong).part(access);
    paper.after(t.get("settings-staff-again.lead"), again)
}

/// The link, shown once.
#[derive(Template)]
#[template(path = "office/settings/invitation_made.html")]
struct MadePage {
    shell: Shell,
    crumbs: Crumbs,
    name: String,
    link: String,
    until: String,
}

impl MadePage {
    fn of(shell: Shell, name: &str, link: String, until: Timestamp) -> Self {
        let t = shell.t;
        Self { crumbs: crumbs(t, &[LIST]), name: name.to_owned(), link, until: t.date_time(until), shell }
    }
}

impl Sample for MadePage {
    fn samples(shell: Shell) -> Vec<Self> {
        let link = "https://tsunagari.example.jp/office/invite/0/abc".to_owned();
        vec![Self::of(shell, "石見 花", link, Timestamp::from_micros(1_774_000_000_000_000))]
    }
}

fn made(desk: &Desk, name: &str, it: &Invitation) -> Response {
    let link = format!("{}/office/invite/{}/{}", desk.house.origin, desk.org.id.0.as_simple(), it.token);
    page(&MadePage::of(desk.shell(), name, link, it.expires_at))
}

async fn teams(desk: &Desk) -> Result<Vec<Team>, AppError> {
    desk.here().read().await.map_err(unreadable)?.teams().await.map_err(unreadable)
}

async fn blank(Extension(desk): Extension<Desk>) -> Result<Response, AppError> {
    let given = Given { role: "editor".into(), ..Given::default() };
    Ok(page(&new_form(desk.shell(), &given, &teams(&desk).await?, &Wrong::default())))
}

async fn add(Extension(desk): Extension<Desk>, Posted(given): Posted<Given>) -> Result<Response, AppError> {
    let by = desk.grant()?;
    let wanted = StaffGiven {
        login: given.login.clone(),
        name: given.name.clone(),
        role: given.role.clone(),
        until: given.until(),
        team: given.team(),
    };
    match settle(&desk, add_staff(&desk.house, &by, &wanted).await)? {
        Ok(invitation) => Ok(made(&desk, &given.name, &invitation)),
        Err(wrong) => {
            let teams = teams(&desk).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &new_form(desk.shell(), &given, &teams, &wrong)))
        }
    }
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(user): Path<String>,
    Query(news): Query<News>,
) -> Result<Response, AppError> {
    let id: UserId = user.parse().map_err(|_| AppError::NotFound)?;
    let staff = desk.here().read().await.map_err(unreadable)?.staff_member(id).await.map_err(unreadable)?;
    let teams = teams(&desk).await?;
    Ok(page(&member_form(framed(&desk, &news), id, &Given::of(&staff), &teams, &Wrong::default())))
}

async fn keep(
    Extension(desk): Extension<Desk>,
    Path(user): Path<String>,
    Posted(given): Posted<Given>,
) -> Result<Response, AppError> {
    let id: UserId = user.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant()?;
    let change = StaffChange {
        name: given.name.clone(),
        role: given.role.clone(),
        until: given.until(),
        team: given.team(),
        access: if given.access == "closed" { StaffAccess::Closed } else { StaffAccess::Open },
    };
    match settle(&desk, keep_staff(&desk.house, &by, id, &change).await)? {
        Ok(()) => Ok(onward("/office/settings/staff?done=saved")),
        Err(wrong) => {
            let teams = teams(&desk).await?;
            Ok(page_with_status(
                StatusCode::UNPROCESSABLE_ENTITY,
                &member_form(desk.shell(), id, &given, &teams, &wrong),
            ))
        }
    }
}

async fn reset(
    Extension(desk): Extension<Desk>,
    Path(user): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let id: UserId = user.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant()?;
    let invitation = reset_second_factor(&desk.house, &by, id).await.map_err(|error| desk.problem(error))?;
    let staff = desk.here().read().await.map_err(unreadable)?.staff_member(id).await.map_err(unreadable)?;
    Ok(made(&desk, &staff.name, &invitation))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::sample::{faults, faults_of, office_shell};

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(faults::<MadePage>(office_shell), Vec::<String>::new());
        let new = faults_of(office_shell, |shell| vec![new_form(shell, &Given::default(), &[], &Wrong::default())]);
        assert_eq!(new, Vec::<String>::new());
        let member =
            |shell| vec![member_form(shell, UserId(uuid::Uuid::nil()), &Given::default(), &[], &Wrong::default())];
        assert_eq!(faults_of(office_shell, member), Vec::<String>::new());
    }
}
