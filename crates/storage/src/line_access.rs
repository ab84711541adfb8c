//! What a resident allowed our LINE Login channel: the access token, sealed under the person's key, kept only so that it can
//! be ended at LINE when they leave, and no longer than it lives. Leaves ending it to acts.

use tsunagari_kernel::{ChannelId, PersonId, Timestamp};
use zeroize::Zeroizing;

use crate::args;
use crate::error::StorageError;
use crate::person_key::PersonKeys;
use crate::store::{Reader, Tx};

const CONTEXT: &[u8] = b"line_access";

impl Reader {
    /// The tokens of a person that still live, by channel.
    ///
    /// # Errors
    /// `Sealed` when a token does not open with the person's key.
    pub async fn line_access(
        &mut self,
        person: PersonId,
        keys: &PersonKeys,
        now: Timestamp,
    ) -> Result<Vec<(ChannelId, Zeroizing<String>)>, StorageError> {
        let sql = "SELECT channel_id, sealed FROM line_access WHERE org_id = $1 AND person_id = $2 AND until_at > $3 ORDER BY channel_id";
        let rows = self.rows(sql, args![person, now]).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            let plain = keys.of(person)?.open(CONTEXT, &row.bytes("sealed")?)?;
            let token = String::from_utf8(plain.to_vec()).map_err(|_| StorageError::Sealed)?;
            found.push((row.id("channel_id")?, Zeroizing::new(token)));
        }
        Ok(found)
    }
}

impl Tx {
    /// Keeps the newest token of a person for a channel.
    ///
    /// # Errors
    /// `Sealed` without the person's key.
    pub async fn keep_line_access(
        &mut self,
        person: PersonId,
        channel: ChannelId,
        token: &str,
        until: Timestamp,
        keys: &PersonKeys,
    ) -> Result<(), StorageError> {
        let sealed = keys.of(person)?.seal(&self.shared.chance, CONTEXT, token.as_bytes())?;
        let sql = "INSERT INTO line_access (org_id, person_id, channel_id, sealed, until_at) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (org_id, person_id, channel_id) DO UPDATE SET sealed = excluded.sealed, until_at = excluded.until_at";
        self.exec(sql, args![person, channel, sealed, until]).await?;
        Ok(())
    }

    /// Forgets a person's tokens: ended at LINE, or past their life.
    pub async fn forget_line_access(&mut self, person: PersonId) -> Result<(), StorageError> {
        self.exec("DELETE FROM line_access WHERE org_id = $1 AND person_id = $2", args![person]).await?;
        Ok(())
    }
}
