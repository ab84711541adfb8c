//! The answers of a visitor on the way to joining, by their cookie. Its forms carry a token bound to the draft, as the
//! forms of a session carry one bound to the session. Leaves what is kept to `acts::begin_join`.

use axum::extract::FromRequestParts;
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::http::request::Parts;
use axum::response::Response;
use tsunagari_access::session::csrf_token;
use tsunagari_acts::begin_join::{self, JoinDraft};
use tsunagari_kernel::{LinkId, OrgId, SessionId};
use tsunagari_storage::Reader;

use crate::office::desk::{cookie_value, read_cookie};
use crate::portal::town::Town;
use crate::sentences::unreadable;
use crate::shell::{AppError, cookies, csrf};
use crate::state::WebState;

/// The cookie's name.
pub const COOKIE: &str = "__Host-join";
const TWO_WEEKS: u32 = 14 * 24 * 3600;

/// A draft with its town.
#[derive(Clone)]
pub struct Draft {
    /// The town.
    pub town: Town,
    /// Its id.
    pub id: LinkId,
    /// The answers so far.
    pub answers: JoinDraft,
    /// The token of its forms.
    pub csrf: String,
}

/// Which draft a request names.
pub fn named(parts: &Parts) -> Option<(OrgId, [u8; 32])> {
    cookies::read(&parts.headers, COOKIE).and_then(read_cookie)
}

/// Puts the cookie of a draft on a response.
pub fn give(mut response: Response, org: OrgId, token: &str) -> Result<Response, AppError> {
    let cookie: HeaderValue =
        cookies::set_for(COOKIE, &cookie_value(org, token), TWO_WEEKS).ok_or(AppError::broken())?;
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}

/// Takes the cookie of a draft back that has served.
pub fn take_back(response: &mut Response) -> Result<(), AppError> {
    response.headers_mut().append(SET_COOKIE, cookies::clear(COOKIE).ok_or(AppError::broken())?);
    Ok(())
}

impl Draft {
    /// A new look at the town's part of the database, for the answer to a form.
    pub async fn look(&self) -> Result<Reader, AppError> {
        self.town.here().read_by_key().await.map_err(unreadable)
    }

    /// Keeps the answers.
    pub async fn keep(&self) -> Result<(), AppError> {
        begin_join::keep(&self.town.house, self.town.org.id, self.id, &self.answers)
            .await
            .map_err(|error| self.town.problem(error))
    }

    /// Refuses a form that does not carry the draft's token.
    pub fn check(&self, form: &Given) -> Result<(), AppError> {
        csrf::require_token(&self.csrf, form.get("csrf"))
    }
}

/// A draft and the look it was found in, for pages that ask for more: a whole school opens them at once.
pub struct Look {
    /// The draft.
    pub draft: Draft,
    /// The look.
    pub reader: Reader,
}

/// The draft of a request under a town; without one the visitor is led to the town's first page.
impl FromRequestParts<WebState> for Draft {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, AppError> {
        Ok(Look::from_request_parts(parts, state).await?.draft)
    }
}

impl FromRequestParts<WebState> for Look {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, AppError> {
        let (town, mut reader) = Town::looked_up(parts, state).await?;
        let begin = || AppError::SignIn(town.at(""));
        let (org, hash) = named(parts).ok_or_else(begin)?;
        if org != town.org.id {
            return Err(begin());
        }
        let found = begin_join::find(&town.house, &mut reader, &hash).await.map_err(|error| town.problem(error))?;
        // Who is signed in and only adds LINE does not join.
        let (id, answers) = found.filter(|(_, answers)| answers.adding.is_none()).ok_or_else(begin)?;
        let csrf = csrf_token(&state.0.form_key, SessionId(id.0));
        Ok(Self { draft: Draft { town, id, answers, csrf }, reader })
    }
}

/// A posted form as pairs, so that it can be shown again as typed.
#[derive(Debug, Clone, Default)]
pub struct Given(pub Vec<(String, String)>);

impl Given {
    /// The first value of a name; empty when missing.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// Every value of a name.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }
}

/// A form posted on the way to joining.
impl<S: Send + Sync> axum::extract::FromRequest<S> for Given {
    type Rejection = AppError;

    async fn from_request(request: axum::extract::Request, state: &S) -> Result<Self, AppError> {
        let crate::routes::Posted(pairs) =
            crate::routes::Posted::<Vec<(String, String)>>::from_request(request, state).await?;
        Ok(Self(pairs))
    }
}
