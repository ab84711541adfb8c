//! LINE is told where to send its events, and asked to try it. Also the check of a connected channel: every call LINE
//! offers for looking, with what each answered, so that the page can say in words what works and what to do.
//! No transaction is open while LINE is asked.

use tsunagari_access::permission::ManageChannels;
use tsunagari_access::{Act, Granted};
use tsunagari_channels::line::{LineError, Quota, WebhookTest};
use tsunagari_kernel::ChannelId;
use tsunagari_storage::line_channel::{ChannelKind, LineChannel, ProviderOwner};
use url::Url;

use crate::line_gateway::{OpenLine, line_reason, webhook_url};
use crate::{ActError, House};

/// Whether a mandate holds today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mandated {
    /// It does.
    Holds,
    /// Not yet, or not any more.
    Over,
}

/// The login channel a sending channel needs beside it: LINE's user ids are the provider's, so that somebody who signs in
/// under another provider is somebody else to the sending channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginBeside {
    /// There is one under the same provider.
    SameProvider,
    /// The one in use stands under another provider.
    OtherProvider,
    /// There is none.
    Missing,
}

/// What LINE answered to one question, or the reason code of its failure.
pub type Told<T> = Result<T, &'static str>;

/// A channel looked at from all sides.
#[derive(Debug, Clone)]
pub struct LineStanding {
    /// The channel.
    pub channel: LineChannel,
    /// Where LINE should send events.
    pub wanted_webhook: String,
    /// Whose provider the channel stands under.
    pub owner: ProviderOwner,
    /// Whether the mandate it is used under holds today; nothing when none is named.
    pub mandate: Option<Mandated>,
    /// Where residents sign in, seen from this channel; nothing for a login channel.
    pub login: Option<LoginBeside>,
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

/// What our own record says: whose provider, under which mandate, with which login beside it.
async fn surroundings(
    house: &House,
    by: &Granted<ManageChannels>,
    channel: &LineChannel,
) -> Result<(ProviderOwner, Option<Mandated>, Option<LoginBeside>), ActError> {
    let mut reader = house.org(by.org()).read().await?;
    let providers = reader.line_providers().await?;
    let owner = providers.iter().find(|it| it.id == channel.provider).ok_or(ActError::NotFound)?.owner;
    let today = house.now().jst_date();
    let mandates = reader.mandates().await?;
    let named = mandates.iter().find(|it| Some(it.id) == channel.mandate);
    let mandate = named.map(|it| if it.holds_on(today) { Mandated::Holds } else { Mandated::Over });
    let login = match channel.kind {
        ChannelKind::Login => None,
        ChannelKind::Messaging => Some(match reader.login_line_channel().await? {
            Some(login) if login.provider == channel.provider => LoginBeside::SameProvider,
            Some(_) => LoginBeside::OtherProvider,
            None => LoginBeside::Missing,
        }),
    };
    Ok((owner, mandate, login))
}

/// Looks at a channel from all sides, changing nothing.
///
/// # Errors
/// Not found; what LINE refuses stands in the answer.
pub async fn check_line(house: &House, by: &Granted<ManageChannels>, id: ChannelId) -> Result<LineStanding, ActError> {
    let (channel, open) = opened(house, by, id).await?;
    let wanted_webhook = webhook_url(house, &channel);
    let (owner, mandate, login) = surroundings(house, by, &channel).await?;
    let mut standing = LineStanding {
        channel,
        wanted_webhook,
        owner,
        mandate,
        login,
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
