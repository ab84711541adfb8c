//! The office enters what a person does besides school (works, or something else) from a day on, or takes out what was
//! entered by mistake. Leaves stays at schools to `keep_enrolment`, and what people tell themselves to `join`.

use tsunagari_access::permission::EditPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{OccupationId, PersonId};
use tsunagari_people::{Aspect, Occupation, OccupationKind, occupation};

use crate::keep_person::read_beginning;
use crate::remember_change::{Change, remember};
use crate::{ActError, House};

/// Keeps what a person does from a day on, as typed (empty: today): what was open ends there, and it lasts until what is
/// known to begin later. What they do already changes nothing.
///
/// # Errors
/// `date_unreadable`, `day_to_come`, `before_birth`, `too_long_ago`; not found.
pub async fn keep_occupation(
    house: &House,
    by: &Granted<EditPeople>,
    person: PersonId,
    kind: OccupationKind,
    from: &str,
) -> Result<OccupationId, ActError> {
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
    let before = occupation::current(&record.occupations, day);
    if let Some(there) = before.filter(|it| it.kind == kind) {
        let there = there.id;
        tx.undo().await?;
        return Ok(there);
    }
    let span = occupation::lasting(&record.occupations, day);
    let after = Occupation { id: OccupationId::born(&house.chance, now), kind, span };
    tx.end_occupations(person, day).await?;
    tx.add_occupation(person, &after).await?;
    remember(&mut tx, operation, now, Change { person, what: Aspect::Occupation, before, after: Some(&after) }).await?;
    let act = Act::named("keep_occupation", by.actor(), operation);
    tx.commit(&act.on("person", person).on("occupation", after.id)).await?;
    Ok(after.id)
}

/// Takes out what was entered by mistake.
///
/// # Errors
/// Not found.
pub async fn remove_occupation(
    house: &House,
    by: &Granted<EditPeople>,
    person: PersonId,
    id: OccupationId,
) -> Result<(), ActError> {
    let now = house.now();
    let operation = house.operation();
    let mut tx = house.org(by.org()).write().await?;
    let record = tx.person_record(person).await?;
    let before = record.occupations.iter().find(|it| it.id == id).ok_or(ActError::NotFound)?;
    tx.remove_occupation(person, id).await?;
    let change = Change { person, what: Aspect::Occupation, before: Some(before), after: None };
    remember(&mut tx, operation, now, change).await?;
    let act = Act::named("remove_occupation", by.actor(), operation);
    tx.commit(&act.on("person", person).on("occupation", id)).await?;
    Ok(())
}
