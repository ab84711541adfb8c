//! A version of a programme, ready to judge with: its blueprint, the values, and the policy they make. A version is never changed, so
//! what was compiled once is kept in memory. Leaves writing versions to `adopt_blueprint` and `keep_programme`.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use tsunagari_blueprints::{Blueprint, Values};
use tsunagari_kernel::{OrgId, ProgrammeId};
use tsunagari_programmes::Policy;
use tsunagari_storage::Reader;

use crate::{ActError, House};

/// Beyond so many versions, those kept in memory are forgotten and read again when they are needed.
const MOST: usize = 500;

/// A version of a programme.
#[derive(Debug)]
pub struct Running {
    /// What its file says.
    pub blueprint: Blueprint,
    /// The values that were set.
    pub values: Values,
    /// What it does.
    pub policy: Policy,
}

/// The versions in memory.
#[derive(Default)]
pub struct RunningProgrammes(RwLock<HashMap<(OrgId, ProgrammeId, u32), Arc<Running>>>);

impl Running {
    /// From what is stored, or is about to be.
    ///
    /// # Errors
    /// The blueprint does not fit its values.
    pub fn of(blueprint: Blueprint, values: Values) -> Result<Self, ActError> {
        let policy = blueprint.policy(&values).map_err(|error| ActError::Broken(error.to_string()))?;
        Ok(Self { blueprint, values, policy })
    }

    /// The words of a condition, as an applicant reads them; its code where the blueprint has none of that code.
    pub fn words_of<'a>(&'a self, condition: &'a str) -> &'a str {
        let found = self.blueprint.who.conditions.iter().find(|it| it.code == condition);
        found.map_or(condition, |it| it.words.as_str())
    }
}

/// A version of a programme.
///
/// # Errors
/// Not found; storage's.
pub async fn running(
    house: &House,
    reader: &mut Reader,
    programme: ProgrammeId,
    no: u32,
) -> Result<Arc<Running>, ActError> {
    let key = (reader.org(), programme, no);
    let known = house.running.0.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    let version = reader.programme_version(programme, no).await?;
    let broken = |error: serde_json::Error| ActError::Broken(error.to_string());
    let blueprint = serde_json::from_str(&version.blueprint).map_err(broken)?;
    let values = serde_json::from_str(&version.chosen).map_err(broken)?;
    let made = Arc::new(Running::of(blueprint, values)?);
    let mut kept = house.running.0.write().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= MOST {
        kept.clear();
    }
    kept.insert(key, made.clone());
    Ok(made)
}
