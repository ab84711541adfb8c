//! An organisation adopts the plan of a blueprint: its indicators with denominators and targets. Adopting again
//! replaces the definitions; published figures stay as they were frozen.

use tsunagari_access::permission::ManageSettings;
use tsunagari_access::{Act, Actor, Granted, Machine};
use tsunagari_blueprints::by_slug;
use tsunagari_kernel::{IndicatorId, OrgId};
use tsunagari_storage::indicator::KeptIndicator;

use crate::{ActError, House, Reason};

/// The purpose whose reach the models' indicators measure.
const PURPOSE: &str = "info";

/// Adopted by the administrator.
///
/// # Errors
/// `plan_unknown`, or storage's.
pub async fn adopt_plan(house: &House, by: &Granted<ManageSettings>, slug: &str) -> Result<usize, ActError> {
    adopt(house, by.org(), by.actor(), slug).await
}

/// Adopted while an installation is being set up (the demo, the first start).
///
/// # Errors
/// As `adopt_plan`.
pub async fn adopt_plan_at_setup(house: &House, by: &Machine, slug: &str) -> Result<usize, ActError> {
    adopt(house, by.org(), by.actor(), slug).await
}

async fn adopt(house: &House, org: OrgId, actor: Actor, slug: &str) -> Result<usize, ActError> {
    let unknown = || ActError::Refused(vec![Reason::at("plan", "plan_unknown").with("plan", slug)]);
    let blueprint = by_slug(slug).ok_or_else(unknown)?.map_err(|error| ActError::Broken(error.to_string()))?;
    let mut tx = house.org(org).write().await?;
    let mut organisation = tx.organisation().await?;
    organisation.plan_slug = Some(slug.to_owned());
    tx.keep_organisation(&organisation).await?;
    let indicators = blueprint.figures();
    for (position, definition) in indicators.iter().enumerate() {
        let kept = KeptIndicator {
            id: IndicatorId::born(&house.chance, house.now()),
            purpose: PURPOSE.to_owned(),
            definition: definition.clone(),
            position: i64::try_from(position).unwrap_or(0),
        };
        tx.keep_indicator(&kept).await?;
    }
    tx.commit(&Act::named("adopt_plan", actor, house.operation()).on("organisation", org)).await?;
    Ok(indicators.len())
}
