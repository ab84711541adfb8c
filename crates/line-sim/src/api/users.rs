//! Profiles, follower ids, bot info, link tokens, content sent by users.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Call;
use super::error::ApiError;
use crate::ident;
use crate::sim::Sim;
use crate::state::tokens::LinkToken;
use crate::state::{PersonKey, Standing, World};

type Answer = Result<Json<Value>, ApiError>;

fn known(world: &World, call: &Call, id: &str) -> Result<PersonKey, ApiError> {
    let id = ident::parse_user(id).ok_or_else(|| ApiError::bad("The value for the 'userId' parameter is invalid"))?;
    let provider = &world.channel(call.channel).provider;
    world.known_person(provider, id).ok_or_else(|| ApiError::missing("Not found"))
}

/// `GET /v2/bot/profile/{userId}`
pub async fn profile(State(sim): State<Sim>, call: Call, Path(id): Path<String>) -> Answer {
    let world = sim.world();
    let person = known(&world, &call, &id)?;
    let tie = world.channel(call.channel).tie(person);
    let visible = tie.is_some_and(|t| match t.standing {
        Standing::Friend => true,
        Standing::Stranger => t.wrote_at.is_some(),
        Standing::Blocked => false,
    });
    if !visible {
        return Err(ApiError::missing("Not found"));
    }
    let who = world.person(person);
    let mut body = json!({"userId": id, "displayName": *who.name, "language": *who.language});
    if let Some(url) = &who.picture_url {
        body["pictureUrl"] = Value::from(&**url);
    }
    if let Some(text) = &who.status_message {
        body["statusMessage"] = Value::from(&**text);
    }
    Ok(Json(body))
}

/// Query of the follower ids.
#[derive(Deserialize)]
pub struct Page {
    limit: Option<usize>,
    start: Option<String>,
}

const TOKEN_LIFE: i64 = 24 * 3600 * 1000;

/// `GET /v2/bot/followers/ids`; the paging token carries where it stopped and when it was made.
pub async fn follower_ids(State(sim): State<Sim>, call: Call, Query(page): Query<Page>) -> Answer {
    let world = sim.world();
    let channel = world.channel(call.channel);
    if !channel.verified {
        let text = "Access to this API is not available for your account";
        return Err(ApiError::plain(StatusCode::FORBIDDEN, text));
    }
    let limit = page.limit.unwrap_or(300).clamp(1, 1000);
    let after = match &page.start {
        None => PersonKey(0),
        Some(token) => read_token(token, sim.now()).ok_or_else(|| ApiError::bad("Invalid start param"))?,
    };
    let provider = world.providers.get(&channel.provider);
    let mut friends = channel.friends().range(after..);
    let id = |p: &PersonKey| provider.and_then(|v| v.ids.get(p)).map(|k| ident::format_user(*k));
    let ids: Vec<String> = friends.by_ref().take(limit).filter_map(id).collect();
    let mut body = json!({"userIds": ids});
    if let Some(next) = friends.next() {
        body["next"] = Value::from(format!("{:08x}{:012x}", next.0, sim.now()));
    }
    Ok(Json(body))
}

fn read_token(token: &str, now: i64) -> Option<PersonKey> {
    let (at, made) = token.split_at_checked(8)?;
    let made = i64::from_str_radix(made, 16).ok()?;
    (now - made <= TOKEN_LIFE).then_some(PersonKey(u32::from_str_radix(at, 16).ok()?))
}

/// `GET /v2/bot/info`
pub async fn info(State(sim): State<Sim>, call: Call) -> Json<Value> {
    let world = sim.world();
    let channel = world.channel(call.channel);
    let mut body = json!({
        "userId": channel.bot_user_id,
        "basicId": format!("@{}", channel.basic_id),
        "displayName": channel.name,
        "chatMode": "bot",
        "markAsReadMode": "auto",
    });
    if let Some(url) = &channel.picture_url {
        body["pictureUrl"] = Value::from(url.as_str());
    }
    Json(body)
}

/// `POST /v2/bot/user/{userId}/linkToken`
pub async fn link_token(State(sim): State<Sim>, call: Call, Path(id): Path<String>) -> Answer {
    let mut world = sim.world();
    let person = known(&world, &call, &id)?;
    let token = sim.chance().token::<16>();
    let ends_at = sim.now() + 10 * 60_000;
    world.tokens.link.insert(token.clone(), LinkToken { channel: call.channel, person, ends_at });
    Ok(Json(json!({"linkToken": token})))
}

/// `GET /v2/bot/message/{messageId}/content`: a small picture for picture messages, 410 when unsent.
pub async fn content(State(sim): State<Sim>, call: Call, Path(id): Path<String>) -> Result<Response, ApiError> {
    let wanted: u64 = id.parse().map_err(|_| ApiError::missing("not found"))?;
    let world = sim.world();
    let account = world.channel(call.channel);
    let tie = account.pictures.get(&wanted).and_then(|person| account.tie(*person));
    let found = tie.and_then(|t| t.chat.iter().find(|e| e.id == wanted));
    match found {
        Some(entry) if entry.unsent => Err(ApiError::plain(StatusCode::GONE, "The content is gone")),
        Some(_) => Ok(([("content-type", "image/png")], crate::phone::picture()).into_response()),
        None => Err(ApiError::missing("not found")),
    }
}
