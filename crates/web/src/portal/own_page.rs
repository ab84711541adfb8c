//! The addresses of one's own page, and of what one applied for, as messages carry them: they name the town, so that a phone that is not signed in is led to
//! that town's way in, and one that is goes straight on to the page. Leaves the page itself to `me`.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::office::desk::read_cookie;
use crate::portal::toward::Toward;
use crate::portal::town::{Town, go};
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::{AppError, Surface, cookies};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/p/{code}/me", Needs::Nothing, whole).get("/p/{code}/me/{part}", Needs::Nothing, part).get(
        "/p/{code}/me/applications/{application}",
        Needs::Nothing,
        application,
    )
}

async fn whole(town: Town, headers: HeaderMap) -> Result<Response, AppError> {
    onward(&town, &headers, "/me").await
}

async fn part(town: Town, Path((_, part)): Path<(String, String)>, headers: HeaderMap) -> Result<Response, AppError> {
    if !part.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') {
        return Err(AppError::NotFound);
    }
    onward(&town, &headers, &format!("/me/{part}")).await
}

async fn application(
    town: Town,
    Path((_, application)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let toward = Toward::Application(application.parse().map_err(|_| AppError::NotFound)?);
    toward.remember(onward(&town, &headers, &toward.path()).await?)
}

/// A cookie that names another town, or no living session, leads to this town's sign-in.
async fn onward(town: &Town, headers: &HeaderMap, place: &str) -> Result<Response, AppError> {
    let named = cookies::read(headers, cookies::session_name(Surface::Portal)).and_then(read_cookie);
    if let Some((org, hash)) = named
        && org == town.org.id
        && town.here().read_by_key().await.map_err(unreadable)?.session(&hash).await.map_err(unreadable)?.is_some()
    {
        return Ok(go(place));
    }
    Ok(go(&town.at("/sign-in")))
}
