//! Quota, consumption and the number of delivered messages per day.

use axum::Json;
use axum::extract::{Query, State};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Call;
use super::error::ApiError;
use crate::clock;
use crate::sim::Sim;
use crate::state::{QuotaPlan, SendKind};

/// `GET /v2/bot/message/quota`
pub async fn quota(State(sim): State<Sim>, call: Call) -> Json<Value> {
    Json(match sim.world().channel(call.channel).quota.plan {
        QuotaPlan::None => json!({"type": "none"}),
        QuotaPlan::Limited(value) => json!({"type": "limited", "value": value}),
    })
}

/// `GET /v2/bot/message/quota/consumption`
pub async fn consumption(State(sim): State<Sim>, call: Call) -> Json<Value> {
    Json(json!({"totalUsage": sim.world().channel(call.channel).quota.used(sim.now())}))
}

/// Query of the delivery counts.
#[derive(Deserialize)]
pub struct Day {
    date: Option<String>,
}

fn count(sim: &Sim, call: &Call, kind: SendKind, day: &Day) -> Result<Json<Value>, ApiError> {
    let text = day.date.as_deref().unwrap_or_default();
    let digits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let date = NaiveDate::parse_from_str(text, "%Y%m%d").ok().filter(|_| digits);
    let date = date.ok_or_else(|| ApiError::bad("The value for the 'date' parameter is invalid"))?;
    let world = sim.world();
    let channel = world.channel(call.channel);
    Ok(Json(if date >= clock::day(sim.now()) {
        json!({"status": "unready"})
    } else if date < clock::day(channel.made_at) {
        json!({"status": "out_of_service"})
    } else {
        json!({"status": "ready", "success": channel.delivered_on(kind, date)})
    }))
}

/// `GET /v2/bot/message/delivery/reply`
pub async fn reply(State(sim): State<Sim>, call: Call, Query(day): Query<Day>) -> Result<Json<Value>, ApiError> {
    count(&sim, &call, SendKind::Reply, &day)
}

/// `GET /v2/bot/message/delivery/push`
pub async fn push(State(sim): State<Sim>, call: Call, Query(day): Query<Day>) -> Result<Json<Value>, ApiError> {
    count(&sim, &call, SendKind::Push, &day)
}

/// `GET /v2/bot/message/delivery/multicast`
pub async fn multicast(State(sim): State<Sim>, call: Call, Query(day): Query<Day>) -> Result<Json<Value>, ApiError> {
    count(&sim, &call, SendKind::Multicast, &day)
}

/// `GET /v2/bot/message/delivery/broadcast`
pub async fn broadcast(State(sim): State<Sim>, call: Call, Query(day): Query<Day>) -> Result<Json<Value>, ApiError> {
    count(&sim, &call, SendKind::Broadcast, &day)
}
