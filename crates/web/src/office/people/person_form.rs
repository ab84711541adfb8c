//! Changing what is recorded of a person's own. Somebody else's change meanwhile shows the form again with what was typed
//! and the status of a conflict.

use axum::Extension;
use axum::extract::Path;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_access::permission::EditPeople;
use tsunagari_acts::keep_person::{PersonGiven, Protection, keep_person};
use tsunagari_kernel::PersonId;
use tsunagari_people::{Person, PersonLocale};

use super::form::{FormPage, Part, Typed, Wrong, answer, ended, telling_odd_days};
use super::words::{PeopleWords, card_href, coded};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Choices, Field};
use crate::shell::{AppError, Sample, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/people/{person}/edit", Needs::Permission(Code::EditPeople), show).post(
        "/office/people/{person}/edit",
        Needs::Permission(Code::EditPeople),
        keep,
    )
}

/// The fields of a person's own row.
pub(super) fn parts(words: &PeopleWords, typed: &Typed, wrong: &Wrong) -> Vec<Part> {
    let t = words.t;
    let field = |name: &str| {
        Field::text(t, name, t.get(format!("people-field-{}", name.replace('_', "-"))))
            .value(typed.text(name))
            .error(wrong.at(name))
            .max(60)
    };
    let mut locale = Choices::select(t, "locale", t.get("people-locale"));
    for it in PersonLocale::ALL {
        locale = locale.option(it.code(), coded(t, "person-locale", it.code()));
    }
    let birth = Field::text(t, "birth", t.get("people-birth-date")).value(typed.text("birth")).error(wrong.at("birth"));
    vec![
        Part::Field(field("family").required()),
        Part::Field(field("given")),
        Part::Field(field("family_kana").hint(t.get("people-field-family-kana.hint"))),
        Part::Field(field("given_kana")),
        Part::Field(birth.hint(t.get("people-birth-date.hint"))),
        Part::Choices(locale.chosen(typed.text("locale"))),
        Part::Choices(words.team_choice(typed.text("team"))),
        Part::Choices(
            Choices::checkbox(t, "protected", t.get("people-protected"))
                .option_with("yes", t.get("people-protected-yes"), t.get("people-protected-yes.hint"))
                .chosen(typed.text("protected")),
        ),
    ]
}

/// What was typed about a person's own row.
pub(super) fn given(typed: &Typed) -> PersonGiven {
    let text = |name: &str| typed.text(name).to_owned();
    PersonGiven {
        family: text("family"),
        given: text("given"),
        family_kana: text("family_kana"),
        given_kana: text("given_kana"),
        birth: text("birth"),
        locale: typed.text("locale").parse().unwrap_or(PersonLocale::Ja),
        protection: if typed.text("protected") == "yes" { Protection::Protected } else { Protection::Open },
        team: typed.text("team").parse().ok(),
    }
}

fn known(person: &Person) -> Typed {
    let typed = Typed::default()
        .with("family", person.family.clone())
        .with("given", person.given.clone())
        .with("family_kana", person.family_kana.clone())
        .with("given_kana", person.given_kana.clone())
        .with("birth", person.birth_date.map(|day| day.to_string()).unwrap_or_default())
        .with("locale", person.locale.code())
        .with("team", person.team.map(|team| team.to_string()).unwrap_or_default());
    if person.address_protected { typed.with("protected", "yes") } else { typed }
}

fn form(shell: Shell, words: &PeopleWords, person: &Person, version: i64, typed: &Typed, wrong: &Wrong) -> FormPage {
    let t = shell.t;
    FormPage::about(shell, person, t.get("people-edit"), parts(words, typed, wrong))
        .hidden("version", version.to_string())
}

async fn read(desk: &Desk, id: PersonId) -> Result<(PeopleWords, Person, i64), AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let words = PeopleWords::read(&mut reader, desk.t).await.map_err(unreadable)?;
    let person = reader.person(id).await.map_err(unreadable)?;
    let version = reader.person_version(id).await.map_err(unreadable)?;
    Ok((words, person, version))
}

async fn show(Extension(desk): Extension<Desk>, Path(person): Path<String>) -> Result<Response, AppError> {
    let id: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let (words, person, version) = read(&desk, id).await?;
    Ok(page(&form(desk.shell(), &words, &person, version, &known(&person), &Wrong::default())))
}

async fn keep(
    Extension(desk): Extension<Desk>,
    Path(person): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, AppError> {
    let id: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<EditPeople>()?;
    let kept = keep_person(&desk.house, &by, id, typed.number("version"), &given(&typed)).await;
    let how = ended(desk.t, kept, |()| telling_odd_days(&format!("{}?done=saved", card_href(id)), &typed, &["birth"]))?;
    let (words, person, version) = read(&desk, id).await?;
    Ok(answer(desk.t, how, |wrong| form(desk.shell(), &words, &person, version, &typed, wrong)))
}

impl Sample for FormPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let (words, record) = super::words::sample(shell.t);
        let mut all = vec![form(shell.clone(), &words, &record.person, 3, &known(&record.person), &Wrong::default())];
        all.extend(super::tie_form::samples(&shell, &record));
        all.extend(super::stay_forms::samples(&shell, &words, &record));
        all.push(super::occupation_form::sample(&shell, &record.person));
        all.push(super::outcome_form::sample(&shell, &record.person));
        all.push(super::guardian_form::sample(&shell, &record));
        all.extend(super::contact_forms::samples(&shell, &record));
        all.extend(super::confirm_form::samples(&shell, &record));
        all.extend(super::consent_forms::samples(&shell, &words, &record));
        all.push(super::addition::sample(&shell, &words));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<FormPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }

    #[test]
    fn what_is_known_fills_the_form_and_comes_back_the_same() {
        let (_, record) = super::super::words::sample(tsunagari_i18n::Texts::of(tsunagari_i18n::Locale::Ja));
        let back = given(&known(&record.person));
        assert_eq!((back.family.as_str(), back.birth.as_str()), ("髙橋", "2007-06-01"));
        assert_eq!(back.protection, Protection::Protected);
        assert_eq!(back.team, record.person.team);
    }
}
