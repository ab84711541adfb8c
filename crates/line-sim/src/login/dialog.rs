//! The account link dialog: link token and nonce come in, the `accountLink` event goes out.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Form;
use serde::Deserialize;

use crate::phone::page;
use crate::sim::Sim;
use crate::webhook::event::{Deed, perform};

/// Query and form of the dialog; the snake-case names are LINE's camel-case ones.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    link_token: Option<String>,
    nonce: Option<String>,
}

#[derive(Template)]
#[template(path = "link.html")]
struct Dialog<'a> {
    name: &'a str,
    account: &'a str,
    token: &'a str,
    nonce: &'a str,
}

const ENDED: &str = "この連携リンクは使えません(期限切れ、または使用済みです)。トークからやり直してください。";

/// `GET /dialog/bot/accountLink`
pub async fn page(State(sim): State<Sim>, Query(asked): Query<Asked>) -> Response {
    let (token, nonce) = (asked.link_token.unwrap_or_default(), asked.nonce.unwrap_or_default());
    let world = sim.world();
    let known = world.tokens.link.get(&token).filter(|t| t.ends_at > sim.now());
    match known {
        Some(link) if (10..=255).contains(&nonce.len()) => {
            let (who, account) = (world.person(link.person), world.channel(link.channel));
            page::render(&Dialog { name: &who.name, account: &account.name, token: &token, nonce: &nonce })
        }
        Some(_) | None => page::problem(StatusCode::BAD_REQUEST, ENDED),
    }
}

/// `POST /dialog/bot/accountLink`
pub async fn decide(State(sim): State<Sim>, Form(asked): Form<Asked>) -> Response {
    let token = asked.link_token.unwrap_or_default();
    let nonce = asked.nonce.unwrap_or_default();
    let link = sim.world().tokens.link.remove(&token).filter(|t| t.ends_at > sim.now());
    let Some(link) = link.filter(|_| (10..=255).contains(&nonce.len())) else {
        return page::problem(StatusCode::BAD_REQUEST, ENDED);
    };
    perform(&sim, link.channel, link.person, &Deed::Link { nonce });
    let world = sim.world();
    let to = format!("/phone/{}/{}", world.person(link.person).handle, world.channel(link.channel).id);
    Redirect::to(&to).into_response()
}
