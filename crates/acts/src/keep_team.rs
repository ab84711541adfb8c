//! A department is added, renamed, or moved in the list. Departments are never removed: history points at them.

use tsunagari_access::permission::ManageStaff;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::TeamId;
use tsunagari_storage::team::Team;

use crate::add_staff::name_faults;
use crate::{ActError, House};

/// Adds a department at the end of the list (`None`) or renames one.
///
/// # Errors
/// Reasons at `name`; not found.
pub async fn keep_team(
    house: &House,
    by: &Granted<ManageStaff>,
    id: Option<TeamId>,
    name: &str,
) -> Result<TeamId, ActError> {
    let wrong = name_faults(name);
    if !wrong.is_empty() {
        return Err(ActError::Refused(wrong));
    }
    let name = name.trim().to_owned();
    let mut tx = house.org(by.org()).write().await?;
    let known = tx.teams().await?;
    if known.iter().any(|it| it.name == name && Some(it.id) != id) {
        tx.undo().await?;
        return Err(ActError::refused_at("name", "name_taken"));
    }
    let place = match id {
        None => known.len(),
        Some(id) => known.iter().position(|it| it.id == id).ok_or(ActError::NotFound)?,
    };
    let id = id.unwrap_or_else(|| TeamId::born(&house.chance, house.real_clock.now()));
    tx.keep_team(&Team { id, name }, i64::try_from(place).unwrap_or(i64::MAX)).await?;
    tx.commit(&Act::named("keep_team", by.actor(), house.operation()).on("team", id)).await?;
    Ok(id)
}
