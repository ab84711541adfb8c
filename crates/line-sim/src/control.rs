//! The control API of tests and of the admin page, under `/_sim`: setup, deeds, faults, webhook habits, clock, quota, ledger.
//! It is open to whoever reaches the loopback port: the simulator holds no real data.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;

use crate::faults::Fault;
use crate::ident;
use crate::setup::Setup;
use crate::sim::Sim;
use crate::state::{ChannelKey, PersonKey, QuotaPlan, Send, World};
use crate::webhook::event::{Deed, perform};
use crate::webhook::sender::{Habits, ReleaseOrder};

/// Routes.
pub fn routes() -> Router<Sim> {
    Router::new()
        .route("/_sim/setup", post(set_up))
        .route("/_sim/deed", post(deed))
        .route("/_sim/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/_sim/held", get(held))
        .route("/_sim/webhooks", get(webhooks).post(set_habits))
        .route("/_sim/webhooks/active", post(set_active))
        .route("/_sim/webhooks/release", post(release))
        .route("/_sim/webhooks/idle", post(idle))
        .route("/_sim/clock", get(clock).post(set_clock))
        .route("/_sim/quota", post(set_quota))
        .route("/_sim/ledger", get(ledger))
        .route("/_sim/ledger/counts", get(counts))
        .route("/_sim/user-id", get(user_id))
        .route("/_sim/liff-token", post(crate::login::liff_token))
}

/// Why a control call was refused: 400 with the words.
struct Refused(String);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(json!({"message": self.0}))).into_response()
    }
}

fn refuse(text: impl Into<String>) -> Refused {
    Refused(text.into())
}

fn done() -> Response {
    Json(json!({})).into_response()
}

fn channel(world: &World, id: &str) -> Result<ChannelKey, Refused> {
    world.channel_ids.get(id).copied().ok_or_else(|| refuse(format!("channel {id} does not exist")))
}

async fn set_up(State(sim): State<Sim>, Json(setup): Json<Setup>) -> Response {
    match sim.set_up(&setup) {
        Ok(()) => done(),
        Err(error) => refuse(error.to_string()).into_response(),
    }
}

#[derive(Deserialize)]
struct DeedCall {
    user: String,
    channel: String,
    #[serde(flatten)]
    deed: Deed,
}

async fn deed(State(sim): State<Sim>, Json(call): Json<DeedCall>) -> Result<Response, Refused> {
    let (key, person) = {
        let world = sim.world();
        let person = world.person_of(&call.user).ok_or_else(|| refuse(format!("user {} does not exist", call.user)))?;
        (channel(&world, &call.channel)?, person)
    };
    Ok(Json(json!({"event": perform(&sim, key, person, &call.deed)})).into_response())
}

async fn faults(State(sim): State<Sim>) -> Json<Vec<Fault>> {
    Json(sim.faults().list())
}

async fn add_fault(State(sim): State<Sim>, Json(fault): Json<Fault>) -> Response {
    sim.faults().add(fault);
    done()
}

async fn clear_faults(State(sim): State<Sim>) -> Response {
    sim.faults().clear();
    done()
}

async fn held(State(sim): State<Sim>) -> Json<Value> {
    Json(json!({"held": sim.faults().held()}))
}

async fn webhooks(State(sim): State<Sim>) -> Response {
    Json(json!({"attempts": sim.sender().attempts(), "delivered": sim.sender().delivered()})).into_response()
}

#[derive(Deserialize)]
struct HabitsCall {
    channel: String,
    #[serde(flatten)]
    habits: Habits,
}

async fn set_habits(State(sim): State<Sim>, Json(call): Json<HabitsCall>) -> Result<Response, Refused> {
    let key = channel(&sim.world(), &call.channel)?;
    sim.sender().set_habits(key, call.habits);
    Ok(done())
}

#[derive(Deserialize)]
struct ActiveCall {
    channel: String,
    active: bool,
}

/// "Use webhook" of LINE's console, which no API sets.
async fn set_active(State(sim): State<Sim>, Json(call): Json<ActiveCall>) -> Result<Response, Refused> {
    let mut world = sim.world();
    let key = channel(&world, &call.channel)?;
    world.channel_mut(key).webhook_active = call.active;
    Ok(done())
}

#[derive(Deserialize)]
struct ReleaseCall {
    channel: String,
    order: ReleaseOrder,
    #[serde(default = "one")]
    batch: usize,
}

fn one() -> usize {
    1
}

async fn release(State(sim): State<Sim>, Json(call): Json<ReleaseCall>) -> Result<Response, Refused> {
    let key = channel(&sim.world(), &call.channel)?;
    let released = sim.sender().release(&sim, key, call.order, call.batch);
    Ok(Json(json!({"released": released})).into_response())
}

async fn idle(State(sim): State<Sim>) -> Response {
    sim.sender().idle().await;
    done()
}

