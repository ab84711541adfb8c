//! The language chosen by a link of the language switch is kept in a cookie. Leaves reading it to `shell::problem`.

use axum::extract::Request;
use axum::http::header::SET_COOKIE;
use axum::middleware::Next;
use axum::response::Response;

use crate::shell::cookies;
use crate::shell::problem::locale_asked;

const A_YEAR: u32 = 365 * 24 * 3600;

/// Sets the cookie when the address asks for a language. Use with `axum::middleware::from_fn`.
pub async fn keep(request: Request, next: Next) -> Response {
    let asked = locale_asked(request.uri().query());
    let mut response = next.run(request).await;
    if let Some(cookie) = asked.and_then(|locale| cookies::set_for(cookies::LANGUAGE, locale.code(), A_YEAR)) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
