//! Recording who may act for a minor: found by name among the people kept, chosen, with what proves it. Ending it.

use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::EditPeople;
use tsunagari_acts::ActError;
use tsunagari_acts::keep_guardianship::{begin_guardianship, end_guardianship};
use tsunagari_kernel::{GuardianshipId, PersonId};
use tsunagari_people::{Person, PersonRecord};
use tsunagari_storage::person_list::{PeopleFilter, PersonLine};

use super::form::{FormPage, Part, Typed, Wrong, answer, ended};
use super::words::{name, saved_href};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Banner, Choices, Field, FieldKind};
use crate::shell::{AppError, Shell, Tone, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let edit = Needs::Permission(Code::EditPeople);
    routes
        .get("/office/people/{person}/guardians/add", edit, show)
        .post("/office/people/{person}/guardians/add", edit, begin)
        .get("/office/people/{person}/guardians/{guardianship}/end", edit, ask)
        .post("/office/people/{person}/guardians/{guardianship}/end", edit, end)
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

fn form(shell: Shell, person: &Person, found: &[PersonLine], typed: &Typed, wrong: &Wrong) -> FormPage {
    let t = shell.t;
    let mut who = Choices::radio(t, "guardian", t.get("people-guardian-who"));
    for line in found.iter().filter(|line| line.id != person.id) {
        let kana = format!("{} {}", line.family_kana, line.given_kana);
        who = who.option_with(line.id.to_string(), format!("{} {}", line.family, line.given), kana);
    }
    let search = Field::of(FieldKind::Search, t, "q", t.get("people-guardian-search"));
    let mut parts = vec![Part::Field(
        search.value(typed.text("q")).hint(t.get("people-guardian-search.hint")).error(wrong.at("guardian")),
    )];
    if !who.options.is_empty() {
        parts.push(Part::Choices(who.chosen(typed.text("guardian"))));
    }
    let evidence = Field::text(t, "evidence", t.get("people-evidence")).value(typed.text("evidence"));
    parts.push(Part::Field(evidence.hint(t.get("people-evidence.hint")).max(200)));
    FormPage::about(shell, person, t.get("people-guardian-add"), parts)
}

async fn read(desk: &Desk, person: &str, q: &str) -> Result<(PersonRecord, Vec<PersonLine>), AppError> {
    let id: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let record = reader.person_record(id).await.map_err(unreadable)?;
    let text = if q.trim().is_empty() { record.person.family.clone() } else { q.trim().to_owned() };
    let filter = PeopleFilter { text: Some(text), ..PeopleFilter::default() };
    let found = reader.people_page(&filter, None, 20).await.map_err(unreadable)?;
    Ok((record, found))
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(person): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let (it, found) = read(&desk, &person, &asked.q).await?;
    let typed = Typed::default().with("q", asked.q);
    Ok(page(&form(desk.shell(), &it.person, &found, &typed, &Wrong::default())))
}

async fn begin(
    Extension(desk): Extension<Desk>,
    Path(person): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, AppError> {
    let (it, found) = read(&desk, &person, typed.text("q")).await?;
    let by = desk.grant::<EditPeople>()?;
    let kept = match typed.text("guardian").parse::<PersonId>() {
        Ok(guardian) => begin_guardianship(&desk.house, &by, it.person.id, guardian, typed.text("evidence")).await,
        // Nobody chosen: the names found for what was typed are shown to choose from.
        Err(_) => Err(ActError::refused_at("guardian", "guardian_choose")),
    };
    let how = ended(desk.t, kept, |_| saved_href(it.person.id, "family"))?;
    Ok(answer(desk.t, how, |wrong| form(desk.shell(), &it.person, &found, &typed, wrong)))
}

fn end_form(shell: Shell, person: &Person, guardian: &str) -> FormPage {
    let t = shell.t;
    let mut page = FormPage::about(shell, person, t.get("people-guardian-end"), Vec::new());
    page.notice = Some(Banner::of(Tone::Warning, t.one("people-guardian-end-told", "name", guardian.to_owned())));
    page.button = t.get("people-guardian-end");
    page
}

async fn ask(
    Extension(desk): Extension<Desk>,
    Path((person, guardianship)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let id: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let guardianship: GuardianshipId = guardianship.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let it = reader.person_record(id).await.map_err(unreadable)?;
    let found = it.guardianships.iter().find(|g| g.id == guardianship).ok_or(AppError::NotFound)?;
    let guardian = reader.person(found.guardian).await.map_err(unreadable)?;
    drop(reader);
    Ok(page(&end_form(desk.shell(), &it.person, &name(desk.t, &guardian))))
}

async fn end(
    Extension(desk): Extension<Desk>,
    Path((person, guardianship)): Path<(String, String)>,
    Posted(_): Posted<Typed>,
) -> Result<Response, AppError> {
    let id: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let guardianship: GuardianshipId = guardianship.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<EditPeople>()?;
    end_guardianship(&desk.house, &by, id, guardianship).await.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to(&saved_href(id, "family")).into_response())
}

/// An invented face for the forms' test.
pub(super) fn sample(shell: &Shell, record: &PersonRecord) -> FormPage {
    form(shell.clone(), &record.person, &[], &Typed::default(), &Wrong::default())
}
