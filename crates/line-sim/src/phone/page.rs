//! The phone's pages: list of accounts, a chat, add a friend; and the page shells shared with LINE Login.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use super::render;
use crate::clock::{SimClock, in_japan};
use crate::sim::Sim;
use crate::state::{ChannelKey, ChatSide, PersonKey, Standing, World};

/// Renders a template, or says that it could not be.
pub fn render<T: Template>(template: &T) -> Response {
    match template.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct Problem<'a> {
    text: &'a str,
}

/// A page that says what is wrong.
pub fn problem(status: StatusCode, text: &str) -> Response {
    (status, render(&Problem { text })).into_response()
}

/// The handle in a `Host` header `HANDLE.localhost:PORT`.
pub fn host_handle(headers: &HeaderMap) -> Option<String> {
    let host = headers.get("host")?.to_str().ok()?;
    let name = host.split(':').next()?.strip_suffix(".localhost")?;
    (!name.is_empty()).then(|| name.to_ascii_lowercase())
}

#[derive(Template)]
#[template(path = "choose.html")]
struct Choose<'a> {
    back: &'a str,
    people: Vec<(String, String)>,
}

const LISTED: usize = 60;

/// The page to choose a user where the link names none. In a phone's tab its script goes on by itself.
pub fn choose(sim: &Sim, back: &str) -> Response {
    let world = sim.world();
    let people = world.people.iter().take(LISTED).map(|p| (p.handle.to_string(), p.name.to_string())).collect();
    render(&Choose { back, people })
}

/// One account in the list.
pub struct Account {
    /// Channel id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Basic id.
    pub basic_id: String,
    /// Last line of the chat.
    pub last: String,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    handle: String,
    name: String,
    friends: Vec<Account>,
    blocked: Vec<Account>,
    others: Vec<Account>,
    revision: u32,
}

/// `GET /phone/{user}`
pub async fn home(State(sim): State<Sim>, Path(user): Path<String>, Query(live): Query<Live>) -> Response {
    show_home(&sim, &user, live)
}

/// Query of live updates.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct Live {
    /// The revision the page shows; 204 when nothing is newer.
    pub rev: Option<u32>,
}

/// The phone of a handle.
pub fn show_home(sim: &Sim, user: &str, live: Live) -> Response {
    let world = sim.world();
    let Some(person) = world.person_of(user) else {
        return problem(StatusCode::NOT_FOUND, "このユーザーはいません。");
    };
    let (mut friends, mut blocked, mut others) = (Vec::new(), Vec::new(), Vec::new());
    let mut revision = 0u32;
    for channel in &world.channels {
        let tie = channel.tie(person);
        revision = revision.wrapping_add(tie.map_or(0, |t| t.revision));
        let last = tie.and_then(|t| t.chat.back()).map(|e| render::summary(&e.side)).unwrap_or_default();
        let account =
            Account { id: channel.id.clone(), name: channel.name.clone(), basic_id: channel.basic_id.clone(), last };
        match channel.standing(person) {
            Standing::Friend => friends.push(account),
            Standing::Blocked => blocked.push(account),
            Standing::Stranger => others.push(account),
        }
    }
    if live.rev == Some(revision) {
        return StatusCode::NO_CONTENT.into_response();
    }
    let who = world.person(person);
    render(&Home { handle: who.handle.to_string(), name: who.name.to_string(), friends, blocked, others, revision })
}

#[derive(Template)]
#[template(path = "chat.html")]
struct Chat {
    handle: String,
    channel: String,
    account: String,
    standing: Standing,
    log: Vec<Line>,
    quick: Vec<render::Tap>,
    menu: Option<Menu>,
    revision: u32,
}

impl Chat {
    fn is(&self, standing: Standing) -> bool {
        self.standing == standing
    }
}

struct Line {
    class: &'static str,
    time: String,
    html: String,
    unsend: Option<String>,
}

struct Menu {
    bar: String,
    open: bool,
    width: u64,
    height: u64,
    areas: Vec<Area>,
}

struct Area {
    style: String,
    tap: render::Tap,
}

/// `GET /phone/{user}/{channel}`
pub async fn chat(
    State(sim): State<Sim>,
    Path((user, channel)): Path<(String, String)>,
    Query(live): Query<Live>,
) -> Response {
    let world = sim.world();
    let found = (world.person_of(&user), world.channel_ids.get(&channel).copied());
    let (Some(person), Some(key)) = found else {
        return problem(StatusCode::NOT_FOUND, "このトークはありません。");
    };
    let account = world.channel(key);
    let tie = account.tie(person);
    let revision = tie.map_or(0, |t| t.revision);
    if live.rev == Some(revision) {
        return StatusCode::NO_CONTENT.into_response();
    }
    let handle = world.person(person).handle.to_string();
    render(&Chat {
        log: lines(&world, sim.clock(), key, person, &handle),
        quick: quick_replies(&world, key, person, &handle),
        menu: menu(&world, key, person, &handle),
        channel: account.id.clone(),
        account: account.name.clone(),
        standing: account.standing(person),
        handle,
        revision,
    })
}

