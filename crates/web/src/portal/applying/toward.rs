//! Who wanted to apply and had to sign in first is led on to the questions afterwards: a short-lived cookie names the round. It says
//! nothing about anybody, and opens nothing. Leaves signing in to `portal::sign_in`.

use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use tsunagari_kernel::RoundId;

use crate::shell::{AppError, cookies};

const COOKIE: &str = "__Host-toward";
const AN_HOUR: u32 = 3_600;

/// Remembers where somebody wanted to go.
pub fn remember(mut response: Response, round: RoundId) -> Result<Response, AppError> {
    let cookie = cookies::set_for(COOKIE, &round.to_string(), AN_HOUR).ok_or(AppError::broken())?;
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}

/// Where they wanted to go, if anywhere.
pub fn remembered(headers: &HeaderMap) -> Option<RoundId> {
    cookies::read(headers, COOKIE)?.parse().ok()
}

/// They are there: it is forgotten.
pub fn forget(response: &mut Response) -> Result<(), AppError> {
    response.headers_mut().append(SET_COOKIE, cookies::clear(COOKIE).ok_or(AppError::broken())?);
    Ok(())
}
