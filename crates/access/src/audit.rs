//! The audit record: entries of ids, codes and numbers only, sealed into one hash chain per organisation (trust.md 9).
//! Leaves storing, the sealing interval and signing of the daily head to storage and acts.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tsunagari_kernel::{AuditId, OrgId, Timestamp};
use uuid::Uuid;

use crate::actor::{Act, Actor};

/// A link of the chain: SHA-256 over the previous link and the entry's canonical bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ChainHash(pub [u8; 32]);

impl ChainHash {
    /// What the first entry of an organisation is chained to.
    pub fn root(org: OrgId) -> Self {
        Self(Sha256::new().chain_update(b"tsunagari-audit-root-1").chain_update(org.0.as_bytes()).finalize().into())
    }
}

/// One row of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditId,
    /// Whose record.
    pub org: OrgId,
    /// When it was committed.
    pub at: Timestamp,
    /// What was done by whom to what.
    pub act: Act,
}

impl AuditEntry {
    /// The bytes that are sealed: a version, then every field with its length before it (integers big-endian).
    pub fn canonical(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        field(&mut out, b"tsunagari-audit-1");
        field(&mut out, self.id.0.as_bytes());
        field(&mut out, self.org.0.as_bytes());
        field(&mut out, &self.at.micros().to_be_bytes());
        field(&mut out, self.act.code.as_str().as_bytes());
        field(&mut out, self.act.actor.kind().as_bytes());
        field(&mut out, self.act.actor.id().unwrap_or(Uuid::nil()).as_bytes());
        match &self.act.actor {
            Actor::Machine(job) => field(&mut out, job.as_str().as_bytes()),
            Actor::Guardian { ward, .. } => field(&mut out, ward.0.as_bytes()),
            Actor::User(_) | Actor::Resident(_) | Actor::Partner(_) => field(&mut out, b""),
        }
        field(&mut out, self.act.operation.0.as_bytes());
        field(&mut out, &(self.act.subjects.len() as u64).to_be_bytes());
        for (kind, id) in &self.act.subjects {
            field(&mut out, kind.as_str().as_bytes());
            field(&mut out, id.as_bytes());
        }
        field(&mut out, &(self.act.counts.len() as u64).to_be_bytes());
        for (what, n) in &self.act.counts {
            field(&mut out, what.as_str().as_bytes());
            field(&mut out, &n.to_be_bytes());
        }
        out
    }
}

fn field(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
    out.extend_from_slice(bytes);
}

/// The link an entry gets after the previous one.
pub fn seal(previous: ChainHash, entry: &AuditEntry) -> ChainHash {
    ChainHash(Sha256::new().chain_update(previous.0).chain_update(entry.canonical()).finalize().into())
}

/// Walks a stretch of the chain from the link before it; the last link.
///
/// # Errors
/// The id of the first entry whose stored link is not the computed one.
pub fn verify<'a>(
    from: ChainHash,
    stretch: impl IntoIterator<Item = (&'a AuditEntry, ChainHash)>,
) -> Result<ChainHash, AuditId> {
    stretch.into_iter().try_fold(from, |previous, (entry, stored)| {
        let computed = seal(previous, entry);
        if computed == stored { Ok(computed) } else { Err(entry.id) }
    })
}

/// What is signed at the end of a civil day in Japan: organisation, day, how many entries stand, the last link.
pub fn daily_head(org: OrgId, day: chrono::NaiveDate, entries: u64, last: ChainHash) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    field(&mut out, b"tsunagari-audit-head-1");
    field(&mut out, org.0.as_bytes());
    field(&mut out, day.to_string().as_bytes());
    field(&mut out, &entries.to_be_bytes());
    field(&mut out, &last.0);
    out
}
