//! The page behind the office's letter about an address: whoever opens it says their birth date, or their name, and the
//! address is theirs. It shows nothing the letter did not: a mistyped address leads a stranger here. Leaves finding out
//! what a link is for to `mailed_link`.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use tsunagari_acts::ActError;
use tsunagari_acts::confirm_address::{Asks, confirm_address};

use crate::portal::dead_link::{Whose, failed};
use crate::portal::draft::Given;
use crate::portal::line_login::after;
use crate::portal::town::Town;
use crate::sentences::sentences;
use crate::shell::components::{ErrorSummary, Field};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

#[derive(Template)]
#[template(path = "portal/confirmation.html")]
struct ConfirmationPage {
    shell: Shell,
    errors: ErrorSummary,
    lead: String,
    answer: Field,
}

impl ConfirmationPage {
    fn of(shell: Shell, email: &str, asks: Asks, typed: &str, wrong: Vec<(String, String)>) -> Self {
        let t = shell.t;
        let name = asks.field();
        let answer = Field::text(t, name, t.get(format!("portal-confirm-{name}")))
            .hint(t.get(format!("portal-confirm-{name}.hint")))
            .value(typed)
            .required()
            .autocomplete(if asks == Asks::BirthDate { "bday" } else { "name" })
            .error(wrong.first().map(|(_, text)| text.clone()));
        Self {
            lead: t.two("portal-confirm-lead", "town", shell.org.name.as_str(), "email", email),
            errors: ErrorSummary::of(t, wrong),
            answer,
            shell,
        }
    }
}

impl Sample for ConfirmationPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let wrong = vec![("birth".to_owned(), shell.t.get("refused-confirm-not-matching"))];
        vec![
            Self::of(shell.clone(), "hana@town.example", Asks::BirthDate, "2008/4/2", wrong),
            Self::of(shell, "hana@town.example", Asks::Name, "", Vec::new()),
        ]
    }
}

/// The page with its question.
pub fn show(town: &Town, email: &str, asks: Asks) -> Response {
    page(&ConfirmationPage::of(town.shell(), email, asks, "", Vec::new()))
}

/// The answer: on to one's page, or the question again.
pub async fn answer(town: &Town, token: &str, email: &str, asks: Asks, form: &Given) -> Result<Response, AppError> {
    let told = form.get(asks.field());
    match confirm_address(&town.house, town.org.id, token, told).await {
        Ok(entered) => after(town, entered),
        Err(ActError::Refused(reasons)) if reasons.iter().all(|reason| reason.field.is_some()) => {
            let view = ConfirmationPage::of(town.shell(), email, asks, told, sentences(town.t, &reasons));
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view))
        }
        Err(error) => failed(town, Whose::Own, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<ConfirmationPage>(crate::shell::sample::portal_shell),
            Vec::<String>::new()
        );
    }
}
