//! A ticket that a phone's camera opened: to a steward of its round whose it is, with the button; to anybody else nothing but what it is.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use tsunagari_acts::open_door::expected;
use tsunagari_acts::signed_token::read_ticket_token;
use tsunagari_i18n::Texts;
use tsunagari_programmes::Came;

use super::AtDoor;
use crate::portal::town::Town;
use crate::routes::{Needs, Routes};
use crate::sentences::problem;
use crate::shell::components::Chip;
use crate::shell::{AppError, Sample, Shell, Tone, page};
use crate::state::WebState;

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/ticket/{token}", Needs::Nothing, show)
}

#[derive(Template)]
#[template(path = "door/ticket.html")]
struct TicketPage {
    shell: Shell,
    title: String,
    text: String,
    mark: Option<Chip>,
    /// For the steward: token of the form and application, while they can be checked in.
    form: Option<(String, String)>,
    /// Whether a steward looks.
    at_door: bool,
}

impl TicketPage {
    /// What anybody else sees.
    fn plain(shell: Shell) -> Self {
        let t = shell.t;
        let (title, text) = (t.get("ticket-title"), t.get("ticket-show"));
        Self { title, text, mark: None, form: None, at_door: false, shell }
    }

    fn foreign(shell: Shell) -> Self {
        let t = shell.t;
        let mark = Some(Chip::of(Tone::Error, t.get("ticket-other-round")));
        let (title, text) = (t.get("ticket-title"), t.get("ticket-other-round.text"));
        Self { title, text, mark, form: None, at_door: true, shell }
    }

    fn known(shell: Shell, (receipt, name): (&str, &str), came: Option<Came>, form: (String, String)) -> Self {
        let t = shell.t;
        let mark = match came {
            Some(Came::Yes) => Chip::of(Tone::Warning, t.get("ticket-in-already")),
            Some(Came::No) => Chip::of(Tone::Error, t.get("application-absent")),
            None => Chip::of(Tone::Success, t.get("ticket-good")),
        };
        Self {
            title: receipt.to_uppercase(),
            text: name.to_owned(),
            mark: Some(mark),
            form: came.is_none().then_some(form),
            at_door: true,
            shell,
        }
    }
}

async fn show(
    State(state): State<WebState>,
    Path(token): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let wrong = |error| problem(Texts::default(), error);
    let (org, application) =
        read_ticket_token(state.house(), &token).await.map_err(wrong)?.ok_or(AppError::NotFound)?;
    let at = match AtDoor::of(&state, &headers, &uri).await {
        Ok(at) if at.steward.org() == org => at,
        Ok(_) | Err(AppError::NotFound) => {
            let town = Town::of_org(state.house(), org, &uri, &headers).await?;
            return Ok(page(&TicketPage::plain(town.shell())));
        }
        Err(other) => return Err(other),
    };
    let (_, all) = expected(&at.town.house, &at.steward).await.map_err(wrong)?;
    let shell = at.town.shell();
    Ok(match all.iter().find(|it| it.application == application) {
        None => page(&TicketPage::foreign(shell)),
        Some(it) => {
            let form = (at.csrf(), application.to_string());
            page(&TicketPage::known(shell, (&it.receipt, &it.name), it.came, form))
        }
    })
}

impl Sample for TicketPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let known = |came| Self::known(shell.clone(), ("k7p2mx9a", "架空 ゆい"), came, ("x".into(), "y".into()));
        let faces = [None, Some(Came::Yes), Some(Came::No)].map(known);
        let others = [Self::plain(shell.clone()), Self::foreign(shell.clone())];
        faces.into_iter().chain(others).collect()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::TicketPage>(crate::shell::sample::portal_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
