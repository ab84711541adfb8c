//! The ledgers of applications: `append_to_ledger` alone writes what happened, and with it, in the same transaction, where the
//! application stands. Entries are never changed. Leaves which move may be made to programmes.

use tsunagari_access::Actor;
use tsunagari_kernel::{ApplicationId, Timestamp, UserId};
use tsunagari_programmes::{Came, Entry, Event, Ledger, Place, Refusal, Seq, Standing};

use crate::application::{KeptApplication, NewPaper};
use crate::args;
use crate::error::StorageError;
use crate::person_key::PersonKeys;
use crate::sql::{Arg, Row};
use crate::store::{Reader, Tx};

/// The columns of an application that its ledger fills, in the order of `standing_values`.
pub(crate) const STANDING: [&str; 7] =
    ["stands", "wait_order", "offered_until", "drawn_rank", "came", "completed", "standing"];

/// An entry and who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEntry {
    /// The entry.
    pub entry: Entry,
    /// The kind of who made it, as in the audit record.
    pub by_kind: String,
    /// The member of staff, where it was one.
    pub by_user: Option<UserId>,
}

/// An application to be begun, without what its ledger says of it.
#[derive(Clone, Copy)]
pub struct Begun<'b> {
    /// It, with any standing.
    pub application: &'b KeptApplication,
    /// What was handed in.
    pub paper: NewPaper<'b>,
    /// The keys of its applicant.
    pub keys: &'b PersonKeys,
}

const fn came(it: Came) -> &'static str {
    match it {
        Came::Yes => "yes",
        Came::No => "no",
    }
}

pub(crate) fn standing_values(it: &Standing) -> Result<Vec<Arg>, StorageError> {
    let (order, until) = match it.place {
        Place::Waiting { order } => (Some(order), None),
        Place::Offered { until } => (None, Some(until)),
        Place::Asked | Place::SentBack | Place::Chosen | Place::Held | Place::Over { .. } => (None, None),
    };
    let text = serde_json::to_string(it).map_err(|error| StorageError::Broken(error.to_string()))?;
    Ok(args![it.place.code(), order, until, it.rank, it.came.map(came), it.completed, text])
}

fn read(row: &Row) -> Result<KeptEntry, StorageError> {
    let entry = Entry { seq: Seq(row.small("seq")?), at: row.instant("at")?, event: row.json("event")? };
    Ok(KeptEntry { entry, by_kind: row.text("by_kind")?, by_user: row.opt_id("by_user")? })
}

impl Reader {
    /// The entries of an application, in order.
    pub async fn ledger_of(&mut self, id: ApplicationId) -> Result<Vec<KeptEntry>, StorageError> {
        let sql = "SELECT seq, at, event, by_kind, by_user FROM ledger_entry WHERE org_id = $1 AND application_id = $2 ORDER BY seq";
        self.rows(sql, args![id]).await?.iter().map(read).collect()
    }

    /// How many applications do not stand where their ledger puts them.
    pub(crate) async fn ledgers_that_differ(&mut self) -> Result<i64, StorageError> {
        let mut differ = 0;
        let mut after = ApplicationId(uuid::Uuid::nil());
        loop {
            let sql = "SELECT application_id FROM application WHERE org_id = $1 AND application_id > $2 \
                       ORDER BY application_id LIMIT 500";
            let rows = self.rows(sql, args![after]).await?;
            let ids = rows.iter().map(|row| row.id("application_id")).collect::<Result<Vec<ApplicationId>, _>>()?;
            let Some(last) = ids.last() else { return Ok(differ) };
            after = *last;
            for id in ids {
                let application = self.application(id).await?;
                let entries: Vec<Entry> = self.ledger_of(id).await?.into_iter().map(|it| it.entry).collect();
                let n = entries.len();
                let folded = Ledger::read(entries).ok();
                let same = folded.as_ref().and_then(Ledger::standing) == Some(&application.standing)
                    && usize::try_from(application.entries) == Ok(n);
                differ += i64::from(!same);
            }
        }
    }
}

impl Tx {
    /// Adds an application with the entries its ledger begins with.
    ///
    /// # Errors
    /// The inner one: a move is refused, and nothing was written.
    pub async fn begin_ledger(
        &mut self,
        begun: Begun<'_>,
        events: &[Event],
        by: &Actor,
    ) -> Result<Result<Standing, Refusal>, StorageError> {
        let at = begun.application.applied_at;
        let mut ledger = Ledger::default();
        for event in events {
            if let Err(refusal) = ledger.append(event.clone(), at) {
                return Ok(Err(refusal));
            }
        }
        let Some(standing) = ledger.standing().cloned() else { return Ok(Err(Refusal::NotApplied)) };
        let entries = u32::try_from(ledger.entries().len()).unwrap_or(u32::MAX);
        let application = KeptApplication { standing: standing.clone(), entries, ..begun.application.clone() };
        self.add_application(&application, begun.paper, begun.keys).await?;
        self.write_entries(application.id, ledger.entries(), by).await?;
        Ok(Ok(standing))
    }

    /// Appends what happened to an application, all of it or nothing; where it stands then.
    ///
    /// # Errors
    /// The inner one: a move is refused, and nothing was written. `Conflict`: somebody else appended meanwhile.
    pub async fn append_to_ledger(
        &mut self,
        id: ApplicationId,
        events: &[Event],
        at: Timestamp,
        by: &Actor,
    ) -> Result<Result<Standing, Refusal>, StorageError> {
        let known: Vec<Entry> = self.ledger_of(id).await?.into_iter().map(|it| it.entry).collect();
        if known.is_empty() {
            return Err(StorageError::NotFound("application"));
        }
        let seen = known.len();
        let unreadable =
            |refusal: Refusal| StorageError::Broken(format!("the ledger of {id} does not follow: {refusal}"));
        let mut ledger = Ledger::read(known).map_err(unreadable)?;
        for event in events {
            if let Err(refusal) = ledger.append(event.clone(), at) {
                return Ok(Err(refusal));
            }
        }
        let Some(standing) = ledger.standing().cloned() else { return Ok(Err(Refusal::NotApplied)) };
        let sets: Vec<String> = STANDING.iter().zip(6..).map(|(column, n)| format!("{column} = ${n}")).collect();
        let sql = format!(
            "UPDATE application SET entries = $4, changed_at = $5, {} WHERE org_id = $1 AND application_id = $2 AND entries = $3",
            sets.join(", ")
        );
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let mut values = args![id, count(seen), count(ledger.entries().len()), at];
        values.extend(standing_values(&standing)?);
        if self.exec(&sql, values).await? == 0 {
            return Err(StorageError::Conflict("application"));
        }
        self.write_entries(id, ledger.entries().get(seen..).unwrap_or_default(), by).await?;
        Ok(Ok(standing))
    }

    async fn write_entries(&mut self, id: ApplicationId, entries: &[Entry], by: &Actor) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        let user = match by {
            Actor::User(user) | Actor::Partner(user) => Some(*user),
            Actor::Resident(_) | Actor::Guardian { .. } | Actor::Machine(_) => None,
        };
        let mut rows = Vec::with_capacity(entries.len());
        for it in entries {
            let event = serde_json::to_string(&it.event).map_err(|error| StorageError::Broken(error.to_string()))?;
            rows.push(args![id, it.seq.0, it.at, it.event.code(), event, by.kind(), user, now]);
        }
        let columns = ["application_id", "seq", "at", "kind", "event", "by_kind", "by_user", "recorded_at"];
        self.insert_many("ledger_entry", &columns, rows, "").await
    }
}
