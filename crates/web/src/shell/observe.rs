//! Every request gets an id, which its log lines carry and the answer names (`x-request-id`), and is counted by method,
//! route and status with the time it took. Routes are the table's paths, never the address as typed: no ids, no names.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use crate::state::WebState;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What leads nowhere, in one series whatever is tried.
const UNMATCHED: &str = "unmatched";

/// Wraps a request. Use with `axum::middleware::from_fn_with_state`, outermost.
pub async fn observe(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let id = state.house().operation().0;
    let route = request.extensions().get::<MatchedPath>().map_or(UNMATCHED, MatchedPath::as_str).to_owned();
    let method = method_of(&request);
    let span = tracing::info_span!("request", %id, method, route);
    let began = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let (took, status) = (began.elapsed(), response.status().as_u16());
    span.in_scope(|| {
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        if response.headers().contains_key(RETRY_AFTER) {
            // Under too much load a line for each would be one more load; they are counted.
            tracing::debug!(status, ms, "told to come back");
        } else if status >= 500 {
            tracing::warn!(status, ms, "answered with a failure");
        } else {
            tracing::debug!(status, ms, "answered");
        }
    });
    metrics::counter!("tsunagari_http_requests_total", "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!("tsunagari_http_request_seconds", "route" => route).record(took);
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// A method as a label: whatever a client makes up is one series.
fn method_of(request: &Request) -> &'static str {
    match request.method().as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        _ => "other",
    }
}
