//! What an act changed about a person is kept before and after, beside the audit row of the same run. Leaves showing it to
//! the person's card.

use serde::Serialize;
use tsunagari_access::OperationId;
use tsunagari_kernel::{AuditId, PersonId, Timestamp};
use tsunagari_people::Aspect;
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
