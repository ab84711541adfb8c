//! Import: the files taken in so far and a form for the next one (`uploads`), what its columns are (`mapping`), what each
//! row will do (`rows`), and the buttons between (`moves`). One address per file shows the step it stands at.

mod mapping;
mod moves;
mod rows;
mod take_out;
mod telling;
mod uploads;

use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_kernel::ImportId;
use tsunagari_storage::import_file::ImportState;

use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::AppError;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    const NEEDS: Needs = Needs::Permission(Code::ImportPeople);
    routes
        .get("/office/import", NEEDS, uploads::show)
        .post("/office/import", NEEDS, uploads::take_in)
        .get("/office/import/{id}", NEEDS, show)
        .get("/office/import/{id}/columns", NEEDS, mapping::show)
        .post("/office/import/{id}/columns", NEEDS, mapping::keep)
        .post("/office/import/{id}/header", NEEDS, mapping::move_header)
        .post("/office/import/{id}/decide", NEEDS, moves::decide)
        .post("/office/import/{id}/decide-rest", NEEDS, moves::decide_rest)
        .post("/office/import/{id}/apply", NEEDS, moves::apply)
        .post("/office/import/{id}/undo", NEEDS, moves::undo)
        .post("/office/import/{id}/resume", NEEDS, moves::resume)
        .get("/office/import/{id}/export", Needs::Permission(Code::ExportLists), take_out::take_out)
        .post("/office/import/{id}/discard", NEEDS, moves::discard)
}

/// What part of the rows is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    of: String,
    #[serde(default)]
    after: i64,
}

/// The file's id of a path; an unreadable one is as unknown as a foreign one.
pub(super) fn id_of(text: &str) -> Result<ImportId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// Where a file is shown.
pub(super) fn href(id: ImportId) -> String {
    format!("/office/import/{id}")
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let file = reader.import_file(id_of(&id)?).await.map_err(unreadable)?;
    match file.state {
        ImportState::Mapping => Ok(Redirect::to(&format!("{}/columns", href(file.id))).into_response()),
        ImportState::Reading | ImportState::Discarded => Ok(Redirect::to("/office/import").into_response()),
        ImportState::Previewing
        | ImportState::Previewed
        | ImportState::Applying
        | ImportState::Applied
        | ImportState::Undoing
        | ImportState::Undone => rows::show(&desk, &mut reader, file, &asked, Vec::new()).await,
    }
}
