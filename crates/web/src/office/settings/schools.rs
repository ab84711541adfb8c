//! The schools a town knows: the list with those who leave them, adding one, putting one right, taking one away that
//! nothing names. Imports and slips add them by name; here a name typed wrongly is mended.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::ActError;
use tsunagari_acts::keep_school::{SchoolGiven, keep_school};
use tsunagari_acts::remove_school::remove_school;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{FiscalYear, SchoolId};
use tsunagari_people::{School, SchoolKind};
use tsunagari_storage::school::{SchoolLine, SchoolUse};

use super::paper::{Paper, Part};
use super::{News, Wrong, crumbs, framed, number, onward, settle};
use crate::office::desk::Desk;
use crate::office::people::words::{coded, place_name};
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Choices, ConfirmForm, Crumbs, Empty, Field, FieldKind};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

const HERE: &str = "/office/settings/schools";
/// The id in the address that means a new one.
const NEW: &str = "new";

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageSettings);
    routes
        .get(HERE, needs, show)
        .get("/office/settings/schools/{school}", needs, edit)
        .post("/office/settings/schools/{school}", needs, keep)
        .post("/office/settings/schools/{school}/remove", needs, remove)
}

/// A school in the list.
struct Line {
    href: String,
    name: String,
    kind: String,
    place: String,
    people: String,
    people_href: String,
    latest: String,
}

#[derive(Template)]
#[template(path = "office/settings/schools.html")]
struct SchoolsPage {
    shell: Shell,
    crumbs: Crumbs,
    lines: Vec<Line>,
    empty: Empty,
}

impl SchoolsPage {
    fn of(shell: Shell, known: &[SchoolLine]) -> Self {
        let t = shell.t;
        let line = |it: &SchoolLine| Line {
            href: format!("{HERE}/{}", it.school.id),
            name: it.school.name.clone(),
            kind: coded(t, "school-kind", it.school.kind.code()),
            place: it.school.municipality.map(place_name).unwrap_or_default(),
            people: t.number(it.stays),
            people_href: format!("/office/people?school={}", it.school.id),
            latest: it.latest.map(|year| t.fiscal_year_short(year)).unwrap_or_default(),
        };
        Self {
            crumbs: crumbs(t, &[]),
            lines: known.iter().map(line).collect(),
            empty: Empty::of("school", t.get("settings-schools-empty"), t.get("settings-schools-empty.text")),
            shell,
        }
    }
}

impl Sample for SchoolsPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let line = SchoolLine { school: sample(), stays: 412, latest: Some(FiscalYear(2025)) };
        vec![Self::of(shell.clone(), &[]), Self::of(shell, &[line])]
    }
}

fn sample() -> School {
    School {
        id: SchoolId(uuid::Uuid::nil()),
        name: "架空高等学校".into(),
        kind: SchoolKind::HighSchool,
        municipality: None,
        years: 3,
    }
}

/// The form as typed.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
struct Typed {
    name: String,
    kind: String,
    years: String,
    place: String,
}

impl Default for Typed {
    fn default() -> Self {
        let kind = SchoolKind::HighSchool;
        Self {
            name: String::new(),
            kind: kind.code().to_owned(),
            years: kind.usual_years().to_string(),
            place: String::new(),
        }
    }
}

impl Typed {
    fn of(it: &School) -> Self {
        Self {
            name: it.name.clone(),
            kind: it.kind.code().to_owned(),
            years: it.years.to_string(),
            place: it.municipality.map(place_name).unwrap_or_default(),
        }
    }

    fn given(&self) -> Result<SchoolGiven, ActError> {
        Ok(SchoolGiven {
            name: self.name.clone(),
            kind: self.kind.parse().map_err(|_| ActError::refused_at("kind", "choose_one"))?,
            place: self.place.clone(),
            years: number(&self.years).unwrap_or(0),
        })
    }
}

/// A school that is known, with what names it.
struct Known {
    id: SchoolId,
    found: SchoolUse,
}

