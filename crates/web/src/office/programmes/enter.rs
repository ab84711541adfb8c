//! An application that came on paper is entered: first who applies, found by name or brought along in the address, then all that
//! the paper says on one page. Leaves the fields to `paper_form` and every decision to the act.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::HandleApplications;
use tsunagari_acts::ActError;
use tsunagari_acts::apply::{Handing, enter_application};
use tsunagari_acts::running_programme::{Running, running};
use tsunagari_kernel::{PersonId, RoundId};
use tsunagari_people::Person;
use tsunagari_programmes::Round;
use tsunagari_storage::person_list::{PeopleFilter, PersonLine};

use super::crumbs;
use super::paper_form::{self as form, PaperFields};
use super::parameter_form::{Input, Typed, first, typed};
use super::words::{application_href, programme_href, round_href};
use crate::office::desk::Desk;
use crate::office::people::words::{card_href, name};
use crate::office::settings::Wrong;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Choices, Crumbs, ErrorSummary, Field, FieldKind, Link};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

/// How many people of a name are shown.
const FOUND: u32 = 20;

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    let handle = Needs::Both(Code::HandleApplications, Code::ViewPeople);
    let here = "/office/programmes/rounds/{round}/enter";
    routes.get(here, handle, show).post(here, handle, enter)
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    person: String,
}

struct Found {
    href: String,
    name: String,
    kana: String,
    birth: String,
}

#[derive(Template)]
#[template(path = "office/programmes/enter.html")]
struct EnterPage {
    shell: Shell,
    crumbs: Crumbs,
    errors: ErrorSummary,
    action: String,
    search: Field,
    searched: bool,
    found: Vec<Found>,
    person: Option<Link>,
    person_id: String,
    venue: Option<Choices>,
    fields: Option<PaperFields>,
}

/// The round an application is entered to.
struct Known {
    /// What the programme is called here.
    programme: String,
    round: Round,
    running: std::sync::Arc<Running>,
}

async fn read(desk: &Desk, round: &str) -> Result<Known, AppError> {
    let id: RoundId = round.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let round = reader.round(id).await.map_err(unreadable)?.round;
    let programme = reader.programme(round.programme).await.map_err(unreadable)?.title;
    let running = running(&desk.house, &mut reader, round.programme, round.version_no).await;
    Ok(Known { programme, round, running: running.map_err(|error| desk.problem(error))? })
}

impl EnterPage {
    fn of(shell: Shell, known: &Known, q: &str, found: &[PersonLine]) -> Self {
        let t = shell.t;
        let here = round_href(known.round.id);
        let line = |it: &PersonLine| Found {
            href: format!("{here}/enter?person={}", it.id),
            name: format!("{} {}", it.family, it.given).trim().to_owned(),
            kana: format!("{} {}", it.family_kana, it.given_kana).trim().to_owned(),
            birth: it.birth_date.map(|day| t.date(day)).unwrap_or_default(),
        };
        let title = known.programme.clone();
        let links = vec![
            Link::to(programme_href(known.round.programme), title),
            Link::to(here.clone(), known.round.title.clone()),
        ];
        let search = Field::of(FieldKind::Search, t, "q", t.get("application-who-search"));
        Self {
            crumbs: crumbs(t, links),
            errors: ErrorSummary::of(t, Vec::new()),
            action: format!("{here}/enter"),
            search: search.value(q).hint(t.get("application-who-search.hint")),
            searched: !q.trim().is_empty(),
            found: found.iter().map(line).collect(),
            person: None,
            person_id: String::new(),
            venue: None,
            fields: None,
            shell,
        }
    }

