//! The audit record: rows appended with each act, sealed into the organisation's chain by the sealer.

use tsunagari_access::{Act, Actor, AuditEntry};
use tsunagari_kernel::AuditId;

use crate::args;
use crate::error::StorageError;
use crate::store::Tx;

/// Appends the act of a transaction: one row, and one look-up row per subject beyond the first stands in `detail`.
pub(crate) async fn append(tx: &mut Tx, act: &Act) -> Result<(), StorageError> {
    tracing::debug!(org = %tx.org(), act = act.code.as_str(), operation = %act.operation.0, "act");
    let now = tx.shared.clock.now();
    let id = AuditId::born(&tx.shared.chance, now);
    let entry = AuditEntry { id, org: tx.org(), at: now, act: act.clone() };
    let detail = serde_json::json!({
        "actor": entry.act.actor,
        "subjects": entry.act.subjects,
        "counts": entry.act.counts,
    })
    .to_string();
    let subject = entry.act.subjects.first();
    let actor: &Actor = &entry.act.actor;
    tx.exec(
        "INSERT INTO audit (org_id, audit_id, at, actor_kind, actor_id, act, operation_id, subject_kind, subject_id, detail) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            id,
            now,
            actor.kind(),
            actor.id(),
            act.code.as_str(),
            act.operation.0,
            subject.map(|(kind, _)| kind.as_str().to_owned()),
            subject.map(|(_, id)| *id),
            detail,
        ],
    )
    .await?;
    Ok(())
}
