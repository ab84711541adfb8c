//! Asking a guardian: a letter to their address, or a link with its QR code to hand over.

use askama::Template;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tsunagari_acts::ActError;
use tsunagari_acts::ask_guardian::{ask_guardian, guardian_link};
use tsunagari_acts::guardian_consents::settled_since;
use tsunagari_kernel::Moment;

use crate::portal::draft::Given;
use crate::portal::visitor::Visitor;
use crate::routes::{Needs, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{ErrorSummary, Field};
use crate::shell::{AppError, Sample, Shell, Tone, page, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/me/guardian", Needs::Resident, form).post("/me/guardian", Needs::Resident, mail).post(
        "/me/guardian/link",
        Needs::Resident,
        hand_over,
    )
}

#[derive(Template)]
#[template(path = "portal/me/guardian.html")]
struct AskPage {
    shell: Shell,
    errors: ErrorSummary,
    /// A guardian has agreed to everything: nobody is to be asked.
    settled: bool,
    /// Letters can leave now: what cannot is not offered.
    mails: bool,
    email: Field,
    link: String,
    qr: String,
}

impl AskPage {
    fn of(shell: Shell, mails: bool, typed: &str, wrong: Vec<(String, String)>, link: String) -> Self {
        let t = shell.t;
        let error = wrong.first().map(|(_, text)| text.clone());
        let email =
            Field::email(t, "email", t.get("portal-guardian-ask-email")).hint(t.get("portal-guardian-ask-email.hint"));
        Self {
            errors: ErrorSummary::of(t, wrong),
            settled: false,
            mails,
            email: email.value(typed).required().autocomplete("off").error(error),
            qr: if link.is_empty() { String::new() } else { qr_of(&link, &t.get("portal-guardian-ask-link")) },
            link,
            shell,
        }
    }
}

impl AskPage {
    fn settled(shell: Shell) -> Self {
        Self { settled: true, ..Self::of(shell, false, "", Vec::new(), String::new()) }
    }
}

/// A QR code as markup; nothing when the text is too long for one.
fn qr_of(link: &str, title: &str) -> String {
    tsunagari_documents::qr::svg(link, title).unwrap_or_default()
}

impl Sample for AskPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let wrong = vec![("email".to_owned(), shell.t.get("refused-not-email"))];
        let link = format!("https://town.example/p/322041/guardian/{}", STANDARD.encode([7; 30]));
        vec![
            Self::of(shell.clone(), true, "", Vec::new(), String::new()),
            Self::of(shell.clone(), false, "", Vec::new(), String::new()),
            Self::settled(shell.clone()),
            Self::of(shell, true, "haha@", wrong, link),
        ]
    }
}

async fn mails(visitor: &Visitor) -> Result<bool, AppError> {
    Ok(visitor.town.ways().await?.mail)
}

async fn form(Extension(visitor): Extension<Visitor>) -> Result<Response, AppError> {
    let mut reader = visitor.town.here().read().await.map_err(unreadable)?;
    let record = reader.person_record(visitor.resident.person()).await.map_err(unreadable)?;
    drop(reader);
    if settled_since(&record, &Moment::now(&*visitor.town.house.clock)).is_some() {
        return Ok(page(&AskPage::settled(visitor.shell())));
    }
    Ok(page(&AskPage::of(visitor.shell(), mails(&visitor).await?, "", Vec::new(), String::new())))
}

async fn mail(Extension(visitor): Extension<Visitor>, form: Given) -> Result<Response, AppError> {
    let t = visitor.town.t;
    match ask_guardian(&visitor.town.house, &visitor.resident, form.get("email"), t.locale()).await {
        Ok(()) => Ok(page(&AskPage::of(
            visitor.shell_with(Tone::Success, t.one("portal-guardian-ask-sent", "email", form.get("email").trim())),
            true,
            "",
            Vec::new(),
            String::new(),
        ))),
        Err(ActError::Refused(reasons)) => {
            let mails = mails(&visitor).await?;
            let view = AskPage::of(visitor.shell(), mails, form.get("email"), sentences(t, &reasons), String::new());
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view))
        }
        Err(other) => Err(visitor.town.problem(other)),
    }
}

async fn hand_over(Extension(visitor): Extension<Visitor>, _: Given) -> Result<Response, AppError> {
    let link =
        guardian_link(&visitor.town.house, &visitor.resident).await.map_err(|error| visitor.town.problem(error))?;
    let mut shell = visitor.shell();
    shell.path = "/me/guardian".into();
    Ok(page(&AskPage::of(shell, mails(&visitor).await?, "", Vec::new(), link)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<AskPage>(crate::shell::sample::portal_shell), Vec::<String>::new());
    }
}
