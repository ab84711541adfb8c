//! A round is prepared or changed: one form, kept as a draft until it is announced. Leaves the form's fields to `round_form` and
//! announcing to `round_steps`.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use tsunagari_access::Code;
use tsunagari_access::permission::ManageProgrammes;
use tsunagari_acts::ActError;
use tsunagari_acts::keep_round::{add_round, keep_round};
use tsunagari_acts::running_programme::running;
use tsunagari_kernel::{FiscalYear, ProgrammeId, RoundId, Timestamp};
use tsunagari_storage::programme_round::KeptRound;

use super::crumbs;
use super::parameter_form::{Typed, first, typed};
use super::round_form::{self as form, RoundFields, rows};
use super::words::{programme_href, round_href};
use crate::office::desk::Desk;
use crate::office::settings::Wrong;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Crumbs, ErrorSummary, Link};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    let manage = Needs::Permission(Code::ManageProgrammes);
    routes
        .get("/office/programmes/{programme}/rounds/new", manage, begin)
        .post("/office/programmes/{programme}/rounds/new", manage, add)
        .get("/office/programmes/rounds/{round}/edit", manage, edit)
        .post("/office/programmes/rounds/{round}/edit", manage, keep)
}

#[derive(Template)]
#[template(path = "office/programmes/round_edit.html")]
struct EditPage {
    shell: Shell,
    crumbs: Crumbs,
    errors: ErrorSummary,
    title: String,
    action: String,
    seen: String,
    fields: RoundFields,
}

impl EditPage {
    fn of(
        shell: Shell,
        (links, title, action): (Vec<Link>, String, String),
        (typed, wrong): (&Typed, &Wrong),
        now: Timestamp,
    ) -> Self {
        let t = shell.t;
        Self {
            crumbs: crumbs(t, links),
            errors: wrong.summary(t),
            title,
            action,
            seen: first(typed, "seen").to_owned(),
            fields: RoundFields::of(t, typed, wrong, now),
            shell,
        }
    }
}

/// The programme a new round is of: its id, title and what its form begins with.
async fn begun(desk: &Desk, programme: &str) -> Result<(ProgrammeId, String, Typed), AppError> {
    let id: ProgrammeId = programme.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let it = reader.programme(id).await.map_err(unreadable)?;
    let running = running(&desk.house, &mut reader, id, it.version_no).await.map_err(|error| desk.problem(error))?;
    let venues = running.blueprint.venues_with(&running.values).unwrap_or_default();
    let typed = form::begun(&begun_title(desk, &it.title), &running.policy, &venues, desk.house.now());
    Ok((id, it.title, typed))
}

/// A title that tells this year's round from others.
fn begun_title(desk: &Desk, programme: &str) -> String {
    let year = FiscalYear::of(desk.house.now().jst_date());
    desk.t.two("round-title-begun", "title", programme.to_owned(), "year", desk.t.fiscal_year(year))
}

fn new_page(desk: &Desk, (id, title): (ProgrammeId, &str), typed: &Typed, wrong: &Wrong) -> EditPage {
    let links = vec![Link::to(programme_href(id), title)];
    let head = (links, desk.t.get("round-new"), format!("{}/rounds/new", programme_href(id)));
    EditPage::of(desk.shell(), head, (typed, wrong), desk.house.now())
}

async fn begin(Extension(desk): Extension<Desk>, Path(programme): Path<String>) -> Result<Response, AppError> {
    let (id, title, typed) = begun(&desk, &programme).await?;
    Ok(page(&new_page(&desk, (id, &title), &typed, &Wrong::default())))
}

/// The form with one more row of a venue, when that was asked for.
fn with_a_row(typed: &Typed) -> Option<Typed> {
    (first(typed, "do") == "row").then(|| {
        let mut more = typed.clone();
        more.insert("rows".into(), vec![(rows(typed) + 1).to_string()]);
        more
    })
}

