//! A round is announced, called off or finished: each on a page of its own that says what will happen, since none can be taken
//! back. Leaves what a step may do to the domain.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::ManageProgrammes;
use tsunagari_acts::ActError;
use tsunagari_acts::keep_round::{RoundStep, step_round};
use tsunagari_kernel::RoundId;
use tsunagari_programmes::Places;
use tsunagari_storage::programme_round::KeptRound;

use super::crumbs;
use super::words::{self, programme_href, round_href};
use crate::office::desk::Desk;
use crate::office::settings::Wrong;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Crumbs, ErrorSummary, Facts, Link};
use crate::shell::{AppError, Sample, Shell, page_with_status};

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    let manage = Needs::Permission(Code::ManageProgrammes);
    routes
        .get("/office/programmes/rounds/{round}/announce", manage, ask_to_announce)
        .post("/office/programmes/rounds/{round}/announce", manage, announce)
        .get("/office/programmes/rounds/{round}/call-off", manage, ask_to_call_off)
        .post("/office/programmes/rounds/{round}/call-off", manage, call_off)
        .get("/office/programmes/rounds/{round}/finish", manage, ask_to_finish)
        .post("/office/programmes/rounds/{round}/finish", manage, finish)
}

/// The last part of a step's address.
const fn word(step: RoundStep) -> &'static str {
    match step {
        RoundStep::Announce => "announce",
        RoundStep::CallOff => "call-off",
        RoundStep::Finish => "finish",
    }
}

#[derive(Template)]
#[template(path = "office/programmes/round_step.html")]
struct StepPage {
    shell: Shell,
    crumbs: Crumbs,
    errors: ErrorSummary,
    heading: String,
    told: String,
    facts: Facts,
    action: String,
    back: String,
    seen: i64,
    look: &'static str,
}

impl StepPage {
    fn of(shell: Shell, step: RoundStep, (it, places): (&KeptRound, &Places), wrong: &Wrong) -> Self {
        let t = shell.t;
        let round = &it.round;
        let here = round_href(round.id);
        let facts = Facts::default()
            .row(t.get("round-title"), round.title.clone())
            .row(t.get("round-when"), words::period(t, round))
            .row(t.get("round-places"), words::taken(t, places))
            .row(t.get("round-venues"), words::venues(t, round).join(&t.get("programmes-and")));
        Self {
            crumbs: crumbs(
                t,
                vec![
                    Link::to(programme_href(round.programme), t.get("programmes-the")),
                    Link::to(here.clone(), round.title.clone()),
                ],
            ),
            errors: wrong.summary(t),
            heading: t.get(format!("round-step-{}", word(step))),
            told: t.get(format!("round-step-{}.told", word(step))),
            facts,
            action: format!("{here}/{}", word(step)),
            back: here,
            seen: it.version,
            look: if matches!(step, RoundStep::CallOff) { "danger" } else { "solid" },
            shell,
        }
    }
}

async fn read(desk: &Desk, round: &str) -> Result<(KeptRound, Places), AppError> {
    let id: RoundId = round.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let it = reader.round(id).await.map_err(unreadable)?;
    let (places, _) = reader.places_of(&it.round, None).await.map_err(unreadable)?;
    Ok((it, places))
}

async fn ask(desk: &Desk, round: &str, step: RoundStep) -> Result<Response, AppError> {
    let (it, places) = read(desk, round).await?;
    Ok(page_with_status(StatusCode::OK, &StepPage::of(desk.shell(), step, (&it, &places), &Wrong::default())))
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    seen: String,
}

async fn take(desk: &Desk, round: &str, step: RoundStep, given: &Given) -> Result<Response, AppError> {
    let by = desk.grant::<ManageProgrammes>()?;
    let (it, places) = read(desk, round).await?;
    let seen = given.seen.parse().unwrap_or_default();
    let done = match step {
        RoundStep::Announce => "announced",
        RoundStep::CallOff => "called-off",
        RoundStep::Finish => "finished",
    };
    let mut wrong = Wrong::default();
    let status = match step_round(&desk.house, &by, it.round.id, seen, step).await {
        Ok(()) => return Ok(Redirect::to(&format!("{}?done={done}", round_href(it.round.id))).into_response()),
        Err(ActError::Refused(reasons)) => {
            wrong = Wrong(sentences(desk.t, &reasons));
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(ActError::Conflict) => {
            wrong.unread(desk.t, "", "round-conflict");
            StatusCode::CONFLICT
        }
        Err(other) => return Err(desk.problem(other)),
    };
    Ok(page_with_status(status, &StepPage::of(desk.shell(), step, (&it, &places), &wrong)))
}

async fn ask_to_announce(Extension(desk): Extension<Desk>, Path(round): Path<String>) -> Result<Response, AppError> {
    ask(&desk, &round, RoundStep::Announce).await
}

async fn announce(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(given): Posted<Given>,
) -> Result<Response, AppError> {
    take(&desk, &round, RoundStep::Announce, &given).await
}

async fn ask_to_call_off(Extension(desk): Extension<Desk>, Path(round): Path<String>) -> Result<Response, AppError> {
    ask(&desk, &round, RoundStep::CallOff).await
}

async fn call_off(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(given): Posted<Given>,
) -> Result<Response, AppError> {
    take(&desk, &round, RoundStep::CallOff, &given).await
}

async fn ask_to_finish(Extension(desk): Extension<Desk>, Path(round): Path<String>) -> Result<Response, AppError> {
    ask(&desk, &round, RoundStep::Finish).await
}

async fn finish(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(given): Posted<Given>,
) -> Result<Response, AppError> {
    take(&desk, &round, RoundStep::Finish, &given).await
}

impl Sample for StepPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let it = super::round_form::sample_round();
        let places = Places {
            capacity: it.round.capacity,
            waiting_list: it.round.waiting_list,
            taken: 3,
            waiting: 0,
            last_order: 0,
        };
        let face = |step| Self::of(shell.clone(), step, (&it, &places), &Wrong(vec![(String::new(), "✕".into())]));
        [RoundStep::Announce, RoundStep::CallOff, RoundStep::Finish].map(face).into()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::StepPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
