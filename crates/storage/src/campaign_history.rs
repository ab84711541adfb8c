//! What became of messages that were sent before this installation knew them: deliveries settled in one statement, with
//! the clicks that followed. Only for entering a history; whoever gets what is still decided by `delivery`'s freezing.

use std::collections::HashSet;

use tsunagari_kernel::{CampaignId, LinkId, PersonId, Timestamp};

use crate::args;
use crate::error::StorageError;
use crate::sql::{Arg, placeholders};
use crate::store::{Reader, Tx};

impl Reader {
    /// To whom a campaign was sent, by id.
    pub async fn sent_to(&mut self, campaign: CampaignId) -> Result<Vec<PersonId>, StorageError> {
        let sql = "SELECT person_id FROM delivery WHERE org_id = $1 AND campaign_id = $2 AND state = 'sent' ORDER BY person_id";
        self.rows(sql, args![campaign]).await?.iter().map(|row| row.id("person_id")).collect()
    }
}

impl Tx {
    /// Everything that was frozen has arrived.
    pub async fn settle_past_deliveries(&mut self, campaign: CampaignId, at: Timestamp) -> Result<(), StorageError> {
        let sql =
            "UPDATE delivery SET state = 'sent', attempt = 1, settled_at = $3 WHERE org_id = $1 AND campaign_id = $2";
        self.exec(sql, args![campaign, at]).await?;
        Ok(())
    }

    /// To these it did not arrive, for a reason's code.
    pub async fn fail_past_deliveries(
        &mut self,
        campaign: CampaignId,
        persons: &[PersonId],
        reason: &str,
    ) -> Result<(), StorageError> {
        for chunk in persons.chunks(1_000) {
            let sql = format!(
                "UPDATE delivery SET state = 'failed', reason = $3 WHERE org_id = $1 AND campaign_id = $2 AND person_id IN {}",
                placeholders(4, chunk.len())
            );
            let mut bound = args![campaign, reason];
            bound.extend(chunk.iter().map(|person| Arg::from(*person)));
            self.exec(&sql, bound).await?;
        }
        Ok(())
    }

    /// Clicks on a campaign's links: link, when, who. A link sent to many over LINE at once does not tell who opened it.
    pub async fn add_past_clicks(
        &mut self,
        campaign: CampaignId,
        clicks: &[(i64, Timestamp, PersonId)],
    ) -> Result<(), StorageError> {
        let sql = "SELECT person_id FROM delivery WHERE org_id = $1 AND campaign_id = $2 AND channel = 'email'";
        let mailed: Result<HashSet<PersonId>, _> =
            self.rows(sql, args![campaign]).await?.iter().map(|row| row.id("person_id")).collect();
        let mailed = mailed?;
        let mut rows: Vec<Vec<Arg>> = Vec::with_capacity(clicks.len());
        for (link, at, person) in clicks {
            let who = mailed.contains(person).then_some(*person);
            rows.push(args![campaign, *link, *at, LinkId::born(&self.shared.chance, *at), who]);
        }
        let columns = ["campaign_id", "link_no", "at", "click_id", "person_id"];
        self.insert_many("message_click", &columns, rows, "").await
    }
}
