//! How many people stand behind each version of a wording: what the settings page shows beside it. Leaves the texts to
//! `purpose` and the consents to `consent`.

use crate::error::StorageError;
use crate::store::Reader;

/// A version and the consents given to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordingUse {
    /// The purpose's code.
    pub purpose: String,
    /// The version.
    pub version: i64,
    /// Consents in force now.
    pub in_force: i64,
    /// Consents ever given.
    pub ever: i64,
}

impl Reader {
    /// Every version anyone agreed to.
    pub async fn wording_uses(&mut self) -> Result<Vec<WordingUse>, StorageError> {
        let sql = "SELECT purpose, wording_version, count(*) AS ever, \
                   CAST(sum(CASE WHEN until_at IS NULL THEN 1 ELSE 0 END) AS bigint) AS in_force \
                   FROM consent WHERE org_id = $1 GROUP BY purpose, wording_version ORDER BY purpose, wording_version";
        let rows = self.rows(sql, vec![]).await?;
        rows.iter()
            .map(|row| {
                Ok(WordingUse {
                    purpose: row.text("purpose")?,
                    version: row.int("wording_version")?,
                    in_force: row.int("in_force")?,
                    ever: row.int("ever")?,
                })
            })
            .collect()
    }
}
