//! Which rich menu whom is shown: default, per user, in bulk, and aliases.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::error::ApiError;
use crate::ident;
use crate::sim::Sim;
use crate::state::{PersonKey, Standing, World};

type Answer = Result<Json<Value>, ApiError>;

fn done() -> Json<Value> {
    Json(json!({}))
}

fn menu_id(world: &World, call: &Call, id: &str) -> Result<Arc<str>, ApiError> {
    let menus = &world.channel(call.channel).rich_menus.menus;
    let (id, menu) = menus.get_key_value(id).ok_or_else(|| ApiError::missing("richmenu not found"))?;
    if menu.image.is_none() {
        return Err(ApiError::bad("must upload richmenu image before applying it to user"));
    }
    Ok(Arc::clone(id))
}

/// `POST /v2/bot/user/all/richmenu/{richMenuId}`
pub async fn default_set(State(sim): State<Sim>, call: Call, Path(id): Path<String>) -> Answer {
    let mut world = sim.world();
    let id = menu_id(&world, &call, &id)?;
    world.channel_mut(call.channel).rich_menus.default = Some(id);
    Ok(done())
}

/// `GET /v2/bot/user/all/richmenu`
pub async fn default_get(State(sim): State<Sim>, call: Call) -> Answer {
    let id = sim.world().channel(call.channel).rich_menus.default.clone();
    id.map(|id| Json(json!({"richMenuId": *id}))).ok_or_else(|| ApiError::missing("no default richmenu"))
}

/// `DELETE /v2/bot/user/all/richmenu`
pub async fn default_cancel(State(sim): State<Sim>, call: Call) -> Json<Value> {
    sim.world().channel_mut(call.channel).rich_menus.default = None;
    done()
}

fn friend(world: &World, call: &Call, id: &str) -> Result<Option<PersonKey>, ApiError> {
    let id = ident::parse_user(id).ok_or_else(|| ApiError::bad("The value for the 'userId' parameter is invalid"))?;
    let channel = world.channel(call.channel);
    let person = world.known_person(&channel.provider, id);
    Ok(person.filter(|p| channel.standing(*p) == Standing::Friend))
}

fn put(world: &mut World, call: &Call, person: Option<PersonKey>, menu: Option<Arc<str>>) {
    // Blockers and unknown ids answer 200 without effect, as documented.
    if let Some(person) = person {
        let tie = world.channel_mut(call.channel).tie_mut(person);
        tie.rich_menu = menu;
        tie.revision += 1;
    }
}

/// `POST /v2/bot/user/{userId}/richmenu/{richMenuId}`
pub async fn link(State(sim): State<Sim>, call: Call, Path((user, menu)): Path<(String, String)>) -> Answer {
    let mut world = sim.world();
    let menu = menu_id(&world, &call, &menu)?;
    let person = friend(&world, &call, &user)?;
    put(&mut world, &call, person, Some(menu));
    Ok(done())
}

/// `DELETE /v2/bot/user/{userId}/richmenu`
pub async fn unlink(State(sim): State<Sim>, call: Call, Path(user): Path<String>) -> Answer {
    let mut world = sim.world();
    let person = friend(&world, &call, &user)?;
    put(&mut world, &call, person, None);
    Ok(done())
}

/// `GET /v2/bot/user/{userId}/richmenu`
pub async fn of_user(State(sim): State<Sim>, call: Call, Path(user): Path<String>) -> Answer {
    let world = sim.world();
    let person = friend(&world, &call, &user)?;
    let id = person.and_then(|p| world.channel(call.channel).tie(p)).and_then(|t| t.rich_menu.clone());
    id.map(|id| Json(json!({"richMenuId": *id}))).ok_or_else(|| ApiError::missing("the user has no richmenu"))
}

