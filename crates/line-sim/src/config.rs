//! What a simulator is started with. Leaves the fake world itself to `setup`.

use std::net::{Ipv4Addr, SocketAddr};

/// Whether the documented rate limits are enforced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateLimits {
    /// Token buckets per channel and endpoint, as documented.
    Enforced,
    /// No limit: for load tests.
    Off,
}

/// How a multicast treats a well-formed user id the provider does not know (the reference documents both).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownRecipient {
    /// 200, and nothing is delivered to that id.
    Skip,
    /// 400 `Failed to send messages`, and nothing is sent to anyone.
    Refuse,
}

/// Whether an accepted retry key is known again, as LINE does for 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryKeys {
    /// As documented: the second request answers 409 and sends nothing.
    Known,
    /// Forgotten at once: what LINE would do to a client that made a fresh key for every attempt. Only for the negative
    /// controls of exactly-once tests.
    Forgotten,
}

/// How a simulator starts.
#[derive(Debug, Clone)]
pub struct SimConfig {
    /// Loopback address and port; port 0 picks a free one.
    pub listen: SocketAddr,
    /// Seed of ids, tokens and fault draws; `None` takes a fresh one.
    pub seed: Option<u64>,
    /// Whether rate limits hold.
    pub rate_limits: RateLimits,
    /// Multicast to an id unknown to the provider.
    pub unknown_recipient: UnknownRecipient,
    /// Whether retry keys are known again.
    pub retry_keys: RetryKeys,
    /// Entries of a chat kept per user and account (the ledger keeps every send).
    pub chat_history: usize,
    /// Host name in the addresses the simulator prints, `localhost` unless told.
    pub host: String,
}

impl Default for SimConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: None,
            rate_limits: RateLimits::Enforced,
            unknown_recipient: UnknownRecipient::Skip,
            retry_keys: RetryKeys::Known,
            chat_history: 60,
            host: "localhost".into(),
        }
    }
}

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The simulator gives out sign-ins freely, so it must not be reachable from elsewhere.
    #[error("the LINE simulator listens on loopback only, not on {0}")]
    NotLoopback(SocketAddr),
    /// The port could not be taken.
    #[error("could not listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The webhook sender's HTTP client could not be built.
    #[error("could not build the webhook client: {0}")]
    Client(#[from] reqwest::Error),
}
