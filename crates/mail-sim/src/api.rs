//! The HTTP side: the mailbox pages, JSON for tests, and orders. Leaves what is shown to `pages`.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use serde::{Deserialize, Serialize};

use crate::behaviour::{Behaviour, Order};
use crate::store::{Bounce, Mail, Store};
use crate::{dsn, pages};

const CSS: &str = include_str!("../templates/mail.css");
// Mail is a stranger's text: no script, no remote content, frames only from ourselves.
const POLICY: &str =
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'";

pub(crate) fn router(store: Arc<Store>) -> Router {
    Router::new()
        .route("/", get(mailbox))
        .route("/m/{id}", get(one))
        .route("/m/{id}/raw", get(raw))
        .route("/m/{id}/bounce", post(send_back))
        .route("/mail.css", get(async || ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], CSS)))
        .route("/api/messages", get(messages))
        .route("/_sim/counts", get(counts))
        .route("/_sim/bounce", get(orders).post(order).delete(clear_orders))
        .route("/_sim/bounces", get(bounces))
        .route("/_sim/bounces/{index}", get(bounce))
        .with_state(store)
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    to: Option<String>,
}

fn page(html: Result<String, askama::Error>) -> Response {
    match html {
        Ok(html) => ([(header::CONTENT_SECURITY_POLICY, POLICY)], axum::response::Html(html)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn mailbox(State(store): State<Arc<Store>>, Query(asked): Query<Asked>) -> Response {
    let to = asked.to.as_deref().map(str::trim).filter(|to| !to.is_empty());
    page(pages::mailbox(&store, to))
}

#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    back: Option<String>,
}

async fn one(State(store): State<Arc<Store>>, Path(id): Path<u64>, Query(shown): Query<Shown>) -> Response {
    match store.find(id) {
        Some(mail) => page(pages::mail(&mail, shown.back.is_some())),
        None => Redirect::to("/").into_response(),
    }
}

async fn raw(State(store): State<Arc<Store>>, Path(id): Path<u64>) -> Response {
    match store.find(id) {
        Some(mail) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], mail.raw.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The page's button: this mail comes back, as if its mailbox were gone (`how=soft`: full).
async fn send_back(State(store): State<Arc<Store>>, Path(id): Path<u64>, Form(sent): Form<SentBack>) -> Response {
    let Some(mail) = store.find(id) else { return StatusCode::NOT_FOUND.into_response() };
    let behaviour = if sent.how == "soft" { Behaviour::SoftBounceLater } else { Behaviour::BounceLater };
    if let Some(raw) = dsn::notification(behaviour, &mail.from, &mail.to, &mail.raw) {
        store.bounce(Bounce { to: mail.from.clone(), raw });
    }
    Redirect::to(&format!("/m/{id}?back=1")).into_response()
}

#[derive(Deserialize)]
struct SentBack {
    #[serde(default)]
    how: String,
}

#[derive(Serialize)]
struct MailJson<'a> {
    id: u64,
    received: String,
    from: &'a str,
    to: &'a str,
    message_id: &'a str,
    subject: &'a str,
    text: String,
    links: Vec<String>,
    headers: Vec<(String, String)>,
}

impl<'a> MailJson<'a> {
    fn of(mail: &'a Mail) -> Self {
        let opened = pages::Opened::of(&mail.raw);
        let links = pages::pieces(&opened.text).into_iter().filter_map(|piece| piece.link).collect();
        Self {
            id: mail.id,
            received: mail.received.to_rfc3339(),
            from: &mail.from,
            to: &mail.to,
            message_id: &mail.message_id,
            subject: &mail.subject,
            text: opened.text,
            links,
            headers: opened.headers,
        }
    }
}

async fn messages(State(store): State<Arc<Store>>, Query(asked): Query<Asked>) -> Response {
    let mails = store.newest(asked.to.as_deref(), 200);
    Json(mails.iter().map(|mail| MailJson::of(mail)).collect::<Vec<_>>()).into_response()
}

#[derive(Deserialize)]
struct Counted {
    to: Option<String>,
    message_id: Option<String>,
}

#[derive(Serialize)]
struct Counts {
    total: u64,
    to: Option<u64>,
    message_id: Option<u64>,
    duplicates: Vec<(String, u64)>,
}

async fn counts(State(store): State<Arc<Store>>, Query(asked): Query<Counted>) -> Json<Counts> {
    Json(Counts {
        total: store.total(),
        to: asked.to.map(|to| store.count_to(&to)),
        message_id: asked.message_id.map(|id| store.count_of(&id)),
        duplicates: store.duplicates(),
    })
}

async fn orders(State(store): State<Arc<Store>>) -> Json<Vec<Order>> {
    Json(store.orders())
}

async fn order(State(store): State<Arc<Store>>, Json(order): Json<Order>) -> StatusCode {
    store.order(order);
    StatusCode::NO_CONTENT
}

async fn clear_orders(State(store): State<Arc<Store>>) -> StatusCode {
    store.clear_orders();
    StatusCode::NO_CONTENT
}

async fn bounces(State(store): State<Arc<Store>>) -> Json<Vec<String>> {
    Json(store.bounces().iter().map(|it| String::from_utf8_lossy(&it.raw).into_owned()).collect())
}

async fn bounce(State(store): State<Arc<Store>>, Path(index): Path<usize>) -> Response {
    match store.bounces().get(index) {
        Some(it) => ([(header::CONTENT_TYPE, "message/rfc822")], it.raw.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
