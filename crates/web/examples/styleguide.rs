//! Shows the components on a loopback port: `/office`, `/portal`, `/problem`, each with `?theme=dark|light` and `?lang=`.
//! Run: `cargo run -p tsunagari-web --example styleguide`. For eyes and screenshots only; leaves checks to the tests.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Query, Request};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tsunagari_i18n::Locale;
use tsunagari_web::shell::guide::{OfficeGuide, PortalGuide};
use tsunagari_web::shell::problem::{error_pages, locale_of};
use tsunagari_web::shell::sample::{office_shell, portal_shell};
use tsunagari_web::shell::{AppError, Sample, Shell, Surface, Theme, assets, headers, page};

type Asked = Query<HashMap<String, String>>;

fn frame(asked: &Asked, request: &Request, make: fn(Locale) -> Shell) -> Shell {
    let mut shell = make(locale_of(request.uri(), request.headers()));
    shell.theme = match asked.get("theme").map(String::as_str) {
        Some("dark") => Theme::Dark,
        Some("light") => Theme::Light,
        Some(_) | None => Theme::System,
    };
    shell
}

fn first<P: Sample>(shell: Shell) -> Response {
    P::samples(shell).first().map_or_else(|| AppError::NotFound.into_response(), page)
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new()
        .route("/office", get(async |q: Asked, r: Request| first::<OfficeGuide>(frame(&q, &r, office_shell))))
        .route("/portal", get(async |q: Asked, r: Request| first::<PortalGuide>(frame(&q, &r, portal_shell))))
        .route("/problem", get(async || AppError::Broken("0190-5a3c".to_owned())))
        .merge(assets::routes())
        .layer(from_fn_with_state(Surface::Portal, error_pages))
        .layer(from_fn(headers::protect));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8099").await?;
    println!("http://127.0.0.1:8099/office");
    axum::serve(listener, app).await
}
