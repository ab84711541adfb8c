//! How many messages were written for each audience. Leaves the messages to `campaign`.

use tsunagari_kernel::SegmentId;

use crate::error::StorageError;
use crate::store::Reader;

impl Reader {
    /// Messages by audience, those that have any.
    pub async fn segment_uses(&mut self) -> Result<Vec<(SegmentId, i64)>, StorageError> {
        let sql = "SELECT segment_id, count(*) AS n FROM campaign WHERE org_id = $1 AND segment_id IS NOT NULL \
                   GROUP BY segment_id ORDER BY segment_id";
        let rows = self.rows(sql, vec![]).await?;
        rows.iter().map(|row| Ok((row.id("segment_id")?, row.int("n")?))).collect()
    }
}