fn bulk(sim: &Sim, call: &Call, bytes: &[u8]) -> Result<(StatusCode, Json<Value>), ApiError> {
    let body = call.body(bytes)?;
    let mut world = sim.world();
    let menu = match body.get("richMenuId").and_then(Value::as_str) {
        Some(id) => Some(menu_id(&world, call, id)?),
        None => None,
    };
    let ids = body.get("userIds").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let people: Vec<_> =
        ids.iter().map(|id| friend(&world, call, id.as_str().unwrap_or_default())).collect::<Result<_, _>>()?;
    for person in people {
        put(&mut world, call, person, menu.clone());
    }
    Ok((StatusCode::ACCEPTED, done()))
}

/// `POST /v2/bot/richmenu/bulk/link`
pub async fn bulk_link(
    State(sim): State<Sim>,
    call: Call,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    bulk(&sim, &call, &bytes)
}

/// `POST /v2/bot/richmenu/bulk/unlink`
pub async fn bulk_unlink(
    State(sim): State<Sim>,
    call: Call,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    bulk(&sim, &call, &bytes)
}

fn alias_target(world: &World, call: &Call, body: &Value) -> Result<Arc<str>, ApiError> {
    let id = body.get("richMenuId").and_then(Value::as_str).unwrap_or_default();
    let menus = &world.channel(call.channel).rich_menus.menus;
    let (id, menu) = menus.get_key_value(id).ok_or_else(|| ApiError::bad("richmenu not found"))?;
    if menu.image.is_none() {
        return Err(ApiError::bad("must upload richmenu image before applying it to user"));
    }
    Ok(Arc::clone(id))
}

/// `POST /v2/bot/richmenu/alias`
pub async fn alias_create(State(sim): State<Sim>, call: Call, bytes: Bytes) -> Answer {
    let body = call.body(&bytes)?;
    let name = body.get("richMenuAliasId").and_then(Value::as_str).unwrap_or_default();
    let mut world = sim.world();
    let target = alias_target(&world, &call, &body)?;
    let aliases = &mut world.channel_mut(call.channel).rich_menus.aliases;
    if aliases.contains_key(name) {
        return Err(ApiError::bad("conflict richmenu alias id"));
    }
    aliases.insert(name.to_owned(), target);
    Ok(done())
}

fn no_alias() -> ApiError {
    ApiError::missing("richmenu alias not found")
}

/// `POST /v2/bot/richmenu/alias/{richMenuAliasId}`
pub async fn alias_update(State(sim): State<Sim>, call: Call, Path(name): Path<String>, bytes: Bytes) -> Answer {
    let body = call.body(&bytes)?;
    let mut world = sim.world();
    let target = alias_target(&world, &call, &body)?;
    let kept = world.channel_mut(call.channel).rich_menus.aliases.get_mut(&name).ok_or_else(no_alias)?;
    *kept = target;
    Ok(done())
}

/// `GET /v2/bot/richmenu/alias/{richMenuAliasId}`
pub async fn alias_get(State(sim): State<Sim>, call: Call, Path(name): Path<String>) -> Answer {
    let world = sim.world();
    let id = world.channel(call.channel).rich_menus.aliases.get(&name).ok_or_else(no_alias)?;
    Ok(Json(json!({"richMenuAliasId": name, "richMenuId": **id})))
}

/// `DELETE /v2/bot/richmenu/alias/{richMenuAliasId}`
pub async fn alias_delete(State(sim): State<Sim>, call: Call, Path(name): Path<String>) -> Answer {
    let mut world = sim.world();
    world.channel_mut(call.channel).rich_menus.aliases.remove(&name).ok_or_else(no_alias)?;
    Ok(done())
}

/// `GET /v2/bot/richmenu/alias/list`
pub async fn alias_list(State(sim): State<Sim>, call: Call) -> Json<Value> {
    let world = sim.world();
    let aliases = &world.channel(call.channel).rich_menus.aliases;
    let list: Vec<Value> =
        aliases.iter().map(|(name, id)| json!({"richMenuAliasId": name, "richMenuId": **id})).collect();
    Json(json!({"aliases": list}))
}
