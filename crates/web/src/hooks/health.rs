//! Health for whoever watches the process: alive, and ready to answer from its database. Says nothing about anybody.

use axum::extract::State;
use axum::http::StatusCode;

use crate::routes::{Needs, Routes};
use crate::state::WebState;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/health/live", Needs::Nothing, live).get("/health/ready", Needs::Nothing, ready)
}

async fn live() -> &'static str {
    "live\n"
}

async fn ready(State(state): State<WebState>) -> (StatusCode, &'static str) {
    match state.house().store.platform().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "database\n"),
    }
}
