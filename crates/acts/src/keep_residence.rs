//! A person moves: the place they live in from a day on, until the next one known; what was open ends there. Or a stay entered by mistake is taken
//! out. Exact addresses are contact points, not residences.

use chrono::NaiveDate;
use tsunagari_access::permission::EditPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{PersonId, ResidenceId, country};
use tsunagari_people::residence::Place;
use tsunagari_people::{Aspect, Person, Residence, residence};

use crate::keep_person::read_beginning;
use crate::read_place::read_place;
use crate::remember_change::{Change, remember};
use crate::{ActError, House, Reason};

/// What the form brings, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StayGiven {
    /// A municipality or prefecture.
    pub place: String,
    /// Another country: its two-letter code.
    pub country: String,
    /// The first day; empty: today.
    pub from: String,
}

/// Where somebody lives: in Japan, or in another country, never both. Japan beside a place in it says nothing more.
fn place_of(given: &StayGiven) -> Result<Place, Reason> {
    let typed = given.country.trim();
    let abroad = country::read(typed);
    let place = read_place(&given.place)?;
    match (place, abroad.as_deref()) {
        (Some(_), _) if !typed.is_empty() && abroad.as_deref() != Some("JP") => {
            Err(Reason::at("country", "place_and_country"))
        }
        (Some(it), _) if it.code.is_prefecture() => Ok(Place::Prefecture(it.code)),
        (Some(it), _) => Ok(Place::Municipality(it.code)),
        (None, _) if typed.is_empty() => Err(Reason::at("place", "field_empty")),
        (None, Some("JP") | None) => Err(Reason::at("country", "country_unknown")),
        (None, Some(abroad)) => Ok(Place::Abroad(abroad.to_owned())),
    }
}

/// The stay a form means, or all that is wrong with it.
fn judged(given: &StayGiven, of: &Person, today: NaiveDate) -> Result<(Place, NaiveDate), ActError> {
    match (place_of(given), read_beginning("from", &given.from, of.birth_date, today)) {
        (Ok(place), Ok(day)) => Ok((place, day)),
        (Err(wrong), Err(ActError::Refused(more))) => {
            Err(ActError::Refused(std::iter::once(wrong).chain(more).collect()))
        }
        (Err(wrong), Ok(_)) => Err(ActError::Refused(vec![wrong])),
        (_, Err(refused)) => Err(refused),
    }
}

/// Keeps the place a person lives in from a day on. The place they live in already changes nothing.
///
/// # Errors
/// `field_empty`, `place_several`, `place_unknown`, `country_unknown`, `place_and_country`, `date_unreadable`, `day_to_come`, `before_birth`, `too_long_ago`; not found.
pub async fn keep_residence(
    house: &House,
    by: &Granted<EditPeople>,
    person: PersonId,
    given: &StayGiven,
) -> Result<ResidenceId, ActError> {
    let now = house.now();
    let operation = house.operation();
    let mut tx = house.org(by.org()).write().await?;
    let record = tx.person_record(person).await?;
    let (place, day) = match judged(given, &record.person, now.jst_date()) {
        Ok(stay) => stay,
        Err(refused) => {
            tx.undo().await?;
            return Err(refused);
        }
    };
    let before = residence::current(&record.residences, day);
    if let Some(there) = before.filter(|it| it.place == place) {
        let there = there.id;
        tx.undo().await?;
        return Ok(there);
    }
    let span = residence::lasting(&record.residences, day);
    let after = Residence { id: ResidenceId::born(&house.chance, now), place, span };
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
