//! The members together: for each indicator targets and published people by body and year, added with repeats and never as
//! a rate; each body's own rates; the reasons with small numbers protected. Blank stays blank.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::ViewFigures;
use tsunagari_acts::read_rollup::{IndicatorRollup, Member, MemberYear, ReasonTable, RollupOf, read_rollup};
use tsunagari_documents::chart::{YearChart, YearPoint};
use tsunagari_figures::{Draft, Rollup, Shown};
use tsunagari_i18n::Texts;
use tsunagari_kernel::FiscalYear;

use crate::office::desk::Desk;
use crate::office::reach::panel::target_words;
use crate::office::reach::remark::Remark;
use crate::routes::{Needs, Routes};
use crate::shell::components::{Empty, Field};
use crate::shell::{AppError, Sample, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/network", Needs::Permission(Code::ViewFigures), show)
}

/// A table: heads and rows; the first cell of a row names it.
struct Table {
    caption: String,
    heads: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
    foot: Option<(String, Vec<String>)>,
}

/// One indicator.
struct Panel {
    remarks: Vec<Remark>,
    name: String,
    chart: String,
    people: Table,
    rates: Table,
    reasons: Option<Table>,
}

#[derive(Template)]
#[template(path = "office/network/rollup.html")]
struct RollupPage {
    shell: Shell,
    as_of: Field,
    day: String,
    at: String,
    members: String,
    panels: Vec<Panel>,
    may_export: bool,
    empty: Empty,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    as_of: String,
}

pub(super) fn day_of(t: Texts, asked: &str) -> Result<Option<NaiveDate>, AppError> {
    if asked.is_empty() {
        return Ok(None);
    }
    asked.parse().map(Some).map_err(|_| AppError::Bad(vec![t.get("reach-bad-date")]))
}

fn people(t: Texts, n: Option<u64>) -> String {
    n.map_or_else(|| t.blank(), |n| t.number(i64::try_from(n).unwrap_or(i64::MAX)))
}

/// A sum with how many bodies are in it, because blanks are not.
fn sum(t: Texts, it: &Rollup<usize>) -> String {
    match it.people {
        Some(n) => {
            format!("{} ({})", people(t, Some(n)), t.count("network-bodies", i64::try_from(it.counted).unwrap_or(0)))
        }
        None => t.blank(),
    }
}

fn panel(t: Texts, members: &[Member], it: &IndicatorRollup) -> Panel {
    let remarks = remarks(t, members, it);
    Panel {
        name: it.name.clone(),
        chart: chart(t, it).svg(),
        people: people_table(t, members, it, &remarks),
        remarks: remarks.into_iter().map(|(_, remark)| remark).collect(),
        rates: rates_table(t, members, it),
        reasons: it
            .reasons
            .as_ref()
            .filter(|table| !table.reasons.is_empty())
            .map(|table| reasons_table(t, members, table)),
    }
}

fn chart(t: Texts, it: &IndicatorRollup) -> YearChart {
    let whole = |n: Option<u64>| n.and_then(|n| i64::try_from(n).ok());
    YearChart {
        id: format!("rollup-{}", it.slug),
        title: it.name.clone(),
        description: t.get("network-sum-chart"),
        target_label: t.get("reach-target"),
        actual_label: t.get("reach-head-published"),
        blank: t.blank(),
        years: it
            .years
            .iter()
            .map(|line| YearPoint {
                label: t.fiscal_year_short(line.year),
                target: whole(line.target.people),
                actual: whole(line.people.people),
                note: String::new(),
            })
            .collect(),
    }
}

/// Whose number of which year: a member's position and a fiscal year.
type Place = (usize, FiscalYear);

/// What members wrote beside their published numbers, year by year.
fn remarks(t: Texts, members: &[Member], it: &IndicatorRollup) -> Vec<(Place, Remark)> {
    let all = it.years.iter().flat_map(|line| line.members.iter().map(move |one| (line.year, one)));
    let noted =
        all.filter_map(|(year, one)| Some((year, one, one.figure.as_ref()?))).filter(|it| !it.1.note.is_empty());
    let remark = |(index, (year, one, figure)): (usize, (FiscalYear, &MemberYear, &Draft))| {
        let of = [
            ("body", members[one.member].name.clone().into()),
            ("year", t.fiscal_year(year).into()),
            ("date", t.date_short(figure.as_of.date).into()),
        ];
        let of = t.with("reach-remark-of-body", &of);
        ((one.member, year), Remark::of(t, &it.slug, index + 1, of, &one.note))
    };
    noted.enumerate().map(remark).collect()
}

