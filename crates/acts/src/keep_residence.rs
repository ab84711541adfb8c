//! A person moves: the place they live in from a day on; what was open ends there. Or a stay entered by mistake is taken
//! out. Exact addresses are contact points, not residences.

use tsunagari_access::permission::EditPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{PersonId, ResidenceId, Span};
use tsunagari_people::residence::Place;
use tsunagari_people::{Aspect, Residence};

use crate::keep_person::read_beginning;
use crate::remember_change::{Change, remember};
use crate::{ActError, House};

/// Keeps the place a person lives in from a day on, as typed (empty: today). The place they live in already changes nothing.
///
/// # Errors
/// `date_unreadable`, `day_to_come`, `before_birth`, `too_long_ago`; not found.
pub async fn keep_residence(
    house: &House,
    by: &Granted<EditPeople>,
    person: PersonId,
    place: &Place,
    from: &str,
) -> Result<ResidenceId, ActError> {
    let now = house.now();
    let operation = house.operation();
    let mut tx = house.org(by.org()).write().await?;
    let record = tx.person_record(person).await?;
    let day = match read_beginning("from", from, record.person.birth_date, now.jst_date()) {
        Ok(day) => day,
        Err(refused) => {
            tx.undo().await?;
            return Err(refused);
        }
    };
    let before = tsunagari_people::residence::current(&record.residences, day);
    if let Some(there) = before.filter(|it| it.place == *place) {
        let there = there.id;
        tx.undo().await?;
        return Ok(there);
    }
    let after = Residence { id: ResidenceId::born(&house.chance, now), place: place.clone(), span: Span::since(day) };
    tx.move_to(person, &after).await?;
    remember(&mut tx, operation, now, Change { person, what: Aspect::Residence, before, after: Some(&after) }).await?;
    tx.commit(&Act::named("keep_residence", by.actor(), operation).on("person", person).on("residence", after.id))
        .await?;
    Ok(after.id)
}

/// Takes out a stay that was entered by mistake.
///
/// # Errors
/// Not found.
pub async fn remove_residence(
    house: &House,
    by: &Granted<EditPeople>,
    person: PersonId,
    id: ResidenceId,
) -> Result<(), ActError> {
    let now = house.now();
    let operation = house.operation();
    let mut tx = house.org(by.org()).write().await?;
    let record = tx.person_record(person).await?;
    let before = record.residences.iter().find(|it| it.id == id).ok_or(ActError::NotFound)?;
    tx.remove_residence(person, id).await?;
    remember(&mut tx, operation, now, Change { person, what: Aspect::Residence, before: Some(before), after: None })
        .await?;
    tx.commit(&Act::named("remove_residence", by.actor(), operation).on("person", person).on("residence", id)).await?;
    Ok(())
}
