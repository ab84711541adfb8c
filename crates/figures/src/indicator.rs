//! What is measured: a rule that says who counts, and the populations it is measured against. Leaves evaluation to
//! storage and the meaning of facts to people.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tsunagari_kernel::FiscalYear;
use tsunagari_rules::{Catalogue, Checked, Rule, RuleError};

use crate::target::Target;

/// Where a population comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// Stated in the plan or by a statistic.
    Stated,
    /// Computed back from a stated rate (逆算値).
    Derived,
    /// The organisation's own assumption.
    Inferred,
}

/// A number of people taken as the whole for one fiscal year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Population {
    /// People.
    pub people: u64,
    /// Where the number comes from.
    pub provenance: Provenance,
    /// The source in words.
    pub source: String,
}

/// What a denominator counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// People the rule selects, counted with the numerator.
    Rule(String),
    /// Stated populations by fiscal year; a missing year is blank.
    Stated(BTreeMap<FiscalYear, Population>),
}

/// A population that gives one rate of an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denominator {
    /// Stable name, unique within the indicator.
    pub slug: String,
    /// Its name as the organisation writes it.
    pub name: String,
    /// What it counts.
    pub basis: Basis,
}

/// What is measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indicator {
    /// Stable name, unique within the organisation.
    pub slug: String,
    /// Its name as the organisation writes it.
    pub name: String,
    /// The unit, such as 人.
    pub unit: String,
    /// The rule that says who counts, in the rule language.
    pub numerator: String,
    /// Each gives one rate.
    pub denominators: Vec<Denominator>,
    /// Targets by fiscal year; a missing year is blank and never 0.
    pub targets: BTreeMap<FiscalYear, Target>,
}

impl Indicator {
    /// The numerator checked against a catalogue: what is counted and whose hash a figure freezes.
    ///
    /// # Errors
    /// The first place at which the text is no rule of this catalogue.
    pub fn numerator_rule(&self, catalogue: &Catalogue) -> Result<Rule<Checked>, RuleError> {
        Rule::<Checked>::read(&self.numerator, catalogue)
    }

    /// The target of a year; `None` is blank.
    pub fn target(&self, year: FiscalYear) -> Option<Target> {
        self.targets.get(&year).copied()
    }

    /// Every rule of the indicator, numerator first.
    pub fn rule_texts(&self) -> impl Iterator<Item = &str> {
        let of_rules = self.denominators.iter().filter_map(|denominator| match &denominator.basis {
            Basis::Rule(text) => Some(text.as_str()),
            Basis::Stated(_) => None,
        });
        std::iter::once(self.numerator.as_str()).chain(of_rules)
    }
}
