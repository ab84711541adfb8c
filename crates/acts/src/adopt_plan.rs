//! An organisation adopts the plan of a blueprint: its indicators with denominators and targets; or, where no plan has set it
//! targets, the general indicators. Adopting again replaces the definitions of the same slugs; what the organisation set itself
//! stays unless it says otherwise (`own_figures`), and is on record; published figures stay as they were frozen.

use std::collections::BTreeMap;

use tsunagari_access::permission::ManageSettings;
use tsunagari_access::{Act, Actor, Granted, Machine};
use tsunagari_blueprints::{Plan, general, plan_by_slug};
use tsunagari_figures::{Basis, Indicator};
use tsunagari_kernel::{IndicatorId, OrgId, SchoolId, names};
use tsunagari_people::{School, SchoolKind};
use tsunagari_storage::indicator::KeptIndicator;
use tsunagari_storage::{Reader, Tx};

use crate::high_school_named::high_school_named;
use crate::keep_indicator::counting_targets;
use crate::own_figures::{Own, OwnFigures, keeping, own_denominators};
use crate::{ActError, House, Reason};

/// The purpose whose reach the models' indicators measure.
const PURPOSE: &str = "info";

/// Which school of the organisation a plan means by a name the organisation does not use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchoolOf {
    /// One it keeps under another name.
    Kept(SchoolId),
    /// None: it is added as the plan writes it.
    Added,
}

/// Adopted by the administrator: the plan of a slug, or none; `schools` says what `schools_to_name` asked, `own` what becomes of
/// the targets and denominators the organisation set itself.
///
/// # Errors
/// `plan_unknown`; `plan_foreign` where the plan is another organisation's; `plan_begun` where none is asked for and something is
/// counted already, whose targets would be lost; `plan_school_unnamed` at `school` where a school is spelled otherwise here and
/// was not said; storage's.
pub async fn adopt_plan(
    house: &House,
    by: &Granted<ManageSettings>,
    slug: Option<&str>,
    schools: &BTreeMap<String, SchoolOf>,
    own: Own,
) -> Result<usize, ActError> {
    if slug.is_none() && !house.org(by.org()).read().await?.indicators().await?.is_empty() {
        return Err(ActError::refused_at("plan", "plan_begun"));
    }
    adopt(house, (by.org(), by.actor()), slug, &Naming::Chosen(schools), own).await
}

/// Adopted while an installation is being set up (the demo, the first start).
///
/// # Errors
/// As `adopt_plan`, but that something may be counted already.
pub async fn adopt_plan_at_setup(house: &House, by: &Machine, slug: Option<&str>) -> Result<usize, ActError> {
    adopt(house, (by.org(), by.actor()), slug, &Naming::Unasked, Own::Replaced).await
}

fn plan(slug: &str) -> Result<Plan, ActError> {
    let unknown = || ActError::Refused(vec![Reason::at("plan", "plan_unknown").with("plan", slug)]);
    plan_by_slug(slug).ok_or_else(unknown)?.map_err(|error| ActError::Broken(error.to_string()))
}

/// The plan of a slug for the organisation of a code.
///
/// # Errors
/// `plan_unknown`; `plan_foreign` where it is another organisation's.
pub fn plan_of(slug: &str, organisation: &str) -> Result<Plan, ActError> {
    let plan = plan(slug)?;
    if plan.organisation == organisation { Ok(plan) } else { Err(ActError::refused_at("plan", "plan_foreign")) }
}

async fn adopt(
    house: &House,
    (org, actor): (OrgId, Actor),
    slug: Option<&str>,
    named: &Naming<'_>,
    own: Own,
) -> Result<usize, ActError> {
    let code = house.org(org).read().await?.organisation().await?.code;
    let indicators = match slug {
        Some(slug) => plan_of(slug, &code)?.figures(),
        None => general().map_err(|error| ActError::Broken(error.to_string()))?,
    };
    let mut tx = house.org(org).write().await?;
    let mut organisation = tx.organisation().await?;
    organisation.plan_slug = slug.map(str::to_owned);
    tx.keep_organisation(&organisation).await?;
    let names = indicators.iter().flat_map(Indicator::rule_texts).flat_map(school_names);
    let schools = match schools(house, &mut tx, names, named).await {
        Ok(schools) => schools,
        Err(refused) => {
            tx.undo().await?;
            return Err(refused);
        }
    };
    let stands = tx.indicators().await?;
    let mut replaced = 0_usize;
    let mut act = Act::named("adopt_plan", actor, house.operation()).on("organisation", org);
    for (position, definition) in indicators.iter().enumerate() {
        let brought = with_schools(definition, &schools);
        let before = stands.iter().find(|it| it.definition.slug == brought.slug).map(|it| &it.definition);
        let definition = match (before, own) {
            (Some(before), Own::Kept) => keeping(before, &brought),
            (Some(_), Own::Replaced) | (None, _) => brought,
        };
        act = counting_targets(act, position, before.map(|it| &it.targets), &definition.targets);
        replaced += before.map_or(0, |before| own_denominators(before, &definition).count());
        let kept = KeptIndicator {
            id: IndicatorId::born(&house.chance, house.now()),
            purpose: PURPOSE.to_owned(),
            definition,
            position: i64::try_from(position).unwrap_or(0),
        };
        tx.keep_indicator(&kept).await?;
    }
    if replaced > 0 {
        act = act.counting("denominators_replaced", i64::try_from(replaced).unwrap_or(i64::MAX));
    }
    tx.commit(&act).await?;
    Ok(indicators.len())
}

