//! User tokens: exchange, refresh, verification, revocation, keys, discovery.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Form;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::idtoken::{self, ISSUER};
use super::state::{Grant, UserToken};
use crate::api::tokens::oauth_error;
use crate::ident;
use crate::sim::Sim;
use crate::state::World;

const DAY: i64 = 24 * 3600 * 1000;

/// Form of the token call.
#[derive(Deserialize)]
pub struct TokenForm {
    grant_type: Option<String>,
    code: Option<String>,
    redirect_uri: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    code_verifier: Option<String>,
    refresh_token: Option<String>,
    access_token: Option<String>,
}

/// `POST /oauth2/v2.1/token`
pub async fn token(State(sim): State<Sim>, Form(form): Form<TokenForm>) -> Response {
    let mut world = sim.world();
    let client = form.client_id.clone().unwrap_or_default();
    let secret = world.login.channels.get(&client).map(|c| c.setup.secret.clone());
    let secret = match secret {
        Some(secret) if form.client_secret.as_deref() == Some(secret.as_str()) => secret,
        Some(_) | None => return oauth_error("invalid_client", "invalid client_id or client_secret"),
    };
    match form.grant_type.as_deref() {
        Some("authorization_code") => exchange(&sim, &mut world, &form, &client, &secret),
        Some("refresh_token") => refresh(&sim, &mut world, &form, &client, &secret),
        Some("client_credentials") => oauth_error("invalid_request", "JWT assertions are not played by this simulator"),
        _ => oauth_error("invalid_request", "unsupported grant_type"),
    }
}

fn exchange(sim: &Sim, world: &mut World, form: &TokenForm, client: &str, secret: &str) -> Response {
    // A code is used up by the first try, right or wrong.
    let code = form.code.as_ref().and_then(|c| world.login.codes.remove(c));
    let Some(code) = code.filter(|c| c.ends_at > sim.now() && c.grant.client == client) else {
        return oauth_error("invalid_grant", "invalid authorization code");
    };
    if form.redirect_uri.as_deref() != Some(code.redirect_uri.as_str()) {
        return oauth_error("invalid_grant", "redirect_uri does not match");
    }
    let given = form.code_verifier.as_ref().map(|v| URL_SAFE_NO_PAD.encode(Sha256::digest(v.as_bytes())));
    if code.challenge.is_some() && code.challenge != given {
        return oauth_error("invalid_grant", "code_verifier does not match");
    }
    let refresh = sim.chance().token::<16>();
    let kept = UserToken { grant: code.grant.clone(), ends_at: sim.now() + 90 * DAY };
    world.login.refresh.insert(refresh.clone(), kept);
    Json(issue(sim, world, &code.grant, &refresh, Some(secret))).into_response()
}

fn refresh(sim: &Sim, world: &mut World, form: &TokenForm, client: &str, _secret: &str) -> Response {
    let given = form.refresh_token.clone().unwrap_or_default();
    let kept = world.login.refresh.get(&given).filter(|t| t.ends_at > sim.now() && t.grant.client == client).cloned();
    match kept {
        Some(kept) => Json(issue(sim, world, &kept.grant, &given, None)).into_response(),
        None => oauth_error("invalid_grant", "invalid refresh token"),
    }
}

fn issue(sim: &Sim, world: &mut World, grant: &Grant, refresh: &str, secret: Option<&str>) -> Value {
    let access = sim.chance().token::<32>();
    let ends_at = sim.now() + 30 * DAY;
    world.login.access.insert(access.clone(), UserToken { grant: grant.clone(), ends_at });
    let listed: Vec<&str> = grant.scopes.iter().map(String::as_str).filter(|s| *s != "email").collect();
    let mut body = json!({
        "access_token": access,
        "expires_in": 2_592_000,
        "refresh_token": refresh,
        "scope": listed.join(" "),
        "token_type": "Bearer",
    });
    if let Some(secret) = secret.filter(|_| grant.scopes.iter().any(|s| s == "openid")) {
        let claims = claims(sim, world, grant);
        body["id_token"] = json!(idtoken::hs256(&claims, secret));
    }
    body
}

fn claims(sim: &Sim, world: &mut World, grant: &Grant) -> Value {
    let provider = world.login.channels.get(&grant.client).map(|c| c.setup.provider.clone()).unwrap_or_default();
    let sub = ident::format_user(world.introduce(&provider, grant.person));
    let person = world.person(grant.person);
    let now = sim.now() / 1000;
    let mut claims = json!({
        "iss": ISSUER, "sub": sub, "aud": grant.client, "exp": now + 3600, "iat": now, "amr": ["linesso"],
    });
    if let Some(nonce) = &grant.nonce {
        claims["nonce"] = json!(nonce);
    }
    if let Some(at) = grant.auth_time {
        claims["auth_time"] = json!(at);
    }
    let has = |scope: &str| grant.scopes.iter().any(|s| s == scope);
    if has("profile") {
        claims["name"] = json!(*person.name);
        if let Some(url) = &person.picture_url {
            claims["picture"] = json!(**url);
        }
    }
    if let Some(email) = person.email.as_ref().filter(|_| has("email")) {
        claims["email"] = json!(**email);
    }
    claims
}

