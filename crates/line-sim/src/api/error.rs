//! Errors of the Messaging API in LINE's shapes and words.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::rules::Detail;

/// An error answer.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    message: String,
    details: Vec<Detail>,
    accepted: Option<(Uuid, Option<Value>)>,
}

impl ApiError {
    /// Any status and message.
    pub fn plain(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), details: Vec::new(), accepted: None }
    }

    /// 400.
    pub fn bad(message: impl Into<String>) -> Self {
        Self::plain(StatusCode::BAD_REQUEST, message)
    }

    /// 404.
    pub fn missing(message: &str) -> Self {
        Self::plain(StatusCode::NOT_FOUND, message)
    }

    /// 400 `The request body has X error(s)`.
    pub fn body(details: Vec<Detail>) -> Self {
        let mut error = Self::bad(format!("The request body has {} error(s)", details.len()));
        error.details = details;
        error
    }

    /// 400 for one property that cannot be read.
    pub fn property(name: &str) -> Self {
        Self::bad(format!("The property, {name}, in the request body is invalid (line: -, column: -)"))
    }

    /// 401.
    pub fn unauthorized(reason: &str) -> Self {
        let text = format!(
            "Authentication failed due to the following reason: {reason}. Confirm that the access token in the authorization header is valid."
        );
        Self::plain(StatusCode::UNAUTHORIZED, text)
    }

    /// 429 of the rate.
    pub fn rate_limit() -> Self {
        Self::plain(StatusCode::TOO_MANY_REQUESTS, "The API rate limit has been exceeded. Try again later.")
    }

    /// 429 of the month.
    pub fn monthly_limit() -> Self {
        Self::plain(StatusCode::TOO_MANY_REQUESTS, "You have reached your monthly limit.")
    }

    /// 500.
    pub fn internal() -> Self {
        Self::plain(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
    }

    /// 409: the retry key was accepted before.
    pub fn replayed(request: Uuid, sent: Option<Value>) -> Self {
        let mut error = Self::plain(StatusCode::CONFLICT, "The retry key is already accepted");
        error.accepted = Some((request, sent));
        error
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut body = json!({"message": self.message});
        if !self.details.is_empty() {
            body["details"] = json!(self.details);
        }
        let mut accepted_id = None;
        if let Some((id, sent)) = self.accepted {
            accepted_id = id.to_string().parse().ok();
            if let Some(sent) = sent {
                body["sentMessages"] = sent;
            }
        }
        let mut response = (self.status, Json(body)).into_response();
        if let Some(id) = accepted_id {
            response.headers_mut().insert("x-line-accepted-request-id", id);
        }
        response
    }
}
