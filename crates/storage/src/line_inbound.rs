//! Webhook events as they came in: raw and sealed, once each by their identity, waiting to be applied in the order in
//! which they happened. Storing is machinery; applying is an act. Leaves reading an event to channels.

use std::str::FromStr;

use tsunagari_kernel::{ChannelId, InboundId, Timestamp};

use crate::args;
use crate::error::StorageError;
use crate::sql::{Arg, placeholders};
use crate::store::{OrgStore, Reader, Tx};

const CONTEXT: &[u8] = b"line_inbound";

/// That an event found by its id waits; said so that no index of waiting ones is used, which would read all that wait.
const NEW: &str = "(state || '') = 'new'";

/// Where an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InboundState {
    /// Waits to be applied.
    New,
    /// Was applied.
    Applied,
    /// Is of a kind the program does nothing with.
    Ignored,
    /// Could not be read; kept as received.
    Unreadable,
    /// Was taken back by its writer: the words are gone.
    Unsent,
}

impl InboundState {
    /// The stored code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Applied => "applied",
            Self::Ignored => "ignored",
            Self::Unreadable => "unreadable",
            Self::Unsent => "unsent",
        }
    }
}

impl FromStr for InboundState {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        [Self::New, Self::Applied, Self::Ignored, Self::Unreadable, Self::Unsent]
            .into_iter()
            .find(|s| s.code() == code)
            .ok_or(())
    }
}

/// An event to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// What makes it the same as an earlier one.
    pub key: String,
    /// LINE's word for its kind.
    pub kind: String,
    /// When it happened.
    pub at: Timestamp,
    /// As received.
    pub raw: String,
    /// New, or unreadable at once.
    pub state: InboundState,
}

/// A stored event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// Its id.
    pub id: InboundId,
    /// When it happened.
    pub at: Timestamp,
    /// As received.
    pub raw: String,
}

impl OrgStore {
    /// Stores a batch and the job that will apply it; answers how many were not there yet.
    pub async fn store_inbound(
        &self,
        channel: ChannelId,
        batch: &[Arrived],
        job: (&str, &str),
        now: Timestamp,
    ) -> Result<u64, StorageError> {
        let mut tx = self.write_by_key().await?;
        let key = tx.org_key().await?;
        let mut fresh = 0;
        for it in batch {
            let sealed = key.seal(&tx.shared.chance, CONTEXT, it.raw.as_bytes())?;
            let id = InboundId::born(&tx.shared.chance, now);
            fresh += tx
                .exec(
                    "INSERT INTO line_inbound (org_id, inbound_id, channel_id, event_key, kind, event_at, received_at, sealed, state) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (org_id, channel_id, event_key) DO NOTHING",
                    args![id, channel, it.key.as_str(), it.kind.as_str(), it.at, now, sealed, it.state.code()],
                )
                .await?;
        }
        if fresh > 0 && batch.iter().any(|it| it.state == InboundState::New) {
            tx.enqueue(job.0, job.1, now, None).await?;
        }
        tx.keep().await?;
        Ok(fresh)
    }
}

impl Reader {
    /// Events of a channel that wait, in the order in which they happened.
    pub async fn new_inbound(&mut self, channel: ChannelId, most: i64) -> Result<Vec<Inbound>, StorageError> {
        let key = self.org_key().await?;
        let rows = self
            .rows(
                "SELECT inbound_id, event_at, sealed FROM line_inbound WHERE org_id = $1 AND state = 'new' AND channel_id = $2 \
                 ORDER BY event_at, inbound_id LIMIT $3",
                args![channel, most],
            )
            .await?;
        rows.iter()
            .map(|row| {
                let plain = key.open(CONTEXT, &row.bytes("sealed")?)?;
                Ok(Inbound {
                    id: row.id("inbound_id")?,
                    at: row.instant("event_at")?,
                    raw: String::from_utf8_lossy(&plain).into_owned(),
                })
            })
            .collect()
    }

    /// How many events of a channel stand in each state.
    pub async fn inbound_counts(&mut self, channel: ChannelId) -> Result<Vec<(String, i64)>, StorageError> {
        let sql = "SELECT state, count(*) AS n FROM line_inbound WHERE org_id = $1 AND channel_id = $2 GROUP BY state ORDER BY state";
        self.rows(sql, args![channel]).await?.iter().map(|row| Ok((row.text("state")?, row.int("n")?))).collect()
    }

    /// Whether a message of this id was taken back.
    pub async fn was_unsent(&mut self, channel: ChannelId, message_id: &str) -> Result<bool, StorageError> {
        let sql = "SELECT count(*) AS n FROM line_inbound WHERE org_id = $1 AND channel_id = $2 AND kind = 'unsend' AND note = $3";
        Ok(self.count(sql, args![channel, message_id]).await? > 0)
    }
}

impl Tx {
    /// Those of these events that still wait, for this transaction alone: another worker's are left out.
    pub async fn take_inbound(&mut self, ids: &[InboundId]) -> Result<Vec<InboundId>, StorageError> {
        let skip = self.for_update_skip_locked();
        let mut taken = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(1_000) {
            let sql = format!(
                "SELECT inbound_id FROM line_inbound WHERE org_id = $1 AND {NEW} AND inbound_id IN {}{skip}",
                placeholders(2, chunk.len())
            );
            for row in self.rows(&sql, chunk.iter().map(|id| Arg::from(*id)).collect()).await? {
                taken.push(row.id("inbound_id")?);
            }
        }
        Ok(taken)
    }

    /// Takes an event that waits for applying it; `false` when another worker was faster. The note is LINE's id of the
    /// message it is about, by which a taken-back one is found.
    pub async fn end_inbound(
        &mut self,
        id: InboundId,
        state: InboundState,
        note: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        let sql = format!(
            "UPDATE line_inbound SET state = $3, note = $4, applied_at = $5 WHERE org_id = $1 AND inbound_id = $2 AND {NEW}"
        );
        Ok(self.exec(&sql, args![id, state.code(), note, now]).await? == 1)
    }

    /// Forgets what was written in a message that its writer took back.
    pub async fn forget_inbound_message(&mut self, channel: ChannelId, message_id: &str) -> Result<u64, StorageError> {
        let nothing = self.org_key().await?.seal(&self.shared.chance, CONTEXT, b"{}")?;
        let sql = "UPDATE line_inbound SET sealed = $4, state = 'unsent' WHERE org_id = $1 AND channel_id = $2 AND kind = 'message' AND note = $3";
        self.exec(sql, args![channel, message_id, nothing]).await
    }
}
