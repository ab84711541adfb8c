//! An open item of the work lists is given to a department, or back to nobody in particular.

use tsunagari_access::permission::HandleWork;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{TeamId, WorkId};

use crate::{ActError, House};

/// Gives it to a department.
///
/// # Errors
/// `work_done_already`, `choose_one` for a department that is not here; not found.
pub async fn assign_work_item(
    house: &House,
    by: &Granted<HandleWork>,
    id: WorkId,
    team: Option<TeamId>,
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    tx.work_item(id).await?;
    let refused = if let Some(team) = team
        && !tx.teams().await?.iter().any(|it| it.id == team)
    {
        Some("choose_one")
    } else if tx.give_work(id, team).await? {
        None
    } else {
        Some("work_done_already")
    };
    if let Some(code) = refused {
        tx.undo().await?;
        return Err(ActError::refused_at("team", code));
    }
    let act = Act::named("assign_work_item", by.actor(), house.operation()).on("work_item", id);
    Ok(tx.commit(&team.into_iter().fold(act, |act, team| act.on("team", team))).await?)
}
