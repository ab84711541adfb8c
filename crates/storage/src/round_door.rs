//! The doors of rounds: what lets a steward's phone check people in, for a while; and whom it sees, by name and nothing else. Leaves
//! checking in to acts.

use tsunagari_kernel::{ApplicationId, LinkId, RoundId, Timestamp, UserId};
use tsunagari_programmes::Came;

use crate::args;
use crate::error::StorageError;
use crate::person::is_protected;
use crate::sql::Row;
use crate::store::{Reader, Tx};

/// A door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundDoor {
    /// Its id.
    pub id: LinkId,
    /// Of which round.
    pub round: RoundId,
    /// Whose phone it is, or where it stands.
    pub name: String,
    /// Who opened it.
    pub made_by: UserId,
    /// When.
    pub made_at: Timestamp,
    /// It is shut from then on.
    pub until: Timestamp,
    /// When the office shut it.
    pub ended: Option<Timestamp>,
}

impl RoundDoor {
    /// Whether it lets anybody in at an instant.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.ended.is_none() && at < self.until
    }
}

/// Somebody who is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Their application.
    pub application: ApplicationId,
    /// Its number.
    pub receipt: String,
    /// Their name; empty where an address is protected, or they were erased.
    pub name: String,
    /// Its reading.
    pub kana: String,
    /// Where, when the round has several venues.
    pub venue: Option<u16>,
    /// Whether they came.
    pub came: Option<Came>,
}

const COLUMNS: &str = "door_id, round_id, name, made_by, made_at, until_at, ended_at";

fn read(row: &Row) -> Result<RoundDoor, StorageError> {
    Ok(RoundDoor {
        id: row.id("door_id")?,
        round: row.id("round_id")?,
        name: row.text("name")?,
        made_by: row.id("made_by")?,
        made_at: row.instant("made_at")?,
        until: row.instant("until_at")?,
        ended: row.opt_instant("ended_at")?,
    })
}

fn read_expected(row: &Row) -> Result<Expected, StorageError> {
    let hidden = row.flag("is_protected")?;
    let words = |family: &str, given: &str| -> Result<String, StorageError> {
        let part = |column| Ok::<_, StorageError>(row.opt_text(column)?.unwrap_or_default());
        Ok(if hidden { String::new() } else { format!("{} {}", part(family)?, part(given)?).trim().to_owned() })
    };
    let came = match row.opt_text("came")?.as_deref() {
        None => None,
        Some("yes") => Some(Came::Yes),
        Some(_) => Some(Came::No),
    };
    Ok(Expected {
        application: row.id("application_id")?,
        receipt: row.text("receipt")?,
        name: words("family", "given")?,
        kana: words("family_kana", "given_kana")?,
        venue: row.opt_int("venue_no")?.map(|_| row.small("venue_no")).transpose()?,
        came,
    })
}

impl Reader {
    /// The doors of a round, the newest first.
    pub async fn round_doors(&mut self, round: RoundId) -> Result<Vec<RoundDoor>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM round_door WHERE org_id = $1 AND round_id = $2 ORDER BY made_at DESC, door_id DESC"
        );
        self.rows(&sql, args![round]).await?.iter().map(read).collect()
    }

    /// The door of a token, open or not.
    pub async fn round_door(&mut self, token_hash: &[u8; 32]) -> Result<Option<RoundDoor>, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM round_door WHERE org_id = $1 AND token_hash = $2");
        self.first(&sql, args![token_hash.to_vec()]).await?.as_ref().map(read).transpose()
    }

    /// Everybody who has a place in a round, by the reading of their names.
    pub async fn expected(&mut self, round: RoundId) -> Result<Vec<Expected>, StorageError> {
        let sql = format!(
            "SELECT a.application_id, a.receipt, a.venue_no, a.came, p.family, p.given, p.family_kana, p.given_kana, \
             CASE WHEN {} OR {} THEN 1 ELSE 0 END AS is_protected FROM application a \
             LEFT JOIN person p ON p.org_id = a.org_id AND p.person_id = a.applicant_id \
             LEFT JOIN person b ON b.org_id = a.org_id AND b.person_id = a.beneficiary_id \
             WHERE a.org_id = $1 AND a.round_id = $2 AND a.stands = 'held' ORDER BY p.kana_key, p.name_key, a.application_id",
            is_protected("p"),
            is_protected("b")
        );
        self.rows(&sql, args![round]).await?.iter().map(read_expected).collect()
    }
}

impl Tx {
    /// Opens a door.
    pub async fn add_round_door(&mut self, it: &RoundDoor, token_hash: &[u8; 32]) -> Result<(), StorageError> {
        let columns = ["door_id", "round_id", "name", "token_hash", "made_by", "made_at", "until_at"];
        let row = args![it.id, it.round, it.name.as_str(), token_hash.to_vec(), it.made_by, it.made_at, it.until];
        self.insert_many("round_door", &columns, vec![row], "").await
    }

    /// Shuts one; whether it was open.
    pub async fn end_round_door(&mut self, id: LinkId, at: Timestamp) -> Result<bool, StorageError> {
        let sql = "UPDATE round_door SET ended_at = $3 WHERE org_id = $1 AND door_id = $2 AND ended_at IS NULL";
        Ok(self.exec(sql, args![id, at]).await? > 0)
    }
}
