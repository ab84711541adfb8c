//! Persons a newcomer may be: the same name, kana or birth date. Leaves deciding to `people::matching`.

use chrono::NaiveDate;
use tsunagari_kernel::PersonId;

use crate::args;
use crate::error::StorageError;
use crate::store::Reader;

/// More than these would be no help to anybody.
const MOST: i64 = 200;

impl Reader {
    /// Persons to compare a newcomer with, by the comparable forms of name and kana and by the birth date.
    pub async fn namesakes(
        &mut self,
        name_key: &str,
        kana_key: &str,
        born: Option<NaiveDate>,
    ) -> Result<Vec<PersonId>, StorageError> {
        // One branch per index: an OR over three columns is planned worse on both databases.
        let alive = "merged_into IS NULL AND erased_at IS NULL";
        let sql = format!(
            "SELECT person_id FROM person WHERE org_id = $1 AND name_key = $2 AND {alive} \
             UNION SELECT person_id FROM person WHERE org_id = $1 AND kana_key = $3 AND {alive} \
             UNION SELECT person_id FROM person WHERE org_id = $1 AND birth_date = $4 AND {alive} LIMIT $5"
        );
        self.rows(&sql, args![name_key, kana_key, born, MOST]).await?.iter().map(|row| row.id("person_id")).collect()
    }
}
