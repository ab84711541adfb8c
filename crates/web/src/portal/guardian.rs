//! The guardian's page behind the link the minor handed over: what the child joined, what will be sent, and consenting.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use tsunagari_acts::guardian_consents::{Asked, GuardianAnswer, RELATIONS, guardian_consents, look};
use tsunagari_acts::{ActError, Reason};
use tsunagari_i18n::Texts;

use crate::portal::agree::{Promise, promises, sample_promises};
use crate::portal::dead_link::{Whose, failed};
use crate::portal::draft::Given;
use crate::portal::me::standing::named;
use crate::portal::town::Town;
use crate::portal::wrong::{Wrong, wrong};
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Choices, ContactText, ErrorSummary, Field};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/p/{code}/guardian/{token}", Needs::Nothing, show).post(
        "/p/{code}/guardian/{token}",
        Needs::Nothing,
        consent,
    )
}

#[derive(Template)]
#[template(path = "portal/guardian.html")]
struct GuardianPage {
    shell: Shell,
    errors: ErrorSummary,
    wrong: String,
    lead: String,
    agree: String,
    withdraw: ContactText,
    promises: Vec<Promise>,
    family: Field,
    given: Field,
    relation: Choices,
}

#[derive(Template)]
#[template(path = "portal/guardian_done.html")]
struct GuardianDonePage {
    shell: Shell,
    text: String,
    not: String,
    withdraw: ContactText,
}

/// How a guardian takes a consent back: they have no page of their own, so they tell the town.
pub fn withdrawing(t: Texts, contact: &str) -> ContactText {
    ContactText::of(&match contact.trim() {
        "" => t.get("portal-guardian-withdraw-office"),
        contact => t.one("portal-guardian-withdraw", "contact", contact),
    })
}

/// The fields in the page's order, with their labels.
fn fields(t: Texts) -> [(&'static str, String); 4] {
    ["agreed", "family", "given", "relation"].map(|name| {
        let key = if name == "agreed" { "portal-guardian-what".to_owned() } else { format!("portal-guardian-{name}") };
        (name, t.get(key))
    })
}

impl GuardianDonePage {
    fn of(shell: Shell, name: &str, promises: &[Promise], withdraw: ContactText) -> Self {
        let t = shell.t;
        let labels = |chosen| {
            let of = promises.iter().filter(|promise| promise.chosen == chosen);
            named(t, of.map(|promise| promise.label.as_str()))
        };
        let left = labels(false);
        Self {
            text: t.two("portal-guardian-done", "name", name, "purposes", labels(true)),
            not: if left.is_empty() { left } else { t.one("portal-guardian-done-not", "purposes", left) },
            withdraw,
            shell,
        }
    }
}

/// The ward, and what holds in their town.
#[derive(Clone, Copy)]
struct About<'a> {
    name: &'a str,
    /// Until which age a guardian is asked.
    age: i64,
    contact: &'a str,
}

impl GuardianPage {
    fn of(shell: Shell, about: &About<'_>, promises: Vec<Promise>, answer: &GuardianAnswer, wrong: Wrong) -> Self {
        let t = shell.t;
        let About { name, age, contact } = *about;
        let at = |field: &str| wrong.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone());
        let field = |name: &str, value: &str, token: &'static str| {
            Field::text(t, name, t.get(format!("portal-guardian-{name}")))
                .value(value)
                .required()
                .autocomplete(token)
                .error(at(name))
        };
        let relation = Choices::radio(t, "relation", t.get("portal-guardian-relation")).required();
        let relation = RELATIONS
            .into_iter()
            .fold(relation, |all, code| all.option(code, t.get(format!("portal-guardian-{code}"))));
        Self {
            wrong: at("agreed").unwrap_or_default(),
            lead: t.with(
                "portal-guardian-lead",
                &[("name", name.into()), ("town", shell.org.name.as_str().into()), ("age", age.into())],
            ),
            agree: t.one("portal-guardian-agree", "name", name),
            withdraw: withdrawing(t, contact),
            promises,
            family: field("family", &answer.family, "family-name"),
            given: field("given", &answer.given, "given-name"),
            relation: relation.chosen(&answer.relation).error(at("relation")),
            errors: ErrorSummary::of(t, wrong),
            shell,
        }
    }
}

