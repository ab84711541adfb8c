//! Where a parcel goes to, and what its recipient answered: both sealed for whoever applied. Leaves the parcel itself to `parcel`.

use serde::Serialize;
use serde::de::DeserializeOwned;
use tsunagari_benefits::Place;
use tsunagari_kernel::{ApplicationId, PersonId, RoundId, Timestamp};

use crate::args;
use crate::error::StorageError;
use crate::person_key::PersonKeys;
use crate::sql::{Row, placeholders};
use crate::store::{Reader, Tx};

/// Who said where it goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SaidBy {
    /// Whoever applied, signed in.
    Applicant,
    /// The staff, from paper or by telephone.
    Staff,
}

impl SaidBy {
    /// The public code, as stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::Staff => "staff",
        }
    }
}

impl std::str::FromStr for SaidBy {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        [Self::Applicant, Self::Staff].into_iter().find(|it| it.code() == code).ok_or(())
    }
}

/// Where a parcel goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelAddress {
    /// The parcel's number.
    pub parcel: u32,
    /// For whom it is sealed.
    pub person: PersonId,
    /// Where to.
    pub to: Place,
    /// Who said so.
    pub said_by: SaidBy,
    /// When whoever applied said that it holds, for the sending that is next.
    pub confirmed: Option<Timestamp>,
}

/// What a recipient answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelWord {
    /// The parcel's number.
    pub parcel: u32,
    /// The number of its application.
    pub receipt: String,
    /// In their words.
    pub words: String,
    /// When.
    pub at: Timestamp,
}

/// The two tables whose rows are sealed, as their contexts.
const ADDRESS: &str = "parcel_address";
const WORD: &str = "parcel_word";

fn context(table: &str, parcel: u32) -> Vec<u8> {
    [table.as_bytes(), parcel.to_be_bytes().as_slice()].concat()
}

fn open<T: DeserializeOwned>(row: &Row, table: &str, keys: &PersonKeys) -> Result<Option<T>, StorageError> {
    let person: PersonId = row.id("person_id")?;
    if !keys.has(person) {
        return Ok(None);
    }
    let plain = keys.of(person)?.open(&context(table, row.small("parcel_no")?), &row.bytes("sealed")?)?;
    serde_json::from_slice(&plain).map(Some).map_err(|error| StorageError::Broken(error.to_string()))
}

fn address(row: &Row, keys: &PersonKeys) -> Result<Option<ParcelAddress>, StorageError> {
    let Some(to) = open(row, ADDRESS, keys)? else { return Ok(None) };
    let (parcel, person) = (row.small("parcel_no")?, row.id("person_id")?);
    let (said_by, confirmed) = (row.code("said_by")?, row.opt_instant("confirmed_at")?);
    Ok(Some(ParcelAddress { parcel, person, to, said_by, confirmed }))
}

impl Reader {
    /// Where these parcels go to, as far as anybody said so and the keys open it; by number.
    pub async fn parcel_addresses(
        &mut self,
        parcels: &[u32],
        keys: &PersonKeys,
    ) -> Result<Vec<ParcelAddress>, StorageError> {
        let mut out = Vec::with_capacity(parcels.len());
        for chunk in parcels.chunks(1_000) {
            let sql = format!(
                "SELECT parcel_no, person_id, sealed, said_by, confirmed_at FROM parcel_address \
                 WHERE org_id = $1 AND parcel_no IN {} ORDER BY parcel_no",
                placeholders(2, chunk.len())
            );
            let rows = self.rows(&sql, chunk.iter().map(|no| i64::from(*no).into()).collect()).await?;
            for row in &rows {
                out.extend(address(row, keys)?);
            }
        }
        Ok(out)
    }

    /// Whether somebody said where a parcel goes to, and it holds.
    pub async fn parcel_address_holds(&mut self, parcel: u32) -> Result<bool, StorageError> {
        let sql =
            "SELECT parcel_no FROM parcel_address WHERE org_id = $1 AND parcel_no = $2 AND confirmed_at IS NOT NULL";
        Ok(self.first(sql, args![i64::from(parcel)]).await?.is_some())
    }

    /// Where somebody had their last parcel sent to, in their own words.
    pub async fn last_address_of(
        &mut self,
        person: PersonId,
        keys: &PersonKeys,
    ) -> Result<Option<Place>, StorageError> {
        let sql = "SELECT parcel_no, person_id, sealed, said_by, confirmed_at FROM parcel_address \
                   WHERE org_id = $1 AND person_id = $2 AND said_by = 'applicant' AND confirmed_at IS NOT NULL \
                   ORDER BY confirmed_at DESC, parcel_no DESC LIMIT 1";
        let row = self.first(sql, args![person]).await?;
        Ok(row.as_ref().map(|row| address(row, keys)).transpose()?.flatten().map(|it| it.to))
    }

