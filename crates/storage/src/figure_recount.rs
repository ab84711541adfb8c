//! Counts of past moments as they were last made, so that a dashboard need not walk through everybody's past each time it is
//! opened. Derived: losing them costs a count. Leaves what they are made of to acts.

use tsunagari_figures::Draft;
use tsunagari_kernel::{FiscalYear, IndicatorId, Timestamp};

use crate::args;
use crate::error::StorageError;
use crate::store::{OrgStore, Reader};

/// A count with what it was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recount {
    /// Hash of everything but the people that went into it.
    pub basis: String,
    /// The count; its `computed_at` says when it was made.
    pub draft: Draft,
}

impl Reader {
    /// The last count of an indicator for a fiscal year at an instant, when it was made of the same.
    pub async fn recount(
        &mut self,
        indicator: IndicatorId,
        year: FiscalYear,
        as_of: Timestamp,
        basis: &str,
    ) -> Result<Option<Draft>, StorageError> {
        let sql = "SELECT figure FROM figure_recount WHERE org_id = $1 AND indicator_id = $2 AND fiscal_year = $3 \
                   AND as_of_at = $4 AND basis = $5";
        self.first(sql, args![indicator, year, as_of, basis]).await?.map(|row| row.json("figure")).transpose()
    }
}

impl OrgStore {
    /// Keeps counts in place of earlier ones of the same moments.
    ///
    /// # Errors
    /// Storage's; then none is kept.
    pub async fn keep_recounts(&self, recounts: &[Recount]) -> Result<(), StorageError> {
        self.write_recounts(recounts, false).await
    }

    /// Keeps counts in place of all there were: moments nobody asks for any more are forgotten.
    ///
    /// # Errors
    /// As `keep_recounts`.
    pub async fn replace_recounts(&self, recounts: &[Recount]) -> Result<(), StorageError> {
        self.write_recounts(recounts, true).await
    }

    async fn write_recounts(&self, recounts: &[Recount], alone: bool) -> Result<(), StorageError> {
        let mut rows = Vec::with_capacity(recounts.len());
        for it in recounts {
            let figure = serde_json::to_string(&it.draft).map_err(|error| StorageError::Broken(error.to_string()))?;
            rows.push(args![
                it.draft.indicator,
                it.draft.fiscal_year,
                it.draft.as_of.instant,
                it.basis.as_str(),
                figure
            ]);
        }
        let mut tx = self.write().await?;
        if alone {
            tx.exec("DELETE FROM figure_recount WHERE org_id = $1", vec![]).await?;
        }
        let columns = ["indicator_id", "fiscal_year", "as_of_at", "basis", "figure"];
        let again = "ON CONFLICT (org_id, indicator_id, fiscal_year, as_of_at) DO UPDATE SET basis = excluded.basis, figure = excluded.figure";
        tx.insert_many("figure_recount", &columns, rows, again).await?;
        tx.keep().await
    }
}
