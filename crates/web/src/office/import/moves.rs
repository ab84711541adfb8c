//! The buttons of a previewed or applied file: decide a row, decide the rest, apply, undo, go on, give up.

use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::permission::ImportPeople;
use tsunagari_acts::apply_import::apply_import;
use tsunagari_acts::decide_import_rows::{RowDecision, RowSeen, decide_import_rest, decide_import_row};
use tsunagari_acts::discard_import::discard_import;
use tsunagari_acts::resume_import::resume_import;
use tsunagari_acts::undo_import::undo_import;
use tsunagari_acts::{ActError, Reason};
use tsunagari_kernel::ImportId;
use tsunagari_storage::import_row::Decision;

use super::{Asked, href, id_of, rows, telling};
use crate::office::desk::Desk;
use crate::routes::{Nothing, Posted};
use crate::sentences::unreadable;
use crate::shell::AppError;

#[derive(Deserialize)]
pub(super) struct Chosen {
    row: i64,
    decision: String,
    /// As what the row stood on the page; empty where it was not decided.
    seen: String,
    #[serde(default)]
    of: String,
    #[serde(default)]
    after: i64,
}

#[derive(Deserialize)]
pub(super) struct ForRest {
    decision: String,
}

/// The file's page with what was refused.
async fn refused(desk: &Desk, id: ImportId, reasons: &[Reason]) -> Result<Response, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let file = reader.import_file(id).await.map_err(unreadable)?;
    rows::show(desk, &mut reader, file, &Asked::default(), telling::reasons(desk.t, reasons)).await
}

async fn answer(desk: &Desk, id: ImportId, done: Result<(), ActError>, to: String) -> Result<Response, AppError> {
    match done {
        Ok(()) => Ok(Redirect::to(&to).into_response()),
        Err(ActError::Refused(reasons)) => refused(desk, id, &reasons).await,
        Err(other) => Err(desk.problem(other)),
    }
}

pub(super) async fn decide(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Posted(it): Posted<Chosen>,
) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    let decision = match it.decision.as_str() {
        "new" => RowDecision::New,
        "join" => RowDecision::Join,
        "leave_out" => RowDecision::LeaveOut,
        "open" => RowDecision::Open,
        person => RowDecision::Same(person.parse().map_err(|_| AppError::Bad(Vec::new()))?),
    };
    let of = telling::VERDICTS.iter().find(|verdict| **verdict == it.of).copied().unwrap_or_default();
    let decided = Some(it.seen.parse::<Decision>().ok());
    let row = RowSeen { number: it.row, decided };
    let done = decide_import_row(&desk.house, &desk.grant::<ImportPeople>()?, id, row, decision).await;
    answer(&desk, id, done, format!("{}?of={of}&after={}#r{}", href(id), it.after, it.row)).await
}

pub(super) async fn decide_rest(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Posted(it): Posted<ForRest>,
) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    let decision: Decision = it.decision.parse().map_err(|()| AppError::Bad(Vec::new()))?;
    // Whom a row repeats is decided row by row.
    if decision == Decision::Join {
        return Err(AppError::Bad(Vec::new()));
    }
    let done = decide_import_rest(&desk.house, &desk.grant::<ImportPeople>()?, id, decision).await.map(|_| ());
    answer(&desk, id, done, format!("{}?of=doubtful", href(id))).await
}

pub(super) async fn apply(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    let done = apply_import(&desk.house, &desk.grant::<ImportPeople>()?, id).await;
    answer(&desk, id, done, href(id)).await
}

pub(super) async fn undo(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    let done = undo_import(&desk.house, &desk.grant::<ImportPeople>()?, id).await;
    answer(&desk, id, done, href(id)).await
}

pub(super) async fn resume(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    let done = resume_import(&desk.house, &desk.grant::<ImportPeople>()?, id).await;
    answer(&desk, id, done, href(id)).await
}

pub(super) async fn discard(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let id = id_of(&id)?;
    let done = discard_import(&desk.house, &desk.grant::<ImportPeople>()?, id).await;
    answer(&desk, id, done, "/office/import".to_owned()).await
}
