//! A minor asks a guardian for consent: a link for handing over or a letter to the guardian's address. The address is
//! used for the letter only and kept nowhere else. Leaves consenting to `guardian_consents`.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tsunagari_access::{Act, Resident};
use tsunagari_i18n::Locale;
use tsunagari_kernel::{PersonId, Timestamp, contact};
use tsunagari_people::ContactKind;

use crate::begin_join::hex;
use crate::jobs::send_letter::{Letter, LetterKind, enqueue};
use crate::verify_email::{keep_link, mail_works};
use crate::{ActError, House, Reason};

/// How long a guardian's link works (real time).
pub const LIFE: TimeDelta = TimeDelta::days(14);
/// Letters and links asked for in an hour.
const MOST_IN_AN_HOUR: i64 = 10;
pub(crate) const PURPOSE: &str = "guardian_consent";
pub(crate) const CONTEXT: &[u8] = b"guardian_consent";

/// For whom the link is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Payload {
    pub(crate) ward: PersonId,
    /// When it was asked for, by the clock consents are dated by; a link from before this was kept is the oldest of all.
    #[serde(default)]
    pub(crate) asked_at: Timestamp,
}

/// Makes a link to hand over.
///
/// # Errors
/// `too_many_mails`; storage's.
pub async fn guardian_link(house: &House, by: &Resident) -> Result<String, ActError> {
    make(house, by, None).await
}

/// Sends the link to the guardian's address; never to one the child has shown to be its own.
///
/// # Errors
/// `not_email`, `address_empty`, `mail_not_working`, `guardian_own_address`, `too_many_mails`; storage's.
pub async fn ask_guardian(house: &House, by: &Resident, email: &str, locale: Locale) -> Result<(), ActError> {
    let email = contact::email(email).map_err(|error| ActError::refused_at("email", error.code()))?;
    mail_works(house, by.org()).await?;
    let known = house.org(by.org()).read().await?.persons_by_contact(ContactKind::Email, &email, None).await?;
    // Families share addresses: one the child has only been entered with may well be the guardian's.
    if known.iter().any(|it| it.person == by.person() && it.verified_at.is_some()) {
        return Err(ActError::refused_at("email", "guardian_own_address"));
    }
    make(house, by, Some((email, locale))).await.map(|_| ())
}

async fn make(house: &House, by: &Resident, letter: Option<(String, Locale)>) -> Result<String, ActError> {
    let now = house.real_clock.now();
    let here = house.org(by.org());
    let what = format!("guardian:{}", hex(&Sha256::digest(by.person().0.as_bytes())[..12]));
    if here.count_step(&what, now.minus(TimeDelta::hours(1)), now).await? > MOST_IN_AN_HOUR {
        return Err(ActError::Refused(vec![Reason::at("email", "too_many_mails").with("minutes", 60)]));
    }
    let code = here.read().await?.organisation().await?.code;
    let payload = Payload { ward: by.person(), asked_at: house.now() };
    let mut tx = here.write().await?;
    let token = keep_link(house, &mut tx, PURPOSE, CONTEXT, &payload, LIFE).await?;
    let link = format!("{}/p/{code}/guardian/{token}", house.origin);
    if let Some((to, locale)) = letter {
        let letter = Letter { to, kind: LetterKind::Guardian, locale: locale.code().to_owned(), link: link.clone() };
        enqueue(house, &mut tx, &letter, now).await?;
    }
    tx.commit(&Act::named("ask_guardian", by.actor(), house.operation()).on("person", by.person())).await?;
    Ok(link)
}
