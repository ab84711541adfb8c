//! The last look before an application is handed in: everything that was answered, each with the way back to it, what speaks against it,
//! and the button. Its address is a step's (`question`). Handing in leads to the application's own page. Leaves deciding to `acts::apply`.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use tsunagari_acts::ActError;
use tsunagari_acts::amend_application::amend_application;
use tsunagari_acts::apply::{Handing, apply};
use tsunagari_acts::fill_in::{Filling, look_over};
use tsunagari_programmes::Outcome;

use super::answers::{person, question, words};
use super::step::{Step, open, path, steps};
use crate::portal::offered::words::{place, when};
use crate::portal::town::go;
use crate::portal::visitor::Visitor;
use crate::sentences::sentences;
use crate::shell::{AppError, Sample, Shell, page_with_status};

/// An answer, and where it is changed.
struct Line {
    question: String,
    answer: String,
    href: String,
}

#[derive(Template)]
#[template(path = "portal/applying/check.html")]
struct CheckPage {
    shell: Shell,
    round: String,
    lines: Vec<Line>,
    /// What speaks against handing it in.
    against: Vec<String>,
    staff: bool,
    /// What the staff asked to be mended; empty for a new one.
    asked: String,
    action: String,
}

impl CheckPage {
    fn of(shell: Shell, it: &Filling, against: Vec<String>, staff: bool) -> Self {
        let t = shell.t;
        let paper = &it.draft.paper;
        let venue = it.draft.venue.and_then(|no| it.round.venue(no));
        let line = |step: &Step| {
            let (question, answer) = match step {
                Step::Venue => {
                    let said = venue.map(|at| t.two("offered-when-where", "when", when(t, at), "where", place(t, at)));
                    (t.get("applying-venue-title"), said.unwrap_or_default())
                }
                Step::Home => (t.get("applying-home-title"), String::new()),
                Step::Whom => {
                    (t.get("applying-whom"), paper.named.as_ref().map(|it| person(t, it)).unwrap_or_default())
                }
                Step::Group => {
                    let members = paper.members.iter().map(|it| person(t, it));
                    let all: Vec<String> = std::iter::once(paper.group.clone()).chain(members).collect();
                    (t.get("applying-group"), all.join("\n"))
                }
                Step::Field(code) => {
                    let said = paper.answers.get(code).map(|answer| words(t, &it.running, code, answer));
                    (question(&it.running, code).to_owned(), said.unwrap_or_default())
                }
            };
            Line { question, answer, href: path(it, Some(step)) }
        };
        Self {
            round: it.round.title.clone(),
            lines: steps(it).iter().map(line).collect(),
            against,
            staff,
            asked: paper.sent_back.last().cloned().unwrap_or_default(),
            action: path(it, None),
            shell,
        }
    }
}

/// The page; `refused` is what handing in just came to.
pub(super) async fn show(visitor: &Visitor, it: &Filling, refused: Vec<String>) -> Result<Response, AppError> {
    if let Some(step) = open(it) {
        return Ok(go(&path(it, Some(&step))));
    }
    let (house, by) = (&visitor.town.house, &visitor.resident);
    let (eligible, reasons) = look_over(house, by, it).await.map_err(|error| visitor.town.problem(error))?;
    let staff = eligible.is_some_and(|it| it.outcome == Outcome::ForStaff);
    let told = sentences(visitor.town.t, &reasons).into_iter().map(|(_, text)| text);
    let status = if refused.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut against: Vec<String> = refused;
    against.extend(told);
    against.dedup();
    Ok(page_with_status(status, &CheckPage::of(visitor.shell(), it, against, staff)))
}

/// Hands it in.
pub(super) async fn hand_in(visitor: &Visitor, it: &Filling) -> Result<Response, AppError> {
    let handing = Handing { round: it.round.id, venue: it.draft.venue, paper: it.draft.paper.clone() };
    let (house, by) = (&visitor.town.house, &visitor.resident);
    let done = match it.draft.amends {
        Some(id) => amend_application(house, by, id, &handing).await.map(|_| (id, "amended")),
        None => apply(house, by, &handing).await.map(|applied| (applied.id, "applied")),
    };
    match done {
        Ok((id, news)) => Ok(go(&format!("/me/applications/{id}?news={news}"))),
        Err(ActError::Refused(reasons)) => {
            let said = sentences(visitor.town.t, &reasons).into_iter().map(|(_, text)| text).collect();
            show(visitor, it, said).await
        }
        Err(other) => Err(visitor.town.problem(other)),
    }
}

impl Sample for CheckPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let fillings = super::question::samples_of_fillings();
        let against = |n: usize| if n.is_multiple_of(2) { vec![shell.t.get("refused-round-full")] } else { Vec::new() };
        fillings.iter().enumerate().map(|(n, it)| Self::of(shell.clone(), it, against(n), n % 3 == 0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<CheckPage>(crate::shell::sample::portal_shell), Vec::<String>::new());
    }
}
