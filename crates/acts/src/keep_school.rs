//! A school is added or put right: its name, kind, usual course, place. Stays there are called as it is from then on; their
//! years and kinds stay as they were entered. Leaves taking one away to `remove_school`.

use tsunagari_access::permission::ManageSettings;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{SchoolId, names};
use tsunagari_people::{School, SchoolKind};

use crate::add_staff::name_faults;
use crate::read_place::read_place;
use crate::{ActError, House, Reason};

/// What the form brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolGiven {
    /// Its name as written.
    pub name: String,
    /// Its kind.
    pub kind: SchoolKind,
    /// Where it is, as typed; empty when not known.
    pub place: String,
    /// Years of its usual course.
    pub years: i64,
}

/// Adds a school (`None`) or changes one. One saved as it was leaves no trace.
///
/// # Errors
/// Reasons at `name`, `years` and `place`; not found.
pub async fn keep_school(
    house: &House,
    by: &Granted<ManageSettings>,
    id: Option<SchoolId>,
    given: &SchoolGiven,
) -> Result<SchoolId, ActError> {
    let mut wrong = name_faults(&given.name);
    let years = u8::try_from(given.years).ok().filter(|years| (1..=9).contains(years));
    if years.is_none() {
        wrong.push(Reason::at("years", "number_out_of_range").with("least", 1).with("most", 9));
    }
    let municipality = read_place(&given.place).unwrap_or_else(|reason| {
        wrong.push(reason);
        None
    });
    let Some(years) = years.filter(|_| wrong.is_empty()) else { return Err(ActError::Refused(wrong)) };
    let name = names::tidy(&given.name);
    let mut tx = house.org(by.org()).write().await?;
    let before = match id {
        Some(id) => Some(tx.school(id).await?),
        None => None,
    };
    if tx.school_by_name(&name).await?.is_some_and(|known| Some(known.id) != id) {
        tx.undo().await?;
        return Err(ActError::refused_at("name", "name_taken"));
    }
    let id = id.unwrap_or_else(|| SchoolId::born(&house.chance, house.now()));
    let after = School { id, name, kind: given.kind, municipality: municipality.map(|it| it.code), years };
    match before {
        Some(before) if before == after => {
            tx.undo().await?;
            return Ok(id);
        }
        Some(_) => tx.keep_school(&after).await?,
        None => tx.add_school(&after).await?,
    }
    tx.commit(&Act::named("keep_school", by.actor(), house.operation()).on("school", id)).await?;
    Ok(id)
}