    /// With the paper of somebody.
    fn with_paper(mut self, known: &Known, person: &Person, typed: &Typed, wrong: &Wrong) -> Self {
        let t = self.shell.t;
        self.errors = wrong.summary(t);
        self.person = Some(Link::to(card_href(person.id), name(t, person)));
        self.person_id = person.id.to_string();
        if known.round.venues.len() > 1 {
            let choices = Choices::radio(t, "venue", t.get("round-venues")).error(wrong.at("venue"));
            let choices = known
                .round
                .venues
                .iter()
                .fold(choices, |choices, it| choices.option(it.no.to_string(), it.name.clone()));
            self.venue = Some(choices.chosen(first(typed, "venue")));
        }
        self.fields = Some(PaperFields::of(t, &known.running, typed, wrong));
        self
    }
}

async fn somebody(desk: &Desk, id: &str) -> Result<Person, AppError> {
    let id: PersonId = id.parse().map_err(|_| AppError::NotFound)?;
    let person = desk.here().read().await.map_err(unreadable)?.person(id).await.map_err(unreadable)?;
    if person.merged_into.is_some() { Err(AppError::NotFound) } else { Ok(person) }
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let known = read(&desk, &round).await?;
    if !asked.person.is_empty() {
        let person = somebody(&desk, &asked.person).await?;
        let shown = EnterPage::of(desk.shell(), &known, "", &[]);
        return Ok(page(&shown.with_paper(&known, &person, &Typed::new(), &Wrong::default())));
    }
    let mut found = Vec::new();
    if !asked.q.trim().is_empty() {
        let filter = PeopleFilter { text: Some(asked.q.trim().to_owned()), ..PeopleFilter::default() };
        let mut reader = desk.here().read().await.map_err(unreadable)?;
        found = reader.people_page(&filter, None, FOUND).await.map_err(unreadable)?;
    }
    Ok(page(&EnterPage::of(desk.shell(), &known, &asked.q, &found)))
}

async fn enter(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let known = read(&desk, &round).await?;
    let mut typed = typed(pairs);
    let person = somebody(&desk, first(&typed, "person")).await?;
    let mut wrong = Wrong::default();
    let mut status = StatusCode::OK;
    if first(&typed, "do") == "row" {
        typed.insert("rows".into(), vec![form::more_rows(&typed).to_string()]);
    } else {
        status = StatusCode::UNPROCESSABLE_ENTITY;
        let paper = form::read(desk.t, &known.running, &typed, &mut wrong);
        if wrong.none() {
            let venue = first(&typed, "venue").parse().ok();
            let handing = Handing { round: known.round.id, venue, paper };
            match enter_application(&desk.house, &by, person.id, &handing).await {
                Ok(applied) => {
                    let to = format!("{}?done=entered", application_href(applied.id));
                    return Ok(Redirect::to(&to).into_response());
                }
                Err(ActError::Refused(reasons)) => wrong = form::refused(desk.t, &reasons),
                Err(other) => return Err(desk.problem(other)),
            }
        }
    }
    let shown = EnterPage::of(desk.shell(), &known, "", &[]).with_paper(&known, &person, &typed, &wrong);
    Ok(page_with_status(status, &shown))
}

impl Sample for EnterPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let person = crate::office::people::words::sample(shell.t).1.person;
        let known = |it: &tsunagari_blueprints::Blueprint| {
            let values = tsunagari_blueprints::Values::of(&it.parameters);
            let running = std::sync::Arc::new(Running::of(it.clone(), values).ok()?);
            let mut round = super::round_form::sample_round().round;
            round.venues.extend(round.venues.clone());
            Some(Known { programme: it.title.clone(), round, running })
        };
        let wrong = Wrong(vec![("n-birth".into(), "✕".into()), ("m0-family".into(), "✕".into())]);
        let all: Vec<Known> = super::gallery::shipped().iter().filter_map(known).collect();
        let empty = all.first().map(|it| Self::of(shell.clone(), it, "石見", &[]));
        let face = |it: &Known| Self::of(shell.clone(), it, "", &[]).with_paper(it, &person, &Typed::new(), &wrong);
        empty.into_iter().chain(all.iter().map(face)).collect()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::EnterPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
