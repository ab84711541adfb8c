//! A file is given up before anything of it was written; its rows are deleted. So is one whose reading was cut off, by
//! itself: nobody waits for it, and its rows are personal data. Leaves taking back what was written to `undo_import`.

use chrono::TimeDelta;
use tsunagari_access::permission::ImportPeople;
use tsunagari_access::{Act, Actor, Granted, Machine};
use tsunagari_kernel::{ImportId, OrgId};
use tsunagari_storage::import_file::ImportState;

use crate::resume_import::is_given_up;
use crate::{ActError, House};

/// No file takes so long to be read.
const CUT_OFF_AFTER: TimeDelta = TimeDelta::minutes(30);

/// Gives a file up.
///
/// # Errors
/// `Conflict` when it is being applied or was, or when its preview is being computed; storage's.
pub async fn discard_import(house: &House, by: &Granted<ImportPeople>, import: ImportId) -> Result<(), ActError> {
    let states = [ImportState::Reading, ImportState::Mapping, ImportState::Previewing, ImportState::Previewed];
    discard(house, by.org(), by.actor(), import, &states).await
}

/// Gives a file up that is still being read; what has gone on meanwhile stays.
pub(crate) async fn discard_reading(house: &House, org: OrgId, by: Actor, import: ImportId) -> Result<(), ActError> {
    match discard(house, org, by, import, &[ImportState::Reading]).await {
        Err(ActError::Conflict) => Ok(()),
        other => other,
    }
}

async fn discard(house: &House, org: OrgId, by: Actor, import: ImportId, from: &[ImportState]) -> Result<(), ActError> {
    let mut tx = house.org(org).write().await?;
    let file = tx.import_file_held(import).await?;
    if !from.contains(&file.state) || file.state.at_work() && !is_given_up(&mut tx, &file).await? {
        tx.undo().await?;
        return Err(ActError::Conflict);
    }
    tx.move_import(import, from, ImportState::Discarded).await?;
    tx.forget_import_rows(import).await?;
    Ok(tx.commit(&Act::named("discard_import", by, house.operation()).on("import", import)).await?)
}

/// Gives every file up whose reading was cut off; how many.
///
/// # Errors
/// Storage's; files before the failing one are given up.
pub async fn discard_cut_off(house: &House, org: OrgId) -> Result<usize, ActError> {
    let before = house.now().minus(CUT_OFF_AFTER);
    let cut_off = house.org(org).read().await?.imports_cut_off(before).await?;
    for import in &cut_off {
        discard_reading(house, org, Machine::working(org, "discard_cut_off").actor(), *import).await?;
    }
    Ok(cut_off.len())
}
