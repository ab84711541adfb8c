//! What came of it for a person: recorded with what shows it, annulled when it was a mistake. Leaves what a person does besides school to
//! `occupation_form`.

use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use tsunagari_access::Code;
use tsunagari_access::permission::EditPeople;
use tsunagari_acts::ActError;
use tsunagari_acts::record_outcome::{OutcomeGiven, annul_outcome, record_outcome};
use tsunagari_kernel::{OutcomeId, PersonId};
use tsunagari_people::{OutcomeKind, Person, PersonRecord};

use super::form::{FormPage, Part, Typed, Wrong, answer, ended, telling_odd_days};
use super::stay_forms::removal_form;
use super::words::{coded, saved_href};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Choices, Field};
use crate::shell::{AppError, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let edit = Needs::Permission(Code::EditPeople);
    routes.get("/office/people/{person}/outcomes/{outcome}", edit, show).post(
        "/office/people/{person}/outcomes/{outcome}",
        edit,
        keep,
    )
}

/// The segment of an address that means a new one.
const ADD: &str = "add";

fn form(shell: Shell, person: &Person, typed: &Typed, wrong: &Wrong) -> FormPage {
    let t = shell.t;
    let kinds = OutcomeKind::ALL
        .iter()
        .fold(Choices::radio(t, "kind", t.get("people-outcome-kind")).required(), |all, kind| {
            all.option(kind.code(), coded(t, "outcome-kind", kind.code()))
        });
    let on = Field::text(t, "on", t.get("people-outcome-on")).value(typed.text("on")).hint(t.get("people-from.hint"));
    let evidence = Field::text(t, "evidence", t.get("people-outcome-evidence"))
        .value(typed.text("evidence"))
        .hint(t.get("people-outcome-evidence.hint"))
        .required();
    let parts = vec![
        Part::Choices(kinds.chosen(typed.text("kind")).error(wrong.at("kind"))),
        Part::Field(on.error(wrong.at("on"))),
        Part::Field(evidence.error(wrong.at("evidence"))),
    ];
    FormPage::about(shell, person, t.get("people-outcome-add"), parts)
}

async fn read(desk: &Desk, person: &str) -> Result<PersonRecord, AppError> {
    let id: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    desk.here().read().await.map_err(unreadable)?.person_record(id).await.map_err(unreadable)
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path((person, outcome)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let it = read(&desk, &person).await?;
    if outcome == ADD {
        return Ok(page(&form(desk.shell(), &it.person, &Typed::default(), &Wrong::default())));
    }
    let id: OutcomeId = outcome.parse().map_err(|_| AppError::NotFound)?;
    let found = it.outcomes.iter().find(|it| it.id == id).ok_or(AppError::NotFound)?;
    let told = format!("{} {}", coded(desk.t, "outcome-kind", found.kind.code()), desk.t.date(found.on));
    Ok(page(&removal_form(desk.shell(), &it.person, told)))
}

async fn keep(
    Extension(desk): Extension<Desk>,
    Path((person, outcome)): Path<(String, String)>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, AppError> {
    let it = read(&desk, &person).await?;
    let by = desk.grant::<EditPeople>()?;
    let to = saved_href(it.person.id, "outcomes");
    if outcome != ADD {
        let id: OutcomeId = outcome.parse().map_err(|_| AppError::NotFound)?;
        annul_outcome(&desk.house, &by, it.person.id, id).await.map_err(|error| desk.problem(error))?;
        return Ok(Redirect::to(&to).into_response());
    }
    let kept = match typed.text("kind").parse() {
        Ok(kind) => {
            let given = OutcomeGiven { kind, on: typed.text("on"), evidence: typed.text("evidence") };
            record_outcome(&desk.house, &by, it.person.id, given).await
        }
        Err(_) => Err(ActError::refused_at("kind", "choose_one")),
    };
    let how = ended(desk.t, kept, |_| telling_odd_days(&to, &typed, &["on"]))?;
    Ok(answer(desk.t, how, |wrong| form(desk.shell(), &it.person, &typed, wrong)))
}

/// An invented face for the forms' test.
pub(super) fn sample(shell: &Shell, person: &Person) -> FormPage {
    form(shell.clone(), person, &Typed::default(), &Wrong::default())
}
