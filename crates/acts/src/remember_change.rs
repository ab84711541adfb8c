//! What an act changed about a person is kept before and after, beside the audit row of the same run. Consents, contact
//! points and interests carry the instants of their own changes and need no line here. Leaves showing it to the person's card.

use serde::Serialize;
use tsunagari_access::OperationId;
use tsunagari_kernel::{AuditId, PersonId, Timestamp};
use tsunagari_people::{Aspect, PersonRecord};
use tsunagari_storage::Tx;
use tsunagari_storage::person::HistoryEntry;

use crate::ActError;

/// One change of one aspect.
pub(crate) struct Change<'c, T> {
    /// Whose.
    pub person: PersonId,
    /// The aspect.
    pub what: Aspect,
    /// Before, when there was anything.
    pub before: Option<&'c T>,
    /// After, when there is anything.
    pub after: Option<&'c T>,
}

/// Keeps a change.
pub(crate) async fn remember<T: Serialize>(
    tx: &mut Tx,
    operation: OperationId,
    at: Timestamp,
    it: Change<'_, T>,
) -> Result<(), ActError> {
    let text = |value: Option<&T>| {
        value.map(serde_json::to_string).transpose().map_err(|error| ActError::Broken(error.to_string()))
    };
    let entry = HistoryEntry {
        at,
        // The run's id: the audit row is written at the commit and carries it too.
        audit: AuditId::from(operation.0),
        what: it.what,
        before: text(it.before)?,
        after: text(it.after)?,
    };
    tx.add_person_history(it.person, &entry).await?;
    Ok(())
}

/// Keeps what differs between two readings of one person: the basics, ties, schools, homes, and what they do besides school.
/// The facts of one aspect that one act changed are one line.
pub(crate) async fn remember_difference(
    tx: &mut Tx,
    operation: OperationId,
    at: Timestamp,
    before: &PersonRecord,
    after: &PersonRecord,
) -> Result<(), ActError> {
    let person = after.person.id;
    if before.person != after.person {
        let change = Change { person, what: Aspect::Person, before: Some(&before.person), after: Some(&after.person) };
        remember(tx, operation, at, change).await?;
    }
    remember_facts(tx, (operation, at, person), Aspect::Tie, [&before.ties, &after.ties]).await?;
    remember_facts(tx, (operation, at, person), Aspect::Enrolment, [&before.enrolments, &after.enrolments]).await?;
    remember_facts(tx, (operation, at, person), Aspect::Residence, [&before.residences, &after.residences]).await?;
    remember_facts(tx, (operation, at, person), Aspect::Occupation, [&before.occupations, &after.occupations]).await
}

/// The facts of one aspect that stand on one side alone, or not as they stood.
async fn remember_facts<T: PartialEq + Serialize + Sync>(
    tx: &mut Tx,
    (operation, at, person): (OperationId, Timestamp, PersonId),
    what: Aspect,
    [before, after]: [&[T]; 2],
) -> Result<(), ActError> {
    let was: Vec<&T> = before.iter().filter(|it| !after.contains(it)).collect();
    let is: Vec<&T> = after.iter().filter(|it| !before.contains(it)).collect();
    if was.is_empty() && is.is_empty() {
        return Ok(());
    }
    let before = (!was.is_empty()).then_some(&was);
    let after = (!is.is_empty()).then_some(&is);
    remember(tx, operation, at, Change { person, what, before, after }).await
}
