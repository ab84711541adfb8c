//! A link from a mail or from a child that works no more: said plainly, with the ways on. Leaves what a link is for to
//! `mailed_link` and `guardian`.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use tsunagari_acts::ActError;

use crate::portal::guardian::withdrawing;
use crate::portal::town::Town;
use crate::shell::components::ContactText;
use crate::shell::{AppError, Sample, Shell, page_with_status};

/// Whose link it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Of who joins or comes back.
    Own,
    /// Handed to a guardian.
    Guardians,
}

#[derive(Template)]
#[template(path = "portal/dead_link.html")]
struct DeadLinkPage {
    shell: Shell,
    text: String,
    base: String,
    own: bool,
    /// How a consent given by this link is taken back; none on one's own links.
    withdraw: Option<ContactText>,
}

impl DeadLinkPage {
    fn of(shell: Shell, whose: Whose, base: String, contact: &str) -> Self {
        let text = match whose {
            Whose::Own => "portal-dead-link-own",
            Whose::Guardians => "portal-dead-link-guardian",
        };
        let withdraw = (whose == Whose::Guardians).then(|| withdrawing(shell.t, contact));
        Self { text: shell.t.get(text), own: whose == Whose::Own, base, withdraw, shell }
    }
}

impl Sample for DeadLinkPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let face = |whose| Self::of(shell.clone(), whose, "/p/322041".into(), "0856-00-0000");
        [Whose::Own, Whose::Guardians].map(face).into()
    }
}

/// An act's failure behind a link: a spent link has a page of its own.
pub fn failed(town: &Town, whose: Whose, error: ActError) -> Result<Response, AppError> {
    match error {
        ActError::Refused(reasons) if reasons.iter().any(|reason| reason.code == "link_spent") => {
            let mut shell = town.shell();
            shell.path = town.at("");
            let view = DeadLinkPage::of(shell, whose, town.at(""), &town.org.contact);
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view))
        }
        other => Err(town.problem(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<DeadLinkPage>(crate::shell::sample::portal_shell),
            Vec::<String>::new()
        );
    }
}
