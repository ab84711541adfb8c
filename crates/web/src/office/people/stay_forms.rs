//! Stays at schools and in places: added, corrected, taken out when they were a mistake.

use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use tsunagari_access::Code;
use tsunagari_access::permission::EditPeople;
use tsunagari_acts::ActError;
use tsunagari_acts::keep_enrolment::{EnrolmentGiven, keep_enrolment, remove_enrolment};
use tsunagari_acts::keep_residence::{StayGiven, keep_residence, remove_residence};
use tsunagari_kernel::{EnrolmentId, PersonId, ResidenceId};
use tsunagari_people::{Enrolment, Person, PersonRecord, SchoolKind};

use super::form::{FormPage, Part, Typed, Wrong, answer, ended, telling_odd_days};
use super::words::{PeopleWords, card_href, coded, days, place, saved_href};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Banner, Choices, ConfirmForm, Field, FieldKind};
use crate::shell::{AppError, Shell, Tone, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let edit = Needs::Permission(Code::EditPeople);
    routes
        .get("/office/people/{person}/enrolments/{stay}", edit, show_enrolment)
        .post("/office/people/{person}/enrolments/{stay}", edit, keep_school)
        .post("/office/people/{person}/enrolments/{stay}/remove", edit, remove_school)
        .get("/office/people/{person}/residences/{stay}", edit, show_residence)
        .post("/office/people/{person}/residences/{stay}", edit, keep_place)
}

/// The segment of an address that means a new stay.
const ADD: &str = "add";

fn school_parts(words: &PeopleWords, typed: &Typed, wrong: &Wrong) -> Vec<Part> {
    let t = words.t;
    let mut school =
        Choices::select(t, "school", t.get("people-school-known")).option("", t.get("people-school-other"));
    for it in &words.schools {
        school = school.option(it.id.to_string(), it.name.clone());
    }
    let mut kind = Choices::select(t, "kind", t.get("people-kind"));
    for it in SchoolKind::ALL {
        kind = kind.option(it.code(), coded(t, "school-kind", it.code()));
    }
    let text = |name: &str, kind: FieldKind| {
        let key = format!("people-field-{}", name.replace('_', "-"));
        let field = Field::of(kind, t, name, t.get(&key)).value(typed.text(name)).error(wrong.at(name));
        t.find(format!("{key}.hint")).map_or(field.clone(), |hint| field.hint(hint))
    };
    vec![
        Part::Choices(school.chosen(typed.text("school"))),
        Part::Field(text("school_name", FieldKind::Text)),
        Part::Choices(kind.chosen(typed.text("kind"))),
        Part::Field(text("place", FieldKind::Text)),
        Part::Field(text("start", FieldKind::Text).required()),
        Part::Field(text("years", FieldKind::Number).required()),
        Part::Field(text("pause", FieldKind::Number)),
        Part::Field(text("left", FieldKind::Text)),
    ]
}

fn school_form(
    shell: Shell,
    words: &PeopleWords,
    person: &Person,
    stay: Option<EnrolmentId>,
    typed: &Typed,
    wrong: &Wrong,
) -> FormPage {
    let t = shell.t;
    let title = t.get(if stay.is_some() { "people-enrolment-change" } else { "people-enrolment-add" });
    let mut page = FormPage::about(shell, person, title, school_parts(words, typed, wrong));
    if let Some(id) = stay {
        let remove = ConfirmForm::of(
            &page.shell,
            format!("{}/enrolments/{id}/remove", card_href(person.id)),
            t.get("people-take-out"),
        );
        page.other = Some(remove.look("danger").ask(t.get("people-take-out.ask")));
    }
    page
}

fn known(stay: Option<&Enrolment>) -> Typed {
    let Some(it) = stay else {
        return Typed::default().with("kind", SchoolKind::University.code()).with("years", "4").with("pause", "0");
    };
    Typed::default()
        .with("school", it.school.map(|id| id.to_string()).unwrap_or_default())
        .with("school_name", it.school_name.clone())
        .with("kind", it.kind.code())
        .with("place", it.place.map(super::words::place_name).unwrap_or_default())
        .with("start", it.start_fy.0.to_string())
        .with("years", it.years.to_string())
        .with("pause", it.pause_years.to_string())
        .with("left", it.left_on.map(|day| day.to_string()).unwrap_or_default())
}

fn given(typed: &Typed) -> Result<EnrolmentGiven, ActError> {
    Ok(EnrolmentGiven {
        school: typed.text("school").parse().ok(),
        school_name: typed.text("school_name").to_owned(),
        kind: typed.text("kind").parse().map_err(|_| ActError::refused_at("kind", "choose_one"))?,
        place: typed.text("place").to_owned(),
        start: typed.text("start").to_owned(),
        years: typed.number("years"),
        pause: if typed.text("pause").trim().is_empty() { 0 } else { typed.number("pause") },
        left: typed.text("left").to_owned(),
    })
}

async fn read(desk: &Desk, person: &str) -> Result<(PeopleWords, PersonRecord), AppError> {
    let id: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let words = PeopleWords::read(&mut reader, desk.t).await.map_err(unreadable)?;
    Ok((words, reader.person_record(id).await.map_err(unreadable)?))
}

