//! The totals of several organisations, for the command line: of all that are printed, and of a network's members. People are
//! added and rates never; which bodies are in a total stands beside it. Leaves the arithmetic to figures.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;
use tsunagari_acts::read_rollup::{RollupOf, RollupYear};
use tsunagari_figures::rollup::{Contribution, Rollup};
use tsunagari_kernel::FiscalYear;

use super::Line;

/// How a total is made.
pub(super) const MEANS: &str = "a total adds people; an organisation counts each of its people once, and somebody whom two of \
                                them know is in it for each. Rates are never added. The total of targets adds their numbers \
                                alone. `all` adds what is shown of every organisation above: the published number, or the \
                                computed one where nothing is published; a network's total adds what its members published, \
                                and nothing else.";

/// What of its bodies a total adds.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum Adds {
    /// The published number, or the computed one where nothing is published.
    PublishedElseComputed,
    /// Only what was published.
    Published,
}

/// People of several organisations for an indicator and a year; no rate on purpose.
#[derive(Debug, Serialize)]
pub(super) struct RollupLine {
    /// The network whose members are added; none when all organisations are.
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<String>,
    indicator: String,
    fiscal_year: i32,
    adds: Adds,
    /// The organisations whose people are in it.
    bodies: Vec<String>,
    target: Rollup<String>,
    people: Rollup<String>,
}

impl RollupLine {
    pub(super) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let shown = |n: Option<u64>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
        writeln!(
            to,
            "{} (repeats not removed)\t{}\t{}\ttarget {} of {} bodies\tpeople {} of {} bodies ({})",
            self.network.as_deref().unwrap_or("all"),
            self.indicator,
            self.fiscal_year,
            shown(self.target.people),
            self.target.counted,
            shown(self.people.people),
            self.people.counted,
            self.bodies.join(" "),
        )
    }
}

/// The lines of a network for the years asked for: published people of its members, added.
pub(super) fn members(code: &str, it: &RollupOf, asked: impl Fn(FiscalYear) -> bool) -> Vec<RollupLine> {
    let named = |rollup: &Rollup<usize>| Rollup {
        people: rollup.people,
        counted: rollup.counted,
        blank: rollup.blank.iter().map(|member| it.members[*member].code.clone()).collect(),
        kind: rollup.kind,
    };
    let bodies = |line: &RollupYear| {
        let added = line.members.iter().filter(|one| one.people().is_some());
        added.map(|one| it.members[one.member].code.clone()).collect()
    };
    let years = it.indicators.iter().flat_map(|one| one.years.iter().map(move |line| (one, line)));
    years
        .filter(|(_, line)| asked(line.year))
        .map(|(one, line)| RollupLine {
            network: Some(code.to_owned()),
            indicator: one.slug.clone(),
            fiscal_year: line.year.0,
            adds: Adds::Published,
            bodies: bodies(line),
            target: named(&line.target),
            people: named(&line.people),
        })
        .collect()
}

/// What two neighbours have in common.
fn twice(pair: &[(String, i32)]) -> Option<(String, i32)> {
    match pair {
        [first, second] if first == second => Some(first.clone()),
        _ => None,
    }
}

/// Sums over the organisations printed; one alone is its own sum, and is not said twice.
pub(super) fn rollups(lines: &[Line]) -> Vec<RollupLine> {
    let mut keys: Vec<(String, i32)> = lines.iter().map(|line| (line.indicator.clone(), line.fiscal_year)).collect();
    keys.sort();
    let several: BTreeSet<(String, i32)> = keys.windows(2).filter_map(twice).collect();
    several.into_iter().filter_map(|(indicator, fiscal_year)| total(lines, indicator, fiscal_year)).collect()
}

/// `None` where the people are more than can be added.
fn total(lines: &[Line], indicator: String, fiscal_year: i32) -> Option<RollupLine> {
    let these: Vec<&Line> =
        lines.iter().filter(|line| line.indicator == indicator && line.fiscal_year == fiscal_year).collect();
    let of = |people: fn(&Line) -> Option<u64>| {
        Rollup::of(these.iter().map(|line| Contribution { body: line.organisation.clone(), people: people(line) }))
    };
    let (target, people) = (of(|line| line.target.people())?, of(|line| line.people)?);
    let bodies = these.iter().filter(|line| line.people.is_some()).map(|line| line.organisation.clone()).collect();
    let adds = Adds::PublishedElseComputed;
    Some(RollupLine { network: None, indicator, fiscal_year, adds, bodies, target, people })
}
