//! The webhook endpoint of a channel: set, get, test.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde_json::{Value, json};

use super::call::Call;
use super::error::ApiError;
use crate::clock;
use crate::rules::message::is_https_or_loopback;
use crate::sim::Sim;
use crate::webhook::sender::{Delivery, Outcome};

type Answer = Result<Json<Value>, ApiError>;

fn endpoint(body: &Value) -> Result<Option<String>, ApiError> {
    match body.get("endpoint").and_then(Value::as_str) {
        Some(url) if !is_https_or_loopback(url) => Err(ApiError::bad("Invalid webhook endpoint URL")),
        found => Ok(found.map(str::to_owned)),
    }
}

/// `PUT /v2/bot/channel/webhook/endpoint`
pub async fn set(State(sim): State<Sim>, call: Call, bytes: Bytes) -> Answer {
    let url = endpoint(&call.body(&bytes)?)?;
    sim.world().channel_mut(call.channel).webhook_url = url;
    Ok(Json(json!({})))
}

/// `GET /v2/bot/channel/webhook/endpoint`
pub async fn get(State(sim): State<Sim>, call: Call) -> Answer {
    let world = sim.world();
    let channel = world.channel(call.channel);
    let url = channel.webhook_url.clone().ok_or_else(|| ApiError::missing("Webhook endpoint not found"))?;
    Ok(Json(json!({"endpoint": url, "active": channel.webhook_active})))
}

/// `POST /v2/bot/channel/webhook/test`: sends a webhook without events.
pub async fn test(State(sim): State<Sim>, call: Call, bytes: Bytes) -> Answer {
    let given = if bytes.is_empty() { None } else { endpoint(&call.body(&bytes)?)? };
    let delivery = {
        let world = sim.world();
        let channel = world.channel(call.channel);
        let url = given.or_else(|| channel.webhook_url.clone());
        let url = url.ok_or_else(|| ApiError::missing("Webhook endpoint not found"))?;
        Delivery::signed(url, &channel.secret, &channel.bot_user_id, &[])
    };
    let outcome = sim.sender().post(&delivery).await;
    let (status, detail) = match &outcome {
        Outcome::Answered(code) => (i64::from(*code), code.to_string()),
        Outcome::TimedOut => (0, "Request timeout".to_owned()),
        Outcome::NotConnected => (0, "Could not connect".to_owned()),
    };
    let at = clock::in_japan(sim.now()).to_utc().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let reason = outcome.reason();
    Ok(Json(json!({
        "success": outcome.is_ok(), "timestamp": at, "statusCode": status, "reason": reason, "detail": detail,
    })))
}
