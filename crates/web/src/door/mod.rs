//! The door: what a steward's phone shows at a round, by a link that the office opened. Names and receipts, nothing else; without a network the
//! page goes on, and sends what it queued when it is back. Leaves opening doors to the office.

mod list;
mod ticket;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use tsunagari_access::session::{csrf_matches, csrf_token};
use tsunagari_acts::ActError;
use tsunagari_acts::open_door::{Steward, steward};
use tsunagari_kernel::{OrgId, SessionId};

use crate::office::desk::{cookie_value, read_cookie};
use crate::portal::town::Town;
use crate::routes::Routes;
use crate::shell::{AppError, cookies};
use crate::state::WebState;

/// The cookie of a steward's phone.
const COOKIE: &str = "__Host-door";
/// No door is open longer than anybody plans ahead.
const A_YEAR: u32 = 366 * 24 * 3600;

/// Every route of the door.
pub fn routes(routes: Routes) -> Routes {
    ticket::routes(list::routes(routes))
}

/// A steward at their door.
struct AtDoor {
    town: Town,
    steward: Steward,
    hash: [u8; 32],
}

impl AtDoor {
    /// Whoever holds the cookie of an open door.
    async fn of(state: &WebState, headers: &HeaderMap, uri: &axum::http::Uri) -> Result<Self, AppError> {
        let (org, hash) = cookies::read(headers, COOKIE).and_then(read_cookie).ok_or(AppError::NotFound)?;
        let steward = match steward(state.house(), org, &hash).await {
            Ok(steward) => steward,
            Err(ActError::NotFound) => return Err(AppError::NotFound),
            Err(other) => return Err(crate::sentences::problem(tsunagari_i18n::Texts::default(), other)),
        };
        let town = Town::of_org(state.house(), org, uri, headers).await?;
        Ok(Self { town, steward, hash })
    }

    fn csrf(&self) -> String {
        csrf_token(&self.hash, SessionId(self.steward.door().id.0))
    }

    /// The form was this page's.
    fn check(&self, given: &str) -> Result<(), AppError> {
        let its = csrf_matches(&self.hash, SessionId(self.steward.door().id.0), given);
        if its { Ok(()) } else { Err(AppError::Forbidden) }
    }
}

impl FromRequestParts<WebState> for AtDoor {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, AppError> {
        Self::of(state, &parts.headers, &parts.uri).await
    }
}

/// The cookie of a door.
fn cookie(org: OrgId, token: &str) -> Result<HeaderValue, AppError> {
    cookies::set_for(COOKIE, &cookie_value(org, token), A_YEAR).ok_or(AppError::broken())
}
