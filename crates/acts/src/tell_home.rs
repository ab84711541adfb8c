//! A resident tells where they live now, where the town does not know it yet. Moving somebody whose home is known is the office's
//! (`keep_residence`), which sees what it is known from.

use tsunagari_access::{Act, Resident};
use tsunagari_kernel::ResidenceId;
use tsunagari_people::residence::Place;
use tsunagari_people::{Aspect, Residence, residence};

use crate::read_place::read_place;
use crate::remember_change::{Change, remember};
use crate::{ActError, House, Reason};

/// Keeps where they live from today on.
///
/// # Errors
/// `answer_missing`, `answer_not_a_place`, `home_known` (it is known already) at `place`.
pub async fn tell_home(house: &House, by: &Resident, place: &str) -> Result<(), ActError> {
    let (now, operation, person) = (house.now(), house.operation(), by.person());
    let place = match read_place(place) {
        Ok(Some(it)) if it.code.is_prefecture() => Place::Prefecture(it.code),
        Ok(Some(it)) => Place::Municipality(it.code),
        Ok(None) => return Err(ActError::refused_at("place", "answer_missing")),
        Err(_) => return Err(ActError::refused_at("place", "answer_not_a_place")),
    };
    let mut tx = house.org(by.org()).write().await?;
    tx.lock_persons(&[person]).await?;
    let record = tx.person_record(person).await?;
    let today = now.jst_date();
    if residence::current(&record.residences, today).is_some() {
        tx.undo().await?;
        return Err(ActError::Refused(vec![Reason::at("place", "home_known")]));
    }
    let span = residence::lasting(&record.residences, today);
    let after = Residence { id: ResidenceId::born(&house.chance, now), place, span };
    tx.move_to(person, &after).await?;
    let change = Change { person, what: Aspect::Residence, before: None, after: Some(&after) };
    remember(&mut tx, operation, now, change).await?;
    let act = Act::named("tell_home", by.actor(), operation).on("person", person);
    Ok(tx.commit(&act.on("residence", after.id)).await?)
}
