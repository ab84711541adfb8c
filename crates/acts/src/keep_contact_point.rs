//! The office hears what became of a contact point: a letter came back, a number is out of use, it works again, it is the
//! wrong one. LINE says by itself who blocks it, so nothing is marked there. Leaves bounces and blocks to the machines.

use serde::Serialize;
use tsunagari_access::permission::EditPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{ContactPointId, PersonId};
use tsunagari_people::{Aspect, ContactKind, EndReason, Person};

use crate::remember_change::{Change, remember};
use crate::{ActError, House};

/// What is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointNews {
    /// Nothing arrives there any more.
    Broken(EndReason),
    /// The office has made sure that it works.
    Works,
    /// It is not the person's, or they do not want it kept.
    Removed,
}

/// The reasons the office may give for a kind.
pub const fn ends_of(kind: ContactKind) -> &'static [EndReason] {
    match kind {
        ContactKind::Line => &[],
        ContactKind::Email => &[EndReason::HardBounce, EndReason::Complaint],
        ContactKind::Phone => &[EndReason::HardBounce],
        ContactKind::Postal => &[EndReason::Returned],
    }
}

/// A change of a contact point as the person's history keeps it: never the address.
#[derive(Serialize)]
pub(crate) struct PointTold {
    pub contact: ContactKind,
    pub state: &'static str,
    pub why: Option<EndReason>,
}

/// Only a person not merged into another may be changed.
pub(crate) fn require_living(person: &Person) -> Result<(), ActError> {
    if person.merged_into.is_some() { Err(ActError::refused("person_merged")) } else { Ok(()) }
}

/// Keeps the news.
///
/// # Errors
/// `contact_is_line` for anything but removal of a LINE account, `contact_not_proven` when an e-mail address nobody has
/// proven is said to work, `choose_one` for a reason the kind does not have, `person_merged`; not found (also when it
/// was removed already).
pub async fn keep_contact_point(
    house: &House,
    by: &Granted<EditPeople>,
    person: PersonId,
    contact: ContactPointId,
    news: PointNews,
) -> Result<(), ActError> {
    let (now, operation) = (house.now(), house.operation());
    let mut tx = house.org(by.org()).write().await?;
    let record = tx.person_record(person).await?;
    let point = record
        .contact_points
        .iter()
        .find(|it| it.id == contact && it.kept.contains(now))
        .cloned()
        .ok_or(ActError::NotFound)?;
    let refusal = require_living(&record.person).err().or(match news {
        PointNews::Removed => None,
        PointNews::Broken(_) | PointNews::Works if point.kind == ContactKind::Line => {
            Some(ActError::refused_at("what", "contact_is_line"))
        }
        PointNews::Broken(why) if !ends_of(point.kind).contains(&why) => {
            Some(ActError::refused_at("what", "choose_one"))
        }
        PointNews::Works if point.verified_at.is_none() && point.kind == ContactKind::Email => {
            Some(ActError::refused_at("what", "contact_not_proven"))
        }
        PointNews::Broken(_) | PointNews::Works => None,
    });
    if let Some(refusal) = refusal {
        tx.undo().await?;
        return Err(refusal);
    }
    let told = match news {
        PointNews::Broken(why) => {
            tx.contact_fails(person, contact, now, why).await?;
            PointTold { contact: point.kind, state: "broken", why: Some(why) }
        }
        PointNews::Works => {
            tx.verify_contact(person, contact, now).await?;
            tx.confirm_contact(person, contact, now, "office").await?;
            tx.contact_works(person, contact, now).await?;
            PointTold { contact: point.kind, state: "works", why: None }
        }
        PointNews::Removed => {
            tx.remove_contact(person, contact, now).await?;
            PointTold { contact: point.kind, state: "removed", why: None }
        }
    };
    remember(&mut tx, operation, now, Change { person, what: Aspect::Contact, before: None, after: Some(&told) })
        .await?;
    let act = Act::named("keep_contact_point", by.actor(), operation).on("person", person).on("contact", contact);
    Ok(tx.commit(&act).await?)
}
