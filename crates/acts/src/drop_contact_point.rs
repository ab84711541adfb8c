//! A resident takes out a way to reach them: an old school's address, a number that is somebody else's now. The last way
//! in stays, because without it nobody could open their page or stop anything. LINE is left by blocking the account and
//! replaced by linking another, so it is not taken out here. Sessions elsewhere end with it. Leaves adding to
//! `add_contact_point`, the office's news of a contact point to `keep_contact_point`.

use tsunagari_access::{Act, Resident};
use tsunagari_kernel::{ContactPointId, Timestamp};
use tsunagari_people::{Aspect, ContactKind, ContactPoint};

use crate::keep_contact_point::PointTold;
use crate::remember_change::{Change, remember};
use crate::{ActError, House};

/// Whether somebody can sign in by a contact point.
fn lets_in(point: &ContactPoint, now: Timestamp) -> bool {
    let way = match point.kind {
        ContactKind::Line | ContactKind::Email => true,
        ContactKind::Phone | ContactKind::Postal => false,
    };
    way && point.kept.contains(now) && point.verified_at.is_some_and(|verified| verified <= now)
}

/// Whether a resident may take out one of their contact points.
pub fn may_go(points: &[ContactPoint], it: &ContactPoint, now: Timestamp) -> bool {
    let other = points.iter().any(|point| point.id != it.id && lets_in(point, now));
    it.kind != ContactKind::Line && (other || !lets_in(it, now))
}

/// Takes it out.
///
/// # Errors
/// `contact_last_way_in`; not found (also LINE, and what was taken out already).
pub async fn drop_contact_point(house: &House, by: &Resident, contact: ContactPointId) -> Result<(), ActError> {
    let (now, operation, person) = (house.now(), house.operation(), by.person());
    let mut tx = house.org(by.org()).write().await?;
    // Two requests at once must not take out the last two ways in: the second reads what the first has left.
    tx.hold_contacts(person).await?;
    let points = tx.person_record(person).await?.contact_points;
    let takes_out = |it: &&ContactPoint| it.id == contact && it.kind != ContactKind::Line && it.kept.contains(now);
    let Some(point) = points.iter().find(takes_out) else {
        tx.undo().await?;
        return Err(ActError::NotFound);
    };
    if !may_go(&points, point, now) {
        tx.undo().await?;
        return Err(ActError::refused("contact_last_way_in"));
    }
    tx.remove_contact(person, contact, now).await?;
    // Whoever reads the old address may have signed in by it.
    tx.end_other_sessions_of_person(person, by.session(), house.real_clock.now()).await?;
    let told = PointTold { contact: point.kind, state: "removed", why: None };
    remember(&mut tx, operation, now, Change { person, what: Aspect::Contact, before: None, after: Some(&told) })
        .await?;
    let act = Act::named("drop_contact_point", by.actor(), operation).on("person", person).on("contact", contact);
    Ok(tx.commit(&act).await?)
}

#[cfg(test)]
mod tests {
    use tsunagari_kernel::Span;

    use super::*;

    fn point(n: u8, kind: ContactKind, verified: Option<i64>) -> ContactPoint {
        ContactPoint {
            id: ContactPointId(uuid::Uuid::from_u128(u128::from(n))),
            kind,
            provider: None,
            kept: Span::since(Timestamp::from_micros(0)),
            verified_at: verified.map(Timestamp::from_micros),
            working: Vec::new(),
            confirmed: Vec::new(),
        }
    }

    #[test]
    fn the_last_way_in_stays_and_line_is_not_taken_out_here() {
        let now = Timestamp::from_micros(10);
        let may = |points: &[ContactPoint]| may_go(points, &points[0], now);
        let [line, mail, listed, phone] = [
            point(1, ContactKind::Line, Some(1)),
            point(2, ContactKind::Email, Some(1)),
            point(3, ContactKind::Email, None),
            point(4, ContactKind::Phone, Some(1)),
        ];
        assert!(!may(std::slice::from_ref(&mail)));
        assert!(
            !may(&[mail.clone(), listed.clone(), phone.clone()]),
            "neither an unproven address nor a telephone lets in"
        );
        assert!(may(&[mail.clone(), line.clone()]));
        assert!(may(&[listed, mail.clone()]) && may(&[phone]));
        assert!(!may(&[line, mail]));
    }
}
