//! Coming back: by LINE or by a mailed link. An unknown address is answered like a known one.

use askama::Template;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;
use tsunagari_acts::{ActError, sign_in_resident, verify_email};

use crate::portal::draft::Given;
use crate::portal::town::{Town, Ways, go};
use crate::portal::visitor::Visitor;
use crate::routes::{Needs, Nothing, Posted, Routes};
use crate::sentences::sentences;
use crate::shell::components::{ErrorSummary, Field};
use crate::shell::{AppError, Sample, Shell, Surface, Tone, cookies, page, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/p/{code}/sign-in", Needs::Nothing, form).post("/p/{code}/sign-in", Needs::Nothing, mail).post(
        "/me/sign-out",
        Needs::Resident,
        leave,
    )
}

#[derive(Template)]
#[template(path = "portal/sign_in.html")]
struct SignInPage {
    shell: Shell,
    errors: ErrorSummary,
    base: String,
    ways: Ways,
    email: Field,
}

impl SignInPage {
    fn of(shell: Shell, base: String, ways: Ways, typed: &str, wrong: Vec<(String, String)>) -> Self {
        let t = shell.t;
        let error = wrong.first().map(|(_, text)| text.clone());
        let email = Field::email(t, "email", t.get("portal-contact-email")).value(typed).required().error(error);
        Self { errors: ErrorSummary::of(t, wrong), base, ways, email, shell }
    }

    async fn view(town: &Town, shell: Shell, typed: &str, wrong: Vec<(String, String)>) -> Result<Self, AppError> {
        let ways = town.ways().await?;
        Ok(Self::of(shell, town.at(""), ways, typed, wrong))
    }
}

impl Sample for SignInPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let wrong = vec![("email".to_owned(), shell.t.get("refused-not-email"))];
        let of = |line, mail, typed: &str, wrong| {
            Self::of(shell.clone(), "/p/322041".into(), Ways { line, mail }, typed, wrong)
        };
        vec![of(true, true, "", Vec::new()), of(false, true, "hana@", wrong), of(true, false, "", Vec::new())]
    }
}

async fn form(town: Town) -> Result<Response, AppError> {
    Ok(page(&SignInPage::view(&town, town.shell(), "", Vec::new()).await?))
}

async fn mail(town: Town, form: Given) -> Result<Response, AppError> {
    match verify_email::ask_for_sign_in(&town.house, town.org.id, form.get("email"), town.t.locale()).await {
        Ok(()) => {
            let shell =
                town.shell_with(Tone::Success, town.t.one("portal-sign-in-sent", "email", form.get("email").trim()));
            Ok(page(&SignInPage::view(&town, shell, form.get("email"), Vec::new()).await?))
        }
        Err(ActError::Refused(reasons)) => {
            let view = SignInPage::view(&town, town.shell(), form.get("email"), sentences(town.t, &reasons)).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view))
        }
        Err(other) => Err(town.problem(other)),
    }
}

async fn leave(
    Extension(visitor): Extension<Visitor>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    sign_in_resident::sign_out(&visitor.town.house, &visitor.resident, &visitor.token_hash)
        .await
        .map_err(|error| visitor.town.problem(error))?;
    let mut response = go(&visitor.town.at(""));
    let cleared = cookies::clear(cookies::session_name(Surface::Portal)).ok_or(AppError::broken())?;
    response.headers_mut().append(axum::http::header::SET_COOKIE, cleared);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<SignInPage>(crate::shell::sample::portal_shell),
            Vec::<String>::new()
        );
    }
}
