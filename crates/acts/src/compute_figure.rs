//! Computes an indicator for a fiscal year and a moment: who is counted, how many people it speaks of (`people_behind`), every
//! reason of those who are not reached, and the cohorts. Only reads; nothing is frozen here.

use tsunagari_figures::{Basis, Count, Draft, Named};
use tsunagari_kernel::{FigureId, FiscalYear, Moment, OrgId};
use tsunagari_people::{Policy, Purpose, ReachReason};
use tsunagari_rules::{Catalogue, Checked, Rule};
use tsunagari_storage::Reader;
use tsunagari_storage::audience::Audience;
use tsunagari_storage::indicator::KeptIndicator;
use tsunagari_storage::tally::CohortTally;

use crate::people_behind::walked;
use crate::{ActError, House, Reason};

/// A figure with what is behind it, not yet published.
#[derive(Debug, Clone)]
pub struct Computed {
    /// The figure.
    pub draft: Draft,
    /// (reason, people) of those not reached; a person may have several.
    pub reasons: Vec<(String, u64)>,
    /// People the rule lets in but for reach.
    pub population: u64,
    /// Those people by the year they leave high school in.
    pub cohorts: Vec<CohortLine>,
}

/// One cohort of an indicator's people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CohortLine {
    /// Who leaves high school at the end of this year; `None`: not known.
    pub cohort: Option<FiscalYear>,
    /// People the rule lets in but for reach.
    pub known: u64,
    /// Those of them who are counted.
    pub reached: u64,
}

/// Computes the figure with what is behind it.
///
/// # Errors
/// `indicator_rule_broken` when a rule no longer reads against the organisation's lists; storage's.
pub async fn compute_figure(
    house: &House,
    org: OrgId,
    indicator: &KeptIndicator,
    year: FiscalYear,
    at: Moment,
) -> Result<Computed, ActError> {
    let mut reader = house.org(org).read().await?;
    let (policy, catalogue) = (reader.policy_at(at.instant).await?, reader.rule_catalogue().await?);
    let rule = read_rule(&indicator.definition.numerator, &catalogue)?;
    let walked = walked(&rule, indicator, &catalogue)?;
    let (tally, cohorts) = reader.tally_by_cohort(&Audience::of_rule(&walked, &at, &policy)).await?;
    let denominators = denominators(&mut reader, indicator, year, &at, &policy).await?;
    let people = whole(tally.people);
    let line = |it: CohortTally| CohortLine { cohort: it.cohort, known: whole(it.known), reached: whole(it.reached) };
    let reason = |(reason, people): (ReachReason, i64)| (reason.code().to_owned(), whole(people));
    Ok(Computed {
        draft: Draft { set: Some(policy), ..draft(house, indicator, year, at, &rule, people, denominators) },
        population: people + whole(tally.left_out.people),
        reasons: tally.left_out.by_reason.into_iter().map(reason).collect(),
        cohorts: cohorts.into_iter().map(line).collect(),
    })
}

/// Computes the figure alone, with its denominators.
///
/// # Errors
/// As `compute_figure`.
pub async fn compute_draft(
    house: &House,
    org: OrgId,
    indicator: &KeptIndicator,
    year: FiscalYear,
    at: Moment,
) -> Result<Draft, ActError> {
    let mut reader = house.org(org).read().await?;
    let (policy, catalogue) = (reader.policy_at(at.instant).await?, reader.rule_catalogue().await?);
    let rule = read_rule(&indicator.definition.numerator, &catalogue)?;
    let people = count(&mut reader, &rule, &at, &policy).await?;
    let denominators = denominators(&mut reader, indicator, year, &at, &policy).await?;
    Ok(Draft { set: Some(policy), ..draft(house, indicator, year, at, &rule, people, denominators) })
}

async fn denominators(
    reader: &mut Reader,
    indicator: &KeptIndicator,
    year: FiscalYear,
    at: &Moment,
    policy: &Policy,
) -> Result<Vec<Count>, ActError> {
    let catalogue = reader.rule_catalogue().await?;
    let mut denominators = Vec::with_capacity(indicator.definition.denominators.len());
    for denominator in &indicator.definition.denominators {
        let mut it = Count { name: denominator.name.clone(), ..Count::of(denominator.slug.as_str(), None) };
        match &denominator.basis {
            Basis::Rule(text) => {
                let rule = read_rule(text, &catalogue)?;
                it.people = Some(count(reader, &rule, at, policy).await?);
                it.rule = Some(rule.to_string());
            }
            Basis::Stated(years) => {
                if let Some(stated) = years.get(&year) {
                    (it.people, it.provenance) = (Some(stated.people), Some(stated.provenance));
                    it.source.clone_from(&stated.source);
                }
            }
        }
        denominators.push(it);
    }
    Ok(denominators)
}

fn draft(
    house: &House,
    indicator: &KeptIndicator,
    year: FiscalYear,
    at: Moment,
    rule: &Rule<Checked>,
    people: u64,
    denominators: Vec<Count>,
) -> Draft {
    let now = house.now();
    Draft {
        id: FigureId::born(&house.chance, now),
        indicator: indicator.id,
        fiscal_year: year,
        as_of: at,
        computed_at: now,
        rule: rule.to_string(),
        rule_hash: rule.hash(),
        people,
        denominators,
        target: indicator.definition.target(year),
        set: None,
        named: Some(Named {
            name: indicator.definition.name.clone(),
            unit: indicator.definition.unit.clone(),
            purpose: indicator.purpose.clone(),
        }),
    }
}

/// Reads a rule of an indicator against today's lists.
pub(crate) fn read_rule(text: &str, catalogue: &Catalogue) -> Result<Rule<Checked>, ActError> {
    Rule::<Checked>::read(text, catalogue).map_err(|error| {
        ActError::Refused(vec![Reason::of("indicator_rule_broken").with("why", error).with("rule", text)])
    })
}

async fn count(reader: &mut Reader, rule: &Rule<Checked>, at: &Moment, policy: &Policy) -> Result<u64, ActError> {
    Ok(whole(reader.count_audience(&Audience::of_rule(rule, at, policy)).await?))
}

fn whole(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// The purpose an indicator asks reach for.
pub(crate) fn purpose_of(indicator: &KeptIndicator) -> Purpose {
    Purpose::of(&indicator.purpose)
}
