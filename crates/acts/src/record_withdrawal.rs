//! The office is told that somebody withdraws a consent. It holds from the commit on, and is acknowledged when requests
//! under way that name the person have ended. Leaves the person's own withdrawal to `withdraw_consent`.

use tsunagari_access::permission::EditPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::PersonId;
use tsunagari_people::consent::ConsentEnd;
use tsunagari_people::{Aspect, Purpose};

use crate::record_consent::ConsentTold;
use crate::remember_change::{Change, remember};
use crate::withdraw_consent::wait_for_requests;
use crate::{ActError, House};

/// Withdraws every open consent to a purpose because the office was told so.
///
/// # Errors
/// `consent_not_in_force` when there is none; not found.
pub async fn record_withdrawal(
    house: &House,
    by: &Granted<EditPeople>,
    person: PersonId,
    purpose: &str,
) -> Result<(), ActError> {
    let (now, operation) = (house.now(), house.operation());
    let mut tx = house.org(by.org()).write().await?;
    tx.person(person).await?;
    let ended = tx.withdraw_consent(person, &Purpose::of(purpose), now, ConsentEnd::WithdrawnByOffice).await?;
    if ended == 0 {
        tx.undo().await?;
        return Err(ActError::refused("consent_not_in_force"));
    }
    let told = ConsentTold {
        purpose: purpose.to_owned(),
        wording_version: None,
        given_by: None,
        state: "withdrawn",
        from: now.jst_date(),
    };
    remember(&mut tx, operation, now, Change { person, what: Aspect::Consent, before: None, after: Some(&told) })
        .await?;
    let act = Act::named("record_withdrawal", by.actor(), operation).on("person", person);
    tx.commit(&act.counting("consents", i64::try_from(ended).unwrap_or(i64::MAX))).await?;
    wait_for_requests(house, by.org(), &[person]).await
}