/// What an act says of a round, at the form's fields.
fn refused(desk: &Desk, reasons: &[tsunagari_acts::Reason]) -> Wrong {
    Wrong(sentences(desk.t, reasons))
}

async fn add(
    Extension(desk): Extension<Desk>,
    Path(programme): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let by = desk.grant::<ManageProgrammes>()?;
    let (id, title, _) = begun(&desk, &programme).await?;
    let typed = typed(pairs);
    if let Some(more) = with_a_row(&typed) {
        return Ok(page(&new_page(&desk, (id, &title), &more, &Wrong::default())));
    }
    let mut wrong = Wrong::default();
    if let Some(round) = form::read(desk.t, &typed, &form::blank(id, desk.house.now()), &mut wrong) {
        match add_round(&desk.house, &by, &round).await {
            Ok(round) => {
                return Ok(Redirect::to(&format!("{}?done=round-added", round_href(round))).into_response());
            }
            Err(ActError::Refused(reasons)) => wrong = refused(&desk, &reasons),
            Err(other) => return Err(desk.problem(other)),
        }
    }
    Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &new_page(&desk, (id, &title), &typed, &wrong)))
}

async fn known(desk: &Desk, round: &str) -> Result<KeptRound, AppError> {
    let id: RoundId = round.parse().map_err(|_| AppError::NotFound)?;
    desk.here().read().await.map_err(unreadable)?.round(id).await.map_err(unreadable)
}

fn edit_page(desk: &Desk, it: &KeptRound, typed: &Typed, wrong: &Wrong) -> EditPage {
    let here = round_href(it.round.id);
    let links = vec![Link::to(here.clone(), it.round.title.clone())];
    let head = (links, desk.t.get("round-edit"), format!("{here}/edit"));
    EditPage::of(desk.shell(), head, (typed, wrong), desk.house.now())
}

async fn edit(Extension(desk): Extension<Desk>, Path(round): Path<String>) -> Result<Response, AppError> {
    let it = known(&desk, &round).await?;
    Ok(page(&edit_page(&desk, &it, &form::shown(&it), &Wrong::default())))
}

async fn keep(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let by = desk.grant::<ManageProgrammes>()?;
    let it = known(&desk, &round).await?;
    let mut typed = typed(pairs);
    if let Some(more) = with_a_row(&typed) {
        return Ok(page(&edit_page(&desk, &it, &more, &Wrong::default())));
    }
    let mut wrong = Wrong::default();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(given) = form::read(desk.t, &typed, &it.round, &mut wrong) {
        let seen = first(&typed, "seen").parse().unwrap_or_default();
        match keep_round(&desk.house, &by, seen, &given).await {
            Ok(()) => {
                return Ok(Redirect::to(&format!("{}?done=round-kept", round_href(it.round.id))).into_response());
            }
            Err(ActError::Refused(reasons)) => wrong = refused(&desk, &reasons),
            Err(ActError::Conflict) => {
                status = StatusCode::CONFLICT;
                wrong.unread(desk.t, "", "round-conflict");
                // Whoever has read this and saves once more means it.
                typed.insert("seen".into(), vec![it.version.to_string()]);
            }
            Err(other) => return Err(desk.problem(other)),
        }
    }
    Ok(page_with_status(status, &edit_page(&desk, &it, &typed, &wrong)))
}

impl Sample for EditPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let it = form::sample_round();
        let wrong = Wrong(vec![("closes".into(), "✕".into()), ("v0-name".into(), "✕".into())]);
        let head = |key: &str| (Vec::new(), shell.t.get(key), "/office/programmes/rounds/1/edit".to_owned());
        vec![
            Self::of(shell.clone(), head("round-new"), (&Typed::new(), &Wrong::default()), it.round.opens),
            Self::of(shell.clone(), head("round-edit"), (&form::shown(&it), &wrong), it.round.opens),
        ]
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::EditPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
