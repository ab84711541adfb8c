//! Leaving, and asking to be erased: each is asked about on a page of its own, because it cannot be taken back by a tap.

use askama::Template;
use axum::Extension;
use axum::response::Response;
use tsunagari_acts::{leave, request_erasure};

use crate::portal::draft::Given;
use crate::portal::town::go;
use crate::portal::visitor::Visitor;
use crate::routes::{Needs, Routes};
use crate::shell::{AppError, Sample, Shell, Surface, cookies, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/me/leave", Needs::Resident, ask_leave)
        .post("/me/leave", Needs::Resident, do_leave)
        .get("/me/erase", Needs::Resident, ask_erase)
        .post("/me/erase", Needs::Resident, do_erase)
}

#[derive(Template)]
#[template(path = "portal/me/leaving.html")]
struct LeavingPage {
    shell: Shell,
    title: String,
    paragraphs: Vec<String>,
    action: &'static str,
    button: String,
}

#[derive(Template)]
#[template(path = "portal/me/left.html")]
struct LeftPage {
    shell: Shell,
    last: String,
    base: String,
}

impl LeavingPage {
    fn leaving(shell: Shell) -> Self {
        let t = shell.t;
        let paragraphs = vec![t.one("portal-leave-1", "town", shell.org.name.as_str()), t.get("portal-leave-2")];
        Self {
            title: t.get("portal-leave-title"),
            paragraphs,
            action: "/me/leave",
            button: t.get("portal-leave-button"),
            shell,
        }
    }

    fn erasing(shell: Shell) -> Self {
        let t = shell.t;
        let paragraphs = vec![t.get("portal-erase-1"), t.get("portal-erase-2")];
        Self {
            title: t.get("portal-erase-title"),
            paragraphs,
            action: "/me/erase",
            button: t.get("portal-erase-button"),
            shell,
        }
    }
}

impl LeftPage {
    fn of(shell: Shell, base: String) -> Self {
        Self { last: shell.t.one("portal-left-2", "town", shell.org.name.as_str()), base, shell }
    }
}

impl Sample for LeavingPage {
    fn samples(shell: Shell) -> Vec<Self> {
        vec![Self::leaving(shell.clone()), Self::erasing(shell)]
    }
}

impl Sample for LeftPage {
    fn samples(shell: Shell) -> Vec<Self> {
        vec![Self::of(shell, "/p/322041".into())]
    }
}

async fn ask_leave(Extension(visitor): Extension<Visitor>) -> Response {
    page(&LeavingPage::leaving(visitor.shell()))
}

async fn do_leave(Extension(visitor): Extension<Visitor>, _: Given) -> Result<Response, AppError> {
    leave::leave(&visitor.town.house, &visitor.resident).await.map_err(|error| visitor.town.problem(error))?;
    let mut shell = visitor.town.shell();
    shell.path = visitor.town.at("");
    let mut response = page(&LeftPage::of(shell, visitor.town.at("")));
    let cleared = cookies::clear(cookies::session_name(Surface::Portal)).ok_or(AppError::broken())?;
    response.headers_mut().append(axum::http::header::SET_COOKIE, cleared);
    Ok(response)
}

async fn ask_erase(Extension(visitor): Extension<Visitor>) -> Response {
    page(&LeavingPage::erasing(visitor.shell()))
}

async fn do_erase(Extension(visitor): Extension<Visitor>, _: Given) -> Result<Response, AppError> {
    request_erasure::request_erasure(&visitor.town.house, &visitor.resident)
        .await
        .map_err(|error| visitor.town.problem(error))?;
    Ok(go("/me"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<LeavingPage>(crate::shell::sample::portal_shell),
            Vec::<String>::new()
        );
        assert_eq!(crate::shell::sample::faults::<LeftPage>(crate::shell::sample::portal_shell), Vec::<String>::new());
    }
}
