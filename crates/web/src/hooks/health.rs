//! Health for whoever watches the process: alive, and ready for work. Ready means that the database answers with the schema
//! this program knows, and that the process is not about to stop. Says nothing about anybody.

use axum::extract::State;
use axum::http::StatusCode;
use tsunagari_storage::StorageError;

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
    if state.is_draining() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    let answers = async { state.house().store.platform().await?.answers().await };
    match answers.await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        // Somebody migrates, or has migrated, beside this process: its answers can no longer be relied on.
        Err(StorageError::Version(_)) => (StatusCode::SERVICE_UNAVAILABLE, "schema\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "database\n")
        }
    }
}
