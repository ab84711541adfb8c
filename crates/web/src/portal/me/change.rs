//! What somebody changes on their page: consents, interests, language, more ways to be reached. Each is one form that
//! leads back to the page with a line of news.

use askama::Template;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;
use tsunagari_acts::reconfirm_consent::{Reconfirmed, reconfirm_consent};
use tsunagari_acts::{ActError, give_consent, keep_my_details, sign_in_resident, verify_email, withdraw_consent};

use crate::portal::draft::{self, Given};
use crate::portal::town::go;
use crate::portal::visitor::Visitor;
use crate::routes::{Needs, Routes};
use crate::sentences::sentences;
use crate::shell::components::{ErrorSummary, Field};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes
        .post("/me/consent", Needs::Resident, consent)
        .post("/me/reconfirm", Needs::Resident, reconfirm)
        .post("/me/interests", Needs::Resident, interests)
        .post("/me/language", Needs::Resident, language)
        .get("/me/line", Needs::Resident, line)
        .get("/me/email", Needs::Resident, email_form)
        .post("/me/email", Needs::Resident, email)
}

#[derive(Template)]
#[template(path = "portal/me/email.html")]
struct EmailPage {
    shell: Shell,
    errors: ErrorSummary,
    email: Field,
}

impl EmailPage {
    fn of(shell: Shell, typed: &str, wrong: Vec<(String, String)>) -> Self {
        let t = shell.t;
        let error = wrong.first().map(|(_, text)| text.clone());
        let email = Field::email(t, "email", t.get("portal-contact-email")).hint(t.get("portal-contact-email.hint"));
        Self { errors: ErrorSummary::of(t, wrong), email: email.value(typed).required().error(error), shell }
    }
}

impl Sample for EmailPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let wrong = vec![("email".to_owned(), shell.t.get("refused-address-empty"))];
        vec![Self::of(shell.clone(), "", Vec::new()), Self::of(shell, "", wrong)]
    }
}

fn back(visitor: &Visitor, done: Result<(), ActError>, news: &str) -> Result<Response, AppError> {
    done.map_err(|error| visitor.town.problem(error))?;
    Ok(go(&format!("/me?news={news}")))
}

async fn consent(Extension(visitor): Extension<Visitor>, form: Given) -> Result<Response, AppError> {
    let (house, by) = (&visitor.town.house, &visitor.resident);
    match form.get("answer") {
        "give" => back(&visitor, give_consent::give_consent(house, by, form.get("purpose")).await, "given"),
        "withdraw" => {
            back(&visitor, withdraw_consent::withdraw_consent(house, by, form.get("purpose")).await, "withdrawn")
        }
        _ => Err(AppError::Bad(Vec::new())),
    }
}

async fn reconfirm(Extension(visitor): Extension<Visitor>, form: Given) -> Result<Response, AppError> {
    let (answer, news) = match form.get("answer") {
        "go_on" => (Reconfirmed::GoOn, "given"),
        "stop" => (Reconfirmed::Stop, "withdrawn"),
        _ => return Err(AppError::Bad(Vec::new())),
    };
    back(&visitor, reconfirm_consent(&visitor.town.house, &visitor.resident, answer).await, news)
}

async fn interests(Extension(visitor): Extension<Visitor>, form: Given) -> Result<Response, AppError> {
    let done = keep_my_details::keep_interests(&visitor.town.house, &visitor.resident, &form.all("interests")).await;
    back(&visitor, done, "saved")
}

async fn language(Extension(visitor): Extension<Visitor>, form: Given) -> Result<Response, AppError> {
    let locale = form.get("language").parse().map_err(|_| AppError::Bad(Vec::new()))?;
    back(&visitor, keep_my_details::keep_language(&visitor.town.house, &visitor.resident, locale).await, "saved")
}

async fn line(Extension(visitor): Extension<Visitor>) -> Result<Response, AppError> {
    let town = &visitor.town;
    let (begun, mut answers) =
        sign_in_resident::begin_adding(&town.house, &visitor.resident).await.map_err(|error| town.problem(error))?;
    let url =
        sign_in_resident::leave_for_line(&town.house, town.org.id, begun.id, &mut answers, town.line_locale()).await;
    draft::give(go(&url.map_err(|error| town.problem(error))?), town.org.id, &begun.token)
}

async fn email_form(Extension(visitor): Extension<Visitor>) -> Response {
    page(&EmailPage::of(visitor.shell(), "", Vec::new()))
}

async fn email(Extension(visitor): Extension<Visitor>, form: Given) -> Result<Response, AppError> {
    let town = &visitor.town;
    match verify_email::ask_to_add(&town.house, &visitor.resident, form.get("email"), town.t.locale()).await {
        Ok(()) => Ok(go("/me?news=mailed")),
        Err(ActError::Refused(reasons)) => {
            let view = EmailPage::of(visitor.shell(), form.get("email"), sentences(town.t, &reasons));
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view))
        }
        Err(other) => Err(town.problem(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<EmailPage>(crate::shell::sample::portal_shell), Vec::<String>::new());
    }
}
