//! Channel access tokens: stateless (15 minutes) and short-lived (30 days). JWT assertions are not played.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Form;
use serde::Deserialize;
use serde_json::json;

use super::error::ApiError;
use crate::sim::Sim;
use crate::state::World;
use crate::state::tokens::ChannelToken;

/// Form of the token calls.
#[derive(Deserialize)]
pub struct TokenForm {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    access_token: Option<String>,
}

/// OAuth's error shape.
pub fn oauth_error(error: &str, description: &str) -> Response {
    let body = Json(json!({"error": error, "error_description": description}));
    (StatusCode::BAD_REQUEST, body).into_response()
}

const STATELESS_SECONDS: i64 = 900;
const SHORT_SECONDS: i64 = 2_592_000;

/// The login channel whose number and secret these are.
fn login_channel(world: &World, form: &TokenForm) -> Option<String> {
    let client = form.client_id.as_ref()?;
    let channel = world.login.channels.get(client)?;
    (form.client_secret.as_deref() == Some(channel.setup.secret.as_str())).then(|| client.clone())
}

/// The lives and the paths of the two kinds.
const STATELESS: (&str, i64) = ("/oauth2/v3/token", STATELESS_SECONDS);
const SHORT: (&str, i64) = ("/v2/oauth/accessToken", SHORT_SECONDS);

fn issue(sim: &Sim, form: &TokenForm, (path, seconds): (&str, i64)) -> Response {
    if form.grant_type.as_deref() != Some("client_credentials") {
        return oauth_error("invalid_request", "grant_type must be client_credentials");
    }
    let mut world = sim.world();
    if let Some(client) = login_channel(&world, form) {
        let token = sim.chance().token::<32>();
        world.login.channel_tokens.insert(token.clone(), client);
        return Json(json!({"token_type": "Bearer", "access_token": token, "expires_in": seconds})).into_response();
    }
    let key = form.client_id.as_deref().and_then(|id| world.channel_ids.get(id)).copied();
    let key = key.filter(|k| form.client_secret.as_deref() == Some(world.channel(*k).secret.as_str()));
    let Some(channel) = key else { return oauth_error("invalid_client", "invalid client_id or client_secret") };
    if !sim.limits().admit(channel, "POST", path, sim.now()) {
        return ApiError::rate_limit().into_response();
    }
    let stateless = path == STATELESS.0;
    let token = sim.chance().token::<32>();
    let ends_at = Some(sim.now() + seconds * 1000);
    world.tokens.channel.insert(token.clone(), ChannelToken { channel, ends_at, stateless });
    Json(json!({"token_type": "Bearer", "access_token": token, "expires_in": seconds})).into_response()
}

/// `POST /oauth2/v3/token`
pub async fn stateless(State(sim): State<Sim>, Form(form): Form<TokenForm>) -> Response {
    issue(&sim, &form, STATELESS)
}

/// `POST /v2/oauth/accessToken`
pub async fn short_lived(State(sim): State<Sim>, Form(form): Form<TokenForm>) -> Response {
    issue(&sim, &form, SHORT)
}

/// `POST /v2/oauth/verify`
pub async fn verify(State(sim): State<Sim>, Form(form): Form<TokenForm>) -> Response {
    let world = sim.world();
    let found = form.access_token.as_ref().and_then(|t| world.tokens.channel.get(t));
    match found.filter(|t| t.ends_at.is_none_or(|end| end > sim.now())) {
        Some(token) if !sim.limits().admit(token.channel, "POST", "/v2/oauth/verify", sim.now()) => {
            ApiError::rate_limit().into_response()
        }
        Some(token) => {
            let left = token.ends_at.map_or(0, |end| (end - sim.now()) / 1000);
            let body = json!({"client_id": world.channel(token.channel).id, "expires_in": left, "scope": "P CM"});
            Json(body).into_response()
        }
        None => oauth_error("invalid_request", "invalid access token"),
    }
}

/// `POST /v2/oauth/revoke`: 200 also for an unknown token; a stateless one stays.
pub async fn revoke(State(sim): State<Sim>, Form(form): Form<TokenForm>) -> StatusCode {
    let mut world = sim.world();
    if let Some(token) = form.access_token
        && world.tokens.channel.get(&token).is_some_and(|t| !t.stateless)
    {
        world.tokens.channel.remove(&token);
    }
    StatusCode::OK
}
