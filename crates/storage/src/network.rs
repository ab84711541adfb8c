//! Who belongs to a network: bodies from and until a day. Leaves what a network may see of a member to acts; a member's
//! own part of the database is opened as that member's.

use chrono::NaiveDate;
use tsunagari_kernel::OrgId;

use crate::args;
use crate::error::StorageError;
use crate::store::{Reader, Tx};

impl Reader {
    /// The members on a day.
    pub async fn network_members(&mut self, on: NaiveDate) -> Result<Vec<OrgId>, StorageError> {
        let sql = "SELECT DISTINCT member_org_id FROM network_member WHERE org_id = $1 AND from_on <= $2 \
                   AND (until_on IS NULL OR until_on > $2) ORDER BY member_org_id";
        self.rows(sql, args![on]).await?.iter().map(|row| row.id("member_org_id")).collect()
    }
}

impl Tx {
    /// Keeps that a body is a member from a day, until a day when that is known.
    pub async fn keep_network_member(
        &mut self,
        member: OrgId,
        from: NaiveDate,
        until: Option<NaiveDate>,
    ) -> Result<(), StorageError> {
        self.exec(
            "INSERT INTO network_member (org_id, member_org_id, from_on, until_on) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (org_id, member_org_id, from_on) DO UPDATE SET until_on = excluded.until_on",
            args![member, from, until],
        )
        .await?;
        Ok(())
    }
}
