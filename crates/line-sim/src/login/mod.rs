//! LINE Login: the pages of `access.line.me` and the user token calls of `api.line.me`, on the same origin.

pub mod authorize;
pub mod dialog;
pub mod idtoken;
pub mod state;
pub mod token;
pub mod user;

pub use token::liff_token;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::sim::Sim;

/// Routes; the API calls have faults and request ids around them, the pages do not.
pub fn routes(sim: &Sim) -> Router<Sim> {
    let calls = Router::new()
        .route("/oauth2/v2.1/token", post(token::token))
        .route("/oauth2/v2.1/verify", get(token::verify_access).post(token::verify_id))
        .route("/oauth2/v2.1/revoke", post(token::revoke))
        .route("/oauth2/v2.1/userinfo", get(user::userinfo).post(user::userinfo))
        .route("/oauth2/v2.1/certs", get(token::certs))
        .route("/v2/profile", get(user::profile))
        .route("/friendship/v1/status", get(user::friendship))
        .route("/user/v1/deauthorize", post(user::deauthorize))
        .layer(from_fn_with_state(sim.clone(), crate::faults::play));
    Router::new()
        .merge(calls)
        .route("/oauth2/v2.1/authorize", get(authorize::page).post(authorize::decide))
        .route("/dialog/bot/accountLink", get(dialog::page).post(dialog::decide))
        .route("/.well-known/openid-configuration", get(token::discovery))
}
