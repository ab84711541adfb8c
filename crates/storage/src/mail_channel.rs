//! How an organisation's mail leaves: sender, server, and where the operator keeps password and DKIM key (file references,
//! never the secrets). One per organisation. Leaves speaking SMTP to acts.

use crate::args;
use crate::error::StorageError;
use crate::store::{Reader, Tx};

/// The settings of mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailChannel {
    /// The sender's name as shown.
    pub from_name: String,
    /// The sender's address.
    pub from_address: String,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<String>,
    /// `smtps://user@host:465`, `smtp://user@host:587` (STARTTLS; without TLS on loopback only).
    pub smtp_url: String,
    /// The name of a file that holds the password, in the organisation's directory of mail secrets.
    pub password_file: Option<String>,
    /// The domain mail is signed for.
    pub dkim_domain: Option<String>,
    /// The selector of the key in DNS.
    pub dkim_selector: Option<String>,
    /// The name of a file there that holds the private key (PEM).
    pub dkim_key_file: Option<String>,
    /// The domain bounces come back to.
    pub bounce_domain: String,
    /// Why it was stopped, a code; nothing while it works.
    pub stopped_reason: Option<String>,
}

impl MailChannel {
    /// Whether letters leave.
    pub const fn works(&self) -> bool {
        self.stopped_reason.is_none()
    }
}

impl Reader {
    /// The settings of mail, when there are any.
    pub async fn mail_channel(&mut self) -> Result<Option<MailChannel>, StorageError> {
        let sql = "SELECT from_name, from_address, reply_to, smtp_url, password_file, dkim_domain, dkim_selector, dkim_key_file, \
                   bounce_domain, state, stopped_reason FROM mail_channel WHERE org_id = $1";
        let Some(row) = self.first(sql, vec![]).await? else { return Ok(None) };
        let stopped = row.text("state")? != "working";
        let reason = row.opt_text("stopped_reason")?;
        Ok(Some(MailChannel {
            from_name: row.text("from_name")?,
            from_address: row.text("from_address")?,
            reply_to: row.opt_text("reply_to")?,
            smtp_url: row.text("smtp_url")?,
            password_file: row.opt_text("password_file")?,
            dkim_domain: row.opt_text("dkim_domain")?,
            dkim_selector: row.opt_text("dkim_selector")?,
            dkim_key_file: row.opt_text("dkim_key_file")?,
            bounce_domain: row.text("bounce_domain")?,
            stopped_reason: stopped.then(|| reason.unwrap_or_else(|| "by_office".to_owned())),
        }))
    }
}

impl Tx {
    /// Keeps the settings of mail.
    pub async fn keep_mail_channel(&mut self, it: &MailChannel) -> Result<(), StorageError> {
        let state = if it.stopped_reason.is_some() { "stopped" } else { "working" };
        self.exec(
            "INSERT INTO mail_channel (org_id, from_name, from_address, reply_to, smtp_url, password_file, dkim_domain, dkim_selector, \
             dkim_key_file, bounce_domain, state, stopped_reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
             ON CONFLICT (org_id) DO UPDATE SET from_name = excluded.from_name, from_address = excluded.from_address, \
             reply_to = excluded.reply_to, smtp_url = excluded.smtp_url, password_file = excluded.password_file, \
             dkim_domain = excluded.dkim_domain, dkim_selector = excluded.dkim_selector, dkim_key_file = excluded.dkim_key_file, \
             bounce_domain = excluded.bounce_domain, state = excluded.state, stopped_reason = excluded.stopped_reason",
            args![
                it.from_name.as_str(), it.from_address.as_str(), it.reply_to.clone(), it.smtp_url.as_str(), it.password_file.clone(),
                it.dkim_domain.clone(), it.dkim_selector.clone(), it.dkim_key_file.clone(), it.bounce_domain.as_str(), state,
                it.stopped_reason.clone(),
            ],
        )
        .await?;
        Ok(())
    }
}
