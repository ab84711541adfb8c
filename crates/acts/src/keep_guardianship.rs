//! Who may act for a minor: begun on evidence, ended by the office. It ends by itself on the eighteenth birthday (people
//! decides), so nothing here needs to. The guardian is an entry of their own, with a guardian's tie.

use tsunagari_access::permission::EditPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{GuardianshipId, PersonId, Span, TieId, age};
use tsunagari_people::{Aspect, Guardianship, Tie, TieKind};

use crate::remember_change::{Change, remember};
use crate::{ActError, House};

/// Records that `guardian` may act for `child` from today on; `evidence`: what proves it (paper slip, school's list).
///
/// # Errors
/// `guardian_is_child`, `guardian_is_minor`, `child_is_adult`, `guardian_there_already`; not found.
pub async fn begin_guardianship(
    house: &House,
    by: &Granted<EditPeople>,
    child: PersonId,
    guardian: PersonId,
    evidence: &str,
) -> Result<GuardianshipId, ActError> {
    let now = house.now();
    let today = now.jst_date();
    let operation = house.operation();
    let mut tx = house.org(by.org()).write().await?;
    let record = tx.person_record(child).await?;
    let other = tx.person_record(guardian).await?;
    let adult = record.person.birth_date.is_some_and(|birth| age::is_at_least(birth, age::ADULT, today));
    let there = record.guardianships.iter().any(|it| it.guardian == guardian && it.span.contains(today));
    let wrong = if child == guardian || other.guardianships.iter().any(|it| it.guardian == child) {
        Some("guardian_is_child")
    } else if other.person.is_known_minor(today) {
        Some("guardian_is_minor")
    } else if adult {
        Some("child_is_adult")
    } else if there {
        Some("guardian_there_already")
    } else {
        None
    };
    if let Some(code) = wrong {
        tx.undo().await?;
        return Err(ActError::refused_at("guardian", code));
    }
    let it = Guardianship { id: GuardianshipId::born(&house.chance, now), guardian, span: Span::since(today) };
    let evidence: String = evidence.trim().chars().take(200).collect();
    tx.begin_guardianship(child, &it, if evidence.is_empty() { "office" } else { &evidence }).await?;
    if !other.ties.iter().any(|tie| tie.span.contains(today)) {
        let tie =
            Tie { id: TieId::born(&house.chance, now), kind: TieKind::Guardian, span: Span::since(today), ended: None };
        tx.begin_tie(guardian, &tie).await?;
    }
    remember(
        &mut tx,
        operation,
        now,
        Change { person: child, what: Aspect::Guardianship, before: None, after: Some(&it) },
    )
    .await?;
    let act = Act::named("begin_guardianship", by.actor(), operation).on("person", child).on("person", guardian);
    tx.commit(&act).await?;
    Ok(it.id)
}

/// Ends a guardianship today.
///
/// # Errors
/// Not found.
pub async fn end_guardianship(
    house: &House,
    by: &Granted<EditPeople>,
    child: PersonId,
    id: GuardianshipId,
) -> Result<(), ActError> {
    let now = house.now();
    let today = now.jst_date();
    let operation = house.operation();
    let mut tx = house.org(by.org()).write().await?;
    let record = tx.person_record(child).await?;
    let before = record.guardianships.iter().find(|it| it.id == id).ok_or(ActError::NotFound)?;
    tx.end_guardianship(child, id, today).await?;
    let after = Guardianship { span: before.span.cut(today), ..before.clone() };
    let change = Change { person: child, what: Aspect::Guardianship, before: Some(before), after: Some(&after) };
    remember(&mut tx, operation, now, change).await?;
    let act = Act::named("end_guardianship", by.actor(), operation).on("person", child).on("person", before.guardian);
    tx.commit(&act).await?;
    Ok(())
}
