//! What became of a campaign: counts by state and reason, clicks, who left through it, the lists behind each number.
//! Leaves moves to `dispatch` and `delivery`.

use tsunagari_kernel::{CampaignId, PersonId, Timestamp};
use tsunagari_outreach::Results;

use crate::args;
use crate::error::StorageError;
use crate::store::Reader;

/// A number of deliveries with one state, channel and reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultLine {
    /// The state's code.
    pub state: String,
    /// The channel's code.
    pub channel: String,
    /// The reason's code, where there is one.
    pub reason: Option<String>,
    /// How many.
    pub n: i64,
}

/// One delivery of a list, with the person's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryLine {
    /// Who.
    pub person: PersonId,
    /// Family and given name as written.
    pub name: String,
    /// The channel's code.
    pub channel: String,
    /// The state's code.
    pub state: String,
    /// The reason's code, where there is one.
    pub reason: Option<String>,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
}

impl Reader {
    /// The counts behind the result page.
    pub async fn result_lines(&mut self, campaign: CampaignId) -> Result<Vec<ResultLine>, StorageError> {
        let sql = "SELECT state, channel, reason, count(*) AS n FROM delivery WHERE org_id = $1 AND campaign_id = $2 \
                   GROUP BY state, channel, reason ORDER BY state, channel, reason";
        let rows = self.rows(sql, args![campaign]).await?;
        rows.iter()
            .map(|row| {
                Ok(ResultLine {
                    state: row.text("state")?,
                    channel: row.text("channel")?,
                    reason: row.opt_text("reason")?,
                    n: row.int("n")?,
                })
            })
            .collect()
    }

    /// The same as the domain's counts.
    pub async fn campaign_results(&mut self, campaign: CampaignId) -> Result<Results, StorageError> {
        let mut results = Results::default();
        for line in self.result_lines(campaign).await? {
            let n = u64::try_from(line.n).unwrap_or(0);
            match line.state.as_str() {
                "queued" => results.queued += n,
                "claimed" | "retry" => results.in_flight += n,
                "sent" => results.sent += n,
                "failed" => results.failed += n,
                "unknown" => results.unknown += n,
                "skipped" => results.skipped += n,
                other => return Err(StorageError::Unreadable { column: "state".into(), value: other.to_owned() }),
            }
        }
        for (link, n) in self.clicks(campaign).await? {
            let n = u64::try_from(n).unwrap_or(0);
            if link == crate::message_link::UNSUBSCRIBED { results.unsubscribed += n } else { results.clicks += n }
        }
        Ok(results)
    }

    /// Deliveries of a campaign by name, of one state or of all.
    pub async fn delivery_lines(
        &mut self,
        campaign: CampaignId,
        state: Option<&str>,
        most: i64,
        skip: i64,
    ) -> Result<Vec<DeliveryLine>, StorageError> {
        let sql = "SELECT d.person_id AS person_id, p.family || ' ' || p.given AS name, d.channel AS channel, d.state AS state, \
                   d.reason AS reason, d.settled_at AS settled_at FROM delivery d JOIN person p ON p.org_id = d.org_id AND p.person_id = d.person_id \
                   WHERE d.org_id = $1 AND d.campaign_id = $2 AND ($3 IS NULL OR d.state = $3) ORDER BY p.kana_key, p.person_id LIMIT $4 OFFSET $5";
        let rows = self.rows(sql, args![campaign, state, most, skip]).await?;
        rows.iter()
            .map(|row| {
                Ok(DeliveryLine {
                    person: row.id("person_id")?,
                    name: row.text("name")?,
                    channel: row.text("channel")?,
                    state: row.text("state")?,
                    reason: row.opt_text("reason")?,
                    settled_at: row.opt_instant("settled_at")?,
                })
            })
            .collect()
    }
}
