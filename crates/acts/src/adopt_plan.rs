//! An organisation adopts the plan of a blueprint: its indicators with denominators and targets; or, where no plan has set it
//! targets, the general indicators. Adopting again replaces the definitions of the same slugs; published figures stay as
//! they were frozen.

use tsunagari_access::permission::ManageSettings;
use tsunagari_access::{Act, Actor, Granted, Machine};
use tsunagari_blueprints::{Blueprint, by_slug, general};
use tsunagari_figures::{Basis, Indicator};
use tsunagari_kernel::{IndicatorId, OrgId, SchoolId};
use tsunagari_people::{School, SchoolKind};
use tsunagari_storage::Tx;
use tsunagari_storage::indicator::KeptIndicator;

use crate::{ActError, House, Reason};

/// The purpose whose reach the models' indicators measure.
const PURPOSE: &str = "info";

/// Adopted by the administrator: the plan of a slug, or none.
///
/// # Errors
/// `plan_unknown`; `plan_foreign` where the plan is another organisation's; `plan_begun` where none is asked for and something is
/// counted already, whose targets would be lost; storage's.
pub async fn adopt_plan(house: &House, by: &Granted<ManageSettings>, slug: Option<&str>) -> Result<usize, ActError> {
    if slug.is_none() && !house.org(by.org()).read().await?.indicators().await?.is_empty() {
        return Err(ActError::refused_at("plan", "plan_begun"));
    }
    adopt(house, by.org(), by.actor(), slug).await
}

/// Adopted while an installation is being set up (the demo, the first start).
///
/// # Errors
/// As `adopt_plan`, but that something may be counted already.
pub async fn adopt_plan_at_setup(house: &House, by: &Machine, slug: Option<&str>) -> Result<usize, ActError> {
    adopt(house, by.org(), by.actor(), slug).await
}

fn plan(slug: &str) -> Result<Blueprint, ActError> {
    let unknown = || ActError::Refused(vec![Reason::at("plan", "plan_unknown").with("plan", slug)]);
    by_slug(slug).ok_or_else(unknown)?.map_err(|error| ActError::Broken(error.to_string()))
}

/// The plan of a slug for the organisation of a code.
///
/// # Errors
/// `plan_unknown`; `plan_foreign` where it is another organisation's.
pub fn plan_of(slug: &str, organisation: &str) -> Result<Blueprint, ActError> {
    let plan = plan(slug)?;
    if plan.organisation == organisation { Ok(plan) } else { Err(ActError::refused_at("plan", "plan_foreign")) }
}

async fn adopt(house: &House, org: OrgId, actor: Actor, slug: Option<&str>) -> Result<usize, ActError> {
    let code = house.org(org).read().await?.organisation().await?.code;
    let indicators = match slug {
        Some(slug) => plan_of(slug, &code)?.figures(),
        None => general().map_err(|error| ActError::Broken(error.to_string()))?,
    };
    let mut tx = house.org(org).write().await?;
    let mut organisation = tx.organisation().await?;
    organisation.plan_slug = slug.map(str::to_owned);
    tx.keep_organisation(&organisation).await?;
    for (position, definition) in indicators.iter().enumerate() {
        let definition = with_schools(house, &mut tx, definition).await?;
        let kept = KeptIndicator {
            id: IndicatorId::born(&house.chance, house.now()),
            purpose: PURPOSE.to_owned(),
            definition,
            position: i64::try_from(position).unwrap_or(0),
        };
        tx.keep_indicator(&kept).await?;
    }
    tx.commit(&Act::named("adopt_plan", actor, house.operation()).on("organisation", org)).await?;
    Ok(indicators.len())
}

/// A plan names schools, a rule knows them by id: puts each school's id in the place of its name, adding the school
/// when the organisation does not have it yet.
async fn with_schools(house: &House, tx: &mut Tx, plan: &Indicator) -> Result<Indicator, ActError> {
    let mut plan = plan.clone();
    plan.numerator = with_school_ids(house, tx, &plan.numerator).await?;
    for denominator in &mut plan.denominators {
        if let Basis::Rule(text) = &mut denominator.basis {
            *text = with_school_ids(house, tx, text).await?;
        }
    }
    Ok(plan)
}

async fn with_school_ids(house: &House, tx: &mut Tx, rule: &str) -> Result<String, ActError> {
    const BEFORE: &str = "high_school = \"";
    let Some((head, rest)) = rule.split_once(BEFORE) else { return Ok(rule.to_owned()) };
    let Some((name, tail)) = rest.split_once('"') else { return Ok(rule.to_owned()) };
    let school = match tx.school_by_name(name).await? {
        Some(school) => school.id,
        None => {
            let id = SchoolId::born(&house.chance, house.now());
            tx.add_school(&School {
                id,
                name: name.to_owned(),
                kind: SchoolKind::HighSchool,
                municipality: None,
                years: 3,
            })
            .await?;
            id
        }
    };
    let tail = Box::pin(with_school_ids(house, tx, tail)).await?;
    Ok(format!("{head}{BEFORE}{school}\"{tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_belongs_to_its_organisation() {
        let code = |refused: ActError| match refused {
            ActError::Refused(reasons) => reasons[0].code.to_string(),
            other => panic!("{other}"),
        };
        assert_eq!(plan_of("shimane/masuda", "322041").unwrap().organisation, "322041");
        assert_eq!(code(plan_of("shimane/masuda", "325015").unwrap_err()), "plan_foreign");
        assert_eq!(code(plan_of("shimane/nowhere", "322041").unwrap_err()), "plan_unknown");
    }
}
