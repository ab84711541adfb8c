//! The office records what came of it for somebody: what, since when, and what shows it; once for each kind. A mistake is annulled and may be
//! recorded anew. Leaves counting to indicators.

use tsunagari_access::permission::EditPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{OutcomeId, PersonId};
use tsunagari_people::{Aspect, Outcome, OutcomeKind};

use crate::keep_person::read_beginning;
use crate::remember_change::{Change, remember};
use crate::{ActError, House, Reason};

/// The most characters of what shows it.
const EVIDENCE: usize = 300;

/// What is typed.
#[derive(Debug, Clone, Copy)]
pub struct OutcomeGiven<'a> {
    /// What it is.
    pub kind: OutcomeKind,
    /// Since when, as typed; empty is today.
    pub on: &'a str,
    /// What shows it.
    pub evidence: &'a str,
}

/// Records it.
///
/// # Errors
/// `date_unreadable`, `day_to_come`, `before_birth`, `too_long_ago` at `on`; `field_empty`, `field_too_long` at `evidence`;
/// `outcome_recorded_already` at `kind`; not found.
pub async fn record_outcome(
    house: &House,
    by: &Granted<EditPeople>,
    person: PersonId,
    given: OutcomeGiven<'_>,
) -> Result<OutcomeId, ActError> {
    let evidence = given.evidence.trim();
    if evidence.is_empty() {
        return Err(ActError::refused_at("evidence", "field_empty"));
    }
    if evidence.chars().count() > EVIDENCE {
        return Err(ActError::Refused(vec![Reason::at("evidence", "field_too_long").with("most", EVIDENCE)]));
    }
    let (now, operation) = (house.now(), house.operation());
    let mut tx = house.org(by.org()).write().await?;
    tx.lock_persons(&[person]).await?;
    let record = tx.person_record(person).await?;
    let on = match read_beginning("on", given.on, record.person.birth_date, now.jst_date()) {
        Ok(_) if record.outcomes.iter().any(|it| it.kind == given.kind) => {
            Err(ActError::refused_at("kind", "outcome_recorded_already"))
        }
        read => read,
    };
    let on = match on {
        Ok(on) => on,
        Err(refused) => {
            tx.undo().await?;
            return Err(refused);
        }
    };
    let id = OutcomeId::born(&house.chance, now);
    let after = Outcome { id, kind: given.kind, on, evidence: evidence.to_owned() };
    tx.add_outcome(person, &after, by.user(), now).await?;
    remember(&mut tx, operation, now, Change { person, what: Aspect::Outcome, before: None, after: Some(&after) })
        .await?;
    tx.commit(&Act::named("record_outcome", by.actor(), operation).on("person", person).on("outcome", id)).await?;
    Ok(id)
}

/// Annuls what was recorded by mistake.
///
/// # Errors
/// Not found, also once it was annulled.
pub async fn annul_outcome(
    house: &House,
    by: &Granted<EditPeople>,
    person: PersonId,
    id: OutcomeId,
) -> Result<(), ActError> {
    let (now, operation) = (house.now(), house.operation());
    let mut tx = house.org(by.org()).write().await?;
    tx.lock_persons(&[person]).await?;
    let record = tx.person_record(person).await?;
    let Some(before) = record.outcomes.iter().find(|it| it.id == id) else {
        tx.undo().await?;
        return Err(ActError::NotFound);
    };
    tx.annul_outcome(person, id, now).await?;
    remember(&mut tx, operation, now, Change { person, what: Aspect::Outcome, before: Some(before), after: None })
        .await?;
    Ok(tx.commit(&Act::named("annul_outcome", by.actor(), operation).on("person", person).on("outcome", id)).await?)
}
