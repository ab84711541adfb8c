//! What a login channel may ask about a signed-in user.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::state::Grant;
use crate::api::call::bearer;
use crate::api::error::ApiError;
use crate::ident;
use crate::sim::Sim;
use crate::state::{Person, Standing};

fn grant(sim: &Sim, headers: &HeaderMap, scope: &str) -> Result<Grant, ApiError> {
    let world = sim.world();
    let token = bearer(headers).and_then(|t| world.login.access.get(&t)).filter(|t| t.ends_at > sim.now());
    let token = token.ok_or_else(|| ApiError::unauthorized("invalid token"))?;
    if token.grant.scopes.iter().any(|s| s == scope) {
        Ok(token.grant.clone())
    } else {
        Err(ApiError::plain(StatusCode::FORBIDDEN, format!("The access token lacks the scope {scope}")))
    }
}

fn who(sim: &Sim, grant: &Grant) -> (String, Person) {
    let mut world = sim.world();
    let provider = world.login.channels.get(&grant.client).map(|c| c.setup.provider.clone()).unwrap_or_default();
    let id = ident::format_user(world.introduce(&provider, grant.person));
    (id, world.person(grant.person).clone())
}

/// `GET|POST /oauth2/v2.1/userinfo`
pub async fn userinfo(State(sim): State<Sim>, headers: HeaderMap) -> Result<Json<Value>, ApiError> {
    let grant = grant(&sim, &headers, "openid")?;
    let (id, person) = who(&sim, &grant);
    let mut body = json!({"sub": id});
    if grant.scopes.iter().any(|s| s == "profile") {
        body["name"] = json!(*person.name);
        if let Some(url) = &person.picture_url {
            body["picture"] = json!(**url);
        }
    }
    Ok(Json(body))
}

/// `GET /v2/profile`
pub async fn profile(State(sim): State<Sim>, headers: HeaderMap) -> Result<Json<Value>, ApiError> {
    let grant = grant(&sim, &headers, "profile")?;
    let (id, person) = who(&sim, &grant);
    let mut body = json!({"userId": id, "displayName": *person.name});
    if let Some(url) = &person.picture_url {
        body["pictureUrl"] = json!(**url);
    }
    if let Some(text) = &person.status_message {
        body["statusMessage"] = json!(**text);
    }
    Ok(Json(body))
}

/// `GET /friendship/v1/status`
pub async fn friendship(State(sim): State<Sim>, headers: HeaderMap) -> Result<Json<Value>, ApiError> {
    let grant = grant(&sim, &headers, "profile")?;
    let world = sim.world();
    let linked = world.login.channels.get(&grant.client).and_then(|c| c.setup.linked_account.as_ref());
    let key = linked.and_then(|id| world.channel_ids.get(id)).copied();
    let key = key.ok_or_else(|| ApiError::bad("There is no login bot linked to this channel"))?;
    let friend = world.channel(key).standing(grant.person) == Standing::Friend;
    Ok(Json(json!({"friendFlag": friend})))
}

/// `POST /user/v1/deauthorize` with a token of the login channel itself; ends all of the user's consent and tokens.
pub async fn deauthorize(State(sim): State<Sim>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let mut world = sim.world();
    let by = bearer(&headers).and_then(|t| world.login.channel_tokens.get(&t).cloned());
    let Some(by) = by else { return ApiError::unauthorized("invalid token").into_response() };
    let token = body.get("userAccessToken").and_then(Value::as_str).unwrap_or_default();
    let grant = world.login.access.get(token).map(|t| t.grant.clone()).filter(|grant| grant.client == by);
    let Some(grant) = grant else {
        return ApiError::bad("invalid userAccessToken").into_response();
    };
    let ended = |g: &Grant| g.client == grant.client && g.person == grant.person;
    world.login.access.retain(|_, t| !ended(&t.grant));
    world.login.refresh.retain(|_, t| !ended(&t.grant));
    world.login.consented.retain(|(client, person, _)| !(*client == grant.client && *person == grant.person));
    StatusCode::NO_CONTENT.into_response()
}
