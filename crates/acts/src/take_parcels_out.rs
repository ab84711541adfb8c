//! The packed parcels of a round leave the system as a list with addresses: for a carrier, or for whoever packs. On the record with
//! everybody it names before a byte is given out. Whoever has a protected address is not in it, whoever asks. Leaves the file to documents.

use std::collections::BTreeSet;

use tsunagari_access::permission::ExportLists;
use tsunagari_access::{Act, Granted};
use tsunagari_benefits::Shipping;
use tsunagari_benefits::shipment::Shipment;
use tsunagari_kernel::{PersonId, RoundId};
use tsunagari_storage::export::Export;
use tsunagari_storage::parcel::ParcelFilter;

use crate::prepare_parcels::parcels_given;
use crate::running_programme::running;
use crate::{ActError, House};

/// The parcels to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelsOut {
    /// How they are sent.
    pub shipping: Shipping,
    /// Each with where it goes to, by number.
    pub shipments: Vec<Shipment>,
    /// How many are left out, because the office hands them over itself.
    pub by_hand: usize,
}

/// Takes them out. `format` says as what, in the record of exports.
///
/// # Errors
/// `shipping_unset` before it is known when they leave and from where; `parcels_none_packed`; not found.
pub async fn take_parcels_out(
    house: &House,
    by: &Granted<ExportLists>,
    round: RoundId,
    format: &'static str,
) -> Result<ParcelsOut, ActError> {
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    let known = reader.round(round).await?.round;
    let running = running(house, &mut reader, known.programme, known.version_no).await?;
    let (shipping, _) = reader.round_shipping(round).await?;
    let Some(ships_on) = shipping.ships_on.filter(|_| shipping.from.faults().is_empty()) else {
        return Err(ActError::refused("shipping_unset"));
    };
    let filter = ParcelFilter { states: &["packed"], lot: None };
    let lines = reader.parcel_lines(round, filter, 0, i64::MAX).await?;
    drop(reader);
    let people: BTreeSet<PersonId> = lines.iter().filter(|it| !it.protected).filter_map(|it| it.applicant).collect();
    let people: Vec<PersonId> = people.into_iter().collect();
    if people.is_empty() {
        return Err(ActError::refused("parcels_none_packed"));
    }
    let id = house.chance.uuid_at(house.real_clock.now());
    let count = i64::try_from(people.len()).unwrap_or(i64::MAX);
    let query = serde_json::json!({ "round": round.to_string(), "format": format }).to_string();
    let export = Export { id, kind: "parcels".to_owned(), query, people: count, by: by.user(), at: house.now() };
    let mut tx = here.write().await?;
    tx.add_export(&export).await?;
    let act = Act::named("take_parcels_out", by.actor(), house.operation()).on("export", id);
    tx.commit(&act.on("round", round).counting("people", count)).await?;
    here.name_export_members(id, &people).await?;
    let keys = here.person_keys(&people).await?;
    let mut reader = here.read().await?;
    // Asked once more, so that a protection set a moment ago still holds.
    let lines = reader.parcel_lines(round, filter, 0, i64::MAX).await?;
    let (by_hand, sent): (Vec<_>, Vec<_>) = lines.into_iter().partition(|it| it.protected);
    let numbers: Vec<u32> = sent.iter().map(|it| it.parcel.no).collect();
    let addresses = reader.parcel_addresses(&numbers, &keys).await?;
    let goods = |no| {
        let named = parcels_given(&running).find(|(it, _)| *it == no).map(|(_, it)| it.name.clone());
        if shipping.goods.is_empty() { named.unwrap_or_default() } else { shipping.goods.clone() }
    };
    let shipment = |address: tsunagari_storage::parcel_paper::ParcelAddress| {
        let line = sent.iter().find(|it| it.parcel.no == address.parcel)?;
        Some(Shipment {
            reference: line.parcel.receipt().to_string(),
            to: address.to,
            goods: goods(line.parcel.benefit),
            ships_on,
            arrives_on: shipping.arrives_on,
            slot: String::new(),
            cool: shipping.cool,
        })
    };
    let shipments = addresses.into_iter().filter_map(shipment).collect();
    Ok(ParcelsOut { shipments, by_hand: by_hand.len(), shipping: shipping.clone() })
}
