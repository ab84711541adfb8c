//! Campaigns as stored: the domain's state with title, purpose, rule, content and the frozen audience's counts. Leaves
//! moves to outreach, deliveries to `delivery`, requests to `dispatch`, results to `campaign_result`.

use serde::{Deserialize, Serialize};
use tsunagari_kernel::{CampaignId, MediaId, SegmentId, TeamId, Timestamp, UserId};
use tsunagari_outreach::campaign::{CampaignState, SentBack};
use tsunagari_outreach::{Campaign, Message};

use crate::args;
use crate::error::StorageError;
use crate::order::{CampaignColumn, Way};
use crate::sql::Row;
use crate::store::{Reader, Tx};

/// How many of a rule get a message, by channel, and why others do not: frozen at the launch, shown before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudienceCounts {
    /// By LINE.
    pub by_line: i64,
    /// By e-mail.
    pub by_email: i64,
    /// Left out: the public code of the first reason, and how many.
    pub left_out: Vec<(String, i64)>,
}

impl AudienceCounts {
    /// Who gets it.
    pub const fn count(&self) -> i64 {
        self.by_line + self.by_email
    }

    /// Who of the rule does not.
    pub fn excluded(&self) -> i64 {
        self.left_out.iter().map(|(_, n)| n).sum()
    }
}

/// A stored campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCampaign {
    /// Id, authors, attachments, state.
    pub campaign: Campaign,
    /// What the office calls it.
    pub title: String,
    /// The consent purpose it is sent under.
    pub purpose: String,
    /// The segment its rule was taken from.
    pub segment: Option<SegmentId>,
    /// The rule's text (canonical once it could be read).
    pub rule: String,
    /// The rule's hash, empty while the text cannot be read.
    pub rule_hash: String,
    /// What is written.
    pub message: Message,
    /// Shown at submission, replaced by the frozen numbers at the launch.
    pub audience: Option<AudienceCounts>,
    /// Whose work list it is on.
    pub team: Option<TeamId>,
    /// Who began it.
    pub author: UserId,
    /// When it was begun.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
    /// When it leaves, once approved.
    pub due_at: Option<Timestamp>,
    /// When its audience was frozen.
    pub launched_at: Option<Timestamp>,
    /// Counted up with each change; a change names the version it saw.
    pub version: i64,
}

/// A line of the list of campaigns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignLine {
    /// Which.
    pub id: CampaignId,
    /// Its title.
    pub title: String,
    /// The state's code.
    pub state: String,
    /// Who gets or got it, once counted.
    pub audience: Option<AudienceCounts>,
    /// Last changed.
    pub updated_at: Timestamp,
    /// When it leaves or left.
    pub due_at: Option<Timestamp>,
}

const COLUMNS: &str = "campaign_id, title, purpose, segment_id, rule, rule_hash, content, detail, audience, team_id, author_id, \
    created_at, updated_at, due_at, launched_at, version";

fn audience(row: &Row) -> Result<Option<AudienceCounts>, StorageError> {
    if row.opt_text("audience")?.is_none() { Ok(None) } else { row.json("audience").map(Some) }
}

fn read(row: &Row) -> Result<KeptCampaign, StorageError> {
    Ok(KeptCampaign {
        campaign: row.json("detail")?,
        title: row.text("title")?,
        purpose: row.text("purpose")?,
        segment: row.opt_id("segment_id")?,
        rule: row.text("rule")?,
        rule_hash: row.text("rule_hash")?,
        message: row.json("content")?,
        audience: audience(row)?,
        team: row.opt_id("team_id")?,
        author: row.id("author_id")?,
        created_at: row.instant("created_at")?,
        updated_at: row.instant("updated_at")?,
        due_at: row.opt_instant("due_at")?,
        launched_at: row.opt_instant("launched_at")?,
        version: row.int("version")?,
    })
}

pub(crate) fn json(value: &impl Serialize) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|error| StorageError::Broken(error.to_string()))
}

