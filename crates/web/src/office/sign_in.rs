//! Signing in and out of the office: password with one-time code, or a one-time link.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tsunagari_acts::{ActError, sign_in};
use tsunagari_i18n::Locale;

use crate::office::desk::{Desk, cookie_value, read_cookie};
use crate::portal::town::address_of;
use crate::routes::{Needs, Nothing, Posted, Routes};
use crate::sentences::sentences;
use crate::shell::components::{ErrorSummary, Field, FieldKind};
use crate::shell::{AppError, Org, Sample, Shell, Surface, cookies, page, page_with_status, problem};
use crate::state::WebState;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/office/sign-in", Needs::Nothing, form)
        .post("/office/sign-in", Needs::Nothing, enter)
        .get("/office/enter/{org}/{token}", Needs::Nothing, enter_by_link)
        .post("/office/sign-out", Needs::Staff, leave)
}

#[derive(Template)]
#[template(path = "office/sign_in.html")]
struct SignInPage {
    shell: Shell,
    errors: ErrorSummary,
    login: Field,
    password: Field,
    code: Field,
    next: String,
}

impl SignInPage {
    fn of(shell: Shell, login: &str, next: &str, wrong: Vec<(String, String)>) -> Self {
        let t = shell.t;
        Self {
            errors: ErrorSummary::of(t, wrong),
            login: Field::text(t, "login", t.get("sign-in-login")).value(login).required().autocomplete("username"),
            password: Field::password(t, "password", t.get("sign-in-password")).required(),
            code: Field::of(FieldKind::Code, t, "code", t.get("sign-in-code"))
                .hint(t.get("sign-in-code.hint"))
                .required()
                .autocomplete("one-time-code"),
            next: next.to_owned(),
            shell,
        }
    }
}

impl Sample for SignInPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let wrong = vec![(String::new(), shell.t.get("refused-wrong-sign-in"))];
        vec![Self::of(shell.clone(), "", "/office", Vec::new()), Self::of(shell, "hana@town.example", "/office", wrong)]
    }
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

fn frame(uri: &Uri, headers: &HeaderMap) -> Shell {
    let locale = match problem::locale_of(uri, headers) {
        Locale::JaEasy => Locale::Ja,
        other @ (Locale::Ja | Locale::En) => other,
    };
    Shell::bare(locale, Org::default(), "/office/sign-in")
}

/// Only a path of our own office is a place to go on to.
fn next_of(wanted: &str) -> &str {
    if wanted == "/office" || wanted.starts_with("/office/") || wanted.starts_with("/office?") {
        wanted
    } else {
        "/office"
    }
}

async fn form(uri: Uri, headers: HeaderMap, Query(wanted): Query<Wanted>) -> Response {
    page(&SignInPage::of(frame(&uri, &headers), "", next_of(&wanted.next), Vec::new()))
}

fn entered(done: &sign_in::SignedIn, next: &str) -> Result<Response, AppError> {
    let value = cookie_value(done.org, &done.token);
    let cookie = cookies::set(cookies::session_name(Surface::Office), &value).ok_or(AppError::broken())?;
    let to = axum::http::HeaderValue::from_str(next).map_err(|_| AppError::Bad(Vec::new()))?;
    Ok((StatusCode::SEE_OTHER, [(SET_COOKIE, cookie), (LOCATION, to)]).into_response())
}

async fn enter(
    State(state): State<WebState>,
    uri: Uri,
    headers: HeaderMap,
    parts: Parts,
    Posted(given): Posted<Given>,
) -> Result<Response, AppError> {
    let shell = frame(&uri, &headers);
    let address = address_of(&parts);
    let tried = sign_in::Given { login: &given.login, password: &given.password, code: &given.code, address: &address };
    match sign_in::sign_in(state.house(), tried).await {
        Ok(done) => entered(&done, next_of(&given.next)),
        Err(ActError::Refused(reasons)) => {
            let wrong = sentences(shell.t, &reasons);
            Ok(page_with_status(
                StatusCode::UNPROCESSABLE_ENTITY,
                &SignInPage::of(shell, &given.login, next_of(&given.next), wrong),
            ))
        }
        Err(other) => Err(crate::sentences::problem(shell.t, other)),
    }
}

async fn enter_by_link(
    State(state): State<WebState>,
    uri: Uri,
    headers: HeaderMap,
    Path((org, token)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let org = org.parse().map_err(|_| AppError::NotFound)?;
    match sign_in::sign_in_by_link(state.house(), org, &token).await {
        Ok(done) => entered(&done, "/office"),
        Err(error) => Err(crate::sentences::problem(frame(&uri, &headers).t, error)),
    }
}

async fn leave(
    State(state): State<WebState>,
    Extension(desk): Extension<Desk>,
    headers: HeaderMap,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let cookie = cookies::read(&headers, cookies::session_name(Surface::Office)).and_then(read_cookie);
    if let Some((org, hash)) = cookie {
        let actor = tsunagari_access::Actor::User(desk.staff.id);
        sign_in::sign_out(state.house(), org, &hash, actor).await.map_err(|error| desk.problem(error))?;
    }
    let cleared = cookies::clear(cookies::session_name(Surface::Office)).ok_or(AppError::broken())?;
    let to = axum::http::HeaderValue::from_static("/office/sign-in");
    Ok((StatusCode::SEE_OTHER, [(SET_COOKIE, cleared), (LOCATION, to)]).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<SignInPage>(crate::shell::sample::office_shell),
            Vec::<String>::new()
        );
    }

    #[test]
    fn going_on_stays_in_the_office() {
        assert_eq!(next_of("/office/people?q=x"), "/office/people?q=x");
        for foreign in ["https://elsewhere.example", "//elsewhere.example", "/officers", ""] {
            assert_eq!(next_of(foreign), "/office");
        }
    }
}
