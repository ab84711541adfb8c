//! Requests that change something must come from our own pages: by `Sec-Fetch-Site`, else `Origin`, and by a token bound to the
//! session. [`guard`] checks the first for every unsafe method; the handler of a form checks the second with [`token_matches`].
//! Not laid over webhooks or one-click unsubscribe (RFC 8058), which other machines post. Leaves making tokens to `access`.

use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::AppError;

/// Refuses unsafe requests from elsewhere. Use with `axum::middleware::from_fn`.
pub async fn guard(request: Request, next: Next) -> Response {
    if comes_from_us(request.method(), request.headers()) {
        next.run(request).await
    } else {
        AppError::ForeignForm.into_response()
    }
}

/// Whether a request is safe or was made by a page of the same origin. Without either header it is refused: every
/// browser in use sends one of them.
pub fn comes_from_us(method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let (Some(origin), Some(host)) = (text(header::ORIGIN.as_str()), text(header::HOST.as_str())) else {
        return false;
    };
    origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host))
}

/// Whether the token of a form is the session's; an empty token matches nothing. Compares in constant time.
pub fn token_matches(session: &str, form: &str) -> bool {
    if session.is_empty() || session.len() != form.len() {
        return false;
    }
    session.bytes().zip(form.bytes()).fold(0, |differences, (a, b)| differences | (a ^ b)) == 0
}

/// [`token_matches`] as the result a handler returns.
///
/// # Errors
/// [`AppError::ForeignForm`] when the tokens differ.
pub fn require_token(session: &str, form: &str) -> Result<(), AppError> {
    if token_matches(session, form) { Ok(()) } else { Err(AppError::ForeignForm) }
}
