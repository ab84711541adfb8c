//! What the parcels of a round are packed from, by lots, and how the round's are sent. Leaves which lot is next to benefits.

use std::collections::HashMap;

use tsunagari_benefits::Shipping;
use tsunagari_benefits::stock::{Lot, OnShelf};
use tsunagari_kernel::{RoundId, Timestamp};

use crate::args;
use crate::error::StorageError;
use crate::store::{Reader, Tx};

impl Reader {
    /// The shelf of a round: its lots in the order in which they came, and how much of each is packed.
    pub async fn parcel_shelf(&mut self, round: RoundId) -> Result<Vec<OnShelf>, StorageError> {
        let sql =
            "SELECT lot_no, count(*) AS n FROM parcel_content WHERE org_id = $1 AND round_id = $2 GROUP BY lot_no";
        let mut taken = HashMap::new();
        for row in self.rows(sql, args![round]).await? {
            taken.insert(row.int("lot_no")?, row.small("n")?);
        }
        let sql = "SELECT lot_no, good, pieces, best_before FROM parcel_lot WHERE org_id = $1 AND round_id = $2 ORDER BY lot_no";
        let rows = self.rows(sql, args![round]).await?;
        rows.iter()
            .map(|row| {
                let no = row.int("lot_no")?;
                let lot = Lot {
                    no: row.small("lot_no")?,
                    good: row.text("good")?,
                    pieces: row.small("pieces")?,
                    best_before: row.opt_date("best_before")?,
                };
                Ok(OnShelf { lot, taken: taken.get(&no).copied().unwrap_or_default() })
            })
            .collect()
    }

    /// How a round's parcels are sent, and the version of that; the default and 0 before anybody said so.
    pub async fn round_shipping(&mut self, round: RoundId) -> Result<(Shipping, i64), StorageError> {
        let sql = "SELECT plan, version FROM round_shipping WHERE org_id = $1 AND round_id = $2";
        match self.first(sql, args![round]).await? {
            Some(row) => Ok((row.json("plan")?, row.int("version")?)),
            None => Ok((Shipping::default(), 0)),
        }
    }

    /// How the organisation sent its parcels the last time, in whichever round.
    pub async fn last_shipping(&mut self) -> Result<Option<Shipping>, StorageError> {
        let sql = "SELECT plan FROM round_shipping WHERE org_id = $1 ORDER BY changed_at DESC, round_id DESC LIMIT 1";
        self.first(sql, args![]).await?.map(|row| row.json("plan")).transpose()
    }
}

impl Tx {
    /// Adds a lot.
    ///
    /// # Errors
    /// `Duplicate` where the round has one of that number.
    pub async fn add_parcel_lot(&mut self, round: RoundId, it: &Lot) -> Result<(), StorageError> {
        let columns = ["round_id", "lot_no", "good", "pieces", "best_before"];
        let row = args![round, i64::from(it.no), it.good.as_str(), i64::from(it.pieces), it.best_before];
        self.insert_many("parcel_lot", &columns, vec![row], "").await
    }

    /// Takes a lot out of which nothing is packed; whether it was there.
    pub async fn drop_parcel_lot(&mut self, round: RoundId, lot: u16) -> Result<bool, StorageError> {
        let sql = "DELETE FROM parcel_lot WHERE org_id = $1 AND round_id = $2 AND lot_no = $3 AND NOT EXISTS \
                   (SELECT 1 FROM parcel_content c WHERE c.org_id = $1 AND c.round_id = $2 AND c.lot_no = $3)";
        Ok(self.exec(sql, args![round, i64::from(lot)]).await? > 0)
    }

    /// Says from which lots a sending is packed.
    pub async fn add_parcel_content(
        &mut self,
        (round, parcel, sending): (RoundId, u32, u16),
        lots: &[u16],
    ) -> Result<(), StorageError> {
        let row = |lot: &u16| args![i64::from(parcel), i64::from(sending), i64::from(*lot), round];
        let columns = ["parcel_no", "sending", "lot_no", "round_id"];
        self.insert_many("parcel_content", &columns, lots.iter().map(row).collect(), "").await
    }

    /// What a sending was packed from is on the shelf again.
    pub async fn drop_parcel_content(&mut self, parcel: u32, sending: u16) -> Result<(), StorageError> {
        let sql = "DELETE FROM parcel_content WHERE org_id = $1 AND parcel_no = $2 AND sending = $3";
        self.exec(sql, args![i64::from(parcel), i64::from(sending)]).await?;
        Ok(())
    }

    /// Keeps how a round's parcels are sent.
    ///
    /// # Errors
    /// `Conflict`: somebody changed it since.
    pub async fn keep_round_shipping(
        &mut self,
        round: RoundId,
        seen: i64,
        it: &Shipping,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let plan = serde_json::to_string(it).map_err(|error| StorageError::Broken(error.to_string()))?;
        if self.round_shipping(round).await?.1 != seen {
            return Err(StorageError::Conflict("round_shipping"));
        }
        self.exec("DELETE FROM round_shipping WHERE org_id = $1 AND round_id = $2", args![round]).await?;
        let columns = ["round_id", "plan", "version", "changed_at"];
        self.insert_many("round_shipping", &columns, vec![args![round, plan, seen + 1, at]], "").await
    }
}
