//! An installation's first channels are recorded: LINE providers, mandates, channels with their secrets, and mail. Used by
//! the demo and by a first start from a file. Leaves asking LINE whether they work, and later changes, to other acts.

use tsunagari_access::{Act, Machine};
use tsunagari_storage::line_channel::{LineChannel, Mandate, Provider};
use tsunagari_storage::mail_channel::MailChannel;

use crate::{ActError, House};

/// A channel and its secret.
#[derive(Debug, Clone)]
pub struct FirstChannel {
    /// The channel.
    pub channel: LineChannel,
    /// Its secret.
    pub secret: String,
}

/// Everything to record.
#[derive(Debug, Clone)]
pub struct FirstChannels {
    /// The provider the channels stand under.
    pub provider: Provider,
    /// The mandate they are used under, when another body owns them.
    pub mandate: Option<Mandate>,
    /// The channels.
    pub channels: Vec<FirstChannel>,
    /// Mail.
    pub mail: MailChannel,
}

/// Records all of it in one transaction.
///
/// # Errors
/// `Conflict` when a webhook path is taken; storage's.
pub async fn set_up_channels(house: &House, by: &Machine, it: &FirstChannels) -> Result<(), ActError> {
    let now = house.now();
    let mut tx = house.org(by.org()).write().await?;
    tx.add_line_provider(&it.provider, now).await?;
    if let Some(mandate) = &it.mandate {
        tx.add_mandate(mandate, now).await?;
    }
    for first in &it.channels {
        tx.add_line_channel(&first.channel, &first.secret, now).await?;
    }
    tx.keep_mail_channel(&it.mail).await?;
    let act = Act::named("set_up_channels", by.actor(), house.operation())
        .on("provider", it.provider.id)
        .counting("channels", i64::try_from(it.channels.len()).unwrap_or(0));
    Ok(tx.commit(&act).await?)
}
