//! The HTTP side: the mailbox pages, JSON for tests, and orders. Leaves what is shown to `pages`.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use crate::behaviour::Order;
use crate::pages;
use crate::store::{Mail, Store};

const CSS: &str = include_str!("../templates/mail.css");
// Mail is a stranger's text: no script, no remote content, frames only from ourselves.
const POLICY: &str =
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'";

pub(crate) fn router(store: Arc<Store>) -> Router {
    Router::new()
        .route("/", get(mailbox))
        .route("/m/{id}", get(one))
        .route("/m/{id}/raw", get(raw))
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

async fn one(State(store): State<Arc<Store>>, Path(id): Path<u64>) -> Response {
    match store.find(id) {
        Some(mail) => page(pages::mail(&mail)),
        None => Redirect::to("/").into_response(),
    }
}

async fn raw(State(store): State<Arc<Store>>, Path(id): Path<u64>) -> Response {
    match store.find(id) {
        Some(mail) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], mail.raw.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
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
    Json(store.bounces().iter().map(|raw| String::from_utf8_lossy(raw).into_owned()).collect())
}

async fn bounce(State(store): State<Arc<Store>>, Path(index): Path<usize>) -> Response {
    match store.bounces().get(index) {
        Some(raw) => ([(header::CONTENT_TYPE, "message/rfc822")], raw.to_vec()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
