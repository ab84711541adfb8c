//! Own styles, scripts and pictures, embedded. Served under a folder named by the hash of them all, so that modules may import
//! each other by relative names and browsers may keep them for ever. To add one: a line in `FILES`.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, http::HeaderName};

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! file {
    ($name:literal, $kind:expr) => {
        ($name, $kind, include_bytes!(concat!("../../static/", $name)))
    };
}

static FILES: &[(&str, &str, &[u8])] = &[
    file!("site.css", CSS),
    file!("tokens.css", CSS),
    file!("base.css", CSS),
    file!("parts.css", CSS),
    file!("forms.css", CSS),
    file!("messages.css", CSS),
    file!("portal.css", CSS),
    file!("office.css", CSS),
    file!("charts.css", CSS),
    file!("slips.css", CSS),
    file!("print.css", CSS),
    file!("icon.svg", SVG),
    file!("site.js", JS),
    file!("js/list.js", JS),
    file!("js/audience.js", JS),
    file!("js/live.js", JS),
    file!("js/renew.js", JS),
    file!("js/copy.js", JS),
    file!("js/counter.js", JS),
    file!("js/confirm.js", JS),
    file!("js/drop.js", JS),
    file!("js/menu.js", JS),
    file!("js/sieve.js", JS),
    file!("js/print.js", JS),
    file!("js/stay.js", JS),
    file!("js/door.js", JS),
];

/// FNV-1a over names and contents. Only tells versions apart; protects nothing.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for (name, _, bytes) in FILES {
        for byte in name.bytes().chain(bytes.iter().copied()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
});

/// The URL of an embedded file: `/static/HASH/site.css`.
pub fn url(name: &str) -> String {
    format!("/static/{}/{name}", *VERSION)
}

/// The routes of the embedded files.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/static/{version}/{*name}", get(serve))
}

async fn serve(Path((version, name)): Path<(String, String)>) -> Response {
    let Some((_, kind, bytes)) = FILES.iter().find(|(n, ..)| *n == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // A page of an older binary may still ask by the old hash: answered, but not to be kept.
    let keep = if version == *VERSION { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
    ];
    (headers, *bytes).into_response()
}
