//! Sending: push, multicast, broadcast, reply. One pass under the lock decides and enters, so acceptance is all or nothing.

use std::collections::HashSet;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::error::ApiError;
use crate::config::{RetryKeys, UnknownRecipient};
use crate::ident;
use crate::sim::Sim;
use crate::state::retry::Accepted;
use crate::state::{PersonKey, Send, SendKind, Standing, World};

type Answer = Result<Json<Value>, ApiError>;

/// `POST /v2/bot/message/push`
pub async fn push(State(sim): State<Sim>, call: Call, bytes: Bytes) -> Answer {
    let body = call.body(&bytes)?;
    let to = text(&body, "to");
    let mut world = sim.world();
    refuse_replay(&sim, &mut world, &call)?;
    if ident::is_group_or_room(to) {
        return Err(ApiError::bad("Failed to send messages"));
    }
    let id = ident::parse_user(to)
        .ok_or_else(|| ApiError::bad("The property, 'to', in the request body is invalid (line: -, column: -)"))?;
    let provider = world.channel(call.channel).provider.clone();
    let person = world.known_person(&provider, id).ok_or_else(|| ApiError::bad("Failed to send messages"))?;
    let sent = accept(&sim, &mut world, &call, SendKind::Push, vec![person], &body)?;
    Ok(Json(json!({"sentMessages": sent})))
}

/// `POST /v2/bot/message/multicast`
pub async fn multicast(State(sim): State<Sim>, call: Call, bytes: Bytes) -> Answer {
    let body = call.body(&bytes)?;
    let mut world = sim.world();
    refuse_replay(&sim, &mut world, &call)?;
    let ids = body.get("to").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let provider = world.channel(call.channel).provider.clone();
    let mut people = Vec::with_capacity(ids.len());
    for (i, id) in ids.iter().enumerate() {
        let id = id.as_str().and_then(ident::parse_user);
        let id = id.ok_or_else(|| ApiError::bad(format!("The property, to[{i}], in the request body is invalid")))?;
        match world.known_person(&provider, id) {
            Some(person) => people.push(person),
            None if sim.config().unknown_recipient == UnknownRecipient::Refuse => {
                return Err(ApiError::bad("Failed to send messages"));
            }
            None => {}
        }
    }
    accept(&sim, &mut world, &call, SendKind::Multicast, people, &body)?;
    Ok(Json(json!({})))
}

/// `POST /v2/bot/message/broadcast`
pub async fn broadcast(State(sim): State<Sim>, call: Call, bytes: Bytes) -> Answer {
    let body = call.body(&bytes)?;
    let mut world = sim.world();
    refuse_replay(&sim, &mut world, &call)?;
    let people = world.channel(call.channel).friends().iter().copied().collect();
    accept(&sim, &mut world, &call, SendKind::Broadcast, people, &body)?;
    Ok(Json(json!({})))
}

/// `POST /v2/bot/message/reply`
pub async fn reply(State(sim): State<Sim>, call: Call, bytes: Bytes) -> Answer {
    let body = call.body(&bytes)?;
    let token = text(&body, "replyToken").to_owned();
    let mut world = sim.world();
    let found = world.tokens.reply(&token, call.channel, sim.now());
    let reply = found.ok_or_else(|| ApiError::bad("Invalid reply token"))?;
    let sent = accept(&sim, &mut world, &call, SendKind::Reply, vec![reply.person], &body)?;
    world.tokens.use_reply(&token);
    Ok(Json(json!({"sentMessages": sent})))
}

/// `POST /v2/bot/message/validate/*`: the checks have run when the body is read.
pub async fn validate(call: Call, bytes: Bytes) -> Answer {
    call.body(&bytes)?;
    Ok(Json(json!({})))
}

