//! The list of towns: for who comes without a slip, and for who is not signed in.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::Link;
use crate::shell::problem::locale_of;
use crate::shell::{AppError, Org, Sample, Shell, page};
use crate::state::WebState;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/", Needs::Nothing, join).get("/sign-in", Needs::Nothing, sign_in)
}

#[derive(Template)]
#[template(path = "portal/towns.html")]
struct TownsPage {
    shell: Shell,
    title: String,
    towns: Vec<Link>,
}

impl Sample for TownsPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let title = shell.t.get("portal-towns-title");
        let towns = vec![Link::to("/p/322041", "益田市"), Link::to("/p/325015", "津和野町")];
        vec![Self { shell: shell.clone(), title: title.clone(), towns: Vec::new() }, Self { shell, title, towns }]
    }
}

async fn list(state: &WebState, uri: &Uri, headers: &HeaderMap, title: &str, rest: &str) -> Result<Response, AppError> {
    let all = state.house().store.platform().await.map_err(unreadable)?.organisations().await.map_err(unreadable)?;
    let shell = Shell::bare(locale_of(uri, headers), Org::default(), uri.path());
    let towns = all
        .into_iter()
        .filter(|org| org.kind != "network")
        .map(|org| Link::to(format!("/p/{}{rest}", org.code), org.name))
        .collect();
    Ok(page(&TownsPage { title: shell.t.get(title), shell, towns }))
}

async fn join(State(state): State<WebState>, uri: Uri, headers: HeaderMap) -> Result<Response, AppError> {
    list(&state, &uri, &headers, "portal-towns-title", "").await
}

async fn sign_in(State(state): State<WebState>, uri: Uri, headers: HeaderMap) -> Result<Response, AppError> {
    list(&state, &uri, &headers, "portal-sign-in-towns-title", "/sign-in").await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<TownsPage>(crate::shell::sample::portal_shell), Vec::<String>::new());
    }
}
