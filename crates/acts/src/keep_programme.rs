//! The office sets a programme's title, department and values anew: the next version. Rounds and applications stay with the version
//! they were made under. Leaves taking it up to `adopt_blueprint`.

use tsunagari_access::permission::ManageProgrammes;
use tsunagari_access::{Act, Granted};
use tsunagari_blueprints::{ParameterValue, Values};
use tsunagari_kernel::{ProgrammeId, TeamId};
use tsunagari_storage::programme::{KeptProgramme, ProgrammeVersion};

use crate::running_programme::{Running, running};
use crate::{ActError, House, Reason};

/// The most characters of a title.
const TITLE: usize = 100;

/// What the form brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgrammeGiven {
    /// Its title.
    pub title: String,
    /// Whose it is.
    pub team: Option<TeamId>,
    /// The values that were set, by parameter; the others stay.
    pub values: Values,
}

/// Keeps it, when it still is at the version the form was opened with; the new version's number.
///
/// # Errors
/// `field_empty`, `field_too_long` at `title`; `programme_value` with the parameter's `name` and `problem` for a value that does
/// not fit; `Conflict` when somebody set something since; not found.
pub async fn keep_programme(
    house: &House,
    by: &Granted<ManageProgrammes>,
    id: ProgrammeId,
    seen: u32,
    given: &ProgrammeGiven,
) -> Result<u32, ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let known = tx.programme(id).await?;
    let before = running(house, &mut tx, id, known.version_no).await?;
    let title = given.title.trim().to_owned();
    let mut wrong = Vec::new();
    if title.is_empty() {
        wrong.push(Reason::at("title", "field_empty"));
    } else if title.chars().count() > TITLE {
        wrong.push(Reason::at("title", "field_too_long").with("most", TITLE));
    }
    let mut values = before.values.clone();
    for (name, value) in &given.values.0 {
        match values.0.get_mut(name) {
            Some(slot) if slot.is_like(value) => *slot = value.clone(),
            Some(_) | None => wrong.push(Reason::of("programme_value").with("name", name).with("problem", sort(value))),
        }
    }
    if wrong.is_empty()
        && let Err(error) = before.blueprint.policy(&values)
    {
        wrong.push(Reason::of("programme_value").with("name", &error.field).with("problem", &error.problem));
    }
    if !wrong.is_empty() {
        tx.undo().await?;
        return Err(ActError::Refused(wrong));
    }
    let broken = |error: serde_json::Error| ActError::Broken(error.to_string());
    let made = Running::of(before.blueprint.clone(), values)?;
    let next = ProgrammeVersion {
        programme: id,
        no: seen + 1,
        blueprint: serde_json::to_string(&made.blueprint).map_err(broken)?,
        chosen: serde_json::to_string(&made.values).map_err(broken)?,
        made_by: by.user(),
        made_at: house.now(),
    };
    tx.keep_programme(&KeptProgramme { title, team: given.team, ..known }, &next).await?;
    let act = Act::named("keep_programme", by.actor(), house.operation()).on("programme", id);
    tx.commit(&act.counting("version", i64::from(next.no))).await?;
    Ok(next.no)
}

const fn sort(value: &ParameterValue) -> &'static str {
    match value {
        ParameterValue::Number(_) => "number",
        ParameterValue::Flag(_) => "flag",
        ParameterValue::Code(_) => "code",
        ParameterValue::Codes(_) => "codes",
        ParameterValue::Day(_) => "day",
    }
}

/// Puts a programme away, so that no round of it can be opened; its rounds and applications stay.
///
/// # Errors
/// Not found; storage's.
pub async fn put_programme_away(
    house: &House,
    by: &Granted<ManageProgrammes>,
    id: ProgrammeId,
    away: Away,
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    tx.programme(id).await?;
    let operation = house.operation();
    let (at, act) = match away {
        Away::Put => (Some(house.now()), Act::named("put_programme_away", by.actor(), operation)),
        Away::TakenOut => (None, Act::named("take_programme_out", by.actor(), operation)),
    };
    tx.archive_programme(id, at).await?;
    Ok(tx.commit(&act.on("programme", id)).await?)
}

/// Into the cupboard or out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Away {
    /// In.
    Put,
    /// Out.
    TakenOut,
}
