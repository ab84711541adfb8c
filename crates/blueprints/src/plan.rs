//! A plan as data: what a plan's file may say. Unknown fields are errors. Leaves checks across fields to `load`.

mod general;
mod load;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tsunagari_figures::{Basis, Denominator, Indicator, Population, Provenance, Target};
use tsunagari_kernel::{FiscalYear, Yen};

pub use general::general;
pub use load::load_plan;

/// A plan's whole file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Stable name, the file's path without `.toml`.
    pub slug: String,
    /// Municipality code, six digits.
    pub organisation: String,
    /// The organisation's name.
    pub organisation_name: String,
    /// Official title of the project.
    pub title: String,
    /// Where the numbers stand.
    pub source: Source,
    /// 概要, in own words.
    pub summary: String,
    /// 目的, in own words.
    pub aims: Vec<String>,
    /// Departments of the organisation that run it, each a team of staff.
    pub teams: Vec<String>,
    /// Bodies it works with.
    pub partners: Vec<Partner>,
    /// How much is contracted out, as stated; empty when nothing is said.
    #[serde(default)]
    pub outsourcing: String,
    /// 事業費 of all years, in yen.
    pub budget_yen: i64,
    /// First and last fiscal year.
    pub fiscal_years: [i32; 2],
    /// Which graduates the plan covers.
    pub cohorts: Cohorts,
    /// Who owns the LINE channel that sends.
    pub channel: ChannelOwner,
    /// How consent comes about.
    pub consent: Consent,
    /// Topics a resident can choose, when the plan names its own.
    #[serde(default)]
    pub topics: Vec<String>,
    /// 事業内容.
    pub lines: Vec<Line>,
    /// What is measured.
    pub indicators: Vec<IndicatorPlan>,
    /// What a reader must know about the data.
    #[serde(default)]
    pub notes: Vec<DataNote>,
}

/// Where it was read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The document.
    pub document: String,
    /// The heading in it.
    pub heading: String,
}

/// A body the project works with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    /// Its name.
    pub name: String,
    /// Its part, when stated.
    #[serde(default)]
    pub part: String,
}

/// Which graduates a plan covers, in years after high school: 0 is the last year of high school, 3 the third of university.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cohorts {
    /// The youngest.
    pub from: i64,
    /// The oldest.
    pub until: i64,
    /// Who is in the population, in words.
    pub population: String,
}

/// Who owns the LINE channel.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", tag = "owner", deny_unknown_fields)]
pub enum ChannelOwner {
    /// The organisation itself.
    Own,
    /// Another body sends for the organisation under a recorded mandate.
    AnotherBody {
        /// The body.
        body: String,
    },
}

/// How consent comes about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Who hands the student's data or consent to whom, in order.
    pub path: Vec<String>,
    /// Registers whose members come with a consent wording of their own.
    #[serde(default)]
    pub import_sources: Vec<String>,
}

/// A part of 事業内容.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its number in the plan.
    pub number: String,
    /// Its name.
    pub name: String,
    /// What it consists of.
    #[serde(default)]
    pub items: Vec<String>,
}

/// An indicator of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorPlan {
    /// Stable name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The unit.
    pub unit: String,
    /// Who counts, in the rule language.
    pub numerator: String,
    /// What it is divided by: populations as the plan gives them, or rules.
    #[serde(default)]
    pub denominators: Vec<DenominatorPlan>,
    /// Targets and rates as stated.
    #[serde(default)]
    pub years: Vec<Year>,
}

/// A population by fiscal year, or a rule whose people are counted with the numerator; one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DenominatorPlan {
    /// Stable name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Who is counted, in the rule language; nothing where populations are stated.
    #[serde(default)]
    pub rule: Option<String>,
    /// Where stated numbers come from.
    #[serde(default)]
    pub provenance: Option<Provenance>,
    /// The source of stated numbers in words.
    #[serde(default)]
    pub source: String,
    /// People by fiscal year, such as `2025 = 1457`; a missing year is blank.
    #[serde(default)]
    pub people: BTreeMap<String, u64>,
}

impl DenominatorPlan {
    /// People of a fiscal year; `None` is blank.
    pub fn people(&self, year: FiscalYear) -> Option<u64> {
        self.people.get(&year.0.to_string()).copied()
    }

    /// Whether it says one thing: a rule, or numbers with where they come from.
    pub(crate) fn says_one_thing(&self) -> bool {
        match self.rule {
            Some(_) => self.provenance.is_none() && self.source.is_empty() && self.people.is_empty(),
            None => self.provenance.is_some() && !self.source.is_empty(),
        }
    }

    fn basis(&self) -> Basis {
        let population = |(year, people): (&String, &u64)| {
            let (provenance, source) = (self.provenance?, self.source.clone());
            Some((FiscalYear(year.parse().ok()?), Population { people: *people, provenance, source }))
        };
        match &self.rule {
            Some(rule) => Basis::Rule(rule.clone()),
            None => Basis::Stated(self.people.iter().filter_map(population).collect()),
        }
    }
}

/// One fiscal year as the plan states it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    /// The fiscal year.
    pub fiscal_year: FiscalYear,
    /// The target; a missing one is blank and never 0.
    #[serde(default)]
    pub target: Option<u64>,
    /// Rates as printed, by denominator.
    #[serde(default)]
    pub rates: BTreeMap<String, String>,
}

/// Why a note stands with the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// The source leaves it blank.
    Blank,
    /// Computed back from stated numbers (逆算値).
    Derived,
    /// The makers' inference: change it where it is wrong.
    Inferred,
    /// A peculiarity of the source.
    Quirk,
}

/// What a reader must know about the data.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DataNote {
    /// Why it stands here.
    pub kind: NoteKind,
    /// The note.
    pub text: String,
}

impl Plan {
    /// The budget of all years.
    pub const fn budget(&self) -> Yen {
        Yen(self.budget_yen)
    }

    /// Every rule of the file.
    pub fn rule_texts(&self) -> impl Iterator<Item = &str> {
        self.indicators.iter().flat_map(|indicator| {
            let rules = indicator.denominators.iter().filter_map(|it| it.rule.as_deref());
            std::iter::once(indicator.numerator.as_str()).chain(rules)
        })
    }

    /// The plan's indicators as figures know them, in order.
    pub fn figures(&self) -> Vec<Indicator> {
        self.indicators.iter().map(IndicatorPlan::indicator).collect()
    }
}

impl IndicatorPlan {
    /// The target of a year; `None` is blank.
    pub fn target(&self, year: FiscalYear) -> Option<u64> {
        self.years.iter().find(|stated| stated.fiscal_year == year).and_then(|stated| stated.target)
    }

    /// The indicator as figures know it.
    pub(crate) fn indicator(&self) -> Indicator {
        let denominators = self.denominators.iter().map(|plan| Denominator {
            slug: plan.slug.clone(),
            name: plan.name.clone(),
            basis: plan.basis(),
        });
        Indicator {
            slug: self.slug.clone(),
            name: self.name.clone(),
            unit: self.unit.clone(),
            numerator: self.numerator.clone(),
            denominators: denominators.collect(),
            targets: self
                .years
                .iter()
                .filter_map(|year| Some((year.fiscal_year, Target::exactly(year.target?))))
                .collect(),
        }
    }
}
