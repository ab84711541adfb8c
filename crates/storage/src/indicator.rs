//! What an organisation measures: its indicators with denominators and targets, as the figures crate defines them.

use tsunagari_figures::Indicator;
use tsunagari_kernel::IndicatorId;

use crate::args;
use crate::error::StorageError;
use crate::sql::Row;
use crate::store::{Reader, Tx};

/// An indicator with its id and the purpose whose reach it measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptIndicator {
    /// The id.
    pub id: IndicatorId,
    /// Reach for which purpose: the reasons of those not reached are asked for it.
    pub purpose: String,
    /// The definition.
    pub definition: Indicator,
    /// Its place on the dashboard.
    pub position: i64,
}

fn read(row: &Row) -> Result<KeptIndicator, StorageError> {
    Ok(KeptIndicator {
        id: row.id("indicator_id")?,
        purpose: row.text("purpose")?,
        definition: row.json("definition")?,
        position: row.int("position")?,
    })
}

impl Reader {
    /// Every indicator, in the order of the dashboard.
    pub async fn indicators(&mut self) -> Result<Vec<KeptIndicator>, StorageError> {
        let sql = "SELECT indicator_id, purpose, definition, position FROM indicator WHERE org_id = $1 ORDER BY position, slug";
        self.rows(sql, vec![]).await?.iter().map(read).collect()
    }

    /// One indicator.
    pub async fn indicator(&mut self, id: IndicatorId) -> Result<KeptIndicator, StorageError> {
        let sql =
            "SELECT indicator_id, purpose, definition, position FROM indicator WHERE org_id = $1 AND indicator_id = $2";
        read(&self.one("indicator", sql, args![id]).await?)
    }
}

impl Tx {
    /// Adds an indicator, or replaces the definition of the one with the same slug.
    pub async fn keep_indicator(&mut self, it: &KeptIndicator) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        let definition =
            serde_json::to_string(&it.definition).map_err(|error| StorageError::Broken(error.to_string()))?;
        self.exec(
            "INSERT INTO indicator (org_id, indicator_id, slug, purpose, definition, position, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (org_id, slug) DO UPDATE SET purpose = excluded.purpose, definition = excluded.definition, position = excluded.position",
            args![it.id, it.definition.slug.as_str(), it.purpose.as_str(), definition, it.position, now],
        )
        .await?;
        Ok(())
    }
}
