//! A link from a mail is opened: a page with one button, because mail scanners open links too; the button uses it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use tsunagari_acts::verify_email;

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
}

impl Sample for MailOpenPage {
    fn samples(shell: Shell) -> Vec<Self> {
        vec![Self { shell }]
    }
}

async fn show(town: Town, Path((_, token)): Path<(String, String)>) -> Result<Response, AppError> {
    verify_email::look(&town.house, town.org.id, &token).await.map_err(|error| town.problem(error))?;
    Ok(page(&MailOpenPage { shell: town.shell() }))
}

async fn open(town: Town, Path((_, token)): Path<(String, String)>, _: Given) -> Result<Response, AppError> {
    let entered = verify_email::confirm(&town.house, town.org.id, &token).await.map_err(|error| town.problem(error))?;
    after(&town, entered)
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