fn enrolment_of<'r>(record: &'r PersonRecord, stay: &str) -> Result<Option<&'r Enrolment>, AppError> {
    if stay == ADD {
        return Ok(None);
    }
    let id: EnrolmentId = stay.parse().map_err(|_| AppError::NotFound)?;
    let found = record.enrolments.iter().find(|it| it.id == id).ok_or(AppError::NotFound)?;
    // The place of a later school tells where a protected person is.
    let hidden = record.person.address_protected && found.kind != SchoolKind::HighSchool;
    if hidden { Err(AppError::NotFound) } else { Ok(Some(found)) }
}

async fn show_enrolment(
    Extension(desk): Extension<Desk>,
    Path((person, stay)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let (words, it) = read(&desk, &person).await?;
    let stay = enrolment_of(&it, &stay)?;
    Ok(page(&school_form(desk.shell(), &words, &it.person, stay.map(|stay| stay.id), &known(stay), &Wrong::default())))
}

async fn keep_school(
    Extension(desk): Extension<Desk>,
    Path((person, stay)): Path<(String, String)>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, AppError> {
    let (words, it) = read(&desk, &person).await?;
    let id = enrolment_of(&it, &stay)?.map(|stay| stay.id);
    let by = desk.grant::<EditPeople>()?;
    let kept = match given(&typed) {
        Ok(given) => keep_enrolment(&desk.house, &by, it.person.id, id, &given).await,
        Err(refused) => Err(refused),
    };
    let how = ended(desk.t, kept, |_| telling_odd_days(&saved_href(it.person.id, "enrolments"), &typed, &["left"]))?;
    Ok(answer(desk.t, how, |wrong| school_form(desk.shell(), &words, &it.person, id, &typed, wrong)))
}

async fn remove_school(
    Extension(desk): Extension<Desk>,
    Path((person, stay)): Path<(String, String)>,
    Posted(_): Posted<Typed>,
) -> Result<Response, AppError> {
    let id: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let stay: EnrolmentId = stay.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<EditPeople>()?;
    remove_enrolment(&desk.house, &by, id, stay).await.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to(&saved_href(id, "enrolments")).into_response())
}

fn place_form(shell: Shell, person: &Person, typed: &Typed, wrong: &Wrong) -> FormPage {
    let t = shell.t;
    let parts = vec![
        Part::Field(
            Field::text(t, "place", t.get("people-place"))
                .value(typed.text("place"))
                .hint(t.get("people-place.hint"))
                .error(wrong.at("place")),
        ),
        Part::Field(
            Field::text(t, "country", t.get("people-country"))
                .value(typed.text("country"))
                .hint(t.get("people-country.hint"))
                .error(wrong.at("country"))
                .max(2),
        ),
        Part::Field(
            Field::text(t, "from", t.get("people-from"))
                .value(typed.text("from"))
                .hint(t.get("people-from.hint"))
                .error(wrong.at("from")),
        ),
    ];
    FormPage::about(shell, person, t.get("people-residence-add"), parts)
}

pub(super) fn removal_form(shell: Shell, person: &Person, told: String) -> FormPage {
    let t = shell.t;
    let mut page = FormPage::about(shell, person, t.get("people-take-out"), Vec::new());
    page.notice = Some(Banner::of(Tone::Warning, told).text(t.get("people-take-out.ask")));
    page.button = t.get("people-take-out");
    page
}

async fn show_residence(
    Extension(desk): Extension<Desk>,
    Path((person, stay)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let (_, it) = read(&desk, &person).await?;
    if stay == ADD {
        return Ok(page(&place_form(desk.shell(), &it.person, &Typed::default(), &Wrong::default())));
    }
    let id: ResidenceId = stay.parse().map_err(|_| AppError::NotFound)?;
    let it = it.shown();
    let stay = it.residences.iter().find(|it| it.id == id).ok_or(AppError::NotFound)?;
    let told = format!("{} {}", place(desk.t, &stay.place), days(desk.t, stay.span));
    Ok(page(&removal_form(desk.shell(), &it.person, told)))
}

async fn keep_place(
    Extension(desk): Extension<Desk>,
    Path((person, stay)): Path<(String, String)>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, AppError> {
    let (_, it) = read(&desk, &person).await?;
    let by = desk.grant::<EditPeople>()?;
    let to = saved_href(it.person.id, "residences");
    if stay != ADD {
        let id: ResidenceId = stay.parse().map_err(|_| AppError::NotFound)?;
        remove_residence(&desk.house, &by, it.person.id, id).await.map_err(|error| desk.problem(error))?;
        return Ok(Redirect::to(&to).into_response());
    }
    let text = |name: &str| typed.text(name).to_owned();
    let given = StayGiven { place: text("place"), country: text("country"), from: text("from") };
    let kept = keep_residence(&desk.house, &by, it.person.id, &given).await;
    let how = ended(desk.t, kept, |_| telling_odd_days(&to, &typed, &["from"]))?;
    Ok(answer(desk.t, how, |wrong| place_form(desk.shell(), &it.person, &typed, wrong)))
}

/// Invented faces for the forms' test.
pub(super) fn samples(shell: &Shell, words: &PeopleWords, record: &PersonRecord) -> Vec<FormPage> {
    let person = &record.person;
    vec![
        school_form(shell.clone(), words, person, None, &known(None), &Wrong::default()),
        school_form(
            shell.clone(),
            words,
            person,
            record.enrolments.first().map(|it| it.id),
            &known(record.enrolments.first()),
            &Wrong::default(),
        ),
        place_form(shell.clone(), person, &Typed::default(), &Wrong::default()),
        removal_form(shell.clone(), person, "島根県益田市".into()),
    ]
}
