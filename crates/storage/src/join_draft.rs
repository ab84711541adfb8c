//! What somebody has answered so far on the way to joining, before there is a person: one row of `one_time_link`, found
//! by the hash of the token in the visitor's cookie, its JSON sealed. Keeping an answer is machinery, not an act: there
//! is nobody yet whose record it would be. Leaves what the answers mean to acts.

use tsunagari_kernel::{LinkId, Timestamp};

use crate::args;
use crate::error::StorageError;
use crate::store::{OrgStore, Reader, Tx};

const PURPOSE: &str = "join_draft";
const CONTEXT: &[u8] = b"join_draft";

/// A draft as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinDraftRow {
    /// Its id.
    pub id: LinkId,
    /// The answers as JSON.
    pub json: String,
}

/// A draft to begin.
#[derive(Debug, Clone, Copy)]
pub struct NewDraft<'n> {
    /// Hash of the token in the visitor's cookie.
    pub token_hash: &'n [u8; 32],
    /// Its id.
    pub id: LinkId,
    /// The answers as JSON.
    pub json: &'n str,
    /// Until when it waits for the next one.
    pub expires_at: Timestamp,
    /// Now.
    pub now: Timestamp,
}

impl Reader {
    /// Seals a text under the organisation's key, as hex digits for a column of texts.
    pub async fn seal_text(&mut self, context: &[u8], plain: &str) -> Result<String, StorageError> {
        let key = self.org_key().await?;
        Ok(hex::encode(key.seal(&self.shared.chance, context, plain.as_bytes())?))
    }

    /// Opens a text sealed by `seal_text` in the same context.
    pub async fn open_text(&mut self, context: &[u8], sealed: &str) -> Result<String, StorageError> {
        let bytes = hex::decode(sealed).map_err(|_| StorageError::Sealed)?;
        let plain = self.org_key().await?.open(context, &bytes)?;
        String::from_utf8(plain.to_vec()).map_err(|_| StorageError::Sealed)
    }

    /// The draft behind a cookie's token.
    pub async fn join_draft(
        &mut self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<JoinDraftRow>, StorageError> {
        let sql = "SELECT link_id, payload FROM one_time_link WHERE org_id = $1 AND token_hash = $2 AND purpose = $3 \
                   AND used_at IS NULL AND expires_at > $4";
        let Some(row) = self.first(sql, args![&token_hash[..], PURPOSE, now]).await? else { return Ok(None) };
        let json = self.open_text(CONTEXT, &row.text("payload")?).await?;
        Ok(Some(JoinDraftRow { id: row.id("link_id")?, json }))
    }

    /// The draft with an id, for continuing it on another device.
    pub async fn join_draft_by_id(&mut self, id: LinkId, now: Timestamp) -> Result<Option<JoinDraftRow>, StorageError> {
        let sql = "SELECT payload FROM one_time_link WHERE org_id = $1 AND purpose = $2 AND link_id = $3 AND used_at IS NULL AND expires_at > $4";
        let Some(row) = self.first(sql, args![PURPOSE, id, now]).await? else { return Ok(None) };
        let json = self.open_text(CONTEXT, &row.text("payload")?).await?;
        Ok(Some(JoinDraftRow { id, json }))
    }
}

impl Tx {
    async fn count_step(&mut self, what: &str, since: Timestamp, now: Timestamp) -> Result<i64, StorageError> {
        self.count_once_more(what, since, now).await?;
        self.counted(what, since).await
    }

    async fn begin_join_draft(&mut self, it: &NewDraft<'_>) -> Result<(), StorageError> {
        let sealed = self.seal_text(CONTEXT, it.json).await?;
        self.exec(
            "INSERT INTO one_time_link (org_id, token_hash, link_id, purpose, payload, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            args![&it.token_hash[..], it.id, PURPOSE, sealed, it.expires_at, it.now],
        )
        .await?;
        Ok(())
    }

    /// Ends a draft: the person has joined. Whether it was still there; a second one who finds it gone must not join again.
    pub async fn end_join_draft(&mut self, id: LinkId) -> Result<bool, StorageError> {
        let sql = "DELETE FROM one_time_link WHERE org_id = $1 AND purpose = $2 AND link_id = $3";
        Ok(self.exec(sql, args![PURPOSE, id]).await? > 0)
    }
}

impl OrgStore {
    /// Begins a draft, or copies one to a new token (another device).
    pub async fn begin_join_draft(&self, it: &NewDraft<'_>) -> Result<(), StorageError> {
        let mut tx = self.write_by_key().await?;
        tx.begin_join_draft(it).await?;
        tx.keep().await
    }

    /// Counts a visitor's step against its limit and, unless that was too many, begins a draft: one change, because a whole
    /// school begins at once. Whether it began.
    pub async fn begin_counted_draft(
        &self,
        it: &NewDraft<'_>,
        (what, since, most): (&str, Timestamp, i64),
    ) -> Result<bool, StorageError> {
        let mut tx = self.write_by_key().await?;
        let begins = tx.count_step(what, since, it.now).await? <= most;
        if begins {
            tx.begin_join_draft(it).await?;
        }
        tx.keep().await?;
        Ok(begins)
    }

    /// Keeps the answers of a draft, under every token it was opened with.
    pub async fn keep_join_draft(&self, id: LinkId, json: &str) -> Result<(), StorageError> {
        let mut tx = self.write_by_key().await?;
        let sealed = tx.seal_text(CONTEXT, json).await?;
        tx.exec(
            "UPDATE one_time_link SET payload = $4 WHERE org_id = $1 AND purpose = $2 AND link_id = $3",
            args![PURPOSE, id, sealed],
        )
        .await?;
        tx.keep().await
    }

    /// Drops a draft on every device it was opened on: it has served, or its answers went on elsewhere.
    pub async fn drop_join_draft(&self, id: LinkId) -> Result<(), StorageError> {
        let mut tx = self.write_by_key().await?;
        tx.end_join_draft(id).await?;
        tx.keep().await
    }

    /// Counts a visitor's step against its limit and says how many there were in the window, this one included.
    pub async fn count_step(&self, what: &str, since: Timestamp, now: Timestamp) -> Result<i64, StorageError> {
        let mut tx = self.write_by_key().await?;
        let n = tx.count_step(what, since, now).await?;
        tx.keep().await?;
        Ok(n)
    }
}
