//! Login channels, authorization codes and user tokens with their lives.

use std::collections::{HashMap, HashSet};

use crate::clock::Millis;
use crate::setup::LoginChannelSetup;
use crate::state::PersonKey;

/// A LINE Login channel.
#[derive(Debug, Clone)]
pub struct LoginChannel {
    /// How it was set up.
    pub setup: LoginChannelSetup,
}

/// What a person allowed a login channel.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Login channel id.
    pub client: String,
    /// Who.
    pub person: PersonKey,
    /// Scopes.
    pub scopes: Vec<String>,
    /// Nonce of the ID token.
    pub nonce: Option<String>,
    /// When the person signed in, for `auth_time`, when `max_age` was given.
    pub auth_time: Option<i64>,
}

/// An authorization code: once, within ten minutes.
#[derive(Debug, Clone)]
pub struct Code {
    /// What it gives.
    pub grant: Grant,
    /// The callback it was sent to.
    pub redirect_uri: String,
    /// PKCE challenge (S256).
    pub challenge: Option<String>,
    /// When it ends.
    pub ends_at: Millis,
}

/// A user's access or refresh token.
#[derive(Debug, Clone)]
pub struct UserToken {
    /// What it gives.
    pub grant: Grant,
    /// When it ends.
    pub ends_at: Millis,
}

/// Everything of LINE Login.
#[derive(Default)]
pub struct LoginState {
    /// Channels by id.
    pub channels: HashMap<String, LoginChannel>,
    /// Codes.
    pub codes: HashMap<String, Code>,
    /// Access tokens.
    pub access: HashMap<String, UserToken>,
    /// Refresh tokens.
    pub refresh: HashMap<String, UserToken>,
    /// Channel access tokens of login channels, with the channel: good for `deauthorize` alone.
    pub channel_tokens: HashMap<String, String>,
    /// Scopes already consented to: (channel, person, scope).
    pub consented: HashSet<(String, PersonKey, String)>,
}
