//! The breakdowns of a panel: why people are not reached, and the cohorts. Exact, each number leading to its people, for who may
//! see the people anyway; for everybody else as a publication would show them, small numbers hidden and the rest rounded
//! (trust.md 10). Leaves the lists to `people`.

use tsunagari_acts::compute_figure::CohortLine;
use tsunagari_acts::people_behind::{Behind, Group};
use tsunagari_documents::chart::{Bar, BarChart};
use tsunagari_figures::{Shown, protect_list, protect_table};
use tsunagari_kernel::FiscalYear;
use tsunagari_people::ReachReason;

use super::panel::{Maker, Number, count, reason_text};

/// A line of a breakdown.
pub(super) struct Part {
    pub(super) label: String,
    pub(super) numbers: Vec<Number>,
}

/// The numbers of a cohort, in the order of their columns.
const COLUMNS: [Group; 3] = [Group::Known, Group::Reached, Group::NotReached];

fn numbers(line: &CohortLine) -> [u64; 3] {
    [line.known, line.reached, line.known.saturating_sub(line.reached)]
}

impl Maker<'_> {
    /// What may be shown of counts in a row: all of it to who may see the people.
    fn shown(&self, counts: &[u64]) -> Vec<Option<u64>> {
        if self.allowed.lists {
            return counts.iter().copied().map(Some).collect();
        }
        protect_list(counts).into_iter().map(open).collect()
    }

    fn part(&self, people: Option<u64>, behind: Option<&Behind>) -> Number {
        let text = people.map_or_else(|| self.t.get("network-hidden"), |people| self.t.number(count(people)));
        Number { text, href: behind.map(|it| self.href(it, self.as_of)).unwrap_or_default() }
    }

    fn of_reasons(&self) -> impl Iterator<Item = (&str, Option<u64>)> {
        let counts: Vec<u64> = self.it.now.reasons.iter().map(|(_, people)| *people).collect();
        self.it.now.reasons.iter().map(|(code, _)| code.as_str()).zip(self.shown(&counts))
    }

    pub(super) fn reasons(&self) -> BarChart {
        let t = self.t;
        let bar = |(code, people): (&str, Option<u64>)| Bar { label: reason_text(t, code), count: people.map(count) };
        BarChart {
            id: format!("reasons-{}", self.it.indicator.id),
            title: t.get("reach-reasons"),
            description: t.get("reach-reasons.note"),
            hidden: t.get("network-hidden"),
            bars: self.of_reasons().map(bar).collect(),
        }
    }

    /// Where stale contact points count, being stale stands beside the reasons without being one.
    pub(super) fn reasons_note(&self) -> String {
        let now = &self.it.now;
        let stale = now.reasons.iter().any(|(code, _)| code == ReachReason::Stale.code());
        let mut note = self.t.get("reach-reasons.note");
        if stale && now.draft.set.is_some_and(|set| set.reach.stale_counts) {
            let words = reason_text(self.t, ReachReason::Stale.code());
            note.push_str(&self.t.one("reach-reasons-stale", "reason", words));
        }
        note
    }

    /// What a reader who sees rounded numbers must know.
    pub(super) fn protected_note(&self) -> Option<String> {
        (!self.allowed.lists).then(|| self.t.get("reach-small-numbers"))
    }

    pub(super) fn reason_rows(&self) -> Vec<Part> {
        let row = |(code, people): (&str, Option<u64>)| {
            let reason: Option<ReachReason> = code.parse().ok();
            let behind = Behind { group: Group::NotReached, reason, cohort: None };
            Part { label: reason_text(self.t, code), numbers: vec![self.part(people, Some(&behind))] }
        };
        self.of_reasons().map(row).collect()
    }

    pub(super) fn cohort_rows(&self) -> Vec<Part> {
        let t = self.t;
        let exact: Vec<Vec<u64>> = self.it.now.cohorts.iter().map(|line| numbers(line).to_vec()).collect();
        let shown: Vec<Vec<Option<u64>>> = if self.allowed.lists {
            exact.into_iter().map(|row| row.into_iter().map(Some).collect()).collect()
        } else {
            protect_table(&exact).into_iter().map(|row| row.into_iter().map(open).collect()).collect()
        };
        let row = |(line, row): (&CohortLine, Vec<Option<u64>>)| {
            // Whose year is not known has no list of its own: the whole list shows them with a blank.
            let behind = |group| line.cohort.map(|cohort| Behind { group, reason: None, cohort: Some(cohort) });
            Part {
                label: line.cohort.map_or_else(|| t.blank(), |year: FiscalYear| t.fiscal_year(year)),
                numbers: row.into_iter().zip(COLUMNS).map(|(n, group)| self.part(n, behind(group).as_ref())).collect(),
            }
        };
        self.it.now.cohorts.iter().zip(shown).map(row).collect()
    }
}

const fn open(shown: Shown) -> Option<u64> {
    match shown {
        Shown::Rounded(people) => Some(people),
        Shown::Hidden => None,
    }
}
