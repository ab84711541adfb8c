//! Requests and proposals to erase somebody, and what came of them. Open ones lead to the page where they are decided.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::erase_person::cases;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{ErasureId, PersonId, Timestamp};
use tsunagari_storage::erasure_case::{AskedBy, CaseState, ErasureCase};

use crate::office::desk::Desk;
use crate::office::people::words::card_href;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Chip, Crumbs, Empty, Link};
use crate::shell::{AppError, Sample, Shell, Tone, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/erasures", Needs::Permission(Code::ViewPeople), show)
}

struct Line {
    who: String,
    href: String,
    asked_by: String,
    state: Chip,
    since: String,
}

#[derive(Template)]
#[template(path = "office/erasures/list.html")]
struct ListPage {
    shell: Shell,
    crumbs: Crumbs,
    lines: Vec<Line>,
    empty: Empty,
}

#[derive(Deserialize)]
struct News {
    #[serde(default)]
    done: String,
}

pub(super) fn state(t: Texts, state: CaseState) -> Chip {
    let tone = match state {
        CaseState::Asked | CaseState::Proposed => Tone::Warning,
        CaseState::Done => Tone::Success,
        CaseState::Refused => Tone::Info,
    };
    Chip::of(tone, t.get(format!("erasure-state-{}", state.code())))
}

fn line(t: Texts, it: &ErasureCase, names: &[(uuid::Uuid, String)]) -> Line {
    let known = names.iter().find(|(id, _)| *id == it.person.0).map(|(_, name)| name.clone());
    Line {
        href: if known.is_some() { format!("{}/erasure", card_href(it.person)) } else { String::new() },
        who: known.unwrap_or_else(|| t.get("erasure-gone")),
        asked_by: t.get(format!("erasure-by-{}", it.asked_by.code())),
        state: state(t, it.state),
        since: t.date_short(it.decided_at.unwrap_or(it.since).jst_date()),
    }
}

impl ListPage {
    fn of(shell: Shell, lines: Vec<Line>) -> Self {
        let t = shell.t;
        Self {
            crumbs: Crumbs::of(t, vec![Link::to("/office/people", t.get("shell-nav-people"))]),
            lines,
            empty: Empty::of("success", t.get("erasure-empty"), t.get("erasure-empty.text")),
            shell,
        }
    }
}

async fn show(Extension(desk): Extension<Desk>, Query(news): Query<News>) -> Result<Response, AppError> {
    let t = desk.t;
    let all = cases(&desk.house, desk.org.id).await.map_err(|error| desk.problem(error))?;
    let persons: Vec<uuid::Uuid> = all.iter().map(|it| it.person.0).collect();
    let names = desk.here().read().await.map_err(unreadable)?.names_of_persons(&persons).await.map_err(unreadable)?;
    let shell = match news.done.as_str() {
        "erased" => desk.shell_with(Tone::Success, t.get("erasure-done-erased")),
        "refused" => desk.shell_with(Tone::Success, t.get("erasure-done-refused")),
        _ => desk.shell(),
    };
    let lines = all.iter().map(|it| line(t, it, &names)).collect();
    Ok(page(&ListPage::of(shell, lines)))
}

impl Sample for ListPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let t = shell.t;
        let case = |state, asked_by| ErasureCase {
            id: ErasureId(uuid::Uuid::nil()),
            person: PersonId(uuid::Uuid::nil()),
            asked_by,
            state,
            reason: "asked".into(),
            proposed_by: None,
            since: Timestamp::from_micros(1_773_600_000_000_000),
            decided_by: None,
            decided_at: None,
        };
        let names = vec![(uuid::Uuid::nil(), "髙橋 花".to_owned())];
        let lines = [
            line(t, &case(CaseState::Asked, AskedBy::Resident), &names),
            line(t, &case(CaseState::Proposed, AskedBy::Office), &names),
            line(t, &case(CaseState::Refused, AskedBy::Resident), &names),
            line(t, &case(CaseState::Done, AskedBy::Resident), &[]),
        ];
        vec![Self::of(shell.clone(), Vec::new()), Self::of(shell, lines.into_iter().collect())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<ListPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }
}
