//! What the rounds of a programme came to, as a chart with the table beside it: applied, chosen, came, what it cost, and who can be reached
//! through it. Leaves counting to `programme_figures`.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_acts::programme_figures::{RoundFigures, programme_figures};
use tsunagari_documents::chart::{Bar, BarChart};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{ProgrammeId, Yen};

use super::crumbs;
use super::words::{programme_href, round_href};
use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Crumbs, Empty, Link};
use crate::shell::{AppError, Sample, Shell, page};

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/office/programmes/{programme}/figures", Needs::Permission(Code::ViewProgrammes), show)
}

/// A line of the table: a round, or all of them.
struct Line {
    round: Link,
    cells: Vec<String>,
}

#[derive(Template)]
#[template(path = "office/programmes/figures.html")]
struct FiguresPage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    chart: String,
    heads: Vec<String>,
    lines: Vec<Line>,
    total: Vec<String>,
    empty: Empty,
}

/// What stands in a column of a round.
type CellOf = fn(Texts, &RoundFigures) -> String;

/// The columns: words, and what stands in them.
const COLUMNS: &[(&str, CellOf)] = &[
    ("figures-applied", |t, it| t.number(i64::from(it.count.applied))),
    ("figures-chosen", |t, it| t.number(i64::from(it.count.chosen))),
    ("figures-came", |t, it| t.number(i64::from(it.count.came))),
    ("figures-absent", |t, it| t.number(i64::from(it.count.absent))),
    ("figures-reachable", |t, it| t.number(i64::from(it.became_reachable))),
    ("figures-planned", |t, it| it.round.round.budget.map(|yen| t.yen(yen.0)).unwrap_or_default()),
    ("figures-committed", |t, it| yen(t, it.count.committed)),
    ("figures-given", |t, it| yen(t, it.count.given)),
    ("figures-each", |t, it| it.count.yen_each().map(|each| t.yen(each.0)).unwrap_or_default()),
];

fn yen(t: Texts, it: Yen) -> String {
    if it.0 == 0 { String::new() } else { t.yen(it.0) }
}

/// All rounds together; what is not said of one is left out of the sum.
fn together(t: Texts, all: &[RoundFigures]) -> Vec<String> {
    let sum = |of: fn(&RoundFigures) -> i64| all.iter().map(of).fold(0, i64::saturating_add);
    let counts: [fn(&RoundFigures) -> i64; 5] = [
        |it| i64::from(it.count.applied),
        |it| i64::from(it.count.chosen),
        |it| i64::from(it.count.came),
        |it| i64::from(it.count.absent),
        |it| i64::from(it.became_reachable),
    ];
    let costs: [fn(&RoundFigures) -> i64; 3] =
        [|it| it.round.round.budget.map_or(0, |yen| yen.0), |it| it.count.committed.0, |it| it.count.given.0];
    let counted = counts.into_iter().map(|of| t.number(sum(of)));
    counted.chain(costs.into_iter().map(|of| yen(t, Yen(sum(of))))).chain([String::new()]).collect()
}

fn chart(t: Texts, all: &[RoundFigures]) -> BarChart {
    let bar = |it: &RoundFigures| {
        let of = |key: &str, n: u32| Bar {
            label: t.two("figures-bar", "round", it.round.round.title.clone(), "what", t.get(key)),
            count: Some(i64::from(n)),
        };
        [
            of("figures-applied", it.count.applied),
            of("figures-chosen", it.count.chosen),
            of("figures-came", it.count.came),
        ]
    };
    BarChart {
        id: "programme-figures".into(),
        title: t.get("figures-chart"),
        description: t.get("figures-chart.text"),
        hidden: String::new(),
        bars: all.iter().flat_map(bar).collect(),
    }
}

impl FiguresPage {
    fn of(shell: Shell, (programme, title): (ProgrammeId, &str), all: &[RoundFigures]) -> Self {
        let t = shell.t;
        let line = |it: &RoundFigures| Line {
            round: Link::to(round_href(it.round.round.id), it.round.round.title.clone()),
            cells: COLUMNS.iter().map(|(_, cell)| cell(t, it)).collect(),
        };
        Self {
            crumbs: crumbs(t, vec![Link::to(programme_href(programme), title)]),
            title: t.one("figures-title", "programme", title.to_owned()),
            chart: if all.is_empty() { String::new() } else { chart(t, all).svg() },
            heads: COLUMNS.iter().map(|(key, _)| t.get(*key)).collect(),
            lines: all.iter().map(line).collect(),
            total: if all.len() > 1 { together(t, all) } else { Vec::new() },
            empty: Empty::of("reach", t.get("figures-none"), t.get("figures-none.text")),
            shell,
        }
    }
}

async fn show(Extension(desk): Extension<Desk>, Path(programme): Path<String>) -> Result<Response, AppError> {
    let id: ProgrammeId = programme.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let title = reader.programme(id).await.map_err(unreadable)?.title;
    let all = programme_figures(&desk.house, &mut reader, id).await.map_err(|error| desk.problem(error))?;
    drop(reader);
    Ok(page(&FiguresPage::of(desk.shell(), (id, &title), &all)))
}

impl Sample for FiguresPage {
    fn samples(shell: Shell) -> Vec<Self> {
        use tsunagari_programmes::round_count::RoundCount;
        let figures = |applied| RoundFigures {
            round: super::round_form::sample_round(),
            count: RoundCount { applied, chosen: 3, came: 2, absent: 1, given: Yen(3_000), ..RoundCount::default() },
            became_reachable: 1,
        };
        let id = ProgrammeId(uuid::Uuid::nil());
        let face = |all: &[RoundFigures]| Self::of(shell.clone(), (id, "帰省の集い"), all);
        vec![face(&[figures(4), figures(5)]), face(&[figures(4)]), face(&[])]
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::FiguresPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