    /// What the recipients of a round's parcels answered, as far as the keys open it; the newest first.
    pub async fn parcel_words(&mut self, round: RoundId, keys: &PersonKeys) -> Result<Vec<ParcelWord>, StorageError> {
        let sql = "SELECT w.parcel_no, w.person_id, w.sealed, w.at, a.receipt FROM parcel_word w \
                   JOIN parcel x ON x.org_id = w.org_id AND x.parcel_no = w.parcel_no \
                   JOIN application a ON a.org_id = x.org_id AND a.application_id = x.application_id \
                   WHERE w.org_id = $1 AND x.round_id = $2 ORDER BY w.at DESC, w.parcel_no DESC";
        let mut out = Vec::new();
        for row in self.rows(sql, args![round]).await? {
            if let Some(words) = open(&row, WORD, keys)? {
                let (parcel, receipt) = (row.small("parcel_no")?, row.text("receipt")?);
                out.push(ParcelWord { parcel, receipt, words, at: row.instant("at")? });
            }
        }
        Ok(out)
    }

    /// Who answered among a round's recipients.
    pub async fn parcel_word_writers(&mut self, round: RoundId) -> Result<Vec<PersonId>, StorageError> {
        let sql = "SELECT DISTINCT w.person_id FROM parcel_word w JOIN parcel x ON x.org_id = w.org_id AND x.parcel_no = w.parcel_no \
                   WHERE w.org_id = $1 AND x.round_id = $2 ORDER BY w.person_id";
        self.rows(sql, args![round]).await?.iter().map(|row| row.id("person_id")).collect()
    }

    /// What the recipient of one parcel answered.
    pub async fn parcel_word(&mut self, parcel: u32, keys: &PersonKeys) -> Result<Option<String>, StorageError> {
        let sql = "SELECT parcel_no, person_id, sealed FROM parcel_word WHERE org_id = $1 AND parcel_no = $2";
        let row = self.first(sql, args![i64::from(parcel)]).await?;
        Ok(row.as_ref().map(|row| open(row, WORD, keys)).transpose()?.flatten())
    }
}

impl Tx {
    /// Keeps where a parcel goes to.
    pub async fn keep_parcel_address(&mut self, it: &ParcelAddress, keys: &PersonKeys) -> Result<(), StorageError> {
        let sealed = self.seal_for(it.person, (ADDRESS, it.parcel), &it.to, keys)?;
        let sql = "DELETE FROM parcel_address WHERE org_id = $1 AND parcel_no = $2";
        self.exec(sql, args![i64::from(it.parcel)]).await?;
        let columns = ["parcel_no", "person_id", "sealed", "said_by", "confirmed_at"];
        let row = args![i64::from(it.parcel), it.person, sealed, it.said_by.code(), it.confirmed];
        self.insert_many("parcel_address", &columns, vec![row], "").await
    }

    /// Where a parcel goes to holds no longer until somebody says so again: it came back.
    pub async fn doubt_parcel_address(&mut self, parcel: u32) -> Result<(), StorageError> {
        let sql = "UPDATE parcel_address SET confirmed_at = NULL WHERE org_id = $1 AND parcel_no = $2";
        self.exec(sql, args![i64::from(parcel)]).await?;
        Ok(())
    }

    /// Keeps what a recipient answered, over what they answered before.
    pub async fn keep_parcel_word(
        &mut self,
        parcel: u32,
        (person, keys): (PersonId, &PersonKeys),
        words: &str,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let sealed = self.seal_for(person, (WORD, parcel), &words, keys)?;
        let sql = "DELETE FROM parcel_word WHERE org_id = $1 AND parcel_no = $2";
        self.exec(sql, args![i64::from(parcel)]).await?;
        let columns = ["parcel_no", "person_id", "sealed", "at"];
        let row = args![i64::from(parcel), person, sealed, at];
        self.insert_many("parcel_word", &columns, vec![row], "").await
    }

    /// Seals anew what belongs to applications that became another entry's.
    pub(crate) async fn move_parcel_papers(
        &mut self,
        from: PersonId,
        to: PersonId,
        applications: &[ApplicationId],
        keys: &PersonKeys,
    ) -> Result<(), StorageError> {
        for id in applications {
            for parcel in self.parcels_of(*id).await? {
                for table in [ADDRESS, WORD] {
                    let sql =
                        format!("SELECT sealed FROM {table} WHERE org_id = $1 AND parcel_no = $2 AND person_id = $3");
                    let Some(row) = self.first(&sql, args![i64::from(parcel.no), from]).await? else { continue };
                    let plain = keys.of(from)?.open(&context(table, parcel.no), &row.bytes("sealed")?)?;
                    let sealed = keys.of(to)?.seal(&self.shared.chance, &context(table, parcel.no), &plain)?;
                    let sql =
                        format!("UPDATE {table} SET person_id = $3, sealed = $4 WHERE org_id = $1 AND parcel_no = $2");
                    self.exec(&sql, args![i64::from(parcel.no), to, sealed]).await?;
                }
            }
        }
        Ok(())
    }

    fn seal_for<T: Serialize>(
        &self,
        person: PersonId,
        (table, parcel): (&str, u32),
        it: &T,
        keys: &PersonKeys,
    ) -> Result<Vec<u8>, StorageError> {
        let plain = serde_json::to_vec(it).map_err(|error| StorageError::Broken(error.to_string()))?;
        keys.of(person)?.seal(&self.shared.chance, &context(table, parcel), &plain)
    }
}