impl Reader {
    /// One campaign.
    pub async fn campaign(&mut self, id: CampaignId) -> Result<KeptCampaign, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM campaign WHERE org_id = $1 AND campaign_id = $2");
        read(&self.one("campaign", &sql, args![id]).await?)
    }

    /// The campaigns in these states (all when empty), the last changed first.
    pub async fn campaigns(
        &mut self,
        states: &[&str],
        most: i64,
        skip: i64,
    ) -> Result<Vec<CampaignLine>, StorageError> {
        self.campaigns_sorted(states, (CampaignColumn::Updated, Way::Falling), most, skip).await
    }

    /// The same, sorted.
    pub async fn campaigns_sorted(
        &mut self,
        states: &[&str],
        (by, way): (CampaignColumn, Way),
        most: i64,
        skip: i64,
    ) -> Result<Vec<CampaignLine>, StorageError> {
        let mut bound = args![most, skip];
        let mut condition = String::new();
        if !states.is_empty() {
            condition = format!(" AND state IN {}", crate::sql::placeholders(4, states.len()));
            bound.extend(states.iter().map(|state| crate::sql::Arg::from(*state)));
        }
        let sql = format!(
            "SELECT campaign_id, title, state, audience, updated_at, due_at FROM campaign WHERE org_id = $1{condition} \
             ORDER BY {} {}, campaign_id LIMIT $2 OFFSET $3",
            by.sql(),
            way.sql()
        );
        let rows = self.rows(&sql, bound).await?;
        rows.iter()
            .map(|row| {
                Ok(CampaignLine {
                    id: row.id("campaign_id")?,
                    title: row.text("title")?,
                    state: row.text("state")?,
                    audience: audience(row)?,
                    updated_at: row.instant("updated_at")?,
                    due_at: row.opt_instant("due_at")?,
                })
            })
            .collect()
    }

    /// Drafts an approver sent back, with what was said, the latest first.
    pub async fn campaigns_sent_back(
        &mut self,
        most: i64,
    ) -> Result<Vec<(CampaignId, String, SentBack)>, StorageError> {
        // Nothing but the state is in `detail`: its key stands there only where a message was sent back.
        let sql = "SELECT campaign_id, title, detail FROM campaign WHERE org_id = $1 AND state = 'draft' \
                   AND detail LIKE '%\"sent_back\":%' ORDER BY updated_at DESC, campaign_id LIMIT $2";
        let mut found = Vec::new();
        for row in self.rows(sql, args![most]).await? {
            let campaign: Campaign = row.json("detail")?;
            found.extend(campaign.sent_back.map(|it| Ok((campaign.id, row.text("title")?, it))));
        }
        found.into_iter().collect()
    }

    /// What was called off since then, the latest first.
    pub async fn campaigns_called_off(
        &mut self,
        since: Timestamp,
        most: i64,
    ) -> Result<Vec<KeptCampaign>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM campaign WHERE org_id = $1 AND state = 'cancelled' AND updated_at >= $2 \
             ORDER BY updated_at DESC, campaign_id LIMIT $3"
        );
        self.rows(&sql, args![since, most]).await?.iter().map(read).collect()
    }

    /// How many campaigns stand in each state.
    pub async fn campaign_counts(&mut self) -> Result<Vec<(String, i64)>, StorageError> {
        let rows = self
            .rows("SELECT state, count(*) AS n FROM campaign WHERE org_id = $1 GROUP BY state ORDER BY state", vec![])
            .await?;
        rows.iter().map(|row| Ok((row.text("state")?, row.int("n")?))).collect()
    }

    /// What an approver has opened of a campaign's attachments.
    pub async fn opened_by(&mut self, campaign: CampaignId, user: UserId) -> Result<Vec<MediaId>, StorageError> {
        let sql = "SELECT media_id FROM campaign_opened WHERE org_id = $1 AND campaign_id = $2 AND user_id = $3";
        self.rows(sql, args![campaign, user]).await?.iter().map(|row| row.id("media_id")).collect()
    }
}

impl Tx {
    /// Adds a campaign.
    pub async fn add_campaign(&mut self, it: &KeptCampaign) -> Result<(), StorageError> {
        let (content, detail) = (json(&it.message)?, json(&it.campaign)?);
        self.exec(
            "INSERT INTO campaign (org_id, campaign_id, title, purpose, segment_id, rule, rule_hash, content, state, detail, team_id, \
             author_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)",
            args![
                it.campaign.id, it.title.as_str(), it.purpose.as_str(), it.segment, it.rule.as_str(), it.rule_hash.as_str(), content,
                it.campaign.state.code(), detail, it.team, it.author, it.created_at,
            ],
        )
        .await?;
        Ok(())
    }

    /// The same, locked for a move until this transaction ends.
    pub async fn campaign_for_move(&mut self, id: CampaignId) -> Result<KeptCampaign, StorageError> {
        let lock = self.for_update();
        let sql = format!("SELECT {COLUMNS} FROM campaign WHERE org_id = $1 AND campaign_id = $2{lock}");
        read(&self.one("campaign", &sql, args![id]).await?)
    }

    /// Keeps a changed campaign that still has the version in `it`. `due_at` follows from the state.
    ///
    /// # Errors
    /// `Conflict` when somebody changed it since.
    pub async fn keep_campaign(&mut self, it: &KeptCampaign, now: Timestamp) -> Result<(), StorageError> {
        let due = match it.campaign.state {
            CampaignState::Approved(approval) | CampaignState::Launching { approval, .. } => {
                Some(approval.scheduled_for)
            }
            CampaignState::Draft | CampaignState::Submitted { .. } => None,
            CampaignState::Sending { .. }
            | CampaignState::Paused { .. }
            | CampaignState::Done { .. }
            | CampaignState::Cancelled { .. }
            | CampaignState::Failed { .. } => it.due_at,
        };
        let (content, detail) = (json(&it.message)?, json(&it.campaign)?);
        let counts = it.audience.as_ref().map(json).transpose()?;
        let changed = self
            .exec(
                "UPDATE campaign SET title = $4, purpose = $5, segment_id = $6, rule = $7, rule_hash = $8, content = $9, state = $10, \
                 detail = $11, audience = $12, team_id = $13, updated_at = $14, due_at = $15, launched_at = $16, version = version + 1 \
                 WHERE org_id = $1 AND campaign_id = $2 AND version = $3",
                args![
                    it.campaign.id, it.version, it.title.as_str(), it.purpose.as_str(), it.segment, it.rule.as_str(),
                    it.rule_hash.as_str(), content, it.campaign.state.code(), detail, counts, it.team, now, due, it.launched_at,
                ],
            )
            .await?;
        if changed == 0 { Err(StorageError::Conflict("the campaign was changed by somebody else")) } else { Ok(()) }
    }

    /// Remembers that somebody opened an attachment.
    pub async fn note_opened(
        &mut self,
        campaign: CampaignId,
        media: MediaId,
        user: UserId,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        self.exec(
            "INSERT INTO campaign_opened (org_id, campaign_id, media_id, user_id, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            args![campaign, media, user, now],
        )
        .await?;
        Ok(())
    }

    /// Forgets who opened what: the content has changed.
    pub async fn forget_opened(&mut self, campaign: CampaignId) -> Result<(), StorageError> {
        self.exec("DELETE FROM campaign_opened WHERE org_id = $1 AND campaign_id = $2", args![campaign]).await?;
        Ok(())
    }
}