/// What the organisation would lose of its own if a plan's figures took their place.
///
/// # Errors
/// Storage's.
pub async fn own_beside(reader: &mut Reader, plan: &Plan) -> Result<OwnFigures, ActError> {
    let stands = reader.indicators().await?;
    Ok(OwnFigures::of(stands.iter().map(|it| &it.definition), &plan.figures()))
}

/// Which school of the organisation each name of a plan is.
enum Naming<'n> {
    /// As the administrator said.
    Chosen(&'n BTreeMap<String, SchoolOf>),
    /// Nobody can be asked: what is not known by its name is added.
    Unasked,
}

/// What stands before and after the name of a school in a rule of a plan.
const BEFORE: &str = "high_school = \"";
const AFTER: char = '"';

/// The schools a rule of a plan names.
fn school_names(rule: &str) -> Vec<String> {
    let named = rule.split(BEFORE).skip(1).filter_map(|rest| rest.split_once(AFTER));
    named.map(|(name, _)| name.to_owned()).collect()
}

/// A school a plan names that the organisation does not keep by that name, beside those it does keep: the most alike first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolToName {
    /// As the plan writes it.
    pub name: String,
    /// The organisation's high schools.
    pub known: Vec<School>,
}

/// The schools of a plan an administrator has to find among the organisation's own: one added beside the school that is meant,
/// only because it is spelled otherwise, would be nobody's and its figure 0 without a word. Where no high school is kept yet
/// nothing has to be found.
///
/// # Errors
/// Storage's.
pub async fn schools_to_name(reader: &mut Reader, plan: &Plan) -> Result<Vec<SchoolToName>, ActError> {
    let mut all: Vec<SchoolToName> = Vec::new();
    for name in plan.rule_texts().flat_map(school_names) {
        if all.iter().all(|it| it.name != name) && reader.school_by_name(&name).await?.is_none() {
            let known = alike(&name, reader.schools().await?);
            all.extend((!known.is_empty()).then_some(SchoolToName { name, known }));
        }
    }
    Ok(all)
}

/// The high schools, those whose names have most in common with one first.
fn alike(name: &str, schools: Vec<School>) -> Vec<School> {
    let grams = names::bigrams(&names::comparable(name));
    let common = |school: &School| {
        let of = names::bigrams(&names::comparable(&school.name));
        grams.iter().filter(|gram| of.contains(gram)).count()
    };
    let mut known: Vec<School> = schools.into_iter().filter(|it| it.kind == SchoolKind::HighSchool).collect();
    known.sort_by_key(|school| std::cmp::Reverse(common(school)));
    known
}

/// The id of every school that is named.
async fn schools(
    house: &House,
    tx: &mut Tx,
    names: impl Iterator<Item = String>,
    named: &Naming<'_>,
) -> Result<BTreeMap<String, SchoolId>, ActError> {
    let mut schools = BTreeMap::new();
    for name in names {
        if schools.contains_key(&name) {
            continue;
        }
        let chosen = match named {
            Naming::Chosen(chosen) => chosen.get(&name).copied(),
            Naming::Unasked => Some(SchoolOf::Added),
        };
        let id = match (tx.school_by_name(&name).await?, chosen) {
            (Some(known), _) => known.id,
            (None, Some(SchoolOf::Kept(id))) => tx.school(id).await?.id,
            (None, Some(SchoolOf::Added)) => high_school_named(house, tx, &name).await?,
            (None, None) if alike(&name, tx.schools().await?).is_empty() => high_school_named(house, tx, &name).await?,
            (None, None) => {
                return Err(ActError::Refused(vec![Reason::at("school", "plan_school_unnamed").with("school", &name)]));
            }
        };
        schools.insert(name, id);
    }
    Ok(schools)
}

/// A plan names schools, a rule knows them by id: puts each school's id in the place of its name.
fn with_schools(plan: &Indicator, schools: &BTreeMap<String, SchoolId>) -> Indicator {
    let by_id = |rule: &str| {
        schools.iter().fold(rule.to_owned(), |rule, (name, id)| {
            rule.replace(&format!("{BEFORE}{name}{AFTER}"), &format!("{BEFORE}{id}{AFTER}"))
        })
    };
    let mut plan = plan.clone();
    plan.numerator = by_id(&plan.numerator);
    for denominator in &mut plan.denominators {
        if let Basis::Rule(text) = &mut denominator.basis {
            *text = by_id(text);
        }
    }
    plan
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