fn lines(world: &World, clock: &SimClock, key: ChannelKey, person: PersonKey, handle: &str) -> Vec<Line> {
    let account = world.channel(key);
    let mut out = Vec::new();
    for entry in account.tie(person).into_iter().flat_map(|t| t.chat.iter()) {
        let time = in_japan(clock.shown(entry.at)).format("%-H:%M").to_string();
        let text = |s: &str| render::escape(s).replace('\n', "<br>");
        let id = Some(entry.id.to_string()).filter(|_| !entry.unsent);
        match &entry.side {
            ChatSide::Account(body) => {
                for message in body.messages() {
                    let html = render::message(&message, handle, &account.id);
                    out.push(Line { class: "theirs", time: time.clone(), html, unsend: None });
                }
            }
            ChatSide::User(_) | ChatSide::Picture if entry.unsent => {
                out.push(Line { class: "notice", time, html: "送信を取り消しました".into(), unsend: None });
            }
            ChatSide::User(said) => {
                out.push(Line { class: "mine", time, html: format!("<p class=bubble>{}</p>", text(said)), unsend: id });
            }
            ChatSide::Picture => {
                out.push(Line { class: "mine", time, html: "<p class=bubble>[写真]</p>".into(), unsend: id });
            }
            ChatSide::Notice(said) => out.push(Line { class: "notice", time, html: text(said), unsend: None }),
        }
    }
    out
}

fn quick_replies(world: &World, key: ChannelKey, person: PersonKey, handle: &str) -> Vec<render::Tap> {
    let account = world.channel(key);
    let last = account.tie(person).and_then(|t| t.chat.back());
    // Quick replies stand only while their message is the last.
    let Some(ChatSide::Account(body)) = last.map(|e| &e.side) else { return Vec::new() };
    let messages = body.messages();
    let items = messages.last().and_then(|m| m.pointer("/quickReply/items")).and_then(Value::as_array).cloned();
    let tap = |item: &Value| render::Tap::of(item.get("action")?, handle, &account.id);
    items.unwrap_or_default().iter().filter_map(tap).collect()
}

fn menu(world: &World, key: ChannelKey, person: PersonKey, handle: &str) -> Option<Menu> {
    let account = world.channel(key);
    let tie = account.tie(person).filter(|t| t.standing == Standing::Friend)?;
    let (_, menu) = account.rich_menus.shown(tie.rich_menu.as_ref())?;
    let number = |path: &str| menu.definition.pointer(path).and_then(Value::as_u64).unwrap_or(1);
    let (width, height) = (number("/size/width"), number("/size/height"));
    let areas = menu.definition.get("areas").and_then(Value::as_array).cloned().unwrap_or_default();
    let area = |a: &Value| {
        let side = |name: &str, whole: u64| {
            let part = a.pointer(&format!("/bounds/{name}")).and_then(Value::as_u64).unwrap_or(0);
            format!("{:.3}%", part as f64 * 100.0 / whole as f64)
        };
        let style = format!(
            "left:{};top:{};width:{};height:{}",
            side("x", width),
            side("y", height),
            side("width", width),
            side("height", height)
        );
        Some(Area { style, tap: render::Tap::of(a.get("action")?, handle, &account.id)? })
    };
    Some(Menu {
        bar: menu.definition.get("chatBarText").and_then(Value::as_str).unwrap_or("メニュー").to_owned(),
        open: menu.definition.get("selected").and_then(Value::as_bool).unwrap_or(false),
        width,
        height,
        areas: areas.iter().filter_map(area).collect(),
    })
}

/// `GET /phone/{user}/{channel}/menu.img`
pub async fn menu_image(State(sim): State<Sim>, Path((user, channel)): Path<(String, String)>) -> Response {
    let world = sim.world();
    let found = world.person_of(&user).zip(world.channel_ids.get(&channel).copied());
    let image = found.and_then(|(person, key)| {
        let account = world.channel(key);
        let linked = account.tie(person).and_then(|t| t.rich_menu.as_ref());
        account.rich_menus.shown(linked).and_then(|(_, menu)| menu.image.clone())
    });
    match image {
        Some((kind, bytes)) => ([("content-type", kind)], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /R/ti/p/@id`: what the QR of an account leads to. On a phone's host it opens the chat; elsewhere a phone is chosen.
pub async fn add_friend(State(sim): State<Sim>, headers: HeaderMap, Path(account): Path<String>) -> Response {
    let Some(id) = account_channel(&sim, &account) else {
        return problem(StatusCode::NOT_FOUND, "このアカウントはありません。");
    };
    match host_handle(&headers) {
        Some(handle) => axum::response::Redirect::to(&format!("/phone/{handle}/{id}")).into_response(),
        None => choose(&sim, &format!("/phone/{{user}}/{id}")),
    }
}

/// The channel id of a basic id, with or without `@`.
pub fn account_channel(sim: &Sim, basic_id: &str) -> Option<String> {
    let wanted = basic_id.trim_start_matches('@');
    sim.world().channels.iter().find(|c| c.basic_id == wanted).map(|c| c.id.clone())
}
