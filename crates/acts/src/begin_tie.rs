//! A person gets a tie to the organisation, from a day on.

use tsunagari_access::permission::EditPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{PersonId, Span, TieId};
use tsunagari_people::{Aspect, Tie, TieKind};

use crate::keep_person::read_beginning;
use crate::remember_change::{Change, remember};
use crate::{ActError, House};

/// Begins a tie on a day as typed (empty: today).
///
/// # Errors
/// `date_unreadable`, `day_to_come`, `before_birth`, `too_long_ago`, `tie_there_already`; not found.
pub async fn begin_tie(
    house: &House,
    by: &Granted<EditPeople>,
    person: PersonId,
    kind: TieKind,
    from: &str,
) -> Result<TieId, ActError> {
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
    let span = Span::since(day);
    if record.ties.iter().any(|it| it.kind == kind && it.span.overlaps(&span)) {
        tx.undo().await?;
        return Err(ActError::refused_at("kind", "tie_there_already"));
    }
    let tie = Tie { id: TieId::born(&house.chance, now), kind, span, ended: None };
    tx.begin_tie(person, &tie).await?;
    remember(&mut tx, operation, now, Change { person, what: Aspect::Tie, before: None, after: Some(&tie) }).await?;
    tx.commit(&Act::named("begin_tie", by.actor(), operation).on("person", person).on("tie", tie.id)).await?;
    Ok(tie.id)
}
