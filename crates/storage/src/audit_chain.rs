//! The chain of an organisation's audit record: rows are sealed in the order they were found, verified from the root,
//! and the last link of each day is signed. Leaves the hashing to access and when to seal to the binary.

use chrono::NaiveDate;
use tsunagari_access::audit::{self, ChainHash};
use tsunagari_access::{Act, ActCode, Actor, AuditEntry, OperationId};
use tsunagari_kernel::AuditId;
use uuid::Uuid;

use crate::args;
use crate::error::StorageError;
use crate::keyring::Key;
use crate::sql::Row;
use crate::store::{OrgStore, Reader};

/// How many rows one turn seals at most, so that the writer is not kept from others.
const AT_ONCE: i64 = 500;
/// How many rows are verified with one statement.
const STRETCH: i64 = 2_000;

/// What is wrong with a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainFault {
    /// This row's link is not the computed one: it or an earlier one was changed.
    Changed(AuditId),
    /// A row is missing before this number.
    Gap(i64),
    /// The signed last link of this day does not fit: rows after it were cut off or replaced.
    Head(NaiveDate),
}

/// A verified chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainStanding {
    /// Sealed rows.
    pub sealed: i64,
    /// Rows that still wait for sealing.
    pub unsealed: i64,
    /// The first fault, if any.
    pub fault: Option<ChainFault>,
}

#[derive(serde::Deserialize)]
struct Detail {
    actor: Actor,
    subjects: Vec<(ActCode, Uuid)>,
    counts: Vec<(ActCode, i64)>,
}

const COLUMNS: &str = "audit_id, at, act, operation_id, detail, seq, hash";

fn entry(reader: &Reader, row: &Row) -> Result<AuditEntry, StorageError> {
    let detail: Detail = row.json("detail")?;
    let code = row.text("act")?;
    Ok(AuditEntry {
        id: row.id("audit_id")?,
        org: reader.org(),
        at: row.instant("at")?,
        act: Act {
            code: ActCode::parse(&code).ok_or(StorageError::Unreadable { column: "act".into(), value: code })?,
            actor: detail.actor,
            operation: OperationId(row.id("operation_id")?),
            subjects: detail.subjects,
            counts: detail.counts,
        },
    })
}

fn link(row: &Row, column: &str) -> Result<ChainHash, StorageError> {
    let bytes = row.bytes(column)?;
    bytes
        .try_into()
        .map(ChainHash)
        .map_err(|_| StorageError::Unreadable { column: column.into(), value: "no hash".into() })
}

impl Reader {
    /// How many rows wait for sealing.
    pub async fn unsealed_audit_rows(&mut self) -> Result<i64, StorageError> {
        self.count("SELECT count(*) AS n FROM audit WHERE org_id = $1 AND seq IS NULL", vec![]).await
    }

    async fn last_link(&mut self) -> Result<(i64, ChainHash), StorageError> {
        let sql = "SELECT seq, hash FROM audit WHERE org_id = $1 AND seq IS NOT NULL ORDER BY seq DESC LIMIT 1";
        match self.first(sql, vec![]).await? {
            Some(row) => Ok((row.int("seq")?, link(&row, "hash")?)),
            None => Ok((0, ChainHash::root(self.org()))),
        }
    }

    /// Whether something is sealed and no head of this day is signed.
    async fn lacks_head(&mut self, day: NaiveDate) -> Result<bool, StorageError> {
        let sql = "SELECT count(*) AS n FROM audit_head WHERE org_id = $1 AND day = $2";
        Ok(self.count(sql, args![day]).await? == 0 && self.last_link().await?.0 > 0)
    }

