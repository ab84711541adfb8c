//! A link from a mail is opened: a page with one button, because mail scanners open links too; the button uses it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use tsunagari_acts::verify_email::{self, Opens};

use crate::portal::dead_link::{Whose, failed};
use crate::portal::draft::Given;
use crate::portal::line_login::after;
use crate::portal::town::Town;
use crate::routes::{Needs, Routes};
use crate::shell::{AppError, Sample, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/p/{code}/mail/{token}", Needs::Nothing, show).post("/p/{code}/mail/{token}", Needs::Nothing, open)
}

#[derive(Template)]
#[template(path = "portal/mail_open.html")]
struct MailOpenPage {
    shell: Shell,
    lead: String,
}

impl MailOpenPage {
    fn of(shell: Shell, email: &str, opens: Opens) -> Self {
        let key = match opens {
            Opens::Joining => "portal-mail-open-joining",
            Opens::MyPage => "portal-mail-open-my-page",
            Opens::Address => "portal-mail-open-address",
        };
        Self { lead: shell.t.one(key, "email", email), shell }
    }
}

impl Sample for MailOpenPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let all = [Opens::Joining, Opens::MyPage, Opens::Address];
        all.map(|opens| Self::of(shell.clone(), "hana@town.example", opens)).into()
    }
}

async fn show(town: Town, Path((_, token)): Path<(String, String)>) -> Result<Response, AppError> {
    match verify_email::look(&town.house, town.org.id, &token).await {
        Ok((email, opens)) => Ok(page(&MailOpenPage::of(town.shell(), &email, opens))),
        Err(error) => failed(&town, Whose::Own, error),
    }
}

async fn open(town: Town, Path((_, token)): Path<(String, String)>, _: Given) -> Result<Response, AppError> {
    match verify_email::confirm(&town.house, town.org.id, &token).await {
        Ok(entered) => after(&town, entered),
        Err(error) => failed(&town, Whose::Own, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<MailOpenPage>(crate::shell::sample::portal_shell),
            Vec::<String>::new()
        );
    }
}
