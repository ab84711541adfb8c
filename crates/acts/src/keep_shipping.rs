//! The office says how the parcels of a round are sent, and what there is to pack them from. Leaves packing to `move_parcel`.

use chrono::NaiveDate;
use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Granted};
use tsunagari_benefits::Shipping;
use tsunagari_benefits::stock::Lot;
use tsunagari_kernel::RoundId;

use crate::{ActError, House, Reason};

/// More pieces than any office packs.
const MOST_PIECES: u32 = 1_000_000;
/// The most characters of a good.
const GOOD: usize = 60;

/// Keeps how the parcels of a round are sent, over the version that was seen.
///
/// # Errors
/// `shipping_…`, `field_empty`, `address_…` at their fields; `Conflict` when somebody changed it since; not found.
pub async fn keep_shipping(
    house: &House,
    by: &Granted<HandleApplications>,
    round: RoundId,
    seen: i64,
    given: Shipping,
) -> Result<(), ActError> {
    let given = given.tidied();
    let wrong: Vec<Reason> = given.faults().into_iter().map(|(field, code)| Reason::at(field, code)).collect();
    if !wrong.is_empty() {
        return Err(ActError::Refused(wrong));
    }
    let mut tx = house.org(by.org()).write().await?;
    tx.lock_round(round).await?;
    tx.keep_round_shipping(round, seen, &given, house.now()).await?;
    Ok(tx.commit(&Act::named("keep_shipping", by.actor(), house.operation()).on("round", round)).await?)
}

/// Puts a delivery of a good on the shelf of a round.
///
/// # Errors
/// `field_empty`, `field_too_long` at `good`; `stock_pieces` at `pieces`; not found.
pub async fn add_lot(
    house: &House,
    by: &Granted<HandleApplications>,
    round: RoundId,
    (good, pieces, best_before): (&str, u32, Option<NaiveDate>),
) -> Result<(), ActError> {
    let good = good.trim();
    let mut wrong = Vec::new();
    if good.is_empty() {
        wrong.push(Reason::at("good", "field_empty"));
    } else if good.chars().count() > GOOD {
        wrong.push(Reason::at("good", "field_too_long").with("most", GOOD));
    }
    if !(1..=MOST_PIECES).contains(&pieces) {
        wrong.push(Reason::at("pieces", "stock_pieces"));
    }
    if !wrong.is_empty() {
        return Err(ActError::Refused(wrong));
    }
    let mut tx = house.org(by.org()).write().await?;
    tx.lock_round(round).await?;
    let shelf = tx.parcel_shelf(round).await?;
    let no = shelf.last().map_or(1, |it| it.lot.no.saturating_add(1));
    tx.add_parcel_lot(round, &Lot { no, good: good.to_owned(), pieces, best_before }).await?;
    Ok(tx.commit(&Act::named("add_lot", by.actor(), house.operation()).on("round", round)).await?)
}

/// Takes a lot off the shelf from which nothing is packed.
///
/// # Errors
/// `stock_in_parcels`; not found.
pub async fn drop_lot(
    house: &House,
    by: &Granted<HandleApplications>,
    round: RoundId,
    lot: u16,
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    tx.lock_round(round).await?;
    if !tx.drop_parcel_lot(round, lot).await? {
        tx.undo().await?;
        return Err(ActError::refused("stock_in_parcels"));
    }
    Ok(tx.commit(&Act::named("drop_lot", by.actor(), house.operation()).on("round", round)).await?)
}
