//! Rounds with their venues, and the lock behind which places are counted. Leaves when one can apply to programmes.

use std::collections::HashMap;

use tsunagari_kernel::{ProgrammeId, RoundId, Timestamp, UserId, Yen};
use tsunagari_programmes::{Capacity, Round, Stage, Venue, WaitingList};

use crate::args;
use crate::error::StorageError;
use crate::sql::{Arg, Row, placeholders};
use crate::store::{Reader, Tx};

/// A round on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRound {
    /// The round.
    pub round: Round,
    /// Who made it.
    pub created_by: UserId,
    /// Last changed.
    pub updated_at: Timestamp,
    /// Counted up with each change; a change names the version it saw.
    pub version: i64,
}

const COLUMNS: &str = "round_id, programme_id, version_no, title, fiscal_year, edition, stage, opens_at, closes_at, places, \
                       waiting_list, budget_yen, also_rule, note, created_by, updated_at, version";

/// A list without an end, as stored: below every length.
const ENDLESS: i64 = -1;

fn capacity(it: Capacity) -> Option<u32> {
    match it {
        Capacity::Open => None,
        Capacity::Places(n) => Some(n),
    }
}

fn waiting_list(it: WaitingList) -> Option<i64> {
    match it {
        WaitingList::None => None,
        WaitingList::UpTo(n) => Some(i64::from(n)),
        WaitingList::Endless => Some(ENDLESS),
    }
}

fn small<T: TryFrom<i64>>(row: &Row, column: &str) -> Result<Option<T>, StorageError> {
    row.opt_int(column)?.map(|_| row.small(column)).transpose()
}

fn read(row: &Row) -> Result<KeptRound, StorageError> {
    let round = Round {
        id: row.id("round_id")?,
        programme: row.id("programme_id")?,
        version_no: row.small("version_no")?,
        title: row.text("title")?,
        year: tsunagari_kernel::FiscalYear(row.small("fiscal_year")?),
        edition: small(row, "edition")?,
        stage: row.code("stage")?,
        opens: row.instant("opens_at")?,
        closes: row.opt_instant("closes_at")?,
        capacity: small(row, "places")?.map_or(Capacity::Open, Capacity::Places),
        waiting_list: match row.opt_int("waiting_list")? {
            None => WaitingList::None,
            Some(ENDLESS) => WaitingList::Endless,
            Some(_) => WaitingList::UpTo(row.small("waiting_list")?),
        },
        budget: row.opt_int("budget_yen")?.map(Yen),
        also: row.text("also_rule")?,
        note: row.text("note")?,
        venues: Vec::new(),
    };
    let (created_by, updated_at) = (row.id("created_by")?, row.instant("updated_at")?);
    Ok(KeptRound { round, created_by, updated_at, version: row.int("version")? })
}

fn read_venue(row: &Row) -> Result<Venue, StorageError> {
    Ok(Venue {
        no: row.small("venue_no")?,
        name: row.text("name")?,
        address: row.text("address")?,
        online: row.text("online_url")?,
        starts: row.opt_instant("starts_at")?,
        ends: row.opt_instant("ends_at")?,
        places: small(row, "places")?,
    })
}

impl Reader {
    async fn with_venues(&mut self, rows: &[Row]) -> Result<Vec<KeptRound>, StorageError> {
        let mut rounds = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        if rounds.is_empty() {
            return Ok(rounds);
        }
        let list = placeholders(2, rounds.len());
        let sql = format!(
            "SELECT round_id, venue_no, name, address, online_url, starts_at, ends_at, places FROM round_venue \
             WHERE org_id = $1 AND round_id IN {list} ORDER BY round_id, venue_no"
        );
        let ids = rounds.iter().map(|it| Arg::from(it.round.id)).collect();
        let mut venues: HashMap<RoundId, Vec<Venue>> = HashMap::new();
        for row in self.rows(&sql, ids).await? {
            venues.entry(row.id("round_id")?).or_default().push(read_venue(&row)?);
        }
        for it in &mut rounds {
            it.round.venues = venues.remove(&it.round.id).unwrap_or_default();
        }
        Ok(rounds)
    }

