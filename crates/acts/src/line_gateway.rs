//! The way from an act to LINE: for one channel of one organisation, a client for its hosts and a token that works now.
//! Opens the channel's secret, asks for stateless tokens and keeps them ten minutes; clients are kept per set of hosts.
//! Leaves every call to its act. Never called while a transaction is open: it reads the database and the network.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;
use tsunagari_channels::Secret;
use tsunagari_channels::line::{BadHost, Fault, HostSet, LineApi, LineError, TokenCache};
use tsunagari_kernel::{ChannelId, Clock, Timestamp};
use tsunagari_storage::line_channel::{ChannelState, LineChannel};
use tsunagari_storage::{OrgStore, StorageError};

use crate::outside::NotAllowed;
use crate::{ActError, Outside};

/// Clients and tokens of this process. Cheap to clone.
#[derive(Clone)]
pub struct LineGateway(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    outside: Arc<Outside>,
    tokens: Mutex<HashMap<ChannelId, Arc<TokenCache>>>,
    clients: Mutex<HashMap<String, LineApi>>,
    /// Since when LINE has given no token.
    silent: Mutex<HashMap<ChannelId, Timestamp>>,
}

/// A channel that is ready to be called.
#[derive(Clone)]
pub struct OpenLine {
    /// The client for the channel's hosts.
    pub api: LineApi,
    /// A token good for some minutes: ask again for every batch of work, not for every call.
    pub token: Secret,
    /// The channel.
    pub channel: LineChannel,
    /// The channel's secret, for LINE Login's code exchange and webhook signatures.
    pub secret: Secret,
}

/// Why a channel cannot be called.
#[derive(Debug, Error)]
pub enum GatewayError {
    /// The channel is stopped.
    #[error("the channel is stopped")]
    Stopped,
    /// A host that must not be used.
    #[error(transparent)]
    Host(#[from] BadHost),
    /// A host that offices of this installation may not name.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// LINE gave no token.
    #[error(transparent)]
    Line(#[from] LineError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl GatewayError {
    /// The public reason code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Stopped => "line_stopped",
            Self::Host(_) | Self::NotAllowed(NotAllowed::NotLines | NotAllowed::Inner) => "line_host",
            Self::NotAllowed(NotAllowed::Demonstration) => "demonstration_stays_here",
            Self::Line(error) => line_reason(&error.fault),
            Self::Storage(_) => "busy",
        }
    }
}

impl From<GatewayError> for ActError {
    fn from(error: GatewayError) -> Self {
        match error {
            GatewayError::Storage(inner) => inner.into(),
            other @ (GatewayError::Stopped
            | GatewayError::Host(_)
            | GatewayError::NotAllowed(_)
            | GatewayError::Line(_)) => Self::refused(other.code()),
        }
    }
}

/// What a fault of LINE is called in front of people.
pub const fn line_reason(fault: &Fault) -> &'static str {
    match fault {
        Fault::RateLimited => "line_rate_limited",
        Fault::MonthlyLimit => "line_monthly_limit",
        Fault::Retryable { .. } => "line_no_answer",
        Fault::AlreadyAccepted { .. } => "line_already_accepted",
        Fault::Rejected { .. } => "line_rejected",
        Fault::Unauthorised => "line_unauthorised",
        Fault::Unreadable => "line_unreadable",
    }
}

impl LineGateway {
    /// A gateway whose tokens age by the real clock, to the hosts that may be named.
    pub fn on(real_clock: Arc<dyn Clock>, outside: Arc<Outside>) -> Self {
        Self(Arc::new(Inner {
            clock: real_clock,
            outside,
            tokens: Mutex::default(),
            clients: Mutex::default(),
            silent: Mutex::default(),
        }))
    }

    /// The client for a channel's hosts.
    ///
    /// # Errors
    /// A host that may not be named; one that is not https and not loopback.
    pub fn api(&self, channel: &LineChannel) -> Result<LineApi, GatewayError> {
        // Also for what was kept before it was forbidden.
        self.0.outside.hosts.line([&channel.api_base, &channel.data_base, &channel.access_base])?;
        let name = format!("{} {} {}", channel.api_base, channel.data_base, channel.access_base);
        let mut clients = self.0.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = clients.get(&name) {
            return Ok(known.clone());
        }
        let made = LineApi::to(HostSet::parse(&channel.api_base, &channel.data_base, &channel.access_base)?)?;
        clients.insert(name, made.clone());
        Ok(made)
    }

    /// A working channel, ready to be called.
    ///
    /// # Errors
    /// Unknown or stopped channel, forbidden host, or LINE gives no token.
    pub async fn open(&self, here: &OrgStore, id: ChannelId) -> Result<OpenLine, GatewayError> {
        let mut reader = here.read().await?;
        let channel = reader.line_channel(id).await?;
        let secret = Secret::of(reader.line_secret(id).await?);
        drop(reader);
        match channel.state {
            ChannelState::Stopped => Err(GatewayError::Stopped),
            ChannelState::Working => self.ready(channel, secret).await,
        }
    }

    /// A channel whatever its state, for the checks of the settings.
    ///
    /// # Errors
    /// Forbidden host, or LINE gives no token.
    pub async fn ready(&self, channel: LineChannel, secret: Secret) -> Result<OpenLine, GatewayError> {
        let api = self.api(&channel)?;
        let token = self.tokens(channel.id).token(&api, &channel.number, &secret).await;
        let mut silent = self.0.silent.lock().unwrap_or_else(PoisonError::into_inner);
        match &token {
            Ok(_) => silent.remove(&channel.id),
            Err(_) => Some(*silent.entry(channel.id).or_insert_with(|| self.0.clock.now())),
        };
        drop(silent);
        Ok(OpenLine { api, token: token?, channel, secret })
    }

    /// Since when this process has asked LINE in vain for a token of a channel; `None`: the last one was given.
    pub fn silent_since(&self, channel: ChannelId) -> Option<Timestamp> {
        self.0.silent.lock().unwrap_or_else(PoisonError::into_inner).get(&channel).copied()
    }

    /// Asks LINE now whether number and secret belong together, whatever is kept.
    ///
    /// # Errors
    /// Forbidden host, or LINE gives no token.
    pub async fn prove(&self, channel: LineChannel, secret: Secret) -> Result<OpenLine, GatewayError> {
        let api = self.api(&channel)?;
        let token = api.stateless_token(&channel.number, &secret).await?.value.token;
        Ok(OpenLine { api, token, channel, secret })
    }

    /// Forgets a channel's token: after a 401 or a new secret. The next `open` asks LINE again.
    pub fn forget(&self, channel: ChannelId) {
        self.0.tokens.lock().unwrap_or_else(PoisonError::into_inner).remove(&channel);
    }

    /// By our own id: two organisations that name the same number never share a token.
    fn tokens(&self, channel: ChannelId) -> Arc<TokenCache> {
        let mut tokens = self.0.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.entry(channel).or_insert_with(|| Arc::new(TokenCache::on(self.0.clock.clone()))).clone()
    }
}

/// Where LINE sends a channel's events: the part behind `/hooks/line/` is the channel's secret path.
pub fn webhook_url(house: &crate::House, channel: &LineChannel) -> String {
    format!("{}/hooks/line/{}", house.origin, channel.hook)
}
