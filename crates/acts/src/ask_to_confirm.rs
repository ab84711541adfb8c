//! The office asks the owner of an e-mail address that came from paper or a school's list to confirm it: a letter from the
//! town with a link that proves it. The letter names nobody, and the link alone opens nothing: a slip of the pen sends it to
//! a stranger (decision 14). Leaves opening the link to `confirm_address`, writing the letter to `jobs::send_letter`.

use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use tsunagari_access::permission::EditPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_i18n::Locale;
use tsunagari_kernel::{ContactPointId, OrgId, PersonId, Timestamp};
use tsunagari_people::{Aspect, ContactKind, ContactPoint};

use crate::begin_join::hex;
use crate::jobs::send_letter::{Letter, LetterKind, enqueue};
use crate::keep_contact_point::{PointTold, require_living};
use crate::remember_change::{Change, remember};
use crate::verify_email::{CONTEXT, Goal, PURPOSE, Payload, count_letter, keep_link, mail_works};
use crate::{ActError, House, Reason};

/// How long the link works (real time): nobody waits for this letter with their mailbox open.
pub const LIFE: TimeDelta = TimeDelta::days(7);
/// Letters to one address in a day, beside the limit on every letter.
const MOST_IN_A_DAY: i64 = 3;

/// Why no letter goes to a contact point; nothing where one may.
pub fn unfit(point: &ContactPoint, at: Timestamp) -> Option<&'static str> {
    if point.kind != ContactKind::Email {
        return Some("contact_not_email");
    }
    if !point.kept.contains(at) {
        return Some("contact_out_of_use");
    }
    if point.verified_at.is_some() {
        return Some("contact_proven_already");
    }
    // It came back, or was reported as unwanted: the office takes it out and enters the right one.
    let last = point.working.iter().filter(|it| it.span.from <= at).max_by_key(|it| it.span.from);
    last.is_some_and(|it| it.ended.is_some()).then_some("contact_out_of_use")
}

/// Sends the letter.
///
/// # Errors
/// `contact_not_email`, `contact_proven_already`, `contact_out_of_use`, `person_left`, `person_merged`, `no_mail_channel`,
/// `too_many_mails`, `too_many_confirmations`; not found.
pub async fn ask_to_confirm(
    house: &House,
    by: &Granted<EditPeople>,
    person: PersonId,
    contact: ContactPointId,
) -> Result<(), ActError> {
    let (now, operation) = (house.now(), house.operation());
    let here = house.org(by.org());
    let keys = here.person_keys(&[person]).await?;
    let mut reader = here.read().await?;
    let code = reader.organisation().await?.code;
    let seen = reader.person_record(person).await?;
    let point = seen.contact_points.iter().find(|it| it.id == contact).ok_or(ActError::NotFound)?;
    let address = reader.addresses(&keys, &[(person, contact)]).await?;
    drop(reader);
    require_living(&seen.person)?;
    if let Some(why) = unfit(point, now) {
        return Err(ActError::refused(why));
    }
    // Who has left is let in by nothing but joining again.
    if !seen.ties.iter().any(|tie| tie.span.contains(now.jst_date())) {
        return Err(ActError::refused("person_left"));
    }
    let email = address.first().map(|it| it.clear.to_string()).ok_or(ActError::NotFound)?;
    // Said to an officer, who can do something about it, otherwise than to a resident.
    mail_works(house, by.org()).await.map_err(|error| match error {
        ActError::Refused(_) => ActError::refused("no_mail_channel"),
        other => other,
    })?;
    count_day(house, by.org(), &email).await?;
    count_letter(house, by.org(), &email).await.map_err(ActError::of_no_field)?;
    let locale = Locale::parse(seen.person.locale.code()).unwrap_or_default();
    let mut tx = here.write().await?;
    // As it stands now: it may have been confirmed or taken out while the letters were counted.
    let held = tx.person_record(person).await?;
    let still = held.contact_points.iter().find(|it| it.id == contact);
    if held.person.merged_into.is_some() || still.is_none_or(|it| unfit(it, now).is_some()) {
        tx.undo().await?;
        return Err(ActError::Conflict);
    }
    let goal = Goal::Confirm { contact, protected: held.person.address_protected };
    let payload = Payload { email: email.clone(), goal };
    let token = keep_link(house, &mut tx, PURPOSE, CONTEXT, &payload, LIFE).await?;
    let link = format!("{}/p/{code}/mail/{token}?lang={}", house.origin, locale.code());
    let letter = Letter { to: email, kind: LetterKind::Confirm, locale: locale.code().to_owned(), link };
    enqueue(house, &mut tx, &letter, house.real_clock.now()).await?;
    let told = PointTold { contact: ContactKind::Email, state: "asked", why: None };
    remember(&mut tx, operation, now, Change { person, what: Aspect::Contact, before: None, after: Some(&told) })
        .await?;
    let act = Act::named("ask_to_confirm", by.actor(), operation).on("person", person).on("contact", contact);
    Ok(tx.commit(&act).await?)
}

async fn count_day(house: &House, org: OrgId, email: &str) -> Result<(), ActError> {
    let now = house.real_clock.now();
    let what = format!("confirm:{}", hex(&Sha256::digest(format!("{}|{email}", org.0))[..12]));
    if house.org(org).count_step(&what, now.minus(TimeDelta::days(1)), now).await? > MOST_IN_A_DAY {
        return Err(ActError::Refused(vec![Reason::of("too_many_confirmations").with("most", MOST_IN_A_DAY)]));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tsunagari_kernel::Span;
    use tsunagari_people::EndReason;
    use tsunagari_people::contact_point::Working;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn only_a_living_unproven_mail_address_is_written_to() {
        let at = |n| Timestamp::from_micros(n);
        let fit = ContactPoint {
            id: ContactPointId(Uuid::nil()),
            kind: ContactKind::Email,
            provider: None,
            kept: Span::since(at(1)),
            verified_at: None,
            working: Vec::new(),
            confirmed: Vec::new(),
        };
        assert_eq!(unfit(&fit, at(5)), None);
        for kind in [ContactKind::Line, ContactKind::Phone, ContactKind::Postal] {
            assert_eq!(unfit(&ContactPoint { kind, ..fit.clone() }, at(5)), Some("contact_not_email"));
        }
        let proven = ContactPoint { verified_at: Some(at(2)), ..fit.clone() };
        assert_eq!(unfit(&proven, at(5)), Some("contact_proven_already"));
        let gone = ContactPoint { kept: Span::between(at(1), at(3)), ..fit.clone() };
        assert_eq!(unfit(&gone, at(5)), Some("contact_out_of_use"));
        let bounced = Working { span: Span::between(at(2), at(2)), ended: Some(EndReason::HardBounce) };
        assert_eq!(unfit(&ContactPoint { working: vec![bounced], ..fit }, at(5)), Some("contact_out_of_use"));
    }
}
