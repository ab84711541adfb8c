//! From which account the organisation pays. Leaves what belongs to it to benefits.

use tsunagari_benefits::Payer;
use tsunagari_kernel::Timestamp;

use crate::args;
use crate::error::StorageError;
use crate::store::{Reader, Tx};

impl Reader {
    /// The account, and its version; nothing and 0 before anybody said so.
    pub async fn payer(&mut self) -> Result<(Option<Payer>, i64), StorageError> {
        match self.first("SELECT plan, version FROM payer WHERE org_id = $1", args![]).await? {
            Some(row) => Ok((Some(row.json("plan")?), row.int("version")?)),
            None => Ok((None, 0)),
        }
    }
}

impl Tx {
    /// Keeps it.
    ///
    /// # Errors
    /// `Conflict`: somebody changed it since.
    pub async fn keep_payer(&mut self, seen: i64, it: &Payer, at: Timestamp) -> Result<(), StorageError> {
        let plan = serde_json::to_string(it).map_err(|error| StorageError::Broken(error.to_string()))?;
        if self.payer().await?.1 != seen {
            return Err(StorageError::Conflict("payer"));
        }
        self.exec("DELETE FROM payer WHERE org_id = $1", args![]).await?;
        self.insert_many("payer", &["plan", "version", "changed_at"], vec![args![plan, seen + 1, at]], "").await
    }
}
