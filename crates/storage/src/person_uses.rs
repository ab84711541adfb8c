//! Every use of one person's data: messages meant for them, lists they were taken out in, figures they stand behind. The
//! fourth use, staff looking and changing, is the audit record by subject (`audit_view`).

use tsunagari_kernel::{CampaignId, ExportId, FigureId, PersonId, Timestamp, UserId};

use crate::args;
use crate::error::StorageError;
use crate::store::Reader;

/// A message meant for the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageUse {
    /// The campaign.
    pub campaign: CampaignId,
    /// Its title.
    pub title: String,
    /// The channel's code.
    pub channel: String,
    /// The delivery's state.
    pub state: String,
    /// Why it was skipped or failed.
    pub reason: Option<String>,
    /// When it settled.
    pub settled_at: Option<Timestamp>,
}

/// A list the person was taken out in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportUse {
    /// The export.
    pub export: ExportId,
    /// What kind of list.
    pub kind: String,
    /// Who took it out.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// A published figure whose list holds the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureUse {
    /// The figure.
    pub figure: FigureId,
    /// The indicator's short name.
    pub slug: String,
    /// The fiscal year.
    pub fiscal_year: i32,
    /// Whether the person was counted.
    pub counted: bool,
    /// When it was published.
    pub published_at: Timestamp,
}

impl Reader {
    /// The messages meant for a person, newest first, at most `most`.
    pub async fn message_uses(&mut self, person: PersonId, most: i64) -> Result<Vec<MessageUse>, StorageError> {
        let sql = "SELECT d.campaign_id, c.title, d.channel, d.state, d.reason, d.settled_at FROM delivery d \
                   JOIN campaign c ON c.org_id = d.org_id AND c.campaign_id = d.campaign_id \
                   WHERE d.org_id = $1 AND d.person_id = $2 ORDER BY coalesce(d.settled_at, d.next_at) DESC, d.campaign_id LIMIT $3";
        let rows = self.rows(sql, args![person, most]).await?;
        rows.iter()
            .map(|row| {
                Ok(MessageUse {
                    campaign: row.id("campaign_id")?,
                    title: row.text("title")?,
                    channel: row.text("channel")?,
                    state: row.text("state")?,
                    reason: row.opt_text("reason")?,
                    settled_at: row.opt_instant("settled_at")?,
                })
            })
            .collect()
    }

    /// The lists a person was taken out in, newest first, at most `most`.
    pub async fn export_uses(&mut self, person: PersonId, most: i64) -> Result<Vec<ExportUse>, StorageError> {
        let sql = "SELECT e.export_id, e.kind, e.by_user, e.at FROM export_member m \
                   JOIN export e ON e.org_id = m.org_id AND e.export_id = m.export_id \
                   WHERE m.org_id = $1 AND m.person_id = $2 ORDER BY e.at DESC, e.export_id LIMIT $3";
        let rows = self.rows(sql, args![person, most]).await?;
        rows.iter()
            .map(|row| {
                Ok(ExportUse {
                    export: row.id("export_id")?,
                    kind: row.text("kind")?,
                    by: row.id("by_user")?,
                    at: row.instant("at")?,
                })
            })
            .collect()
    }

    /// The published figures whose list holds a person, newest first, at most `most`.
    pub async fn figure_uses(&mut self, person: PersonId, most: i64) -> Result<Vec<FigureUse>, StorageError> {
        let sql = "SELECT f.figure_id, i.slug, f.fiscal_year, m.counted, f.published_at FROM figure_member m \
                   JOIN figure f ON f.org_id = m.org_id AND f.figure_id = m.figure_id \
                   JOIN indicator i ON i.org_id = f.org_id AND i.indicator_id = f.indicator_id \
                   WHERE m.org_id = $1 AND m.person_id = $2 ORDER BY f.published_at DESC, f.figure_id LIMIT $3";
        let rows = self.rows(sql, args![person, most]).await?;
        rows.iter()
            .map(|row| {
                Ok(FigureUse {
                    figure: row.id("figure_id")?,
                    slug: row.text("slug")?,
                    fiscal_year: row.small("fiscal_year")?,
                    counted: row.flag("counted")?,
                    published_at: row.instant("published_at")?,
                })
            })
            .collect()
    }
}