/// Query of the access token's verification.
#[derive(Deserialize)]
pub struct AccessQuery {
    access_token: Option<String>,
}

/// `GET /oauth2/v2.1/verify`
pub async fn verify_access(State(sim): State<Sim>, Query(query): Query<AccessQuery>) -> Response {
    let world = sim.world();
    match query.access_token.as_ref().and_then(|t| world.login.access.get(t)) {
        Some(token) if token.ends_at > sim.now() => {
            let left = (token.ends_at - sim.now()) / 1000;
            let scopes = token.grant.scopes.join(" ");
            Json(json!({"scope": scopes, "client_id": token.grant.client, "expires_in": left})).into_response()
        }
        Some(_) => oauth_error("invalid_request", "The access token expired"),
        None => oauth_error("invalid_request", "The access token revoked"),
    }
}

/// Form of the ID token's verification.
#[derive(Deserialize)]
pub struct IdForm {
    id_token: Option<String>,
    client_id: Option<String>,
    nonce: Option<String>,
    user_id: Option<String>,
}

/// `POST /oauth2/v2.1/verify`
pub async fn verify_id(State(sim): State<Sim>, Form(form): Form<IdForm>) -> Response {
    let client = form.client_id.unwrap_or_default();
    let secret = sim.world().login.channels.get(&client).map(|c| c.setup.secret.clone()).unwrap_or_default();
    let token = form.id_token.unwrap_or_default();
    let wrong = |text| oauth_error("invalid_request", text);
    // A token of another channel has another secret; LINE still names the audience as the reason, so it is read before.
    let audience = unchecked_audience(&token);
    if audience.as_ref().is_some_and(|a| *a != client) {
        return wrong("Invalid IdToken Audience.");
    }
    let Some(claims) = idtoken::open(&token, &secret, sim.liff_key()) else { return wrong("Invalid IdToken.") };
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(ISSUER) {
        return wrong("Invalid IdToken Issuer.");
    }
    if claims.get("exp").and_then(Value::as_i64).is_none_or(|exp| exp * 1000 <= sim.now()) {
        return wrong("IdToken expired.");
    }
    if form.nonce.is_some() && form.nonce.as_deref() != text("nonce") {
        return wrong("Invalid IdToken Nonce.");
    }
    if form.user_id.is_some() && form.user_id.as_deref() != text("sub") {
        return wrong("Invalid IdToken Subject Identifier.");
    }
    Json(claims).into_response()
}

fn unchecked_audience(token: &str) -> Option<String> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<Value>(&claims).ok()?.get("aud")?.as_str().map(str::to_owned)
}

/// `POST /oauth2/v2.1/revoke`
pub async fn revoke(State(sim): State<Sim>, Form(form): Form<TokenForm>) -> StatusCode {
    if let Some(token) = form.access_token {
        sim.world().login.access.remove(&token);
    }
    StatusCode::OK
}

/// `GET /oauth2/v2.1/certs`
pub async fn certs(State(sim): State<Sim>) -> Json<Value> {
    Json(idtoken::certs(sim.liff_key().verifying_key()))
}

/// `GET /.well-known/openid-configuration`: LINE's issuer, this origin's endpoints.
pub async fn discovery(State(sim): State<Sim>) -> Json<Value> {
    let base = sim.base_url();
    Json(json!({
        "issuer": ISSUER,
        "authorization_endpoint": format!("{base}/oauth2/v2.1/authorize"),
        "token_endpoint": format!("{base}/oauth2/v2.1/token"),
        "revocation_endpoint": format!("{base}/oauth2/v2.1/revoke"),
        "userinfo_endpoint": format!("{base}/oauth2/v2.1/userinfo"),
        "jwks_uri": format!("{base}/oauth2/v2.1/certs"),
        "scopes_supported": ["openid", "profile", "email"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256", "HS256"],
        "code_challenge_methods_supported": ["S256"],
    }))
}

/// Body of `/_sim/liff-token`.
#[derive(Deserialize)]
pub struct LiffCall {
    /// Handle.
    user: String,
    /// Login channel id.
    client_id: String,
}

/// `POST /_sim/liff-token`: what `liff.getIDToken()` and `liff.getAccessToken()` would give.
pub async fn liff_token(State(sim): State<Sim>, Json(call): Json<LiffCall>) -> Response {
    let mut world = sim.world();
    let person = world.person_of(&call.user);
    let Some(person) = person.filter(|_| world.login.channels.contains_key(&call.client_id)) else {
        return (StatusCode::BAD_REQUEST, Json(json!({"message": "unknown user or client_id"}))).into_response();
    };
    let scopes = ["openid", "profile"].map(str::to_owned).to_vec();
    let grant = Grant { client: call.client_id, person, scopes, nonce: None, auth_time: None };
    let claims = claims(&sim, &mut world, &grant);
    let access = sim.chance().token::<32>();
    world.login.access.insert(access.clone(), UserToken { grant, ends_at: sim.now() + DAY / 2 });
    Json(json!({"idToken": idtoken::es256(&claims, sim.liff_key()), "accessToken": access})).into_response()
}
