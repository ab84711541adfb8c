//! The organisation's programmes: what each is, how many rounds are on, how many applications wait for a decision. Leaves where
//! programmes come from to `gallery`.

use std::collections::BTreeMap;

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_kernel::ProgrammeId;
use tsunagari_storage::programme::KeptProgramme;

use super::words::{self, programme_href};
use super::{News, framed};
use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Empty, Link};
use crate::shell::{AppError, Sample, Shell, page};

/// More rounds than any organisation has on at once.
const ROUNDS: i64 = 1_000;

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    routes.get(super::HERE, Needs::Permission(Code::ViewProgrammes), show)
}

struct Line {
    href: String,
    title: String,
    kind: String,
    rounds: String,
    waiting: i64,
    away: bool,
}

#[derive(Template)]
#[template(path = "office/programmes/list.html")]
struct ListPage {
    shell: Shell,
    lines: Vec<Line>,
    /// The lists of transfers, for those who may see them.
    transfers: Option<Link>,
    empty: Empty,
}

/// A programme with how many rounds are on and how many applications wait.
type Counted = (KeptProgramme, i64, i64);

impl ListPage {
    fn of(shell: Shell, programmes: &[Counted], transfers: bool) -> Self {
        let t = shell.t;
        let line = |(it, rounds, waiting): &Counted| Line {
            href: programme_href(it.id),
            title: it.title.clone(),
            kind: words::kind(t, &it.kind),
            rounds: t.number(*rounds),
            waiting: *waiting,
            away: it.archived_at.is_some(),
        };
        Self {
            lines: programmes.iter().map(line).collect(),
            transfers: transfers.then(|| Link::to(super::transfers::HERE, t.get("transfers-title"))),
            empty: Empty::of("calendar", t.get("programmes-empty"), t.get("programmes-empty.text"))
                .action(super::gallery::GALLERY, t.get("programmes-to-gallery")),
            shell,
        }
    }
}

async fn show(Extension(desk): Extension<Desk>, Query(news): Query<News>) -> Result<Response, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let programmes = reader.programmes().await.map_err(unreadable)?;
    let mut on: BTreeMap<ProgrammeId, i64> = BTreeMap::new();
    for it in reader.rounds_on(desk.house.now(), ROUNDS).await.map_err(unreadable)? {
        *on.entry(it.round.programme).or_default() += 1;
    }
    let mut waiting: BTreeMap<ProgrammeId, i64> = BTreeMap::new();
    for it in reader.applications_to_decide().await.map_err(unreadable)? {
        *waiting.entry(it.programme).or_default() += it.count;
    }
    drop(reader);
    let of = |counts: &BTreeMap<ProgrammeId, i64>, id| counts.get(&id).copied().unwrap_or_default();
    let counted: Vec<Counted> = programmes
        .into_iter()
        .map(|it| {
            let (on, waiting) = (of(&on, it.id), of(&waiting, it.id));
            (it, on, waiting)
        })
        .collect();
    Ok(page(&ListPage::of(framed(&desk, &news.done), &counted, desk.may(Code::ViewPayments))))
}

/// An invented programme.
pub(super) fn sample_programme() -> KeptProgramme {
    KeptProgramme {
        id: ProgrammeId(uuid::Uuid::nil()),
        slug: "town/programme".into(),
        kind: "event".into(),
        title: "帰省の集い".into(),
        team: None,
        version_no: 2,
        created_by: tsunagari_kernel::UserId(uuid::Uuid::nil()),
        updated_at: tsunagari_kernel::Timestamp::from_micros(1_773_600_000_000_000),
        archived_at: None,
    }
}

impl Sample for ListPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let away = KeptProgramme { archived_at: Some(sample_programme().updated_at), ..sample_programme() };
        vec![Self::of(shell.clone(), &[], false), Self::of(shell, &[(sample_programme(), 1, 3), (away, 0, 0)], true)]
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::ListPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
