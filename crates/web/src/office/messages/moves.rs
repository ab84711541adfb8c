//! The buttons on a message: hand in, approve, send back, cancel, pause, resume. Each calls its act and shows the message again; a
//! refusal is told on it. Leaves trying it out to `trying`, opening what is attached to `attachment`.

use axum::Extension;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::{ApproveMessages, StopMessages, WriteMessages};
use tsunagari_acts::ActError;
use tsunagari_acts::approve_campaign::approve_campaign;
use tsunagari_acts::cancel_campaign::{call_off_campaign, cancel_campaign};
use tsunagari_acts::pause_campaign::pause_campaign;
use tsunagari_acts::resume_campaign::resume_campaign;
use tsunagari_acts::send_back_campaign::send_back_campaign;
use tsunagari_acts::submit_campaign::submit_campaign;
use tsunagari_kernel::CampaignId;

use super::form::instant;
use super::show::{Aside, again};
use crate::office::desk::Desk;
use crate::routes::{Needs, Nothing, Posted, Routes};
use crate::sentences::sentences;
use crate::shell::AppError;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let write = Needs::Permission(Code::WriteMessages);
    let stop = Needs::Permission(Code::StopMessages);
    let approve_needs = Needs::Permission(Code::ApproveMessages);
    routes
        .post("/office/messages/{id}/submit", write, submit)
        .post("/office/messages/{id}/cancel", stop, cancel)
        .post("/office/messages/{id}/pause", stop, pause)
        .post("/office/messages/{id}/resume", stop, resume)
        .post("/office/messages/{id}/approve", approve_needs, approve)
        .post("/office/messages/{id}/back", approve_needs, send_back)
}

pub(super) fn campaign(id: &str) -> Result<CampaignId, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}

/// The message again, with the refusal's sentence when there is one.
pub(super) fn back<T>(desk: &Desk, id: CampaignId, done: Result<T, ActError>) -> Result<Response, AppError> {
    let base = format!("/office/messages/{id}");
    match done {
        Ok(_) => Ok(Redirect::to(&base).into_response()),
        Err(ActError::Refused(reasons)) => {
            let code = reasons.first().map(|reason| reason.code.replace('_', "-")).unwrap_or_default();
            Ok(Redirect::to(&format!("{base}?wrong={code}")).into_response())
        }
        Err(other) => Err(desk.problem(other)),
    }
}

async fn submit(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response, AppError> {
    let id = campaign(&id)?;
    back(&desk, id, submit_campaign(&desk.house, &desk.grant::<WriteMessages>()?, id).await)
}

async fn cancel(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response, AppError> {
    let id = campaign(&id)?;
    // Who writes may drop a draft as well; who only releases calls off what was released.
    let done = if desk.may(Code::WriteMessages) {
        cancel_campaign(&desk.house, &desk.grant::<WriteMessages>()?, id).await
    } else {
        call_off_campaign(&desk.house, &desk.grant::<StopMessages>()?, id).await
    };
    back(&desk, id, done)
}

async fn pause(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response, AppError> {
    let id = campaign(&id)?;
    back(&desk, id, pause_campaign(&desk.house, &desk.grant::<StopMessages>()?, id).await)
}

async fn resume(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response, AppError> {
    let id = campaign(&id)?;
    back(&desk, id, resume_campaign(&desk.house, &desk.grant::<StopMessages>()?, id).await)
}

#[derive(Deserialize)]
struct Approval {
    /// The version of the message the page showed.
    #[serde(default)]
    version: i64,
    #[serde(default)]
    at: String,
}

async fn approve(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Posted(it): Posted<Approval>,
) -> Result<Response, AppError> {
    let id = campaign(&id)?;
    let grant = desk.grant::<ApproveMessages>()?;
    let scheduled = instant(&it.at);
    let done = if scheduled.is_none() && !it.at.trim().is_empty() {
        Err(ActError::refused_at("at", "time_unreadable"))
    } else {
        approve_campaign(&desk.house, &grant, (id, it.version), scheduled).await
    };
    match done {
        Err(ActError::Refused(reasons)) => {
            let aside = Aside { errors: sentences(desk.t, &reasons), at: Some(it.at), ..Aside::default() };
            again(&desk, &headers, id, "", aside).await
        }
        done => back(&desk, id, done),
    }
}

#[derive(Deserialize)]
struct Word {
    #[serde(default)]
    word: String,
}

async fn send_back(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Posted(it): Posted<Word>,
) -> Result<Response, AppError> {
    let id = campaign(&id)?;
    match send_back_campaign(&desk.house, &desk.grant::<ApproveMessages>()?, id, &it.word).await {
        Err(ActError::Refused(reasons)) => {
            let aside = Aside { errors: sentences(desk.t, &reasons), word: it.word, ..Aside::default() };
            again(&desk, &headers, id, "", aside).await
        }
        done => back(&desk, id, done),
    }
}