fn form(shell: Shell, known: Option<&Known>, typed: &Typed, wrong: &Wrong) -> Paper {
    let t = shell.t;
    let base = format!("{HERE}/{}", known.map_or_else(|| NEW.to_owned(), |it| it.id.to_string()));
    let kinds = SchoolKind::ALL
        .iter()
        .fold(Choices::select(t, "kind", t.get("people-kind")), |all, it| {
            all.option(it.code(), coded(t, "school-kind", it.code()))
        })
        .error(wrong.at("kind"));
    let remove = known.map(|it| after(t, &shell, &base, &it.found));
    let line = |kind: FieldKind, name: &str, value: &str| {
        let key = format!("settings-school-{name}");
        let field = Field::of(kind, t, name, t.get(&key)).value(value).error(wrong.at(name));
        t.find(format!("{key}.hint")).map_or(field.clone(), |hint| field.hint(hint))
    };
    let mut paper = Paper::of(shell, "settings-school", &[(HERE, "settings-schools")], &base, wrong)
        .part(line(FieldKind::Text, "name", &typed.name).required())
        .part(kinds.chosen(&typed.kind))
        .part(line(FieldKind::Number, "years", &typed.years).required())
        .part(line(FieldKind::Text, "place", &typed.place));
    match remove {
        Some(Ok((words, form))) => paper = paper.after(words, form),
        Some(Err(words)) => paper = paper.part(Part::Note(words)),
        None => {}
    }
    paper
}

/// Taking it away, or why that cannot be.
fn after(t: Texts, shell: &Shell, base: &str, found: &SchoolUse) -> Result<(String, ConfirmForm), String> {
    if !found.is_none() {
        return Err(t.with(
            "settings-school-used",
            &[
                ("stays", found.stays.into()),
                ("events", found.events.into()),
                ("lists", found.lists.into()),
                ("rules", found.rules.into()),
            ],
        ));
    }
    let remove = ConfirmForm::of(shell, format!("{base}/remove"), t.get("settings-school-remove"));
    Ok((t.get("settings-school-remove.text"), remove.look("danger").ask(t.get("settings-school-remove.ask"))))
}

async fn show(Extension(desk): Extension<Desk>, Query(news): Query<News>) -> Result<Response, AppError> {
    let known = desk.here().read().await.map_err(unreadable)?.school_lines().await.map_err(unreadable)?;
    Ok(page(&SchoolsPage::of(framed(&desk, &news), &known)))
}

/// The school of an address, with what names it; none is a new one.
async fn known(desk: &Desk, school: &str) -> Result<Option<(School, Known)>, AppError> {
    if school == NEW {
        return Ok(None);
    }
    let id = school.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let it = reader.school(id).await.map_err(unreadable)?;
    let found = reader.school_use(id).await.map_err(unreadable)?;
    Ok(Some((it, Known { id, found })))
}

async fn edit(Extension(desk): Extension<Desk>, Path(school): Path<String>) -> Result<Response, AppError> {
    let (typed, known) = match known(&desk, &school).await? {
        Some((it, known)) => (Typed::of(&it), Some(known)),
        None => (Typed::default(), None),
    };
    Ok(page(&form(desk.shell(), known.as_ref(), &typed, &Wrong::default())))
}

async fn keep(
    Extension(desk): Extension<Desk>,
    Path(school): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, AppError> {
    let by = desk.grant()?;
    let known = known(&desk, &school).await?.map(|(_, known)| known);
    let done = match typed.given() {
        Ok(given) => keep_school(&desk.house, &by, known.as_ref().map(|it| it.id), &given).await,
        Err(refused) => Err(refused),
    };
    match settle(&desk, done)? {
        Ok(_) => Ok(onward(&format!("{HERE}?done=saved"))),
        Err(wrong) => {
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &form(desk.shell(), known.as_ref(), &typed, &wrong)))
        }
    }
}

async fn remove(Extension(desk): Extension<Desk>, Path(school): Path<String>) -> Result<Response, AppError> {
    let by = desk.grant()?;
    let id = school.parse().map_err(|_| AppError::NotFound)?;
    match settle(&desk, remove_school(&desk.house, &by, id).await)? {
        Ok(()) => Ok(onward(&format!("{HERE}?done=removed"))),
        Err(wrong) => {
            let (it, known) = known(&desk, &school).await?.ok_or(AppError::NotFound)?;
            let form = form(desk.shell(), Some(&known), &Typed::of(&it), &wrong);
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &form))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::sample::{faults, faults_of, office_shell};

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(faults::<SchoolsPage>(office_shell), Vec::<String>::new());
        let forms = faults_of(office_shell, |shell| {
            let (free, fine) = (SchoolUse::default(), Wrong::default());
            let known = |found| Some(Known { id: sample().id, found });
            let (free, used) = (known(free), known(SchoolUse { stays: 412, ..free }));
            let wrong = Wrong(vec![("name".into(), "?".into())]);
            vec![
                form(shell.clone(), None, &Typed::default(), &wrong),
                form(shell.clone(), free.as_ref(), &Typed::of(&sample()), &fine),
                form(shell, used.as_ref(), &Typed::of(&sample()), &fine),
            ]
        });
        assert_eq!(forms, Vec::<String>::new());
    }
}
