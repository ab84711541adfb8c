//! A database that was restored: the mark that says of which backup, until what follows from it was done, and what is done
//! to rows whose fate since then is not known in it. Leaves deciding what follows to acts. The mark of an embedded database
//! lies in its file and goes with it wherever it is copied; a database of a server carries none.

use tsunagari_kernel::{CampaignId, Timestamp};
use tsunagari_outreach::dispatch::UnknownReason;

use crate::args;
use crate::dialect::{Location, Owner};
use crate::error::StorageError;
use crate::sql::{Arg, placeholders};
use crate::store::{Store, Tx};

/// The mark counts minutes, because its place holds 31 bits.
const MINUTE: i64 = 60_000_000;

/// Marks a restored file with the moment its backup was made.
///
/// # Errors
/// It cannot be written.
pub async fn mark_restored(file: &std::path::Path, of: Timestamp) -> Result<(), StorageError> {
    let mut owner = Owner::connect(&Location::File(file.to_owned())).await?;
    owner.conn().script(&format!("PRAGMA user_version = {}", (of.micros() / MINUTE).max(1))).await?;
    owner.close().await
}

impl Store {
    /// When the backup was made that this database was restored from, to the minute, while nothing was done about it.
    ///
    /// # Errors
    /// Storage's.
    pub async fn restored_of(&self) -> Result<Option<Timestamp>, StorageError> {
        let minutes = self.mark().await?;
        Ok((minutes > 0).then(|| Timestamp::from_micros(minutes * MINUTE)))
    }

    /// Takes the mark away: everything that follows was done.
    ///
    /// # Errors
    /// Storage's.
    pub async fn restored_is_settled(&self) -> Result<(), StorageError> {
        self.take_mark().await
    }
}

impl Tx {
    /// Requests of a campaign that had begun when the backup was made, and their deliveries: nobody here can say what became
    /// of them. How many deliveries.
    ///
    /// # Errors
    /// Storage's.
    pub async fn begun_is_unknown(
        &mut self,
        campaign: CampaignId,
        now: Timestamp,
        calendar: Timestamp,
    ) -> Result<u64, StorageError> {
        let sql = "UPDATE dispatch SET state = 'unknown', settled_at = $3, lease_until = NULL \
                   WHERE org_id = $1 AND campaign_id = $2 AND state IN ('sending', 'retry')";
        self.exec(sql, args![campaign, now]).await?;
        let sql = "UPDATE delivery SET state = 'unknown', reason = $3, settled_at = $4 \
                   WHERE org_id = $1 AND campaign_id = $2 AND state IN ('claimed', 'retry')";
        self.exec(sql, args![campaign, UnknownReason::Restored.code(), calendar]).await
    }

    /// Takes jobs of these kinds out of the queue, those put there before a moment when one is given. How many.
    ///
    /// # Errors
    /// Storage's.
    pub async fn drop_jobs(&mut self, kinds: &[&str], before: Option<Timestamp>) -> Result<u64, StorageError> {
        let sql = format!(
            "DELETE FROM job WHERE org_id = $1 AND state IN ('waiting', 'running') AND created_at < $2 AND kind IN {}",
            placeholders(3, kinds.len())
        );
        let mut bound = args![before.unwrap_or(Timestamp::from_micros(i64::MAX))];
        bound.extend(kinds.iter().map(|kind| Arg::from(*kind)));
        self.exec(&sql, bound).await
    }
}
