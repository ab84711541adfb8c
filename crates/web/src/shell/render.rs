//! A template becomes a response. Leaves headers to `headers`, errors' words to `problem`.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::problem::AppError;

/// A page with status 200.
pub fn page(template: &impl Template) -> Response {
    page_with_status(StatusCode::OK, template)
}

/// A page with a status, e.g. 422 for a form shown again with its errors.
pub fn page_with_status(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            AppError::broken().into_response()
        }
    }
}
