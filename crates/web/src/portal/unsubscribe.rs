//! Stopping messages from a mail: a page with a button for people, and a post without a question for mail programs
//! (RFC 8058). Both work without signing in; the token is signed.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tsunagari_acts::ActError;
use tsunagari_acts::unsubscribe::{Subscription, look, unsubscribe};

use crate::portal::town::Town;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::{AppError, Sample, Shell, page};
use crate::state::WebState;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/u/{token}", Needs::Nothing, ask).machine("/u/{token}", stop)
}

#[derive(Template)]
#[template(path = "portal/unsubscribe.html")]
struct UnsubscribePage {
    shell: Shell,
    title: String,
    text: String,
    asks: bool,
}

impl UnsubscribePage {
    fn asking(shell: Shell, town: &str, purpose: &str) -> Self {
        let text = shell.t.two("portal-unsubscribe-lead", "town", town, "purpose", purpose);
        Self { title: shell.t.get("portal-unsubscribe-title"), text, asks: true, shell }
    }

    fn done(shell: Shell, purpose: &str) -> Self {
        let text = shell.t.one("portal-unsubscribe-done", "purpose", purpose);
        Self { title: shell.t.get("portal-unsubscribe-done-title"), text, asks: false, shell }
    }
}

impl Sample for UnsubscribePage {
    fn samples(shell: Shell) -> Vec<Self> {
        vec![Self::asking(shell.clone(), "益田市", "まちからのお知らせ"), Self::done(shell, "まちからのお知らせ")]
    }
}

async fn words(
    state: &WebState,
    it: &Subscription,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<(Town, String), AppError> {
    let town = Town::of_org(state.house(), it.org, uri, headers).await?;
    let purposes = town.here().read_by_key().await.map_err(unreadable)?.purposes().await.map_err(unreadable)?;
    let label = purposes
        .iter()
        .find(|purpose| purpose.code == it.purpose)
        .map(|purpose| purpose.label(town.t.locale().code()).to_owned());
    Ok((town, label.unwrap_or_else(|| it.purpose.clone())))
}

fn wrong(error: ActError) -> AppError {
    crate::sentences::problem(tsunagari_i18n::Texts::default(), error)
}

async fn ask(
    State(state): State<WebState>,
    Path(token): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let it = look(state.house(), &token).await.map_err(wrong)?;
    let (town, purpose) = words(&state, &it, &uri, &headers).await?;
    Ok(page(&UnsubscribePage::asking(town.shell(), &town.org.name, &purpose)))
}

async fn stop(
    State(state): State<WebState>,
    Path(token): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let it = unsubscribe(state.house(), &token).await.map_err(wrong)?;
    let by_person =
        headers.get("accept").and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/html"));
    if !by_person {
        return Ok(StatusCode::OK.into_response());
    }
    let (town, purpose) = words(&state, &it, &uri, &headers).await?;
    Ok(page(&UnsubscribePage::done(town.shell(), &purpose)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<UnsubscribePage>(crate::shell::sample::portal_shell),
            Vec::<String>::new()
        );
    }
}