impl Sample for GuardianPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let reasons =
            [("relation", "relation_missing"), ("family", "name_missing")].map(|(field, code)| Reason::at(field, code));
        let wrong = wrong(shell.t, &reasons, &fields(shell.t));
        let faces = [Vec::new(), wrong];
        let answer = GuardianAnswer::default();
        let about = About { name: "石見 花", age: 18, contact: "0856-00-0000" };
        faces.map(|wrong| Self::of(shell.clone(), &about, sample_promises(shell.t), &answer, wrong)).into()
    }
}

impl Sample for GuardianDonePage {
    fn samples(shell: Shell) -> Vec<Self> {
        let promises = sample_promises(shell.t);
        let withdraw = withdrawing(shell.t, "");
        vec![Self::of(shell, "石見 花", &promises, withdraw)]
    }
}

/// The purposes a guardian is asked about.
async fn asked_for(town: &Town, asked: &Asked, agreed: &[String]) -> Result<Vec<Promise>, AppError> {
    let purposes = town.here().read_by_key().await.map_err(unreadable)?.purposes().await.map_err(unreadable)?;
    let asked_for: Vec<_> = purposes.into_iter().filter(|purpose| asked.purposes.contains(&purpose.code)).collect();
    Ok(promises(town.t, &asked_for, &asked.wordings, agreed))
}

async fn view(
    town: &Town,
    asked: &Asked,
    answer: &GuardianAnswer,
    wrong: Wrong,
    status: StatusCode,
) -> Result<Response, AppError> {
    let promises = asked_for(town, asked, &answer.agreed).await?;
    let name = asked.ward.name();
    let about = About { name: &name, age: town.org.guardian_age, contact: &town.org.contact };
    let view = GuardianPage::of(town.shell(), &about, promises, answer, wrong);
    Ok(page_with_status(status, &view))
}

async fn show(town: Town, Path((_, token)): Path<(String, String)>) -> Result<Response, AppError> {
    match look(&town.house, town.org.id, &token).await {
        Ok(asked) => view(&town, &asked, &GuardianAnswer::default(), Vec::new(), StatusCode::OK).await,
        Err(error) => failed(&town, Whose::Guardians, error),
    }
}

async fn consent(town: Town, Path((_, token)): Path<(String, String)>, form: Given) -> Result<Response, AppError> {
    let text = |name: &str| form.get(name).to_owned();
    let answer = GuardianAnswer {
        family: text("family"),
        given: text("given"),
        relation: text("relation"),
        agreed: form.all("agreed"),
    };
    let asked = match look(&town.house, town.org.id, &token).await {
        Ok(asked) => asked,
        Err(error) => return failed(&town, Whose::Guardians, error),
    };
    match guardian_consents(&town.house, town.org.id, &token, &answer).await {
        Ok(()) => {
            let promises = asked_for(&town, &asked, &answer.agreed).await?;
            let withdraw = withdrawing(town.t, &town.org.contact);
            Ok(page(&GuardianDonePage::of(town.shell(), &asked.ward.name(), &promises, withdraw)))
        }
        Err(ActError::Refused(reasons)) if reasons.iter().all(|reason| reason.field.is_some()) => {
            let wrong = wrong(town.t, &reasons, &fields(town.t));
            view(&town, &asked, &answer, wrong, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => failed(&town, Whose::Guardians, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<GuardianPage>(crate::shell::sample::portal_shell),
            Vec::<String>::new()
        );
        assert_eq!(
            crate::shell::sample::faults::<GuardianDonePage>(crate::shell::sample::portal_shell),
            Vec::<String>::new()
        );
    }
}
