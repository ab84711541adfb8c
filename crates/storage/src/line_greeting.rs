//! What an official account says to somebody who adds it. Every text once in use is kept, so that the office can go back.
//! Also what a town knows of a channel beside the channel: its LIFF id and what its plan really costs. Leaves sending to acts.

use tsunagari_kernel::{ChannelId, Timestamp, UserId, Yen};

use crate::args;
use crate::error::StorageError;
use crate::store::{Reader, Tx};

/// One text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Greeting {
    /// The words; `{{join}}` is the address where one joins, `{{organisation}}` the name.
    pub text: String,
    /// Who wrote it; nobody: the program.
    pub written_by: Option<UserId>,
    /// When.
    pub written_at: Timestamp,
}

/// What a channel costs and by which LIFF app residents come back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChannelTerms {
    /// `1234567890-AbcdEfgh`.
    pub liff_id: Option<String>,
    /// The month's fee as the contract says; nothing: LINE's price list.
    pub fee: Option<Yen>,
    /// The price of a further message; nothing: LINE's price list.
    pub extra_price: Option<Yen>,
}

impl Reader {
    /// The texts of a channel, the one in use first.
    pub async fn greetings(&mut self, channel: ChannelId) -> Result<Vec<Greeting>, StorageError> {
        let sql = "SELECT text, written_by, written_at FROM line_greeting WHERE org_id = $1 AND channel_id = $2 ORDER BY written_at DESC";
        self.rows(sql, args![channel])
            .await?
            .iter()
            .map(|row| {
                Ok(Greeting {
                    text: row.text("text")?,
                    written_by: row.opt_id("written_by")?,
                    written_at: row.instant("written_at")?,
                })
            })
            .collect()
    }

    /// A channel's terms.
    pub async fn channel_terms(&mut self, channel: ChannelId) -> Result<ChannelTerms, StorageError> {
        let sql = "SELECT liff_id, plan_fee, plan_extra_price FROM line_channel WHERE org_id = $1 AND channel_id = $2";
        let row = self.one("channel", sql, args![channel]).await?;
        Ok(ChannelTerms {
            liff_id: row.opt_text("liff_id")?,
            fee: row.opt_int("plan_fee")?.map(Yen),
            extra_price: row.opt_int("plan_extra_price")?.map(Yen),
        })
    }
}

impl Tx {
    /// A text is in use from now.
    pub async fn add_greeting(&mut self, channel: ChannelId, it: &Greeting) -> Result<(), StorageError> {
        self.exec(
            "INSERT INTO line_greeting (org_id, channel_id, written_at, text, written_by) VALUES ($1, $2, $3, $4, $5)",
            args![channel, it.written_at, it.text.as_str(), it.written_by],
        )
        .await?;
        Ok(())
    }

    /// The text in use is taken back, and the one before it is in use again. Whether there was one.
    pub async fn drop_latest_greeting(&mut self, channel: ChannelId) -> Result<bool, StorageError> {
        let sql = "DELETE FROM line_greeting WHERE org_id = $1 AND channel_id = $2 AND written_at = \
                   (SELECT max(g.written_at) FROM line_greeting g WHERE g.org_id = $1 AND g.channel_id = $2)";
        Ok(self.exec(sql, args![channel]).await? == 1)
    }

    /// Keeps a channel's terms.
    pub async fn keep_channel_terms(&mut self, channel: ChannelId, it: &ChannelTerms) -> Result<(), StorageError> {
        let sql = "UPDATE line_channel SET liff_id = $3, plan_fee = $4, plan_extra_price = $5 WHERE org_id = $1 AND channel_id = $2";
        self.exec(sql, args![channel, it.liff_id.clone(), it.fee, it.extra_price]).await?;
        Ok(())
    }
}
