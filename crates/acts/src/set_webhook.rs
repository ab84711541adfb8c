//! LINE is told where to send its events, and asked to try it. Also the check of a connected channel: every call LINE
//! offers for looking, with what each answered, so that the page can say in words what works and what to do.
//! No transaction is open while LINE is asked.

use tsunagari_access::permission::ManageChannels;
use tsunagari_access::{Act, Granted};
use tsunagari_channels::line::{LineError, Quota, WebhookTest};
use tsunagari_kernel::ChannelId;
use tsunagari_storage::line_channel::{ChannelKind, LineChannel};
use url::Url;

use crate::line_gateway::{OpenLine, line_reason, webhook_url};
use crate::{ActError, House};

/// What LINE answered to one question, or the reason code of its failure.
pub type Told<T> = Result<T, &'static str>;

/// A channel looked at from all sides.
#[derive(Debug, Clone)]
pub struct LineStanding {
    /// The channel.
    pub channel: LineChannel,
    /// Where LINE should send events.
    pub wanted_webhook: String,
    /// Whether LINE gave a token for number and secret.
    pub token: Told<()>,
    /// The bot's name and basic id; nothing for a login channel.
    pub bot: Option<Told<(String, String)>>,
    /// Where LINE sends events, and whether the console's switch is on; nothing for a login channel.
    pub webhook: Option<Told<(String, bool)>>,
    /// Messages LINE allows this month (`None` is without limit).
    pub quota: Option<Told<Option<u64>>>,
    /// Messages LINE has counted this month.
    pub used: Option<Told<u64>>,
    /// The test of the webhook, when one was asked for.
    pub test: Option<Told<WebhookTest>>,
}

fn told<T>(answer: Result<T, LineError>) -> Told<T> {
    answer.map_err(|error| line_reason(&error.fault))
}

async fn opened(
    house: &House,
    by: &Granted<ManageChannels>,
    id: ChannelId,
) -> Result<(LineChannel, Result<OpenLine, &'static str>), ActError> {
    let mut reader = house.org(by.org()).read().await?;
    let channel = reader.line_channel(id).await?;
    let secret = tsunagari_channels::Secret::of(reader.line_secret(id).await?);
    drop(reader);
    let open = house.line.ready(channel.clone(), secret).await.map_err(|error| error.code());
    Ok((channel, open))
}

/// Looks at a channel from all sides, changing nothing.
///
/// # Errors
/// Not found; what LINE refuses stands in the answer.
pub async fn check_line(house: &House, by: &Granted<ManageChannels>, id: ChannelId) -> Result<LineStanding, ActError> {
    let (channel, open) = opened(house, by, id).await?;
    let wanted_webhook = webhook_url(house, &channel);
    let mut standing = LineStanding {
        channel,
        wanted_webhook,
        token: Ok(()),
        bot: None,
        webhook: None,
        quota: None,
        used: None,
        test: None,
    };
    let OpenLine { api, token, channel, .. } = match open {
        Ok(open) => open,
        Err(code) => {
            standing.token = Err(code);
            return Ok(standing);
        }
    };
    match channel.kind {
        ChannelKind::Login => {}
        ChannelKind::Messaging => {
            standing.bot = Some(told(api.bot_info(&token).await).map(|a| (a.value.display_name, a.value.basic_id)));
            standing.webhook =
                Some(told(api.webhook_endpoint(&token).await).map(|a| (a.value.endpoint, a.value.active)));
            standing.quota = Some(told(api.quota(&token).await).map(|a| match a.value {
                Quota::Unlimited => None,
                Quota::Limited(n) => Some(n),
            }));
            standing.used = Some(told(api.consumption(&token).await).map(|a| a.value.total_usage));
        }
    }
    Ok(standing)
}

/// Sets the webhook's address at LINE, has LINE test it, and looks at the channel.
///
/// # Errors
/// `webhook_needs_https`, `line_login_has_no_webhook`; not found.
pub async fn set_webhook(house: &House, by: &Granted<ManageChannels>, id: ChannelId) -> Result<LineStanding, ActError> {
    let (channel, open) = opened(house, by, id).await?;
    match channel.kind {
        ChannelKind::Login => return Err(ActError::refused("line_login_has_no_webhook")),
        ChannelKind::Messaging => {}
    }
    let open = open.map_err(ActError::refused)?;
    let wanted = webhook_url(house, &channel);
    let url = Url::parse(&wanted).map_err(|error| ActError::Broken(format!("the origin is no URL: {error}")))?;
    // LINE demands https; only a simulator on loopback does not.
    if url.scheme() != "https" && open.api.hosts().api.scheme() == "https" {
        return Err(ActError::refused("webhook_needs_https"));
    }
    let set = told(open.api.set_webhook_endpoint(&open.token, &url).await);
    let test = match set {
        Ok(_) => told(open.api.test_webhook(&open.token, Some(&url)).await).map(|answer| answer.value),
        Err(code) => Err(code),
    };
    let tx = house.org(by.org()).write().await?;
    tx.commit(&Act::named("set_webhook", by.actor(), house.operation()).on("channel", id)).await?;
    let mut standing = check_line(house, by, id).await?;
    standing.test = Some(test);
    Ok(standing)
}
