//! An organisation takes up a blueprint: it becomes a programme of its own, whose values it can set. Where the blueprint names the
//! municipality or prefecture of its source, this organisation's own stands instead. Leaves opening it to `keep_round`.

use tsunagari_access::permission::ManageProgrammes;
use tsunagari_access::{Act, Granted};
use tsunagari_blueprints::{Blueprint, ParameterValue, Values, blueprint_by_slug};
use tsunagari_kernel::{MunicipalityCode, ProgrammeId};
use tsunagari_storage::programme::{KeptProgramme, ProgrammeVersion};

use crate::running_programme::Running;
use crate::{ActError, House};

/// Takes up the blueprint of a slug.
///
/// # Errors
/// Not found; storage's.
pub async fn adopt_blueprint(
    house: &House,
    by: &Granted<ManageProgrammes>,
    slug: &str,
) -> Result<ProgrammeId, ActError> {
    let blueprint = blueprint_by_slug(slug).ok_or(ActError::NotFound)?;
    adopt(house, by, blueprint.map_err(|error| ActError::Broken(error.to_string()))?).await
}

/// Takes up a blueprint that was read: one of one's own, or a rehearsal's.
///
/// # Errors
/// Storage's; a blueprint that does not fit its own values.
pub async fn adopt(
    house: &House,
    by: &Granted<ManageProgrammes>,
    blueprint: Blueprint,
) -> Result<ProgrammeId, ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let own = tx.organisation().await?.code;
    let values = own_values(&blueprint, &own);
    let broken = |error: serde_json::Error| ActError::Broken(error.to_string());
    let id = ProgrammeId::born(&house.chance, house.now());
    let first = ProgrammeVersion {
        programme: id,
        no: 1,
        blueprint: serde_json::to_string(&blueprint).map_err(broken)?,
        chosen: serde_json::to_string(&values).map_err(broken)?,
        made_by: by.user(),
        made_at: house.now(),
    };
    let programme = KeptProgramme {
        id,
        slug: blueprint.slug.clone(),
        kind: blueprint.kind.code(),
        title: blueprint.title.clone(),
        team: None,
        version_no: 1,
        created_by: by.user(),
        updated_at: house.now(),
        archived_at: None,
    };
    // What does not make a policy is not kept.
    if let Err(error) = Running::of(blueprint, values) {
        tx.undo().await?;
        return Err(error);
    }
    tx.add_programme(&programme, &first).await?;
    tx.commit(&Act::named("adopt_blueprint", by.actor(), house.operation()).on("programme", id)).await?;
    Ok(id)
}

/// The defaults of a blueprint, with this organisation and its prefecture where those of the source stand.
pub fn own_values(blueprint: &Blueprint, own: &str) -> Values {
    let prefecture = |code: &str| code.parse::<MunicipalityCode>().ok().map(|it| it.prefecture().to_string());
    let (source, source_prefecture) = (blueprint.organisation.as_str(), prefecture(&blueprint.organisation));
    let mut values = Values::of(&blueprint.parameters);
    let here = |code: &mut String| {
        if code == source {
            own.clone_into(code);
        } else if Some(&*code) == source_prefecture.as_ref()
            && let Some(here) = prefecture(own)
        {
            *code = here;
        }
    };
    for value in values.0.values_mut() {
        match value {
            ParameterValue::Code(code) => here(code),
            ParameterValue::Codes(codes) => codes.iter_mut().for_each(here),
            _ => {}
        }
    }
    values
}
