//! The links of a campaign and the clicks on them. Link 0 is leaving through the unsubscribe address. Leaves the public
//! address and its signature to acts.

use tsunagari_kernel::{CampaignId, LinkId, PersonId, Timestamp};

use crate::args;
use crate::error::StorageError;
use crate::sql::Arg;
use crate::store::{Reader, Tx};

/// The number under which leaving is counted.
pub const UNSUBSCRIBED: i64 = 0;

impl Reader {
    /// The links of a campaign in order, from number 1.
    pub async fn message_links(&mut self, campaign: CampaignId) -> Result<Vec<(i64, String)>, StorageError> {
        let sql = "SELECT link_no, url FROM message_link WHERE org_id = $1 AND campaign_id = $2 ORDER BY link_no";
        self.rows(sql, args![campaign]).await?.iter().map(|row| Ok((row.int("link_no")?, row.text("url")?))).collect()
    }

    /// How often each link was used, link 0 (leaving) included.
    pub async fn clicks(&mut self, campaign: CampaignId) -> Result<Vec<(i64, i64)>, StorageError> {
        let sql = "SELECT link_no, count(*) AS n FROM message_click WHERE org_id = $1 AND campaign_id = $2 GROUP BY link_no ORDER BY link_no";
        self.rows(sql, args![campaign]).await?.iter().map(|row| Ok((row.int("link_no")?, row.int("n")?))).collect()
    }
}

impl Tx {
    /// Keeps the links of a campaign, in place of earlier ones.
    pub async fn keep_message_links(&mut self, campaign: CampaignId, urls: &[String]) -> Result<(), StorageError> {
        self.exec("DELETE FROM message_link WHERE org_id = $1 AND campaign_id = $2", args![campaign]).await?;
        let rows: Vec<Vec<Arg>> = (1_i64..).zip(urls).map(|(no, url)| args![campaign, no, url.as_str()]).collect();
        self.insert_many("message_link", &["campaign_id", "link_no", "url"], rows, "").await
    }

    /// Counts a click.
    pub async fn add_click(
        &mut self,
        campaign: CampaignId,
        link: i64,
        person: Option<PersonId>,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let id = LinkId::born(&self.shared.chance, now);
        self.exec(
            "INSERT INTO message_click (org_id, campaign_id, link_no, at, click_id, person_id) VALUES ($1, $2, $3, $4, $5, $6)",
            args![campaign, link, now, id, person],
        )
        .await?;
        Ok(())
    }

    /// Counts that a person left through a campaign, once.
    pub async fn note_unsubscribed(
        &mut self,
        campaign: CampaignId,
        person: PersonId,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        self.exec(
            "INSERT INTO message_click (org_id, campaign_id, link_no, at, click_id, person_id) VALUES ($1, $2, $3, $4, $5, $5) \
             ON CONFLICT DO NOTHING",
            args![campaign, UNSUBSCRIBED, now, person],
        )
        .await?;
        Ok(())
    }
}
