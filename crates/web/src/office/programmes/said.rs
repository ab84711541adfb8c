//! What people wrote back, one below the other: the words of those who took part in a round, and the answers by the cards of parcels. Each
//! look is on the record.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_access::permission::HandleApplications;
use tsunagari_acts::leave_word::read_words;
use tsunagari_i18n::Texts;
use tsunagari_kernel::RoundId;
use tsunagari_programmes::Round;

use super::crumbs;
use super::words::{application_href, programme_href, round_href};
use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Crumbs, Empty, Link};
use crate::shell::{AppError, Sample, Shell, page};

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    let needs = Needs::Both(Code::HandleApplications, Code::ViewPeople);
    routes.get("/office/programmes/rounds/{round}/words", needs, show)
}

/// The link on the round's page.
pub(super) fn link(t: Texts, round: &Round) -> Link {
    Link::to(format!("{}/words", round_href(round.id)), t.get("round-words"))
}

/// What somebody wrote.
pub(super) struct Said {
    /// With what.
    pub(super) with: Link,
    pub(super) at: String,
    pub(super) words: String,
}

#[derive(Template)]
#[template(path = "office/programmes/said.html")]
pub(super) struct SaidPage {
    pub(super) shell: Shell,
    pub(super) crumbs: Crumbs,
    pub(super) title: String,
    pub(super) said: Vec<Said>,
    pub(super) empty: Empty,
}

async fn show(Extension(desk): Extension<Desk>, Path(round): Path<String>) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let id: RoundId = round.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let round = reader.round(id).await.map_err(unreadable)?.round;
    let programme = reader.programme(round.programme).await.map_err(unreadable)?.title;
    drop(reader);
    let t = desk.t;
    let words = read_words(&desk.house, &by, id).await.map_err(|error| desk.problem(error))?;
    let said = |it: tsunagari_storage::application_word::ApplicationWord| Said {
        with: Link::to(application_href(it.application), it.receipt.to_uppercase()),
        at: t.date_time(it.at),
        words: it.words,
    };
    let links =
        vec![Link::to(programme_href(round.programme), programme), Link::to(round_href(id), round.title.clone())];
    Ok(page(&SaidPage {
        crumbs: crumbs(t, links),
        title: t.one("round-words-title", "round", round.title),
        said: words.into_iter().map(said).collect(),
        empty: Empty::of("people", t.get("round-words-none"), t.get("round-words-none.text")),
        shell: desk.shell(),
    }))
}

impl Sample for SaidPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let one =
            || Said {
                with: Link::to("#", "K7P2MX9A"), at: "2026年12月3日".into(), words: "おいしかったです。".into()
            };
        let face = |(key, said): (&str, Vec<Said>)| Self {
            crumbs: crumbs(shell.t, Vec::new()),
            title: shell.t.one("round-words-title", "round", "春の回".to_owned()),
            said,
            empty: Empty::of("people", shell.t.get(key), shell.t.get(format!("{key}.text"))),
            shell: shell.clone(),
        };
        [("round-words-none", vec![one()]), ("parcels-answers-none", Vec::new())].map(face).into()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::SaidPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
