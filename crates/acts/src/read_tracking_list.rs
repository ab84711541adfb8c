//! A carrier's list of tracking numbers: what it would do, and doing it, whole or not at all. Leaves reading the file to documents and what
//! a line does to benefits.

use std::collections::BTreeMap;

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Granted};
use tsunagari_benefits::Parcel;
use tsunagari_benefits::tracking_list::{Line, Plan, plan};
use tsunagari_kernel::RoundId;
use tsunagari_storage::Reader;

use crate::{ActError, House};

/// What a list would do to the parcels of a round.
///
/// # Errors
/// Storage's.
pub async fn look_at_tracking_list(reader: &mut Reader, round: RoundId, lines: &[Line]) -> Result<Plan, ActError> {
    let parcels = reader.parcels_of_round(round).await?;
    let parcels: BTreeMap<u32, Parcel> = parcels.into_iter().map(|(no, it)| (no, it.parcel)).collect();
    Ok(plan(lines, &parcels))
}

/// Does it; how many parcels have a number now that had none.
///
/// # Errors
/// `tracking_list_wrong` where a line is wrong, or has become so since it was looked at; not found.
pub async fn read_tracking_list(
    house: &House,
    by: &Granted<HandleApplications>,
    round: RoundId,
    lines: &[Line],
) -> Result<usize, ActError> {
    let mut tx = house.org(by.org()).write().await?;
    tx.lock_round(round).await?;
    let Ok(changes) = look_at_tracking_list(&mut tx, round, lines).await?.changes() else {
        tx.undo().await?;
        return Err(ActError::refused("tracking_list_wrong"));
    };
    let known = tx.parcels_of_round(round).await?;
    for (no, after) in &changes {
        if let Some(before) = known.get(no) {
            tx.keep_parcel(before, after, before.given, house.now()).await?;
        }
    }
    let n = i64::try_from(changes.len()).unwrap_or(i64::MAX);
    let act = Act::named("read_tracking_list", by.actor(), house.operation()).on("round", round);
    tx.commit(&act.counting("parcels", n)).await?;
    Ok(changes.len())
}