    /// One round.
    pub async fn round(&mut self, id: RoundId) -> Result<KeptRound, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM programme_round WHERE org_id = $1 AND round_id = $2");
        let row = self.one("programme_round", &sql, args![id]).await?;
        self.with_venues(&[row]).await?.pop().ok_or(StorageError::NotFound("programme_round"))
    }

    /// The rounds of a programme, the newest first.
    pub async fn rounds_of(&mut self, programme: ProgrammeId) -> Result<Vec<KeptRound>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM programme_round WHERE org_id = $1 AND programme_id = $2 ORDER BY opens_at DESC, round_id DESC"
        );
        let rows = self.rows(&sql, args![programme]).await?;
        self.with_venues(&rows).await
    }

    /// What residents see: rounds announced that one can still apply to, or whose end is not longer ago than `since`; by when
    /// one can apply. At most `most`.
    pub async fn rounds_on(&mut self, since: Timestamp, most: i64) -> Result<Vec<KeptRound>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM programme_round WHERE org_id = $1 AND stage = $2 AND (closes_at IS NULL OR closes_at > $3) \
             ORDER BY opens_at, round_id LIMIT $4"
        );
        let rows = self.rows(&sql, args![Stage::Announced.code(), since, most]).await?;
        self.with_venues(&rows).await
    }
}

/// The columns a change of a round writes.
const KEPT: &str = "version_no, title, fiscal_year, edition, stage, opens_at, closes_at, places, waiting_list, budget_yen, \
                    also_rule, note, updated_at";

/// Their values.
fn kept(it: &Round, now: Timestamp) -> Vec<Arg> {
    args![
        it.version_no,
        it.title.as_str(),
        it.year,
        it.edition.map(i32::from),
        it.stage.code(),
        it.opens,
        it.closes,
        capacity(it.capacity),
        waiting_list(it.waiting_list),
        it.budget,
        it.also.as_str(),
        it.note.as_str(),
        now,
    ]
}

impl Tx {
    /// Adds a round.
    pub async fn add_round(&mut self, it: &Round, by: UserId) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        let columns: Vec<&str> = ["round_id", "programme_id", "created_by", "created_at", "version"]
            .into_iter()
            .chain(KEPT.split(", "))
            .collect();
        let row = args![it.id, it.programme, by, now, 1].into_iter().chain(kept(it, now)).collect();
        self.insert_many("programme_round", &columns, vec![row], "").await?;
        self.keep_venues(it).await
    }

    /// Keeps a round that still has the version it was read with.
    ///
    /// # Errors
    /// `Conflict` when somebody changed it since.
    pub async fn keep_round(&mut self, it: &Round, seen: i64) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        let set: Vec<String> = KEPT.split(", ").zip(4..).map(|(column, n)| format!("{column} = ${n}")).collect();
        let sql = format!(
            "UPDATE programme_round SET {}, version = version + 1 WHERE org_id = $1 AND round_id = $2 AND version = $3",
            set.join(", ")
        );
        let done = self.exec(&sql, args![it.id, seen].into_iter().chain(kept(it, now)).collect()).await?;
        if done == 0 {
            return Err(StorageError::Conflict("programme_round"));
        }
        self.keep_venues(it).await
    }

    async fn keep_venues(&mut self, it: &Round) -> Result<(), StorageError> {
        let sql = "DELETE FROM round_venue WHERE org_id = $1 AND round_id = $2";
        self.exec(sql, args![it.id]).await?;
        let columns = ["round_id", "venue_no", "name", "address", "online_url", "starts_at", "ends_at", "places"];
        let row = |venue: &Venue| {
            args![
                it.id,
                i32::from(venue.no),
                venue.name.as_str(),
                venue.address.as_str(),
                venue.online.as_str(),
                venue.starts,
                venue.ends,
                venue.places,
            ]
        };
        self.insert_many("round_venue", &columns, it.venues.iter().map(row).collect(), "").await
    }

    /// The round behind its lock: everybody else who counts its places waits until this transaction ends.
    pub async fn lock_round(&mut self, id: RoundId) -> Result<KeptRound, StorageError> {
        let lock = self.for_update();
        let sql = format!("SELECT {COLUMNS} FROM programme_round WHERE org_id = $1 AND round_id = $2 {lock}");
        let row = self.one("programme_round", &sql, args![id]).await?;
        self.with_venues(&[row]).await?.pop().ok_or(StorageError::NotFound("programme_round"))
    }
}
