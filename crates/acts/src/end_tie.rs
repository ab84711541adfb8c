//! A tie ends on a day, with the reason. When it was the last one alive, the person is no longer reached.

use chrono::NaiveDate;
use tsunagari_access::permission::EndTies;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{PersonId, TieId};
use tsunagari_people::{Aspect, Tie, TieEnd};

use crate::keep_person::read_day;
use crate::remember_change::{Change, remember};
use crate::{ActError, House, Reason};

/// The last day as typed, when the tie may end on it. Asked before a page asks whether it shall end at all, too.
///
/// # Errors
/// `date_unreadable`, `tie_ends_before_it_began`, `day_to_come`, `tie_ended_already`, at `on`.
pub fn last_day(tie: &Tie, on: &str, today: NaiveDate) -> Result<NaiveDate, ActError> {
    let day = read_day("on", on).map_err(|reason| ActError::Refused(vec![reason]))?.unwrap_or(today);
    let wrong = if day > today {
        Some("day_to_come")
    } else if day < tie.span.from {
        Some("tie_ends_before_it_began")
    } else if tie.span.until.is_some_and(|ended| ended <= after(day)) {
        Some("tie_ended_already")
    } else {
        None
    };
    wrong.map_or(Ok(day), |code| Err(ActError::Refused(vec![Reason::at("on", code)])))
}

/// A span ends with the first day after the last one.
fn after(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}

/// Ends a tie; `on` is the last day as typed (empty: today is the last).
///
/// # Errors
/// `date_unreadable`, `tie_ends_before_it_began`, `day_to_come`, `tie_ended_already`; not found.
pub async fn end_tie(
    house: &House,
    by: &Granted<EndTies>,
    person: PersonId,
    tie: TieId,
    on: &str,
    why: TieEnd,
) -> Result<(), ActError> {
    let now = house.now();
    let today = now.jst_date();
    let operation = house.operation();
    let mut tx = house.org(by.org()).write().await?;
    let record = tx.person_record(person).await?;
    let before = record.ties.iter().find(|it| it.id == tie).cloned().ok_or(ActError::NotFound)?;
    let until = match last_day(&before, on, today) {
        Ok(day) => after(day),
        Err(refused) => {
            tx.undo().await?;
            return Err(refused);
        }
    };
    tx.end_tie(person, tie, until, why).await?;
    let ended =
        Tie { span: tsunagari_kernel::Span::between(before.span.from, until), ended: Some(why), ..before.clone() };
    let change = Change { person, what: Aspect::Tie, before: Some(&before), after: Some(&ended) };
    remember(&mut tx, operation, now, change).await?;
    tx.commit(&Act::named("end_tie", by.actor(), operation).on("person", person).on("tie", tie)).await?;
    Ok(())
}
