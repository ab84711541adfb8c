//! Leaving for LINE Login by a link and coming back; and tokens posted from a LIFF page. Which organisation a return
//! belongs to is told by the draft's cookie. Leaves verifying to `acts::sign_in_resident` and `acts::verify_liff`.

use askama::Template;
use axum::Json;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tsunagari_acts::begin_join;
use tsunagari_acts::sign_in_resident::{self as line, Entered, begin_sign_in, leave_for_line, return_from_line};
use tsunagari_acts::verify_liff::{LiffToken, verify_liff};
use tsunagari_acts::{ActError, House};
use tsunagari_kernel::OrgId;

use crate::office::desk::cookie_value;
use crate::portal::carried::carried;
use crate::portal::draft::{self, Look};
use crate::portal::town::{Town, go};
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::{AppError, Sample, Shell, Surface, cookies, page};
use crate::state::WebState;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/p/{code}/line", Needs::Nothing, leave)
        .get("/p/{code}/line-sign-in", Needs::Nothing, leave_to_sign_in)
        .get("/line/callback", Needs::Nothing, come_back)
        .post("/line/liff", Needs::Nothing, liff)
}

/// Puts the session's cookie on a response.
pub fn signed_in(mut response: Response, org: OrgId, token: &str) -> Result<Response, AppError> {
    const A_MONTH: u32 = 30 * 24 * 3600;
    let name = cookies::session_name(Surface::Portal);
    let cookie = cookies::set_for(name, &cookie_value(org, token), A_MONTH).ok_or(AppError::broken())?;
    response.headers_mut().append(axum::http::header::SET_COOKIE, cookie);
    Ok(response)
}

async fn leave(Look { mut draft, reader }: Look) -> Result<Response, AppError> {
    let (house, org, locale) = (draft.town.house.clone(), draft.town.org.id, draft.town.line_locale());
    let url = leave_for_line(&house, org, draft.id, (&mut draft.answers, reader), locale)
        .await
        .map_err(|error| draft.town.problem(error))?;
    Ok(go(&url))
}

async fn leave_to_sign_in(town: Town) -> Result<Response, AppError> {
    let (begun, mut answers) = begin_sign_in(&town.house, town.org.id).await.map_err(|error| town.problem(error))?;
    let look = town.here().read_by_key().await.map_err(unreadable)?;
    let url = leave_for_line(&town.house, town.org.id, begun.id, (&mut answers, look), town.line_locale()).await;
    draft::give(go(&url.map_err(|error| town.problem(error))?), town.org.id, &begun.token)
}

#[derive(Deserialize)]
struct Back {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    error: String,
}

#[derive(Template)]
#[template(path = "portal/unknown.html")]
struct UnknownPage {
    shell: Shell,
    base: String,
}

impl Sample for UnknownPage {
    fn samples(shell: Shell) -> Vec<Self> {
        vec![Self { shell, base: "/p/322041".into() }]
    }
}

async fn come_back(
    State(state): State<WebState>,
    Query(back): Query<Back>,
    request: Request,
) -> Result<Response, AppError> {
    let (parts, _) = request.into_parts();
    let house = state.house();
    let uri = parts.uri.clone();
    let (org, hash) = draft::named(&parts).ok_or(AppError::SignIn("/".into()))?;
    let mut reader = house.org(org).read_by_key().await.map_err(unreadable)?;
    let town = Town::of(house, reader.organisation().await.map_err(unreadable)?, &uri, &parts.headers);
    let found = begin_join::find(house, &mut reader, &hash).await.map_err(|error| town.problem(error))?;
    let opener = carried(&town, &mut reader, &parts.headers).await?;
    let (id, mut answers) = found.ok_or_else(|| AppError::SignIn(town.at("")))?;
    if !back.error.is_empty() {
        // They changed their mind at LINE: back to where they set out, the first question offers the other way.
        return Ok(match (answers.adding, answers.returning) {
            (Some(_), _) => go("/me"),
            (None, true) => go(&town.at("/sign-in")),
            (None, false) => go(&town.at("/join/contact?line=off")),
        });
    }
    let sent = line::Back { code: &back.code, state: &back.state };
    let entered = return_from_line(house, org, id, (&mut answers, reader), sent, opener.person)
        .await
        .map_err(|error| town.problem(error))?;
    let served = matches!(entered, Entered::SignedIn(_));
    let mut response = after(&town, entered)?;
    if served {
        draft::take_back(&mut response)?;
    }
    Ok(response)
}

/// Where somebody goes who has proven an address.
pub fn after(town: &Town, entered: Entered) -> Result<Response, AppError> {
    match entered {
        Entered::SignedIn(token) => signed_in(go("/me"), town.org.id, &token),
        Entered::Added(token, contact) => {
            signed_in(go(&format!("/me/email/added?contact={contact}")), town.org.id, &token)
        }
        Entered::Newcomer => Ok(go(&town.at("/join/name"))),
        Entered::GoOn(begun) => draft::give(go(&town.at("/join/name")), town.org.id, &begun.token),
        Entered::Unknown => {
            let mut shell = town.shell();
            shell.path = town.at("/sign-in");
            Ok(page(&UnknownPage { shell, base: town.at("") }))
        }
    }
}

/// What a LIFF page posts: the organisation's code and one token.
#[derive(Deserialize)]
struct Posted {
    org: String,
    #[serde(default)]
    id_token: Option<String>,
    #[serde(default)]
    access_token: Option<String>,
}

fn told(status: StatusCode, code: &str) -> Response {
    (status, Json(serde_json::json!({ "code": code }))).into_response()
}

async fn liff(State(state): State<WebState>, Json(posted): Json<Posted>) -> Response {
    match enter_by_liff(state.house(), posted).await {
        Ok(Some((org, token))) => {
            let response = Json(serde_json::json!({ "next": "/me" })).into_response();
            signed_in(response, org, &token).unwrap_or_else(IntoResponse::into_response)
        }
        Ok(None) => told(StatusCode::UNPROCESSABLE_ENTITY, "liff_token_missing"),
        Err(ActError::NotFound) => told(StatusCode::NOT_FOUND, "unknown_line_user"),
        Err(ActError::Refused(_)) => told(StatusCode::UNAUTHORIZED, "liff_token_refused"),
        Err(other) => {
            tracing::warn!(%other, "a LIFF token could not be checked");
            told(StatusCode::SERVICE_UNAVAILABLE, "busy")
        }
    }
}

async fn enter_by_liff(house: &House, posted: Posted) -> Result<Option<(OrgId, String)>, ActError> {
    let org = house.store.platform().await?.organisation_by_code(&posted.org).await?.ok_or(ActError::NotFound)?;
    let token = match (posted.id_token, posted.access_token) {
        (Some(token), _) => LiffToken::Id(token),
        (None, Some(token)) => LiffToken::Access(token),
        (None, None) => return Ok(None),
    };
    Ok(Some((org.id, verify_liff(house, org.id, token).await?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<UnknownPage>(crate::shell::sample::portal_shell),
            Vec::<String>::new()
        );
    }
}
