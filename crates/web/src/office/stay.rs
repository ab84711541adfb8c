//! Who fills in a long form stays signed in, and who was signed out meanwhile signs in beside it without losing what was
//! typed: an address that answers with the session's form token, and the page a second tab ends on. Used by `stay.js`.

use askama::Template;
use axum::Extension;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::shell::{Sample, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/stay", Needs::Staff, stay).get("/office/signed-in", Needs::Staff, signed_in)
}

/// Asking is a sign of life; the token is that of the session as it is now.
async fn stay(Extension(desk): Extension<Desk>) -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-store")], desk.csrf).into_response()
}

#[derive(Template)]
#[template(path = "office/signed_in.html")]
struct SignedInPage {
    shell: Shell,
}

impl Sample for SignedInPage {
    fn samples(shell: Shell) -> Vec<Self> {
        vec![Self { shell }]
    }
}

async fn signed_in(Extension(desk): Extension<Desk>) -> Response {
    page(&SignedInPage { shell: desk.shell() })
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::SignedInPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
