//! Who wanted to go somewhere of their own and had to sign in first is led on there afterwards: a short-lived cookie names the round or
//! the application. It says nothing about anybody, and opens nothing. Leaves signing in to `portal::sign_in`.

use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use tsunagari_kernel::{ApplicationId, RoundId};

use crate::shell::{AppError, cookies};

const COOKIE: &str = "__Host-toward";
const AN_HOUR: u32 = 3_600;

/// Where somebody wanted to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toward {
    /// To apply for a round.
    Apply(RoundId),
    /// To what they applied for.
    Application(ApplicationId),
}

impl Toward {
    /// The page it leads to.
    pub fn path(self) -> String {
        match self {
            Self::Apply(id) => format!("/me/apply/{id}"),
            Self::Application(id) => format!("/me/applications/{id}"),
        }
    }

    fn code(self) -> String {
        match self {
            Self::Apply(id) => format!("apply.{id}"),
            Self::Application(id) => format!("application.{id}"),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once('.')?;
        match kind {
            "apply" => id.parse().ok().map(Self::Apply),
            "application" => id.parse().ok().map(Self::Application),
            _ => None,
        }
    }

    /// Remembers it.
    ///
    /// # Errors
    /// Never for an id.
    pub fn remember(self, mut response: Response) -> Result<Response, AppError> {
        let cookie = cookies::set_for(COOKIE, &self.code(), AN_HOUR).ok_or(AppError::broken())?;
        response.headers_mut().append(SET_COOKIE, cookie);
        Ok(response)
    }

    /// Where they wanted to go, if anywhere.
    pub fn remembered(headers: &HeaderMap) -> Option<Self> {
        Self::read(cookies::read(headers, COOKIE)?)
    }

    /// They are there: it is forgotten.
    ///
    /// # Errors
    /// Never.
    pub fn forget(response: &mut Response) -> Result<(), AppError> {
        response.headers_mut().append(SET_COOKIE, cookies::clear(COOKIE).ok_or(AppError::broken())?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_is_remembered_is_read_back_and_nothing_else() {
        for it in [Toward::Apply(RoundId(Uuid::from_u128(7))), Toward::Application(ApplicationId(Uuid::from_u128(8)))] {
            assert_eq!(Toward::read(&it.code()), Some(it));
        }
        for nonsense in ["", "apply", "apply.x", "office.00000000-0000-0000-0000-000000000007", "/me"] {
            assert_eq!(Toward::read(nonsense), None, "{nonsense}");
        }
    }
}
