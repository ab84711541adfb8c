//! A place became free: whoever waits longest for it is offered it for a while, and so on until every free place is offered. Always
//! behind the round's lock. Leaves answering to `answer_offer`, and offers that run out to `lapse_offers`.

use std::collections::BTreeMap;

use tsunagari_access::Machine;
use tsunagari_kernel::{ApplicationId, Timestamp};
use tsunagari_programmes::{Event, Places, Policy, Round, Stage};
use tsunagari_storage::Tx;

use crate::tell_step::take_step;
use crate::{ActError, House};

/// So many of those who wait are looked at.
const MOST: i64 = 1_000;

/// Offers what is free to those who wait; to whom.
///
/// # Errors
/// Storage's; a ledger that refuses an offer to somebody who waits.
pub(crate) async fn fill_places(
    house: &House,
    tx: &mut Tx,
    policy: &Policy,
    round: &Round,
) -> Result<Vec<ApplicationId>, ActError> {
    let at = house.now();
    if round.stage != Stage::Announced || begins(round).is_some_and(|last| last <= at) {
        return Ok(Vec::new());
    }
    let waiting = tx.waiting_list(round.id, MOST).await?;
    let (all, _) = tx.places_of(round, None).await?;
    let mut free = all.free().unwrap_or(u32::MAX);
    let mut there: BTreeMap<u16, u32> = BTreeMap::new();
    for venue in &round.venues {
        let (_, own) = tx.places_of(round, Some(venue.no)).await?;
        there.insert(venue.no, own.and_then(Places::free).unwrap_or(u32::MAX));
    }
    let until = until(policy, round, at);
    let by = Machine::working(tx.org(), "fill_places").actor();
    let mut offered = Vec::new();
    for (id, venue) in waiting {
        if free == 0 {
            break;
        }
        let own = venue.and_then(|no| there.get_mut(&no));
        if own.as_ref().is_some_and(|left| **left == 0) {
            continue;
        }
        let moved = take_step(house, tx, id, &[Event::Offered { until }], &by).await?;
        moved.map_err(|refusal| ActError::Broken(format!("an offer to who waits is refused: {refusal}")))?;
        free -= 1;
        if let Some(left) = own {
            *left = left.saturating_sub(1);
        }
        offered.push(id);
    }
    Ok(offered)
}

/// When the last of its venues begins: until then somebody can still come.
fn begins(round: &Round) -> Option<Timestamp> {
    round.venues.iter().filter_map(|it| it.starts).max()
}

/// An offer ends with the beginning at the latest.
fn until(policy: &Policy, round: &Round, at: Timestamp) -> Timestamp {
    let usual = at.plus(policy.choosing.offer_for);
    begins(round).map_or(usual, |last| usual.min(last))
}
