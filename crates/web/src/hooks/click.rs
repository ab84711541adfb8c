//! A counted link of a message: the click is counted and the reader sent on. The address leads only where a message's own
//! button leads, so it cannot be used to send people elsewhere.

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use tsunagari_acts::record_click::record_click;
use tsunagari_i18n::{Locale, Texts};

use crate::routes::{Needs, Routes};
use crate::sentences::problem;
use crate::shell::AppError;
use crate::state::WebState;

/// The route.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/c/{pair}/{link}", Needs::Nothing, follow)
}

async fn follow(
    State(state): State<WebState>,
    Path((pair, link)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let link: i64 = link.parse().map_err(|_| AppError::NotFound)?;
    let url = record_click(state.house(), &pair, link).await.map_err(|error| problem(Texts::of(Locale::Ja), error))?;
    let headers: [(HeaderName, String); 2] = [(LOCATION, url), (CACHE_CONTROL, "no-store".to_owned())];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}
