//! Whoever got a parcel answers by the code on its card, without signing in: a word to the town, sealed for whoever applied. It also says
//! that the parcel arrived. The card's address names nobody, and its page shows nothing about anybody.

use tsunagari_access::{Act, Machine};
use tsunagari_benefits::parcel::State;
use tsunagari_kernel::OrgId;

use crate::signed_token::read_card_token;
use crate::{ActError, House, Reason};

/// The most characters.
pub const WORDS: usize = 1_000;

/// Whose card it is.
///
/// # Errors
/// Not found for a card that is not genuine, or whose applicant is gone.
pub async fn look_at_card(house: &House, token: &str) -> Result<OrgId, ActError> {
    let (org, no) = read_card_token(house, token).await?.ok_or(ActError::NotFound)?;
    let mut reader = house.org(org).read().await?;
    let parcel = reader.parcel(no).await?;
    reader.application(parcel.application).await?.applicant.map(|_| org).ok_or(ActError::NotFound)
}

/// Keeps the answer, over an earlier one.
///
/// # Errors
/// `field_empty`, `field_too_long` at `words`; not found as in `look_at_card`.
pub async fn answer_parcel(house: &House, token: &str, words: &str) -> Result<OrgId, ActError> {
    let (org, no) = read_card_token(house, token).await?.ok_or(ActError::NotFound)?;
    let words = words.trim();
    if words.is_empty() {
        return Err(ActError::refused_at("words", "field_empty"));
    }
    if words.chars().count() > WORDS {
        return Err(ActError::Refused(vec![Reason::at("words", "field_too_long").with("most", WORDS)]));
    }
    let here = house.org(org);
    let mut reader = here.read().await?;
    let parcel = reader.parcel(no).await?;
    let person = reader.application(parcel.application).await?.applicant.ok_or(ActError::NotFound)?;
    drop(reader);
    let keys = here.make_person_keys(&[person]).await?;
    let mut tx = here.write().await?;
    tx.lock_round(parcel.round).await?;
    let parcel = tx.parcel(no).await?;
    tx.keep_parcel_word(no, (person, &keys), words, house.now()).await?;
    if let (State::HandedOver { .. }, Ok(arrived)) = (parcel.parcel.state(), parcel.parcel.deliver()) {
        tx.keep_parcel(&parcel, &arrived, parcel.given, house.now()).await?;
    }
    let by = Machine::working(org, "portal");
    let act = Act::named("answer_parcel", by.actor(), house.operation()).on("application", parcel.application);
    tx.commit(&act).await?;
    Ok(org)
}
