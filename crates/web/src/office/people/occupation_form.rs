//! What a person does besides school: entered from a day on, taken out when it was a mistake. Leaves stays at schools and
//! places to `stay_forms`.

use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use tsunagari_access::Code;
use tsunagari_access::permission::EditPeople;
use tsunagari_acts::ActError;
use tsunagari_acts::keep_occupation::{keep_occupation, remove_occupation};
use tsunagari_kernel::{OccupationId, PersonId};
use tsunagari_people::{OccupationKind, Person, PersonRecord};

use super::form::{FormPage, Part, Typed, Wrong, answer, ended, telling_odd_days};
use super::stay_forms::removal_form;
use super::words::{coded, days, saved_href};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Choices, Field};
use crate::shell::{AppError, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let edit = Needs::Permission(Code::EditPeople);
    routes.get("/office/people/{person}/occupations/{occupation}", edit, show).post(
        "/office/people/{person}/occupations/{occupation}",
        edit,
        keep,
    )
}

/// The segment of an address that means a new one.
const ADD: &str = "add";

fn form(shell: Shell, person: &Person, typed: &Typed, wrong: &Wrong) -> FormPage {
    let t = shell.t;
    let kinds = OccupationKind::ALL
        .iter()
        .fold(Choices::radio(t, "kind", t.get("people-occupation-kind")).required(), |all, kind| {
            all.option(kind.code(), coded(t, "occupation", kind.code()))
        });
    let from = Field::text(t, "from", t.get("people-from")).value(typed.text("from")).hint(t.get("people-from.hint"));
    let parts = vec![
        Part::Choices(kinds.chosen(typed.text("kind")).error(wrong.at("kind"))),
        Part::Field(from.error(wrong.at("from"))),
    ];
    FormPage::about(shell, person, t.get("people-occupation-add"), parts)
}

async fn read(desk: &Desk, person: &str) -> Result<PersonRecord, AppError> {
    let id: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    desk.here().read().await.map_err(unreadable)?.person_record(id).await.map_err(unreadable)
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path((person, occupation)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let it = read(&desk, &person).await?;
    if occupation == ADD {
        return Ok(page(&form(desk.shell(), &it.person, &Typed::default(), &Wrong::default())));
    }
    let id: OccupationId = occupation.parse().map_err(|_| AppError::NotFound)?;
    let found = it.occupations.iter().find(|it| it.id == id).ok_or(AppError::NotFound)?;
    let told = format!("{} {}", coded(desk.t, "occupation", found.kind.code()), days(desk.t, found.span));
    Ok(page(&removal_form(desk.shell(), &it.person, told)))
}

async fn keep(
    Extension(desk): Extension<Desk>,
    Path((person, occupation)): Path<(String, String)>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, AppError> {
    let it = read(&desk, &person).await?;
    let by = desk.grant::<EditPeople>()?;
    let to = saved_href(it.person.id, "occupations");
    if occupation != ADD {
        let id: OccupationId = occupation.parse().map_err(|_| AppError::NotFound)?;
        remove_occupation(&desk.house, &by, it.person.id, id).await.map_err(|error| desk.problem(error))?;
        return Ok(Redirect::to(&to).into_response());
    }
    let kept = match typed.text("kind").parse() {
        Ok(kind) => keep_occupation(&desk.house, &by, it.person.id, kind, typed.text("from")).await,
        Err(_) => Err(ActError::refused_at("kind", "choose_one")),
    };
    let how = ended(desk.t, kept, |_| telling_odd_days(&to, &typed, &["from"]))?;
    Ok(answer(desk.t, how, |wrong| form(desk.shell(), &it.person, &typed, wrong)))
}

/// An invented face for the forms' test.
pub(super) fn sample(shell: &Shell, person: &Person) -> FormPage {
    form(shell.clone(), person, &Typed::default(), &Wrong::default())
}
