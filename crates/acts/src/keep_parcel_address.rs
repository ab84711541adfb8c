//! Whoever applied says where a parcel goes to, or the staff does for them, from paper or by telephone. It is sealed for the applicant,
//! and holds for one sending: what came back is asked about again. Once it is packed its label may be printed, and nothing changes any
//! more. Leaves asking to `ask_parcel_addresses`.

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Actor, Granted, Resident};
use tsunagari_benefits::Place;
use tsunagari_kernel::{OrgId, PersonId};
use tsunagari_storage::parcel_paper::{ParcelAddress, SaidBy};

use crate::{ActError, House, Reason};

/// Who says it.
struct Says<'a> {
    org: OrgId,
    /// For whom it must be, where it is the applicant.
    person: Option<PersonId>,
    actor: Actor,
    said_by: SaidBy,
    to: &'a Place,
}

/// The applicant says where their parcel goes to, or that what is on record holds.
///
/// # Errors
/// `field_empty`, `place_too_long`, `address_…`, `not_phone`, `not_postal_code` at their fields; `parcel_packed_already`; not found, also
/// for somebody else's.
pub async fn keep_my_parcel_address(house: &House, by: &Resident, no: u32, to: &Place) -> Result<(), ActError> {
    let (person, actor) = (Some(by.person()), by.actor());
    keep(house, no, Says { org: by.org(), person, actor, said_by: SaidBy::Applicant, to }).await
}

/// The staff says it for them.
///
/// # Errors
/// As `keep_my_parcel_address`; `parcel_by_hand` where an address is protected.
pub async fn keep_parcel_address(
    house: &House,
    by: &Granted<HandleApplications>,
    no: u32,
    to: &Place,
) -> Result<(), ActError> {
    keep(house, no, Says { org: by.org(), person: None, actor: by.actor(), said_by: SaidBy::Staff, to }).await
}

async fn keep(house: &House, no: u32, says: Says<'_>) -> Result<(), ActError> {
    let to = says.to.clone().tidied();
    let wrong: Vec<Reason> = to.faults().into_iter().map(|(field, code)| Reason::at(field, code)).collect();
    if !wrong.is_empty() {
        return Err(ActError::Refused(wrong));
    }
    let here = house.org(says.org);
    let mut reader = here.read().await?;
    let known = reader.parcel(no).await?;
    let applicant = reader.application(known.application).await?.applicant.ok_or(ActError::NotFound)?;
    drop(reader);
    if says.person.is_some_and(|it| it != applicant) {
        return Err(ActError::NotFound);
    }
    let keys = here.make_person_keys(&[applicant]).await?;
    let mut tx = here.write().await?;
    tx.lock_round(known.round).await?;
    let parcel = tx.parcel(no).await?;
    let application = tx.application(parcel.application).await?;
    let about: Vec<PersonId> = application.applicant.into_iter().chain(application.beneficiary).collect();
    let refused = if application.applicant != Some(applicant) {
        Some(ActError::Conflict)
    } else if !parcel.parcel.takes_address() {
        Some(ActError::refused("parcel_packed_already"))
    } else if !tx.protected_among(&about).await?.is_empty() {
        Some(ActError::refused("parcel_by_hand"))
    } else {
        None
    };
    if let Some(refused) = refused {
        tx.undo().await?;
        return Err(refused);
    }
    let confirmed = Some(house.now());
    let it = ParcelAddress { parcel: no, person: applicant, to, said_by: says.said_by, confirmed };
    tx.keep_parcel_address(&it, &keys).await?;
    let act = Act::named("keep_parcel_address", says.actor, house.operation()).on("application", application.id);
    Ok(tx.commit(&act.on("person", applicant)).await?)
}
