//! What became of a campaign: counts by state and reason, clicks, who left through it, the lists behind each number.
//! Leaves moves to `dispatch` and `delivery`.

use tsunagari_kernel::{CampaignId, PersonId, Timestamp};
use tsunagari_outreach::Results;

use crate::args;
use crate::error::StorageError;
use crate::person::is_protected;
use crate::sql::Arg;
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
    /// Family and given name as written; empty for whom this list may not name, because the message's rule may tell where
    /// they are.
    pub name: String,
    /// The same in kana.
    pub kana: String,
    /// The channel's code.
    pub channel: String,
    /// The state's code.
    pub state: String,
    /// The reason's code, where there is one.
    pub reason: Option<String>,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
}

/// What somebody did with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// Opened a link.
    Clicked,
    /// Left through it.
    Unsubscribed,
}

/// Which deliveries; what is not named lets all through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// The state's code.
    pub state: Option<String>,
    /// The channel's code.
    pub channel: Option<String>,
    /// The reason's code; an empty one: those without a reason.
    pub reason: Option<String>,
    /// Of those who did this.
    pub did: Option<Did>,
}

impl DeliveryFilter {
    fn bound(&self, campaign: CampaignId) -> Vec<Arg> {
        let did = match self.did {
            None => 0_i64,
            Some(Did::Clicked) => 1,
            Some(Did::Unsubscribed) => 2,
        };
        args![campaign, self.state.clone(), self.channel.clone(), self.reason.clone(), did]
    }
}

const FILTERED: &str = "FROM delivery d JOIN person p ON p.org_id = d.org_id AND p.person_id = d.person_id \
    WHERE d.org_id = $1 AND d.campaign_id = $2 AND ($3 IS NULL OR d.state = $3) AND ($4 IS NULL OR d.channel = $4) \
    AND ($5 IS NULL OR coalesce(d.reason, '') = $5) AND ($6 = 0 OR EXISTS (SELECT 1 FROM message_click m WHERE m.org_id = d.org_id \
    AND m.campaign_id = d.campaign_id AND m.person_id = d.person_id AND (($6 = 1 AND m.link_no > 0) OR ($6 = 2 AND m.link_no = 0))))";

impl Reader {
    /// How many deliveries of a message are still to leave by LINE; `None`: its audience is not frozen.
    pub async fn deliveries_by_line(&mut self, campaign: CampaignId) -> Result<Option<i64>, StorageError> {
        let sql = "SELECT count(*) AS n FROM delivery WHERE org_id = $1 AND campaign_id = $2 AND channel = 'line' \
                   AND state IN ('queued', 'claimed', 'retry')";
        let open = self.count(sql, args![campaign]).await?;
        if open > 0 {
            return Ok(Some(open));
        }
        let sql = "SELECT count(*) AS n FROM (SELECT 1 FROM delivery WHERE org_id = $1 AND campaign_id = $2 LIMIT 1) q";
        Ok((self.count(sql, args![campaign]).await? > 0).then_some(0))
    }

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

    /// Deliveries of a campaign by name, those a filter lets through.
    pub async fn delivery_lines(
        &mut self,
        campaign: CampaignId,
        filter: &DeliveryFilter,
        most: i64,
        skip: i64,
    ) -> Result<Vec<DeliveryLine>, StorageError> {
        let protected = is_protected("p");
        let sql = format!(
            "SELECT d.person_id AS person_id, CASE WHEN {protected} THEN '' ELSE p.family || ' ' || p.given END AS name, \
             CASE WHEN {protected} THEN '' ELSE p.family_kana || ' ' || p.given_kana END AS kana, d.channel AS channel, d.state AS state, d.reason AS reason, d.settled_at AS settled_at {FILTERED} \
             ORDER BY CASE WHEN {protected} THEN '' ELSE p.kana_key END, p.person_id LIMIT $7 OFFSET $8"
        );
        let mut bound = filter.bound(campaign);
        bound.extend(args![most, skip]);
        let rows = self.rows(&sql, bound).await?;
        rows.iter()
            .map(|row| {
                Ok(DeliveryLine {
                    person: row.id("person_id")?,
                    name: row.text("name")?,
                    kana: row.text("kana")?,
                    channel: row.text("channel")?,
                    state: row.text("state")?,
                    reason: row.opt_text("reason")?,
                    settled_at: row.opt_instant("settled_at")?,
                })
            })
            .collect()
    }

    /// How many deliveries a filter lets through.
    pub async fn count_deliveries(
        &mut self,
        campaign: CampaignId,
        filter: &DeliveryFilter,
    ) -> Result<i64, StorageError> {
        self.count(&format!("SELECT count(*) AS n {FILTERED}"), filter.bound(campaign)).await
    }

    /// How many persons of a campaign are known to have opened one of its links. Readers of a multicast open them unnamed.
    pub async fn known_clickers(&mut self, campaign: CampaignId) -> Result<i64, StorageError> {
        let filter = DeliveryFilter { did: Some(Did::Clicked), ..DeliveryFilter::default() };
        self.count_deliveries(campaign, &filter).await
    }
}
