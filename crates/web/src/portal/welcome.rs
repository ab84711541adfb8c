//! The first page of a town: a short letter and the button to begin. A printed slip leads here with its event's code.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use tsunagari_acts::begin_join;
use tsunagari_kernel::JoinEventId;

use crate::portal::draft::{self, Given};
use crate::portal::town::{Town, address_of, go};
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::{AppError, Sample, Shell, Tone, page};
use crate::state::WebState;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/p/{code}", Needs::Nothing, town).get("/j/{event}", Needs::Nothing, event).post(
        "/p/{code}/join",
        Needs::Nothing,
        begin,
    )
}

#[derive(Template)]
#[template(path = "portal/welcome.html")]
struct WelcomePage {
    shell: Shell,
    greeting: String,
    to: String,
    event: String,
    base: String,
    go_on: bool,
}

impl WelcomePage {
    fn of(town: &Town, shell: Shell) -> Self {
        let t = town.t;
        Self {
            greeting: t.one("portal-town-greeting", "town", town.org.name.as_str()),
            to: String::new(),
            event: String::new(),
            base: town.at(""),
            go_on: false,
            shell,
        }
    }
}

impl Sample for WelcomePage {
    fn samples(shell: Shell) -> Vec<Self> {
        let t = shell.t;
        let plain = Self {
            greeting: t.one("portal-town-greeting", "town", "益田市"),
            to: String::new(),
            event: String::new(),
            base: "/p/322041".into(),
            go_on: true,
            shell: shell.clone(),
        };
        let event = Self {
            to: t.one("portal-event-to", "event", "令和8年 卒業を祝う会"),
            event: "sample".into(),
            go_on: false,
            greeting: plain.greeting.clone(),
            base: plain.base.clone(),
            shell,
        };
        vec![plain, event]
    }
}

async fn town(State(state): State<WebState>, request: Request) -> Result<Response, AppError> {
    let (mut parts, _) = request.into_parts();
    let (town, mut reader) = Town::looked_up(&mut parts, &state).await?;
    let mut view = WelcomePage::of(&town, town.shell());
    if let Some((_, hash)) = draft::named(&parts).filter(|(org, _)| *org == town.org.id) {
        let found = begin_join::find(state.house(), &mut reader, &hash).await;
        let found = found.map_err(|error| town.problem(error))?;
        view.go_on = found.is_some_and(|(_, answers)| answers.adding.is_none() && !answers.returning);
    }
    Ok(page(&view))
}

async fn event(
    State(state): State<WebState>,
    Path(code): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let house = state.house();
    let (here, event) = house.store.slip_route(&code).await.map_err(unreadable)?.ok_or(AppError::NotFound)?;
    let mut reader = here.read_by_key().await.map_err(unreadable)?;
    let event = reader.join_event(event).await.map_err(unreadable)?;
    let town = Town::of(house, reader.organisation().await.map_err(unreadable)?, &uri, &headers);
    if !event.is_open(house.now()) {
        return Ok(page(&WelcomePage::of(&town, town.shell_with(Tone::Info, town.t.get("portal-event-closed")))));
    }
    let to = town.t.one("portal-event-to", "event", event.name.as_str());
    Ok(page(&WelcomePage { to, event: event.id.to_string(), ..WelcomePage::of(&town, town.shell()) }))
}

async fn begin(town: Town, request: Request) -> Result<Response, AppError> {
    let (parts, body) = request.into_parts();
    let address = address_of(&parts);
    let given = <Given as axum::extract::FromRequest<()>>::from_request(Request::from_parts(parts, body), &()).await?;
    let event = given.get("event").parse::<JoinEventId>().ok();
    let begun = begin_join::begin_join(&town.house, town.org.id, event, &address).await;
    let begun = begun.map_err(|error| match error {
        tsunagari_acts::ActError::Refused(_) => AppError::TooMany(600),
        other => town.problem(other),
    })?;
    draft::give(go(&town.at("/join/contact")), town.org.id, &begun.token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<WelcomePage>(crate::shell::sample::portal_shell),
            Vec::<String>::new()
        );
    }
}