    /// Walks the whole chain and the signed heads.
    pub async fn verify_chain(&mut self, key: &Key) -> Result<ChainStanding, StorageError> {
        let unsealed = self.unsealed_audit_rows().await?;
        let mut heads = self.signed_heads(key).await?.into_iter().peekable();
        let (mut sealed, mut previous, mut fault) = (0, ChainHash::root(self.org()), None);
        loop {
            let sql = format!("SELECT {COLUMNS} FROM audit WHERE org_id = $1 AND seq > $2 ORDER BY seq LIMIT $3");
            let rows = self.rows(&sql, args![sealed, STRETCH]).await?;
            if rows.is_empty() || fault.is_some() {
                break;
            }
            for row in &rows {
                let stored = link(row, "hash")?;
                let entry = entry(self, row)?;
                if row.int("seq")? != sealed + 1 {
                    fault = fault.or(Some(ChainFault::Gap(sealed + 1)));
                }
                match audit::verify(previous, [(&entry, stored)]) {
                    Ok(next) => previous = next,
                    Err(id) => fault = fault.or(Some(ChainFault::Changed(id))),
                }
                sealed += 1;
                while let Some((day, _, signed)) = heads.next_if(|(_, seq, _)| *seq == sealed) {
                    if signed != Some(stored) {
                        fault = fault.or(Some(ChainFault::Head(day)));
                    }
                }
            }
        }
        // A head beyond the last row: the end of the record was cut off.
        if let Some((day, ..)) = heads.next() {
            fault = fault.or(Some(ChainFault::Head(day)));
        }
        Ok(ChainStanding { sealed, unsealed, fault })
    }

    /// Every signed head: day, number, and the link when its signature holds.
    async fn signed_heads(&mut self, key: &Key) -> Result<Vec<(NaiveDate, i64, Option<ChainHash>)>, StorageError> {
        let rows = self
            .rows("SELECT day, seq, hash, signature FROM audit_head WHERE org_id = $1 ORDER BY seq, day", vec![])
            .await?;
        let org = self.org();
        rows.iter()
            .map(|row| {
                let (day, seq, hash) = (row.date("day")?, row.int("seq")?, link(row, "hash")?);
                let holds = sign(key, &audit::daily_head(org, day, u64::try_from(seq).unwrap_or(0), hash))
                    == row.bytes("signature")?;
                Ok((day, seq, holds.then_some(hash)))
            })
            .collect()
    }
}

fn sign(key: &Key, head: &[u8]) -> Vec<u8> {
    key.lookup("audit-head", &hex::encode(head))
}

impl OrgStore {
    /// Seals waiting rows into the chain, oldest first; how many. The writer is not asked when nothing waits.
    ///
    /// # Errors
    /// Storage's; then nothing was sealed.
    pub async fn seal_some(&self) -> Result<usize, StorageError> {
        if self.read().await?.unsealed_audit_rows().await? == 0 {
            return Ok(0);
        }
        let mut tx = self.write().await?;
        // One sealer at a time: the organisation's row is the lock where the database has several writers.
        let lock = format!("SELECT org_id FROM organisation WHERE org_id = $1{}", tx.for_update());
        tx.rows(&lock, vec![]).await?;
        let (mut seq, mut previous) = tx.last_link().await?;
        let sql =
            format!("SELECT {COLUMNS} FROM audit WHERE org_id = $1 AND seq IS NULL ORDER BY at, audit_id LIMIT $2");
        let rows = tx.rows(&sql, args![AT_ONCE]).await?;
        for row in &rows {
            let entry = entry(&tx, row)?;
            let hash = audit::seal(previous, &entry);
            seq += 1;
            tx.exec(
                "UPDATE audit SET seq = $3, prev_hash = $4, hash = $5 WHERE org_id = $1 AND audit_id = $2",
                args![entry.id, seq, &previous.0[..], &hash.0[..]],
            )
            .await?;
            previous = hash;
        }
        tx.keep().await?;
        Ok(rows.len())
    }

    /// Signs the last link for a day that has none yet; `false` when it was signed before or nothing is sealed. The writer
    /// is not asked then.
    ///
    /// # Errors
    /// Storage's.
    pub async fn sign_head(&self, key: &Key, day: NaiveDate) -> Result<bool, StorageError> {
        if !self.read().await?.lacks_head(day).await? {
            return Ok(false);
        }
        let mut tx = self.write().await?;
        let lacks = tx.lacks_head(day).await?;
        let (seq, hash) = tx.last_link().await?;
        if !lacks {
            tx.undo().await?;
            return Ok(false);
        }
        let signature = sign(key, &audit::daily_head(self.id(), day, u64::try_from(seq).unwrap_or(0), hash));
        tx.exec(
            "INSERT INTO audit_head (org_id, day, seq, hash, signature) VALUES ($1, $2, $3, $4, $5)",
            args![day, seq, &hash.0[..], signature],
        )
        .await?;
        tx.keep().await?;
        Ok(true)
    }
}
