//! The end an office gave to a tie was a mistake: the tie goes on as if it had not ended. What the person ended by
//! leaving stays ended: only they can join again. Leaves ending to `end_tie`.

use tsunagari_access::permission::EndTies;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{PersonId, Span, TieId};
use tsunagari_people::{Aspect, Tie, TieEnd};

use crate::remember_change::{Change, remember};
use crate::{ActError, House};

/// Whether the office may take this end back: it gave it.
pub fn may_take_back(tie: &Tie) -> bool {
    match tie.ended {
        Some(TieEnd::EndedByOffice | TieEnd::AsAsked | TieEnd::Mistake | TieEnd::Deceased) => tie.span.until.is_some(),
        Some(TieEnd::Left) | None => false,
    }
}

/// Takes the end back.
///
/// # Errors
/// `tie_end_not_ours`, `tie_there_already` when another of the kind began meanwhile; not found.
pub async fn take_back_tie_end(
    house: &House,
    by: &Granted<EndTies>,
    person: PersonId,
    tie: TieId,
) -> Result<(), ActError> {
    let now = house.now();
    let operation = house.operation();
    let mut tx = house.org(by.org()).write().await?;
    let record = tx.person_record(person).await?;
    let before = record.ties.iter().find(|it| it.id == tie).cloned().ok_or(ActError::NotFound)?;
    let after = Tie { span: Span::since(before.span.from), ended: None, ..before.clone() };
    let again = |it: &Tie| it.id != tie && it.kind == before.kind && it.span.overlaps(&after.span);
    let wrong = if !may_take_back(&before) {
        Some("tie_end_not_ours")
    } else if record.ties.iter().any(again) {
        Some("tie_there_already")
    } else {
        None
    };
    if let Some(code) = wrong {
        tx.undo().await?;
        return Err(ActError::refused(code));
    }
    tx.take_back_tie_end(person, tie).await?;
    let change = Change { person, what: Aspect::Tie, before: Some(&before), after: Some(&after) };
    remember(&mut tx, operation, now, change).await?;
    tx.commit(&Act::named("take_back_tie_end", by.actor(), operation).on("person", person).on("tie", tie)).await?;
    Ok(())
}
