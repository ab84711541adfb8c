//! The phone in the browser: one per fake user, at `USER.localhost` and at `/phone/USER`. `page` shows, `act` does, `render` and `flex` draw messages.

pub mod act;
pub mod flex;
pub mod page;
pub mod render;

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::{get, post};

use crate::sim::Sim;

/// Routes.
pub fn routes() -> Router<Sim> {
    Router::new()
        .route("/phone/{user}", get(page::home))
        .route("/phone/{user}/scan", post(act::scan))
        .route("/phone/{user}/{channel}", get(page::chat))
        .route("/phone/{user}/{channel}/do", post(act::deed))
        .route("/phone/{user}/{channel}/menu.img", get(page::menu_image))
        .route("/_phone/open", get(act::open))
        .route("/R/ti/p/{account}", get(page::add_friend))
        .route("/_phone/style.css", get(style))
        .route("/_phone/live.js", get(script))
}

async fn style() -> impl IntoResponse {
    ([("content-type", "text/css; charset=utf-8")], include_str!("../../assets/style.css"))
}

async fn script() -> impl IntoResponse {
    ([("content-type", "text/javascript; charset=utf-8")], include_str!("../../assets/live.js"))
}

/// The picture a phone sends: a plain 240 × 160 PNG.
pub fn picture() -> Vec<u8> {
    let image = image::RgbImage::from_fn(240, 160, |x, y| {
        let shade = u8::try_from((x + y) / 4 % 64).unwrap_or(0);
        image::Rgb([150 + shade, 190, 170])
    });
    let mut out = std::io::Cursor::new(Vec::new());
    // Writing to memory in a fixed format does not fail; an empty picture would only look empty.
    let _ = image.write_to(&mut out, image::ImageFormat::Png);
    out.into_inner()
}
