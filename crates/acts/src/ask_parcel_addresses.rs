//! Shortly before the parcels of a round leave, everybody is asked where theirs shall go to who has not said so yet: one message to each,
//! with a link to their page. Whoever has a protected address is not asked: the office hands it over. Leaves their answer to
//! `keep_parcel_address`.

use std::collections::BTreeSet;

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{ApplicationId, RoundId};
use tsunagari_programmes::Notice;
use tsunagari_storage::Reader;
use tsunagari_storage::parcel::{ParcelFilter, ParcelLine};

use crate::tell_step::tell_applicant;
use crate::{ActError, House};

/// Whether somebody is still to say where a parcel goes to.
pub fn lacks_address(it: &ParcelLine) -> bool {
    it.parcel.parcel.takes_address() && it.confirmed.is_none() && !it.protected && it.stands == "held"
}

/// Whose address is still to be told.
///
/// # Errors
/// Storage's.
pub async fn without_address(reader: &mut Reader, round: RoundId) -> Result<BTreeSet<ApplicationId>, ActError> {
    let filter = ParcelFilter { states: &["to_pack"], lot: None };
    let lines = reader.parcel_lines(round, filter, 0, i64::MAX).await?;
    let asked = lines.iter().filter(|it| lacks_address(it) && it.applicant.is_some());
    Ok(asked.map(|it| it.parcel.application).collect())
}

/// Asks them; how many.
///
/// # Errors
/// Not found; storage's.
pub async fn ask_parcel_addresses(
    house: &House,
    by: &Granted<HandleApplications>,
    round: RoundId,
) -> Result<usize, ActError> {
    let mut tx = house.org(by.org()).write().await?;
    tx.lock_round(round).await?;
    let asked = without_address(&mut tx, round).await?;
    for id in &asked {
        tell_applicant(house, &mut tx, *id, Notice::AddressAsked).await?;
    }
    let n = i64::try_from(asked.len()).unwrap_or(i64::MAX);
    let act = Act::named("ask_parcel_addresses", by.actor(), house.operation()).on("round", round);
    tx.commit(&act.counting("asked", n)).await?;
    Ok(asked.len())
}