fn people_table(t: Texts, members: &[Member], it: &IndicatorRollup, remarks: &[(Place, Remark)]) -> Table {
    let heads = it.years.iter().flat_map(|line| {
        let year = t.fiscal_year_short(line.year);
        [t.one("network-target-of", "year", year.clone()), t.one("network-published-of", "year", year)]
    });
    let of = |member: usize| {
        it.years.iter().flat_map(move |line| {
            let found = line.members.iter().find(|one| one.member == member);
            let target = found.and_then(|one| one.target).map_or_else(|| t.blank(), |target| target_words(t, target));
            let published = people(t, found.and_then(|one| one.people()));
            let noted = remarks.iter().find(|(place, _)| *place == (member, line.year));
            [target, noted.map_or_else(|| published.clone(), |(_, remark)| format!("{published} {}", remark.mark))]
        })
    };
    let rows = bodies(it).map(|member| (members[member].name.clone(), of(member).collect()));
    let foot = it.years.iter().flat_map(|line| [sum(t, &line.target), sum(t, &line.people)]).collect();
    Table {
        caption: it.name.clone(),
        heads: heads.collect(),
        rows: rows.collect(),
        foot: Some((t.get("network-sum"), foot)),
    }
}

/// The positions of the members that have the indicator.
fn bodies(it: &IndicatorRollup) -> impl Iterator<Item = usize> + '_ {
    it.years.first().into_iter().flat_map(|line| line.members.iter().map(|one| one.member))
}

fn rates_table(t: Texts, members: &[Member], it: &IndicatorRollup) -> Table {
    let mut rows = Vec::new();
    for member in bodies(it) {
        let years: Vec<_> =
            it.years.iter().filter_map(|line| line.members.iter().find(|one| one.member == member)).collect();
        let mut names: Vec<&str> = Vec::new();
        for rate in years.iter().flat_map(|one| &one.rates) {
            if !names.contains(&rate.name.as_str()) {
                names.push(&rate.name);
            }
        }
        for name in names {
            let mut cells = vec![name.to_owned()];
            for one in &years {
                let rate = one.rates.iter().find(|rate| rate.name == name);
                let shown = rate.and_then(|rate| Some(format!("{}% / {}", rate.rate?, people(t, rate.people))));
                cells.push(shown.unwrap_or_else(|| t.blank()));
            }
            rows.push((members[member].name.clone(), cells));
        }
    }
    let heads =
        std::iter::once(t.get("network-denominator")).chain(it.years.iter().map(|line| t.fiscal_year_short(line.year)));
    Table { caption: t.get("network-rates"), heads: heads.collect(), rows, foot: None }
}

fn reasons_table(t: Texts, members: &[Member], it: &ReasonTable) -> Table {
    let cell = |shown: &Shown| match shown {
        Shown::Rounded(n) => people(t, Some(*n)),
        Shown::Hidden => t.get("network-hidden"),
    };
    let rows = it.members.iter().zip(&it.cells);
    Table {
        caption: t.one("network-reasons", "year", t.fiscal_year(it.year)),
        heads: it.reasons.iter().map(|code| t.get(format!("reason-{}", code.replace('_', "-")))).collect(),
        rows: rows.map(|(member, cells)| (members[*member].name.clone(), cells.iter().map(cell).collect())).collect(),
        foot: None,
    }
}

impl RollupPage {
    fn of(shell: Shell, as_of: &str, it: &RollupOf) -> Self {
        let t = shell.t;
        Self {
            as_of: Field::date(t, "as_of", t.get("reach-as-of")).value(as_of),
            day: as_of.to_owned(),
            at: t.date(it.at.date),
            members: t.count("network-members", i64::try_from(it.members.len()).unwrap_or(0)),
            panels: it.indicators.iter().map(|one| panel(t, &it.members, one)).collect(),
            may_export: false,
            empty: Empty::of("reach", t.get("network-empty"), t.get("network-empty.text")),
            shell,
        }
    }
}

/// The members' figures for this officer; whoever is of no network finds no such page.
pub(super) async fn read(desk: &Desk, day: Option<NaiveDate>) -> Result<RollupOf, AppError> {
    if !desk.has_members() {
        return Err(AppError::NotFound);
    }
    let by = desk.grant::<ViewFigures>()?;
    read_rollup(&desk.house, &by, day).await.map_err(|error| desk.problem(error))
}

async fn show(Extension(desk): Extension<Desk>, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let it = read(&desk, day_of(desk.t, &asked.as_of)?).await?;
    let may_export = desk.may(Code::ExportLists) && !it.indicators.is_empty();
    Ok(page(&RollupPage { may_export, ..RollupPage::of(desk.shell(), &asked.as_of, &it) }))
}

impl Sample for RollupPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let at = tsunagari_kernel::Moment::end_of(NaiveDate::from_ymd_opt(2026, 3, 31).unwrap_or_default());
        let empty = RollupOf { at, members: Vec::new(), indicators: Vec::new() };
        vec![
            Self::of(shell.clone(), "", &empty),
            Self { may_export: true, ..Self::of(shell, "2026-03-31", &super::sheet::sample(at)) },
        ]
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::RollupPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
