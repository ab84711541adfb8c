//! The index page: people, accounts, faults, counts, and what the simulator relaxes. A phone's host shows its phone instead.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::Form;
use serde::Deserialize;

use crate::faults::{Fault, FaultKind};
use crate::phone::page::{Live, host_handle, render, show_home};
use crate::sim::Sim;
use crate::state::QuotaPlan;
use crate::webhook::sender::Attempt;

/// Routes.
pub fn routes() -> Router<Sim> {
    Router::new().route("/", get(index)).route("/_admin/fault", post(add_fault))
}

struct Row {
    id: String,
    name: String,
    provider: String,
    basic_id: String,
    friends: usize,
    plan: String,
    used: u64,
    requests: u64,
    delivered: u64,
    missed: u64,
    webhook: String,
}

#[derive(Template)]
#[template(path = "index.html")]
struct Index {
    base: String,
    /// A body to begin with.
    example: &'static str,
    rows: Vec<Row>,
    people: Vec<(String, String, String)>,
    total: usize,
    query: String,
    faults: Vec<String>,
    attempts: Vec<Attempt>,
    now: String,
}

#[derive(Deserialize)]
struct Search {
    q: Option<String>,
}

const LISTED: usize = 50;

async fn index(
    State(sim): State<Sim>,
    headers: HeaderMap,
    Query(search): Query<Search>,
    Query(live): Query<Live>,
) -> Response {
    if let Some(handle) = host_handle(&headers) {
        return show_home(&sim, &handle, live);
    }
    let query = search.q.unwrap_or_default();
    let mut attempts = sim.sender().attempts();
    attempts.reverse();
    attempts.truncate(20);
    let now = sim.now();
    let world = sim.world();
    let row = |c: &crate::state::Channel| Row {
        id: c.id.clone(),
        name: c.name.clone(),
        provider: world.providers.get(&c.provider).map(|p| p.name.clone()).unwrap_or_default(),
        basic_id: c.basic_id.clone(),
        friends: c.friends().len(),
        plan: match c.quota.plan {
            QuotaPlan::None => "上限なし".to_owned(),
            QuotaPlan::Limited(n) => format!("月{n}通"),
        },
        used: c.quota.used(now),
        requests: c.totals.requests,
        delivered: c.totals.delivered,
        missed: c.totals.missed,
        webhook: c.webhook_url.clone().unwrap_or_else(|| "未設定".to_owned()),
    };
    let found =
        world.people.iter().filter(|p| query.is_empty() || p.handle.contains(&query) || p.name.contains(&query));
    let people = found.take(LISTED).map(|p| (p.handle.to_string(), p.name.to_string(), sim.phone_url(&p.handle)));
    render(&Index {
        base: sim.base_url().to_owned(),
        example: crate::setup::EXAMPLE,
        rows: world.channels.iter().map(row).collect(),
        people: people.collect(),
        total: world.people.len(),
        query,
        faults: sim.faults().list().iter().map(|f| serde_json::to_string(f).unwrap_or_default()).collect(),
        attempts,
        now: crate::clock::in_japan(now).format("%Y-%m-%d %H:%M:%S").to_string(),
    })
}

#[derive(Deserialize)]
struct FaultForm {
    kind: String,
    count: Option<u32>,
}

async fn add_fault(State(sim): State<Sim>, Form(form): Form<FaultForm>) -> Response {
    match serde_json::from_value::<FaultKind>(form.kind.into()) {
        Ok(kind) => sim.faults().add(Fault::next(kind, form.count.unwrap_or(1))),
        Err(_) => sim.faults().clear(),
    }
    Redirect::to("/").into_response()
}
