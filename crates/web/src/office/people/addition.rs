//! Entering a person by hand, from a paper slip. People who may be the same are shown before a second entry is made.

use std::collections::BTreeSet;

use axum::Extension;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_access::permission::EditPeople;
use tsunagari_acts::ActError;
use tsunagari_acts::add_person::{ArrivalGiven, Looked, Signed, add_person};
use tsunagari_kernel::PersonId;
use tsunagari_people::{PersonRecord, SchoolKind, TieKind};

use super::card::crumbs;
use super::consent_forms;
use super::form::{FormPage, Part, Typed, Wrong, answer, ended, telling_odd_days};
use super::person_form;
use super::words::{PeopleWords, card_href, coded, known_of};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Choices, Field, FieldKind, Link};
use crate::shell::{AppError, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/people/add", Needs::Permission(Code::EditPeople), show).post(
        "/office/people/add",
        Needs::Permission(Code::EditPeople),
        keep,
    )
}

fn parts(words: &PeopleWords, typed: &Typed, wrong: &Wrong, alike: Vec<Link>) -> Vec<Part> {
    let t = words.t;
    let mut parts = Vec::new();
    if !alike.is_empty() {
        parts.push(Part::Heading(t.get("people-alike")));
        parts.push(Part::Links(alike));
        let looked = Choices::checkbox(t, "looked", t.get("people-looked")).option("yes", t.get("people-looked-yes"));
        parts.push(Part::Choices(looked.error(wrong.at("looked"))));
    }
    parts.push(Part::Heading(t.get("people-who")));
    parts.extend(person_form::parts(words, typed, wrong));
    let mut tie = Choices::select(t, "tie", t.get("people-ties"));
    for it in TieKind::ALL {
        tie = tie.option(it.code(), coded(t, "tie", it.code()));
    }
    let mut school = Choices::select(t, "school", t.get("people-school")).option("", t.get("people-school-unknown"));
    for it in words.schools.iter().filter(|it| it.kind == SchoolKind::HighSchool) {
        school = school.option(it.id.to_string(), it.name.clone());
    }
    let cohort = Field::text(t, "cohort", t.get("people-cohort")).value(typed.text("cohort")).error(wrong.at("cohort"));
    parts.extend([
        Part::Heading(t.get("people-tie-and-school")),
        Part::Choices(tie.chosen(typed.text("tie"))),
        Part::Choices(school.chosen(typed.text("school"))),
        Part::Field(cohort.hint(t.get("people-cohort.hint"))),
        Part::Heading(t.get("people-contacts")),
        Part::Field(
            Field::email(t, "email", t.get("contact-kind-email"))
                .value(typed.text("email"))
                .hint(t.get("people-email.hint"))
                .error(wrong.at("email")),
        ),
        Part::Field(
            Field::of(FieldKind::Tel, t, "phone", t.get("contact-kind-phone"))
                .value(typed.text("phone"))
                .error(wrong.at("phone")),
        ),
        Part::Heading(t.get("people-consents")),
    ]);
    let mut purposes =
        Choices::checkbox(t, "purposes", t.get("people-slip-consents")).hint(t.get("people-slip-consents.hint"));
    for it in &words.purposes {
        purposes = purposes.option(it.code.clone(), words.purpose(&it.code));
    }
    for code in typed.all("purposes") {
        purposes = purposes.chosen(code);
    }
    let signed = Choices::radio(t, "signed", t.get("people-signed"))
        .option("self", coded(t, "consent-by", "self"))
        .option("guardian", coded(t, "consent-by", "guardian"))
        .chosen(if typed.text("signed") == "guardian" { "guardian" } else { "self" });
    parts.extend([Part::Choices(purposes.error(wrong.at("purposes"))), Part::Choices(signed)]);
    parts
}

fn form(shell: Shell, words: &PeopleWords, typed: &Typed, wrong: &Wrong, alike: Vec<Link>) -> FormPage {
    let t = shell.t;
    FormPage::of(
        shell,
        crumbs(t, None),
        t.get("people-add"),
        "/office/people".into(),
        parts(words, typed, wrong, alike),
    )
}

fn given(typed: &Typed) -> ArrivalGiven {
    ArrivalGiven {
        person: person_form::given(typed),
        tie: typed.text("tie").parse().unwrap_or(TieKind::Origin),
        school: typed.text("school").parse().ok(),
        cohort: typed.text("cohort").to_owned(),
        email: typed.text("email").to_owned(),
        phone: typed.text("phone").to_owned(),
        purposes: typed.all("purposes").iter().cloned().collect::<BTreeSet<_>>(),
        signed: if typed.text("signed") == "guardian" { Signed::ByGuardian } else { Signed::ByThemselves },
        looked: if typed.text("looked") == "yes" { Looked::AnotherPerson } else { Looked::NotYet },
    }
}

async fn read(desk: &Desk) -> Result<PeopleWords, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    PeopleWords::read(&mut reader, desk.t).await.map_err(unreadable)
}

/// Links to the people a refusal says may be the same.
async fn alike(desk: &Desk, result: &Result<PersonId, ActError>) -> Result<Vec<Link>, AppError> {
    let Err(ActError::Refused(reasons)) = result else { return Ok(Vec::new()) };
    let Some(who) = reasons
        .iter()
        .find(|reason| reason.code == "person_may_be_known")
        .and_then(|reason| reason.values.iter().find(|(name, _)| *name == "who"))
    else {
        return Ok(Vec::new());
    };
    let ids: Vec<PersonId> = who.1.split(',').filter_map(|id| id.parse().ok()).collect();
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let records = reader.person_records(&ids).await.map_err(unreadable)?;
    let link =
        |it: &PersonRecord| Link::to(card_href(it.person.id), format!("{} {}", it.person.name(), known_of(desk.t, it)));
    Ok(records.iter().map(link).collect())
}

async fn show(Extension(desk): Extension<Desk>) -> Result<Response, AppError> {
    let words = read(&desk).await?;
    Ok(page(&form(desk.shell(), &words, &Typed::default(), &Wrong::default(), Vec::new())))
}

async fn keep(Extension(desk): Extension<Desk>, Posted(typed): Posted<Typed>) -> Result<Response, AppError> {
    let by = desk.grant::<EditPeople>()?;
    let added = add_person(&desk.house, &by, &given(&typed)).await;
    let alike = alike(&desk, &added).await?;
    let mut news = "added".to_owned();
    if let Ok(id) = &added {
        let purposes = typed.all("purposes").iter().map(String::as_str);
        news = consent_forms::done(&desk, *id, purposes, "added").await?;
    }
    let how =
        ended(desk.t, added, |id| telling_odd_days(&format!("{}?done={news}", card_href(id)), &typed, &["birth"]))?;
    let words = read(&desk).await?;
    Ok(answer(desk.t, how, |wrong| form(desk.shell(), &words, &typed, wrong, alike)))
}

/// An invented face for the forms' test.
pub(super) fn sample(shell: &Shell, words: &PeopleWords) -> FormPage {
    form(shell.clone(), words, &Typed::default(), &Wrong::default(), vec![Link::to("#", "髙橋 花")])
}
