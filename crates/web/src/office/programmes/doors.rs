//! The doors of a round: a link for each steward's phone, shown once; who has one, until when, and shutting it. Leaves what a phone sees to
//! `crate::door`.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::HandleApplications;
use tsunagari_acts::ActError;
use tsunagari_acts::open_door::{open_door, shut_door};
use tsunagari_documents::qr;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{RoundId, Timestamp};
use tsunagari_programmes::Round;
use tsunagari_storage::round_door::RoundDoor;

use super::words::{programme_href, round_href};
use super::{News, crumbs, framed};
use crate::office::desk::Desk;
use crate::office::settings::Wrong;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Chip, ConfirmForm, Crumbs, ErrorSummary, Field, Link};
use crate::shell::{AppError, Sample, Shell, Tone, page_with_status};

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    let handle = Needs::Permission(Code::HandleApplications);
    routes
        .get("/office/programmes/rounds/{round}/doors", handle, show)
        .post("/office/programmes/rounds/{round}/doors", handle, open)
        .post("/office/programmes/rounds/{round}/doors/shut", handle, shut)
}

/// The link on the round's page, where it is held somewhere.
pub(super) fn link(t: Texts, round: &Round) -> Option<Link> {
    (!round.venues.is_empty()).then(|| Link::to(doors_href(round.id), t.get("doors-link")))
}

fn doors_href(round: RoundId) -> String {
    format!("{}/doors", round_href(round))
}

struct Line {
    name: String,
    until: String,
    state: Chip,
    shut: Option<ConfirmForm>,
}

/// A link that was just made.
struct Fresh {
    link: String,
    qr: String,
}

#[derive(Template)]
#[template(path = "office/programmes/doors.html")]
struct DoorsPage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    errors: ErrorSummary,
    fresh: Option<Fresh>,
    name: Field,
    action: String,
    lines: Vec<Line>,
}

struct Known {
    round: Round,
    programme: String,
    doors: Vec<RoundDoor>,
    now: Timestamp,
}

async fn read(desk: &Desk, round: &str) -> Result<Known, AppError> {
    let id: RoundId = round.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let round = reader.round(id).await.map_err(unreadable)?.round;
    let programme = reader.programme(round.programme).await.map_err(unreadable)?.title;
    let doors = reader.round_doors(id).await.map_err(unreadable)?;
    Ok(Known { round, programme, doors, now: desk.house.now() })
}

impl DoorsPage {
    fn of(shell: Shell, known: &Known, fresh: Option<Fresh>, (typed, wrong): (&str, &Wrong)) -> Self {
        let t = shell.t;
        let here = doors_href(known.round.id);
        let line = |it: &RoundDoor| {
            let open = it.is_open(known.now);
            let state =
                if open { Chip::of(Tone::Success, t.get("door-open")) } else { Chip::plain(t.get("door-shut")) };
            let shut = ConfirmForm::of(&shell, format!("{here}/shut"), t.get("door-do-shut"));
            let shut = shut.look("text").field("door", it.id.to_string()).ask(t.get("door-do-shut.ask"));
            Line { name: it.name.clone(), until: t.date_time(it.until), state, shut: open.then_some(shut) }
        };
        let links = vec![
            Link::to(programme_href(known.round.programme), known.programme.clone()),
            Link::to(round_href(known.round.id), known.round.title.clone()),
        ];
        Self {
            crumbs: crumbs(t, links),
            title: t.one("doors-title", "round", known.round.title.clone()),
            errors: wrong.summary(t),
            fresh,
            name: Field::text(t, "name", t.get("door-name"))
                .value(typed)
                .hint(t.get("door-name.hint"))
                .error(wrong.at("name"))
                .required(),
            lines: known.doors.iter().map(line).collect(),
            action: here,
            shell,
        }
    }
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Query(news): Query<News>,
) -> Result<Response, AppError> {
    let known = read(&desk, &round).await?;
    let shown = DoorsPage::of(framed(&desk, &news.done), &known, None, ("", &Wrong::default()));
    Ok(page_with_status(StatusCode::OK, &shown))
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    name: String,
}

async fn open(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(typed): Posted<Named>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let id = read(&desk, &round).await?.round.id;
    let opened = open_door(&desk.house, &by, id, &typed.name).await;
    let known = read(&desk, &round).await?;
    match opened {
        Ok(token) => {
            let link = format!("{}/door/{}/{token}", desk.house.origin, desk.org.id);
            let qr = qr::svg(&link, &desk.t.get("door-qr")).map_err(|_| AppError::broken())?;
            let shown = DoorsPage::of(desk.shell(), &known, Some(Fresh { link, qr }), ("", &Wrong::default()));
            Ok(page_with_status(StatusCode::OK, &shown))
        }
        Err(ActError::Refused(reasons)) => {
            let wrong = Wrong(sentences(desk.t, &reasons));
            let shown = DoorsPage::of(desk.shell(), &known, None, (&typed.name, &wrong));
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
        Err(other) => Err(desk.problem(other)),
    }
}

#[derive(Deserialize)]
struct Which {
    door: String,
}

async fn shut(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(which): Posted<Which>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let known = read(&desk, &round).await?;
    let door = which.door.parse().ok().filter(|id| known.doors.iter().any(|it| it.id == *id));
    shut_door(&desk.house, &by, door.ok_or(AppError::NotFound)?).await.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to(&format!("{}?done=door-shut", doors_href(known.round.id))).into_response())
}

impl Sample for DoorsPage {
    fn samples(shell: Shell) -> Vec<Self> {
        use tsunagari_kernel::{LinkId, UserId};
        use uuid::Uuid;
        let round = super::round_form::sample_round().round;
        let door = |ended: Option<Timestamp>| RoundDoor {
            id: LinkId(Uuid::nil()),
            round: round.id,
            name: "受付1".into(),
            made_by: UserId(Uuid::nil()),
            made_at: round.opens,
            until: round.opens.plus(chrono::TimeDelta::days(1)),
            ended,
        };
        let known = Known {
            doors: vec![door(None), door(Some(round.opens))],
            programme: "帰省の集い".into(),
            now: round.opens,
            round: round.clone(),
        };
        let fresh = Fresh { link: "http://localhost/door/x/y".into(), qr: String::new() };
        let wrong = Wrong(vec![("name".into(), "✕".into())]);
        vec![
            Self::of(shell.clone(), &known, Some(fresh), ("", &Wrong::default())),
            Self::of(shell, &Known { doors: Vec::new(), ..known }, None, ("", &wrong)),
        ]
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::DoorsPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
