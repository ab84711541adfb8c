//! An administrator sets what an indicator is measured against: its targets by fiscal year, and its denominators, each either
//! populations by fiscal year with their source or a rule. What is published keeps what it was frozen with. Leaves whole plans
//! to `adopt_plan`; the numerator comes from there.

use std::collections::{BTreeMap, BTreeSet};

use tsunagari_access::permission::ManageSettings;
use tsunagari_access::{Act, ActCode, Granted};
use tsunagari_figures::{Basis, Denominator, Population, Target};
use tsunagari_kernel::{FiscalYear, IndicatorId};
use tsunagari_rules::{Catalogue, Checked, Rule};
use tsunagari_storage::Tx;
use tsunagari_storage::indicator::KeptIndicator;

use crate::{ActError, House, Reason};

/// The longest name, in characters.
const LONGEST_NAME: usize = 60;
/// The longest source, in characters.
const LONGEST_SOURCE: usize = 200;

/// A denominator as the form brings it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DenominatorGiven {
    /// Its name.
    pub name: String,
    /// Populations, or the text of a rule.
    pub basis: Basis,
}

/// Sets the targets of these years; `None` is blank. Other years stay as they are.
///
/// # Errors
/// Not found; storage's.
pub async fn keep_targets(
    house: &House,
    by: &Granted<ManageSettings>,
    indicator: IndicatorId,
    targets: &BTreeMap<FiscalYear, Option<Target>>,
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let before = tx.indicator(indicator).await?;
    let mut kept = before.clone();
    for (year, target) in targets {
        match target {
            Some(target) => kept.definition.targets.insert(*year, *target),
            None => kept.definition.targets.remove(year),
        };
    }
    let act = Act::named("keep_targets", by.actor(), house.operation());
    let act = counting_targets(act, 0, Some(&before.definition.targets), &kept.definition.targets);
    keep(tx, act, &before, &kept).await
}

/// What every changed target was and is, by its fiscal year; a blank one is not counted. An act about several indicators
/// names those after the first by their position, from 0.
pub(crate) fn counting_targets(
    mut act: Act,
    position: usize,
    before: Option<&BTreeMap<FiscalYear, Target>>,
    after: &BTreeMap<FiscalYear, Target>,
) -> Act {
    let none = BTreeMap::new();
    let before = before.unwrap_or(&none);
    let of = if position == 0 { String::new() } else { format!("_of_{}", position + 1) };
    let years: BTreeSet<&FiscalYear> = before.keys().chain(after.keys()).collect();
    for year in years.into_iter().filter(|year| before.get(year) != after.get(year)) {
        for (all, behind) in [(before, "_before"), (after, "")] {
            let people = all.get(year).and_then(|target| i64::try_from(target.people).ok());
            let code = ActCode::parse(&format!("target_{}{of}{behind}", year.0));
            if let Some((code, people)) = code.zip(people) {
                act.counts.push((code, people));
            }
        }
    }
    act
}

/// Keeps a denominator of an indicator; `slug` names the one being changed, none a new one.
///
/// # Errors
/// `field_empty`, `field_too_long`, `name_taken`, `denominator_rule_broken`, `population_missing` (no year, or one without
/// people or source) at their fields; not found; storage's.
pub async fn keep_denominator(
    house: &House,
    by: &Granted<ManageSettings>,
    indicator: IndicatorId,
    slug: Option<&str>,
    given: &DenominatorGiven,
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let before = tx.indicator(indicator).await?;
    let catalogue = tx.rule_catalogue().await?;
    let mut kept = before.clone();
    let all = &mut kept.definition.denominators;
    let name = given.name.trim().to_owned();
    let mut wrong = Vec::new();
    too_long_or_empty(&mut wrong, "name", &name, LONGEST_NAME);
    if all.iter().any(|it| it.name == name && Some(it.slug.as_str()) != slug) {
        wrong.push(Reason::at("name", "name_taken"));
    }
    let basis = basis(&given.basis, &catalogue, &mut wrong);
    if !wrong.is_empty() {
        tx.undo().await?;
        return Err(ActError::Refused(wrong));
    }
    match slug {
        Some(slug) => {
            let it = all.iter_mut().find(|it| it.slug == slug).ok_or(ActError::NotFound)?;
            (it.name, it.basis) = (name, basis);
        }
        None => {
            let taken = |slug: &String| all.iter().any(|it| it.slug == *slug);
            let slug = (1..).map(|n| format!("own-{n}")).find(|slug| !taken(slug)).unwrap_or_default();
            all.push(Denominator { slug, name, basis });
        }
    }
    let act = Act::named("keep_denominator", by.actor(), house.operation());
    keep(tx, act, &before, &kept).await
}

/// Takes a denominator away. Published figures keep theirs.
///
/// # Errors
/// Not found; storage's.
pub async fn remove_denominator(
    house: &House,
    by: &Granted<ManageSettings>,
    indicator: IndicatorId,
    slug: &str,
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let before = tx.indicator(indicator).await?;
    let mut kept = before.clone();
    kept.definition.denominators.retain(|it| it.slug != slug);
    if kept == before {
        tx.undo().await?;
        return Err(ActError::NotFound);
    }
    let act = Act::named("remove_denominator", by.actor(), house.operation());
    keep(tx, act, &before, &kept).await
}

/// What was saved as it was leaves no line in the record.
async fn keep(mut tx: Tx, act: Act, before: &KeptIndicator, kept: &KeptIndicator) -> Result<(), ActError> {
    if kept == before {
        return Ok(tx.undo().await?);
    }
    tx.keep_indicator(kept).await?;
    Ok(tx.commit(&act.on("indicator", kept.id)).await?)
}

fn too_long_or_empty(wrong: &mut Vec<Reason>, field: &'static str, text: &str, most: usize) {
    if text.is_empty() {
        wrong.push(Reason::at(field, "field_empty"));
    } else if text.chars().count() > most {
        wrong.push(Reason::at(field, "field_too_long").with("most", most));
    }
}

/// What is kept: a rule in its canonical text, populations with a source each.
fn basis(given: &Basis, catalogue: &Catalogue, wrong: &mut Vec<Reason>) -> Basis {
    match given {
        Basis::Rule(text) => match Rule::<Checked>::read(text.trim(), catalogue) {
            Ok(rule) => Basis::Rule(rule.to_string()),
            // Where and why is the form's to say, in the reader's words.
            Err(_) => {
                wrong.push(Reason::at("rule", "denominator_rule_broken"));
                given.clone()
            }
        },
        Basis::Stated(years) => {
            let mut stated = BTreeMap::new();
            if years.is_empty() || years.values().any(|it| it.people == 0 || it.source.trim().is_empty()) {
                wrong.push(Reason::at("people", "population_missing"));
            }
            for (year, it) in years {
                let source = it.source.trim().to_owned();
                if source.chars().count() > LONGEST_SOURCE {
                    wrong.push(Reason::at("people", "field_too_long").with("most", LONGEST_SOURCE));
                }
                stated.insert(*year, Population { source, ..it.clone() });
            }
            Basis::Stated(stated)
        }
    }
}
