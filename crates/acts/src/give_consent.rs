//! A resident agrees to a purpose, with the wording in use now. Under the set age it waits for a guardian's consent,
//! which reach sees by itself. Leaves the guardian's to `guardian_consents`.

use tsunagari_access::{Act, Resident};
use tsunagari_kernel::{ConsentId, Moment, Span};
use tsunagari_people::{Consent, GivenBy, Purpose};

use crate::{ActError, House};

/// Gives consent to a purpose.
///
/// # Errors
/// `NotFound` for a purpose without a wording; storage's.
pub async fn give_consent(house: &House, by: &Resident, purpose: &str) -> Result<(), ActError> {
    let at = Moment::now(&*house.clock);
    let mut tx = house.org(by.org()).write().await?;
    let wording = tx.wordings_in_use(at.instant).await?.into_iter().find(|wording| wording.purpose == purpose);
    let Some(wording) = wording else {
        tx.undo().await?;
        return Err(ActError::NotFound);
    };
    let consent = Consent {
        id: ConsentId::born(&house.chance, at.instant),
        purpose: Purpose::of(purpose),
        wording_version: u32::try_from(wording.version).unwrap_or_default(),
        given_by: GivenBy::Myself,
        span: Span::since(at.instant),
        ended: None,
    };
    tx.give_consent(by.person(), &consent, "portal").await?;
    Ok(tx.commit(&Act::named("give_consent", by.actor(), house.operation()).on("person", by.person())).await?)
}
