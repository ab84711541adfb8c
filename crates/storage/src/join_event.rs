//! Events people join at: a QR slip of a school's graduation, a festival's poster. The code of an event is unique over
//! all organisations, because it stands alone in the printed address. Leaves printing the slip to the office.

use tsunagari_kernel::{FiscalYear, JoinEventId, OrgId, SchoolId, Timestamp};

use crate::args;
use crate::error::StorageError;
use crate::sql::Row;
use crate::store::{Platform, Reader, Tx};

/// An event to join at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinEvent {
    /// Its id.
    pub id: JoinEventId,
    /// The code in the printed address.
    pub code: String,
    /// What the office calls it.
    pub name: String,
    /// The school whose students it is for, when it is one school's.
    pub school: Option<SchoolId>,
    /// Their graduation year.
    pub graduation: Option<FiscalYear>,
    /// From when it can be joined at.
    pub opens_at: Timestamp,
    /// Until when; no end when empty.
    pub closes_at: Option<Timestamp>,
}

impl JoinEvent {
    /// Whether one can join at it.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.opens_at <= at && self.closes_at.is_none_or(|end| at < end)
    }
}

const COLUMNS: &str = "event_id, code, name, school_id, graduation_fy, opens_at, closes_at";

fn read(row: &Row) -> Result<JoinEvent, StorageError> {
    let year = row.opt_int("graduation_fy")?.and_then(|year| i32::try_from(year).ok());
    Ok(JoinEvent {
        id: row.id("event_id")?,
        code: row.text("code")?,
        name: row.text("name")?,
        school: row.opt_id("school_id")?,
        graduation: year.map(FiscalYear),
        opens_at: row.instant("opens_at")?,
        closes_at: row.opt_instant("closes_at")?,
    })
}

impl Platform {
    /// Whose event a printed code is.
    pub async fn join_event_route(&mut self, code: &str) -> Result<Option<(OrgId, JoinEventId)>, StorageError> {
        let rows = self.rows("SELECT org_id, event_id FROM join_event WHERE code = $1", args![code]).await?;
        rows.first().map(|row| Ok((row.id("org_id")?, row.id("event_id")?))).transpose()
    }
}

impl Reader {
    /// An event.
    pub async fn join_event(&mut self, id: JoinEventId) -> Result<JoinEvent, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM join_event WHERE org_id = $1 AND event_id = $2");
        read(&self.one("join_event", &sql, args![id]).await?)
    }

    /// All events, the newest first.
    pub async fn join_events(&mut self) -> Result<Vec<JoinEvent>, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM join_event WHERE org_id = $1 ORDER BY opens_at DESC, event_id DESC");
        self.rows(&sql, vec![]).await?.iter().map(read).collect()
    }
}

impl Tx {
    /// Keeps an event, new or changed; its code stays.
    pub async fn keep_join_event(&mut self, it: &JoinEvent, now: Timestamp) -> Result<(), StorageError> {
        self.exec(
            "INSERT INTO join_event (org_id, event_id, code, name, school_id, graduation_fy, opens_at, closes_at, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (org_id, event_id) DO UPDATE SET name = excluded.name, \
             school_id = excluded.school_id, graduation_fy = excluded.graduation_fy, opens_at = excluded.opens_at, closes_at = excluded.closes_at",
            args![it.id, it.code.as_str(), it.name.as_str(), it.school, it.graduation, it.opens_at, it.closes_at, now],
        )
        .await?;
        Ok(())
    }
}
