//! Interests: choosing and dropping them. Leaves the list of kinds to `purpose` and reading with the person to
//! `person_record`.

use std::collections::BTreeSet;

use tsunagari_kernel::{PersonId, Timestamp};
use tsunagari_people::Interest;

use crate::args;
use crate::error::StorageError;
use crate::sql::{Arg, Row};
use crate::store::Tx;

pub(crate) const TABLE: &str = "interest";
pub(crate) const COLUMNS: &[&str] = &["person_id", "code", "from_at", "until_at"];

pub(crate) fn values(person: PersonId, it: &Interest) -> Vec<Arg> {
    args![person, it.code.as_str(), it.span.from, it.span.until]
}

pub(crate) fn read(row: &Row) -> Result<Interest, StorageError> {
    Ok(Interest { code: row.text("code")?, span: row.instants("from_at", "until_at")? })
}

impl Tx {
    /// Makes these the interests of a person from an instant on: begins what is new, ends what is gone, leaves the rest.
    pub async fn set_interests(
        &mut self,
        person: PersonId,
        codes: &BTreeSet<String>,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let sql = "SELECT code FROM interest WHERE org_id = $1 AND person_id = $2 AND until_at IS NULL";
        let rows = self.rows(sql, args![person]).await?;
        let before = rows.iter().map(|row| row.text("code")).collect::<Result<BTreeSet<_>, _>>()?;
        for gone in before.difference(codes) {
            let sql = "UPDATE interest SET until_at = $4 WHERE org_id = $1 AND person_id = $2 AND code = $3 AND until_at IS NULL";
            self.exec(sql, args![person, gone, at]).await?;
        }
        let begun = codes.difference(&before).map(|code| args![person, code, at, None::<Timestamp>]).collect();
        let again = "ON CONFLICT (org_id, person_id, code, from_at) DO UPDATE SET until_at = NULL";
        self.insert_many(TABLE, COLUMNS, begun, again).await
    }
}
