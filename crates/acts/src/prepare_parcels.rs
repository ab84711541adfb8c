//! Parcels are made for those who hold a place in a round and have none yet, one for each parcel their programme gives to their
//! class. Again it makes only what is missing. Leaves packing them to `move_parcel`.

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Granted};
use tsunagari_blueprints::{Benefit, BenefitKind};
use tsunagari_kernel::{ApplicationId, RoundId};
use tsunagari_programmes::BenefitNo;
use tsunagari_storage::Reader;

use crate::running_programme::{Running, running};
use crate::{ActError, House};

/// The parcels a programme gives, by their order among its benefits.
pub fn parcels_given(running: &Running) -> impl Iterator<Item = (BenefitNo, &Benefit)> {
    let numbered = (1..).map(BenefitNo).zip(&running.blueprint.gets);
    numbered.filter(|(_, it)| it.kind == BenefitKind::Parcel)
}

/// Who holds a place in a round and has no parcel yet, with the benefit it is to be.
///
/// # Errors
/// Storage's.
pub async fn without_parcels(
    reader: &mut Reader,
    running: &Running,
    round: RoundId,
) -> Result<Vec<(ApplicationId, BenefitNo)>, ActError> {
    let mut which = Vec::new();
    for (no, benefit) in parcels_given(running) {
        for (application, class) in reader.without_parcel(round, no).await? {
            let theirs = benefit.only_for.is_empty() || class.is_some_and(|it| benefit.only_for.contains(&it));
            if theirs {
                which.push((application, no));
            }
        }
    }
    Ok(which)
}

/// Makes them; how many.
///
/// # Errors
/// Not found; storage's.
pub async fn prepare_parcels(
    house: &House,
    by: &Granted<HandleApplications>,
    round: RoundId,
) -> Result<usize, ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let known = tx.lock_round(round).await?.round;
    let running = running(house, &mut tx, known.programme, known.version_no).await?;
    let which = without_parcels(&mut tx, &running, round).await?;
    if which.is_empty() {
        tx.undo().await?;
        return Ok(0);
    }
    tx.add_parcels(round, &which, house.now()).await?;
    let made = i64::try_from(which.len()).unwrap_or(i64::MAX);
    let act = Act::named("prepare_parcels", by.actor(), house.operation()).on("round", round);
    tx.commit(&act.counting("parcels", made)).await?;
    Ok(which.len())
}
