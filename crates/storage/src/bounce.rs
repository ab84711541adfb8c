//! What a mail that came back changes in the rows of messages: a delivery that counted as sent has failed after all.
//! Leaves reading the mail to channels, ending the address to `contact`, and the decision to acts.

use tsunagari_kernel::{CampaignId, DispatchId, Timestamp};

use crate::args;
use crate::error::StorageError;
use crate::store::{Reader, Tx};

/// The reason of a delivery whose mailbox does not exist, told at once or later.
const NO_SUCH_MAILBOX: &str = "no_such_mailbox";

impl Reader {
    /// How many deliveries of a request have no outcome yet.
    pub async fn unsettled_of_dispatch(
        &mut self,
        campaign: CampaignId,
        dispatch: DispatchId,
    ) -> Result<i64, StorageError> {
        let sql = "SELECT count(*) AS n FROM delivery WHERE org_id = $1 AND campaign_id = $2 AND dispatch_id = $3 \
                   AND state IN ('claimed', 'retry')";
        self.count(sql, args![campaign, dispatch]).await
    }
}

impl Tx {
    /// A mail that had been accepted came back for good: its delivery failed, at this instant of the calendar.
    pub async fn delivery_came_back(
        &mut self,
        campaign: CampaignId,
        dispatch: DispatchId,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        let sql = "UPDATE delivery SET state = 'failed', reason = $4, settled_at = $5 WHERE org_id = $1 AND campaign_id = $2 \
                   AND dispatch_id = $3 AND state IN ('sent', 'unknown')";
        self.exec(sql, args![campaign, dispatch, NO_SUCH_MAILBOX, at]).await
    }
}
