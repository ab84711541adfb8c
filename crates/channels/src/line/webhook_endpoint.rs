//! The address LINE sends webhooks to: set, get, test. Leaves receiving to `webhook` and `web`.

use serde::Deserialize;
use url::Url;

use super::LineApi;
use super::call::Call;
use super::fault::{Answer, LineError};
use crate::Secret;

/// What LINE has on file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WebhookEndpoint {
    /// Where events are sent.
    pub endpoint: String,
    /// Whether "use webhook" is switched on in the console.
    #[serde(default)]
    pub active: bool,
}

/// The outcome of a test event.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookTest {
    /// Whether our side answered 2xx.
    #[serde(default)]
    pub success: bool,
    /// Our HTTP status; zero or negative when none came.
    #[serde(default)]
    pub status_code: i32,
    /// `OK`, `COULD_NOT_CONNECT`, `REQUEST_TIMEOUT`, `ERROR_STATUS_CODE`, `UNCLASSIFIED`.
    #[serde(default)]
    pub reason: String,
    /// More words.
    #[serde(default)]
    pub detail: String,
}

const ENDPOINT: &[&str] = &["v2", "bot", "channel", "webhook", "endpoint"];

impl LineApi {
    /// `PUT /v2/bot/channel/webhook/endpoint`; takes up to a minute to apply.
    pub async fn set_webhook_endpoint(&self, token: &Secret, endpoint: &Url) -> Result<Answer<()>, LineError> {
        let body = serde_json::json!({ "endpoint": endpoint.as_str() }).to_string();
        let name = "PUT channel/webhook/endpoint";
        self.call_plain(Call::with(name, reqwest::Method::PUT, Some(token), ENDPOINT).json(body.as_bytes())).await
    }

    /// `GET /v2/bot/channel/webhook/endpoint`; 404 when none is set.
    pub async fn webhook_endpoint(&self, token: &Secret) -> Result<Answer<WebhookEndpoint>, LineError> {
        self.call(Call::get("GET channel/webhook/endpoint", token, ENDPOINT)).await
    }

    /// `POST /v2/bot/channel/webhook/test`: LINE sends a body without events and tells what came back.
    pub async fn test_webhook(&self, token: &Secret, endpoint: Option<&Url>) -> Result<Answer<WebhookTest>, LineError> {
        let body = match endpoint {
            Some(url) => serde_json::json!({ "endpoint": url.as_str() }),
            None => serde_json::json!({}),
        }
        .to_string();
        let path = ["v2", "bot", "channel", "webhook", "test"];
        self.call(Call::post("POST channel/webhook/test", token, &path).json(body.as_bytes())).await
    }
}
