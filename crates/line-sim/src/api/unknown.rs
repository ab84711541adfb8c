//! Calls without a handler: 501 for those LINE has and the simulator does not play, 404 for the rest. Never a silent 200.

use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::error::ApiError;
use crate::rules::spec;

const OTHER_FAMILIES: [&str; 6] =
    ["/v2/bot/insight/", "/v2/bot/audienceGroup/", "/liff/v1/", "/message/v3/", "/bot/pnp/", "/v2/bot/message/pnp/"];

/// Answers what no route took.
pub async fn answer(method: Method, uri: Uri) -> Response {
    let path = uri.path();
    let known = spec::spec().operation_of_path(method.as_str(), path).map(|o| o.id.clone());
    let known = known.or_else(|| OTHER_FAMILIES.iter().find(|f| path.starts_with(**f)).map(|f| (*f).to_owned()));
    match known {
        Some(operation) => {
            let text = format!("This simulator does not play {operation} ({method} {path}). The LINE platform has it.");
            ApiError::plain(StatusCode::NOT_IMPLEMENTED, text).into_response()
        }
        None => ApiError::missing("Not found").into_response(),
    }
}
