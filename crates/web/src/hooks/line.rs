//! LINE's webhook: the signature over the raw bytes, then the events are stored and a job will apply them. Answers 200
//! whatever a genuinely signed body holds; what cannot be read is kept and counted. Leaves meaning to acts.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use tsunagari_acts::ActError;
use tsunagari_acts::receive_line_event::{Received, receive_line_event};

use crate::routes::Routes;
use crate::state::WebState;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.machine("/hooks/line/{hook}", receive)
}

async fn receive(
    State(state): State<WebState>,
    Path(hook): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let signature = headers.get("x-line-signature").and_then(|value| value.to_str().ok());
    match receive_line_event(state.house(), &hook, signature, &body).await {
        Ok(Received::Stored { fresh, again }) => {
            metrics::counter!("tsunagari_webhook_events_total", "what" => "fresh").increment(fresh);
            metrics::counter!("tsunagari_webhook_events_total", "what" => "again").increment(again);
            StatusCode::OK
        }
        Ok(Received::Unreadable) => {
            metrics::counter!("tsunagari_webhook_events_total", "what" => "unreadable").increment(1);
            StatusCode::OK
        }
        Ok(Received::Forged) => {
            metrics::counter!("tsunagari_webhook_events_total", "what" => "forged").increment(1);
            StatusCode::FORBIDDEN
        }
        Err(ActError::NotFound) => StatusCode::NOT_FOUND,
        // Not stored: LINE sends it again when redelivery is on.
        Err(error) => {
            tracing::warn!(%error, "a webhook could not be stored");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}
