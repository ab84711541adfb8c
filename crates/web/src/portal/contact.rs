//! How to stay in touch: LINE by a link that leaves for LINE Login, or an address to which a link is mailed. Leaves the
//! login to `line_login` and the mailed link to `mailed_link`.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use tsunagari_acts::answer_question::Question;
use tsunagari_acts::{ActError, verify_email};
use tsunagari_storage::Reader;

use crate::portal::draft::{Draft, Given};
use crate::portal::mail_sent::MailSentPage;
use crate::portal::question::steps;
use crate::portal::town::{Ways, go};
use crate::portal::wrong::Wrong;
use crate::routes::{Needs, Routes};
use crate::sentences::sentences;
use crate::shell::components::{ErrorSummary, Field, Steps};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.post("/p/{code}/join-by-mail", Needs::Nothing, by_mail).get("/p/{code}/mail-sent", Needs::Nothing, sent)
}

/// The page of the first question.
#[derive(Template)]
#[template(path = "portal/contact.html")]
pub struct ContactPage {
    shell: Shell,
    steps: Steps,
    errors: ErrorSummary,
    base: String,
    ways: Ways,
    done: String,
    email: Field,
}

impl ContactPage {
    fn of(shell: Shell, base: String, ways: Ways, done: String, typed: &str, wrong: Wrong) -> Self {
        let t = shell.t;
        let error = wrong.iter().find(|(name, _)| name == "email").map(|(_, text)| text.clone());
        let email = Field::email(t, "email", t.get("portal-contact-email")).hint(t.get("portal-contact-email.hint"));
        Self {
            steps: steps(t, Question::Contact),
            errors: ErrorSummary::of(t, wrong),
            base,
            ways,
            done,
            email: email.value(typed).required().error(error),
            shell,
        }
    }

    /// The page for a draft.
    pub async fn view(
        (draft, reader): (&Draft, &mut Reader),
        shell: Shell,
        typed: &str,
        wrong: Wrong,
        status: StatusCode,
    ) -> Result<Response, AppError> {
        let ways = Ways::read(reader).await?;
        let done = match (&draft.answers.line, &draft.answers.email) {
            (Some(_), _) => shell.t.get("portal-contact-done-line"),
            (None, Some(email)) => shell.t.one("portal-contact-done-email", "email", email.as_str()),
            (None, None) => String::new(),
        };
        Ok(page_with_status(status, &Self::of(shell, draft.town.at(""), ways, done, typed, wrong)))
    }
}

impl Sample for ContactPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let wrong = vec![("email".to_owned(), shell.t.get("refused-not-email"))];
        let of = |line, mail, done: String, typed: &str, wrong| {
            Self::of(shell.clone(), "/p/322041".into(), Ways { line, mail }, done, typed, wrong)
        };
        vec![
            of(true, true, String::new(), "", Vec::new()),
            of(true, true, shell.t.get("portal-contact-done-line"), "", Vec::new()),
            of(false, true, String::new(), "hana@", wrong),
            of(true, false, String::new(), "", Vec::new()),
            of(false, false, String::new(), "", Vec::new()),
        ]
    }
}

async fn by_mail(mut draft: Draft, form: Given) -> Result<Response, AppError> {
    draft.check(&form)?;
    let (house, org) = (draft.town.house.clone(), draft.town.org.id);
    match verify_email::ask_for_join(&house, org, draft.id, form.get("email"), draft.town.t.locale()).await {
        Ok(()) => {
            form.get("email").trim().clone_into(&mut draft.answers.mailed_to);
            draft.keep().await?;
            Ok(go(&draft.town.at("/mail-sent")))
        }
        Err(ActError::Refused(reasons)) => {
            let mut shell = draft.town.shell();
            shell.csrf.clone_from(&draft.csrf);
            shell.path = draft.town.at("/join/contact");
            let wrong = sentences(draft.town.t, &reasons);
            let mut reader = draft.look().await?;
            ContactPage::view((&draft, &mut reader), shell, form.get("email"), wrong, StatusCode::UNPROCESSABLE_ENTITY)
                .await
        }
        Err(other) => Err(draft.town.problem(other)),
    }
}

async fn sent(draft: Draft) -> Response {
    let (town, to) = (&draft.town, draft.answers.mailed_to.as_str());
    if to.is_empty() {
        return go(&town.at("/join/contact"));
    }
    let mut shell = town.shell();
    shell.csrf.clone_from(&draft.csrf);
    page(&MailSentPage::of(shell, to, town.at("/join-by-mail"), town.at("/join/contact")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<ContactPage>(crate::shell::sample::portal_shell),
            Vec::<String>::new()
        );
    }
}