async fn clock(State(sim): State<Sim>) -> Json<Value> {
    Json(json!({"now": sim.now()}))
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ClockCall {
    Advance(i64),
    StopAt(i64),
    RunFrom(i64),
    Real,
}

async fn set_clock(State(sim): State<Sim>, Json(call): Json<ClockCall>) -> Json<Value> {
    match call {
        ClockCall::Advance(by) => sim.clock().advance(by),
        ClockCall::StopAt(at) => sim.clock().stop_at(at),
        ClockCall::RunFrom(at) => sim.clock().run_from(at),
        ClockCall::Real => sim.clock().real(),
    }
    Json(json!({"now": sim.now()}))
}

#[derive(Deserialize)]
struct QuotaCall {
    channel: String,
    plan: Option<QuotaPlan>,
    used: Option<u64>,
}

async fn set_quota(State(sim): State<Sim>, Json(call): Json<QuotaCall>) -> Result<Response, Refused> {
    let now = sim.now();
    let mut world = sim.world();
    let key = channel(&world, &call.channel)?;
    let quota = &mut world.channel_mut(key).quota;
    if let Some(plan) = call.plan {
        quota.plan = plan;
    }
    if let Some(used) = call.used {
        quota.set_used(now, used);
    }
    Ok(done())
}

#[derive(Deserialize)]
struct LedgerQuery {
    channel: String,
    user: Option<String>,
    #[serde(default)]
    from: usize,
    limit: Option<usize>,
}

/// One line of the ledger: a request, seen by one person or by all.
fn line(world: &World, provider: &str, send: &Send, person: Option<PersonKey>) -> Value {
    let ids = world.providers.get(provider).map(|p| &p.ids);
    let id = |p: &PersonKey| ids.and_then(|ids| ids.get(p)).map(|k| ident::format_user(*k));
    let mut line = json!({
        "at": send.at,
        "requestId": send.request_id,
        "kind": send.kind,
        "retryKey": send.retry_key,
        "body": send.body.number,
        "messages": send.body.messages(),
        "firstId": send.first_id.to_string(),
        "unit": send.unit,
    });
    match person {
        Some(person) => line["delivered"] = json!(send.missed.binary_search(&person).is_err()),
        None => {
            line["recipients"] = json!(send.recipients.iter().filter_map(id).collect::<Vec<_>>());
            line["missed"] = json!(send.missed.iter().filter_map(id).collect::<Vec<_>>());
        }
    }
    line
}

async fn ledger(State(sim): State<Sim>, Query(query): Query<LedgerQuery>) -> Result<Response, Refused> {
    let world = sim.world();
    let channel = world.channel(channel(&world, &query.channel)?);
    let limit = query.limit.unwrap_or(1000);
    let lines: Vec<Value> = match &query.user {
        None => {
            let page = channel.sends.iter().skip(query.from).take(limit);
            page.map(|s| line(&world, &channel.provider, s, None)).collect()
        }
        Some(user) => {
            let by_id = ident::parse_user(user).and_then(|id| world.known_person(&channel.provider, id));
            let person =
                by_id.or_else(|| world.person_of(user)).ok_or_else(|| refuse(format!("user {user} does not exist")))?;
            let sends = channel.tie(person).map(|t| t.sends.as_slice()).unwrap_or_default();
            let page = sends.iter().skip(query.from).take(limit).filter_map(|i| channel.sends.get(*i as usize));
            page.map(|s| line(&world, &channel.provider, s, Some(person))).collect()
        }
    };
    Ok(Json(json!({"sends": lines, "total": channel.sends.len()})).into_response())
}

#[derive(Deserialize)]
struct CountsQuery {
    channel: String,
}

async fn counts(State(sim): State<Sim>, Query(query): Query<CountsQuery>) -> Result<Response, Refused> {
    let key = channel(&sim.world(), &query.channel)?;
    Ok(Json(sim.ledger_counts(key)).into_response())
}

impl Sim {
    /// Running totals of a channel, and how many (person, body) pairs were delivered more than once.
    pub fn ledger_counts(&self, key: ChannelKey) -> Value {
        let world = self.world();
        let channel = world.channel(key);
        let mut pairs: HashMap<(PersonKey, u32), u32> = HashMap::new();
        for send in &channel.sends {
            for person in send.recipients.iter().filter(|p| send.missed.binary_search(p).is_err()) {
                *pairs.entry((*person, send.body.number)).or_insert(0) += 1;
            }
        }
        let repeated = pairs.values().filter(|n| **n > 1).count();
        let mut body = json!(channel.totals);
        body["people"] = json!(pairs.keys().map(|(p, _)| p).collect::<std::collections::HashSet<_>>().len());
        body["repeated"] = json!(repeated);
        body["friends"] = json!(channel.friends().len());
        body["used"] = json!(channel.quota.used(self.now()));
        body
    }

    /// The channel of an id.
    pub fn channel_key(&self, id: &str) -> Option<ChannelKey> {
        self.world().channel_ids.get(id).copied()
    }

    /// Does something as a person: changes the world and queues the webhook. `None` when it has no effect.
    pub fn perform(&self, channel_id: &str, handle: &str, deed: &Deed) -> Option<Value> {
        let person = self.world().person_of(handle)?;
        perform(self, self.channel_key(channel_id)?, person, deed)
    }
}

#[derive(Deserialize)]
struct UserQuery {
    provider: String,
    user: String,
}

async fn user_id(State(sim): State<Sim>, Query(query): Query<UserQuery>) -> Response {
    match sim.user_id(&query.provider, &query.user) {
        Some(id) => Json(json!({"userId": id})).into_response(),
        None => refuse(format!("user {} or provider {} does not exist", query.user, query.provider)).into_response(),
    }
}
