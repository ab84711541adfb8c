//! What a person presses: deeds in a chat, the QR box, links.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::Form;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::page;
use crate::rules::message::is_loopback;
use crate::sim::Sim;
use crate::state::{ChannelKey, PersonKey};
use crate::webhook::event::{Deed, perform};

/// The form of all buttons of a chat.
#[derive(Debug, Deserialize)]
pub struct Pressed {
    kind: String,
    text: Option<String>,
    data: Option<String>,
    display: Option<String>,
    alias: Option<String>,
    message_id: Option<String>,
    date: Option<String>,
    mode: Option<String>,
}

/// `POST /phone/{user}/{channel}/do`
pub async fn deed(
    State(sim): State<Sim>,
    Path((user, channel)): Path<(String, String)>,
    Form(form): Form<Pressed>,
) -> Response {
    let found = {
        let world = sim.world();
        world.person_of(&user).zip(world.channel_ids.get(&channel).copied())
    };
    let Some((person, key)) = found else {
        return page::problem(StatusCode::NOT_FOUND, "このトークはありません。");
    };
    if let Some(deed) = read(&sim, key, person, form) {
        perform(&sim, key, person, &deed);
    }
    Redirect::to(&format!("/phone/{user}/{channel}")).into_response()
}

fn read(sim: &Sim, key: ChannelKey, person: PersonKey, form: Pressed) -> Option<Deed> {
    let filled = |text: Option<String>| text.filter(|t| !t.trim().is_empty());
    Some(match form.kind.as_str() {
        "follow" => Deed::Follow,
        "block" => Deed::Block,
        "text" => Deed::Text { text: filled(form.text)? },
        "picture" => Deed::Picture,
        "unsend" => Deed::Unsend { message_id: form.message_id? },
        "postback" => Deed::Postback { data: form.data?, display: filled(form.display), params: None },
        "datetime" => {
            let (mode, date) = (form.mode?, filled(form.date)?);
            let mode = if ["date", "time"].contains(&mode.as_str()) { mode } else { "datetime".to_owned() };
            let mut params = json!({});
            params[mode] = Value::from(date);
            Deed::Postback { data: form.data?, display: None, params: Some(params) }
        }
        "richmenuswitch" => switch_menu(sim, key, person, &form.alias?, form.data.unwrap_or_default()),
        _ => return None,
    })
}

fn switch_menu(sim: &Sim, key: ChannelKey, person: PersonKey, alias: &str, data: String) -> Deed {
    let mut world = sim.world();
    let account = world.channel_mut(key);
    let target = account.rich_menus.aliases.get(alias).cloned();
    let status = if target.is_some() { "SUCCESS" } else { "RICHMENU_ALIAS_ID_NOTFOUND" };
    if let Some(menu) = target {
        let tie = account.tie_mut(person);
        tie.rich_menu = Some(menu);
        tie.revision += 1;
    }
    let params = json!({"newRichMenuAliasId": alias, "status": status});
    Deed::Postback { data, display: None, params: Some(params) }
}

/// The QR box.
#[derive(Debug, Deserialize)]
pub struct Scanned {
    url: String,
}

/// `POST /phone/{user}/scan`: an account's address adds the friend; any other loopback address opens.
pub async fn scan(State(sim): State<Sim>, Path(user): Path<String>, Form(form): Form<Scanned>) -> Response {
    let Ok(url) = Url::parse(form.url.trim()) else {
        return page::problem(StatusCode::BAD_REQUEST, "URLとして読み取れません。QRコードの文字列を確かめてください。");
    };
    let line = ["line.me", "access.line.me", "liff.line.me"].contains(&url.host_str().unwrap_or_default());
    let account = url.path().strip_prefix("/R/ti/p/").filter(|_| line || is_loopback(&url));
    if let Some(account) = account {
        let account = account.replace("%40", "@");
        let Some(id) = page::account_channel(&sim, &account) else {
            return page::problem(StatusCode::NOT_FOUND, "このアカウントはありません。");
        };
        sim.perform(&id, &user, &Deed::Follow);
        return Redirect::to(&format!("/phone/{user}/{id}")).into_response();
    }
    to_main_origin(&sim, &user, &url)
}

/// Session storage belongs to an origin: it must be the login page's, not the phone's.
fn to_main_origin(sim: &Sim, user: &str, url: &Url) -> Response {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let query = query.append_pair("u", user).append_pair("to", url.as_str()).finish();
    Redirect::to(&format!("{}/_phone/open?{query}", sim.base_url())).into_response()
}

/// Query of a link opened from a phone.
#[derive(Debug, Deserialize)]
pub struct Link {
    u: String,
    to: String,
}

/// `GET /_phone/open`: remembers the phone in this tab only (session storage), then goes on.
pub async fn open(State(sim): State<Sim>, headers: HeaderMap, Query(link): Query<Link>) -> Response {
    match Url::parse(&link.to) {
        Ok(url) if page::host_handle(&headers).is_some() => to_main_origin(&sim, &link.u, &url),
        Ok(url) => open_link(&sim, &link.u, &url),
        Err(_) => page::problem(StatusCode::BAD_REQUEST, "URLとして読み取れません。"),
    }
}

fn open_link(sim: &Sim, user: &str, url: &Url) -> Response {
    if sim.world().person_of(user).is_none() {
        return page::problem(StatusCode::NOT_FOUND, "このユーザーはいません。");
    }
    if !["http", "https"].contains(&url.scheme()) || !is_loopback(url) {
        return page::problem(StatusCode::BAD_REQUEST, "このシミュレーターは、この機械の中のページだけを開きます。");
    }
    let mut to = url.clone();
    let own = Url::parse(sim.base_url()).ok().is_some_and(|b| b.port_or_known_default() == url.port_or_known_default());
    if own && url.path().starts_with("/oauth2/") {
        to.query_pairs_mut().append_pair("sim_user", user);
    }
    let quoted = |text: &str| Value::from(text).to_string().replace('<', "\\u003c");
    let shown = super::render::escape(to.as_str());
    Html(format!(
        "<!doctype html><html lang=ja><meta charset=utf-8><meta name=referrer content=no-referrer><title>開いています</title>\
         <script>sessionStorage.setItem('line-sim-user',{});location.replace({})</script>\
         <noscript><meta http-equiv=refresh content=\"0;url={shown}\"></noscript><p><a href=\"{shown}\">{shown}</a>",
        quoted(user),
        quoted(to.as_str()),
    ))
    .into_response()
}
