//! What stands above the years on the dashboard, for the command line: the number of the moment with its rates, why others are
//! not reached, the cohorts, and last March. Exact: who runs this has the whole database in hand.

use std::io::{self, Write};

use chrono::NaiveDate;
use serde::Serialize;
use tsunagari_acts::read_dashboard::Dashboard;
use tsunagari_figures::{Bound, Provenance, Target, Told};

/// What a plan promises for a year: the number, and how it binds.
#[derive(Debug, Serialize)]
pub(super) struct Promise {
    target: Option<u64>,
    target_bound: Option<Bound>,
}

impl Promise {
    pub(super) fn of(target: Option<Target>) -> Self {
        Self { target: target.map(|it| it.people), target_bound: target.map(|it| it.bound) }
    }

    /// The number alone.
    pub(super) const fn people(&self) -> Option<u64> {
        self.target
    }

    pub(super) fn words(&self) -> String {
        match (self.target, self.target_bound) {
            (None, _) => "-".to_owned(),
            (Some(n), Some(Bound::AtLeast)) => format!("{n} or more"),
            (Some(n), Some(Bound::AtMost)) => format!("{n} or fewer"),
            (Some(n), Some(Bound::Exactly) | None) => n.to_string(),
        }
    }
}

/// A denominator of a figure.
#[derive(Debug, Serialize)]
pub(super) struct Denominator {
    denominator: String,
    name: String,
    /// Nothing is blank.
    people: Option<u64>,
    /// Where a stated number comes from.
    provenance: Option<Provenance>,
    /// The same in words, or the rule that was counted.
    source: String,
    rate: Option<String>,
}

impl Denominator {
    pub(super) fn of(told: &Told) -> Self {
        Self {
            denominator: told.slug.clone(),
            name: told.name.clone(),
            people: told.people,
            provenance: told.provenance,
            source: told.source.clone(),
            rate: told.rate.map(|rate| rate.to_string()),
        }
    }

    /// In one line: the rate, what it is a rate of, and where that comes from.
    pub(super) fn words(&self) -> String {
        let rate = self.rate.as_deref().map_or("-".to_owned(), |rate| format!("{rate}%"));
        let people = self.people.map_or("-".to_owned(), |people| people.to_string());
        let provenance = self.provenance.map_or("", |it| match it {
            Provenance::Stated => " stated",
            Provenance::Derived => " derived",
            Provenance::Inferred => " inferred",
        });
        format!("{} {rate} of {people}{provenance}", self.denominator)
    }
}

#[derive(Debug, Serialize)]
struct Cohort {
    /// Who leaves high school at the end of this fiscal year; nothing: not known.
    cohort: Option<i32>,
    known: u64,
    reached: u64,
    not_reached: u64,
}

#[derive(Debug, Serialize)]
struct LastMarch {
    as_of: NaiveDate,
    people: u64,
}

/// The moment asked for.
#[derive(Debug, Serialize)]
pub(super) struct Now {
    organisation: String,
    name: String,
    indicator: String,
    indicator_name: String,
    unit: String,
    fiscal_year: i32,
    as_of: NaiveDate,
    #[serde(flatten)]
    target: Promise,
    people: u64,
    /// Whom the indicator speaks of, reached or not.
    known: u64,
    not_reached: u64,
    denominators: Vec<Denominator>,
    /// Why not: (reason, people). A person may have several.
    reasons: Vec<(String, u64)>,
    cohorts: Vec<Cohort>,
    /// Nothing before anybody had agreed to anything.
    last_march: Option<LastMarch>,
}

impl Now {
    pub(super) fn of(code: &str, name: &str, it: &Dashboard) -> Self {
        let (definition, draft) = (&it.indicator.definition, &it.now.draft);
        Self {
            organisation: code.to_owned(),
            name: name.to_owned(),
            indicator: definition.slug.clone(),
            indicator_name: definition.name.clone(),
            unit: definition.unit.clone(),
            fiscal_year: draft.fiscal_year.0,
            as_of: draft.as_of.date,
            target: Promise::of(draft.target),
            people: draft.people,
            known: it.now.population,
            not_reached: it.now.population.saturating_sub(draft.people),
            denominators: definition
                .denominators_of(draft.fiscal_year, Some(draft))
                .iter()
                .map(Denominator::of)
                .collect(),
            reasons: it.now.reasons.clone(),
            cohorts: it
                .now
                .cohorts
                .iter()
                .map(|line| Cohort {
                    cohort: line.cohort.map(|year| year.0),
                    known: line.known,
                    reached: line.reached,
                    not_reached: line.known.saturating_sub(line.reached),
                })
                .collect(),
            last_march: it.last_march.as_ref().map(|then| LastMarch { as_of: then.as_of.date, people: then.people }),
        }
    }

    pub(super) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let rates: Vec<String> = self.denominators.iter().map(Denominator::words).collect();
        let march = self.last_march.as_ref().map(|it| format!("\tas of {}: {}", it.as_of, it.people));
        writeln!(
            to,
            "{} {}\t{}\tas of {}\ttarget {}\tpeople {}\t{}\tnot reached {} of {} known{}",
            self.organisation,
            self.name,
            self.indicator,
            self.as_of,
            self.target.words(),
            self.people,
            rates.join(", "),
            self.not_reached,
            self.known,
            march.unwrap_or_default(),
        )?;
        for (reason, people) in &self.reasons {
            writeln!(to, "\tnot reached: {reason} {people}")?;
        }
        for it in &self.cohorts {
            let cohort = it.cohort.map_or_else(|| "-".to_owned(), |year| year.to_string());
            writeln!(
                to,
                "\tcohort {cohort}\tknown {}\treached {}\tnot reached {}",
                it.known, it.reached, it.not_reached
            )?;
        }
        Ok(())
    }
}
