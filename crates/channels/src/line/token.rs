//! Stateless channel access tokens: fifteen minutes each, as many as one likes, kept ten minutes per channel here.
//! Leaves the channel's secret to storage's encrypted columns.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde::Deserialize;
use tsunagari_kernel::{Clock, Timestamp};

use super::LineApi;
use super::call::Call;
use super::fault::{Answer, LineError};
use crate::Secret;

/// LINE gives 15 minutes; a third is left for requests under way and for clocks that differ.
const KEEP_MICROS: i64 = 10 * 60 * 1_000_000;

/// A token and how long LINE says it lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatelessToken {
    /// The bearer token.
    pub token: Secret,
    /// Seconds from its issue.
    pub expires_in: u64,
}

#[derive(Deserialize)]
struct Wire {
    access_token: String,
    #[serde(default)]
    expires_in: u64,
}

impl LineApi {
    /// `POST /oauth2/v3/token`
    pub async fn stateless_token(
        &self,
        channel_id: &str,
        secret: &Secret,
    ) -> Result<Answer<StatelessToken>, LineError> {
        let fields =
            [("grant_type", "client_credentials"), ("client_id", channel_id), ("client_secret", secret.reveal())];
        let call = Call::with("POST oauth2/v3/token", reqwest::Method::POST, None, &["oauth2", "v3", "token"]);
        let Answer { value, request_id } = self.call::<Wire>(call.form(&fields)).await?;
        let value = StatelessToken { token: Secret::of(value.access_token), expires_in: value.expires_in };
        Ok(Answer { value, request_id })
    }
}

/// Tokens by channel. In memory only: a restart asks again.
pub struct TokenCache {
    clock: Arc<dyn Clock>,
    kept: Mutex<HashMap<String, (Secret, Timestamp)>>,
}

impl std::fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenCache")
    }
}

impl TokenCache {
    /// An empty cache.
    pub fn on(clock: Arc<dyn Clock>) -> Self {
        Self { clock, kept: Mutex::default() }
    }

    /// A token for a channel: a kept one, or one asked for now. Two askers at once may both ask LINE, which is harmless.
    pub async fn token(&self, api: &LineApi, channel_id: &str, secret: &Secret) -> Result<Secret, LineError> {
        let now = self.clock.now();
        if let Some((token, until)) = self.lock().get(channel_id)
            && now < *until
        {
            return Ok(token.clone());
        }
        let issued = api.stateless_token(channel_id, secret).await?.value;
        let lives = i64::try_from(issued.expires_in).unwrap_or(0).saturating_mul(1_000_000) * 2 / 3;
        let until = Timestamp::from_micros(now.micros() + lives.min(KEEP_MICROS));
        self.lock().insert(channel_id.to_owned(), (issued.token.clone(), until));
        Ok(issued.token)
    }

    /// Forgets a channel's token: after a 401 or a new secret.
    pub fn forget(&self, channel_id: &str) {
        self.lock().remove(channel_id);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, (Secret, Timestamp)>> {
        // A map of tokens cannot be left half-written: a poisoned lock is as good as any.
        self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