/// `POST /v2/bot/chat/loading/start`
pub async fn loading(call: Call, bytes: Bytes) -> Result<(StatusCode, Json<Value>), ApiError> {
    let body = call.body(&bytes)?;
    if body.get("loadingSeconds").and_then(Value::as_u64).is_some_and(|s| s % 5 != 0) {
        let detail =
            crate::rules::Detail { message: "must be a multiple of five".into(), property: "loadingSeconds".into() };
        return Err(ApiError::body(vec![detail]));
    }
    if ident::parse_user(text(&body, "chatId")).is_none() {
        return Err(ApiError::property("chatId"));
    }
    Ok((StatusCode::ACCEPTED, Json(json!({}))))
}

/// `POST /v2/bot/chat/markAsRead`: tokens are those of message events, which begin with `r`.
pub async fn mark_as_read(call: Call, bytes: Bytes) -> Answer {
    let body = call.body(&bytes)?;
    if text(&body, "markAsReadToken").len() != 33 {
        return Err(ApiError::bad(
            "Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook.",
        ));
    }
    Ok(Json(json!({})))
}

fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn refuse_replay(sim: &Sim, world: &mut World, call: &Call) -> Result<(), ApiError> {
    let Some(key) = call.retry_key else { return Ok(()) };
    let channel = world.channel_mut(call.channel);
    match channel.retry_keys.find(key, sim.now()) {
        Some(accepted) => {
            channel.totals.replayed += 1;
            Err(ApiError::replayed(accepted.request_id, accepted.sent))
        }
        None => Ok(()),
    }
}

fn accept(
    sim: &Sim,
    world: &mut World,
    call: &Call,
    kind: SendKind,
    people: Vec<PersonKey>,
    body: &Value,
) -> Result<Value, ApiError> {
    let now = sim.now();
    let mut seen = HashSet::with_capacity(people.len());
    let recipients: Box<[PersonKey]> = people.into_iter().filter(|p| seen.insert(*p)).collect();
    let channel = world.channel_mut(call.channel);
    // A reply reaches whoever wrote, friend or not, unless they have blocked the account since; it is free.
    let reached = |p: &PersonKey| match kind {
        SendKind::Reply => channel.tie(*p).is_none_or(|t| t.standing != Standing::Blocked),
        SendKind::Push | SendKind::Multicast | SendKind::Broadcast | SendKind::Narrowcast => {
            channel.tie(*p).is_some_and(|t| t.receives(now))
        }
    };
    let mut missed: Vec<PersonKey> = recipients.iter().copied().filter(|p| !reached(p)).collect();
    missed.sort_unstable();
    let counted = if kind == SendKind::Reply { 0 } else { (recipients.len() - missed.len()) as u64 };
    if !channel.quota.take(now, counted) {
        return Err(ApiError::monthly_limit());
    }
    let messages = body.get("messages").cloned().unwrap_or_default();
    let shared = world.bodies.share(&messages);
    let first_id = world.take_message_ids(usize::from(shared.count));
    let sent = sent_messages(sim, &messages, first_id);
    let unit = body.pointer("/customAggregationUnits/0").and_then(Value::as_str).map(Into::into);
    let send = Send {
        at: now,
        request_id: call.request_id,
        kind,
        retry_key: call.retry_key,
        body: shared,
        first_id,
        recipients,
        missed: missed.into_boxed_slice(),
        unit,
    };
    let channel = world.channel_mut(call.channel);
    channel.enter(send, sim.config().chat_history);
    if let (Some(key), RetryKeys::Known) = (call.retry_key, sim.config().retry_keys) {
        let kept = (kind == SendKind::Push).then(|| sent.clone());
        channel.retry_keys.keep(key, now, Accepted { request_id: call.request_id, sent: kept });
    }
    Ok(sent)
}

fn sent_messages(sim: &Sim, messages: &Value, first_id: u64) -> Value {
    let list = messages.as_array().map(Vec::as_slice).unwrap_or_default();
    let one = |(i, message): (usize, &Value)| {
        let id = (first_id + i as u64).to_string();
        match message.get("type").and_then(Value::as_str) {
            Some("text" | "textV2" | "sticker" | "image" | "video" | "template") => {
                json!({"id": id, "quoteToken": sim.chance().token::<24>()})
            }
            _ => json!({"id": id}),
        }
    };
    Value::Array(list.iter().enumerate().map(one).collect())
}
