//! The consent page. Its user comes from the link: the phone's host, or `sim_user`, which the phone's own tab carries; never from a cookie.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Form;
use serde::{Deserialize, Serialize};
use url::Url;

use super::state::{Code, Grant, LoginChannel};
use crate::phone::page::{self, host_handle};
use crate::sim::Sim;
use crate::state::{PersonKey, Standing};
use crate::webhook::event::Deed;

/// Query of the authorize page.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Asked {
    #[serde(skip_serializing_if = "Option::is_none")]
    response_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bot_prompt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_challenge: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_challenge_method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sim_user: Option<String>,
}

/// The consent form.
#[derive(Debug, Deserialize)]
pub struct Decision {
    #[serde(flatten)]
    asked: Asked,
    decision: Option<String>,
    add_friend: Option<String>,
}

#[derive(Template)]
#[template(path = "consent.html")]
struct Consent<'a> {
    name: &'a str,
    channel: &'a str,
    provider: &'a str,
    scopes: Vec<&'static str>,
    account: Option<&'a str>,
    ticked: bool,
    fields: Vec<(String, String)>,
}

/// A request that may be answered to its callback.
struct Sound {
    channel: LoginChannel,
    redirect: Url,
    state: String,
    scopes: Vec<String>,
}

enum Fault {
    /// Wrong client or callback: nothing may be redirected.
    Page(&'static str),
    /// Anything else goes back to the callback.
    Back(Url),
}

/// `GET /oauth2/v2.1/authorize`
pub async fn page(State(sim): State<Sim>, headers: HeaderMap, Query(mut asked): Query<Asked>) -> Response {
    let sound = match sound(&sim, &asked) {
        Ok(sound) => sound,
        Err(Fault::Page(text)) => return page::problem(StatusCode::BAD_REQUEST, text),
        Err(Fault::Back(url)) => return go(&url),
    };
    asked.sim_user = host_handle(&headers).or(asked.sim_user);
    let person = asked.sim_user.as_deref().and_then(|h| sim.world().person_of(h));
    let silent = asked.prompt.as_deref() == Some("none");
    let Some(person) = person else {
        if silent {
            return go(&failed(&sound.redirect, &sound.state, "LOGIN_REQUIRED", "the user is not signed in"));
        }
        let query = serde_urlencoded(&asked);
        return page::choose(&sim, &format!("/oauth2/v2.1/authorize?{query}"));
    };
    let client = sound.channel.setup.id.clone();
    let known = {
        let world = sim.world();
        sound.scopes.iter().all(|s| world.login.consented.contains(&(client.clone(), person, s.clone())))
    };
    let asks_friend = offer(&sim, &sound.channel, person, &asked).is_some();
    match asked.prompt.as_deref() {
        Some("none") if known => allow(&sim, &sound, &asked, person, None),
        Some("none") => go(&failed(&sound.redirect, &sound.state, "INTERACTION_REQUIRED", "consent is required")),
        Some("consent") => consent(&sim, &sound, &asked, person),
        _ if known && !asks_friend => allow(&sim, &sound, &asked, person, None),
        _ => consent(&sim, &sound, &asked, person),
    }
}

/// `POST /oauth2/v2.1/authorize`: the button pressed on the consent page.
pub async fn decide(State(sim): State<Sim>, Form(form): Form<Decision>) -> Response {
    let sound = match sound(&sim, &form.asked) {
        Ok(sound) => sound,
        Err(Fault::Page(text)) => return page::problem(StatusCode::BAD_REQUEST, text),
        Err(Fault::Back(url)) => return go(&url),
    };
    let person = form.asked.sim_user.as_deref().and_then(|h| sim.world().person_of(h));
    let Some(person) = person else {
        return page::problem(StatusCode::BAD_REQUEST, "ユーザーが選ばれていません。");
    };
    if form.decision.as_deref() != Some("allow") {
        return go(&failed(&sound.redirect, &sound.state, "ACCESS_DENIED", "the user did not allow it"));
    }
    let changed = offer(&sim, &sound.channel, person, &form.asked).map(|(id, _)| {
        let wanted = form.add_friend.is_some();
        if wanted {
            let handle = sim.world().person(person).handle.clone();
            sim.perform(&id, &handle, &Deed::Follow);
        }
        wanted
    });
    allow(&sim, &sound, &form.asked, person, changed)
}

fn go(url: &Url) -> Response {
    Redirect::to(url.as_str()).into_response()
}

fn serde_urlencoded(asked: &Asked) -> String {
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields(asked) {
        out.append_pair(&name, &value);
    }
    out.finish()
}

fn fields(asked: &Asked) -> Vec<(String, String)> {
    let value = serde_json::to_value(asked).unwrap_or_default();
    let map = value.as_object().cloned().unwrap_or_default();
    map.into_iter().filter_map(|(k, v)| Some((k, v.as_str()?.to_owned()))).collect()
}

fn failed(redirect: &Url, state: &str, error: &str, description: &str) -> Url {
    let mut url = redirect.clone();
    url.query_pairs_mut()
        .append_pair("error", error)
        .append_pair("error_description", description)
        .append_pair("state", state);
    url
}

fn sound(sim: &Sim, asked: &Asked) -> Result<Sound, Fault> {
    let client = asked.client_id.as_deref().unwrap_or_default();
    let channel = sim.world().login.channels.get(client).cloned();
    let channel = channel.ok_or(Fault::Page("client_id が正しくありません。"))?;
    let redirect = asked
        .redirect_uri
        .as_deref()
        .and_then(|u| Url::parse(u).ok())
        .ok_or(Fault::Page("redirect_uri がありません。"))?;
    // The registered callback must match exactly; only a further query is allowed.
    let mut bare = redirect.clone();
    bare.set_query(None);
    let registered = channel.setup.callbacks.iter().any(|c| c == bare.as_str() || c == redirect.as_str());
    let safe = redirect.scheme() == "https" || crate::rules::message::is_loopback(&redirect);
    if !registered || !safe {
        return Err(Fault::Page("redirect_uri が登録されていません。"));
    }
    let state = asked.state.clone().unwrap_or_default();
    let back = |error, text| Err(Fault::Back(failed(&redirect, &state, error, text)));
    if asked.response_type.as_deref() != Some("code") {
        return back("UNSUPPORTED_RESPONSE_TYPE", "response_type must be code");
    }
    if state.is_empty() {
        return back("INVALID_REQUEST", "state is required");
    }
    let scopes: Vec<String> =
        asked.scope.as_deref().unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    let known = |s: &String| ["profile", "openid", "email"].contains(&s.as_str());
    let email_alone = scopes.iter().any(|s| s == "email") && !scopes.iter().any(|s| s == "openid");
    if scopes.is_empty() || !scopes.iter().all(known) || email_alone {
        return back("INVALID_SCOPE", "scope is not valid");
    }
    if asked.code_challenge.is_some() && asked.code_challenge_method.as_deref() != Some("S256") {
        return back("INVALID_REQUEST", "code_challenge_method must be S256");
    }
    Ok(Sound { channel, redirect, state, scopes })
}

/// The linked account the page offers to add: id and name.
fn offer(sim: &Sim, channel: &LoginChannel, person: PersonKey, asked: &Asked) -> Option<(String, String)> {
    asked.bot_prompt.as_deref().filter(|p| ["normal", "aggressive"].contains(p))?;
    let id = channel.setup.linked_account.clone()?;
    let world = sim.world();
    let account = world.channel(*world.channel_ids.get(&id)?);
    (account.standing(person) != Standing::Friend).then(|| (id, account.name.clone()))
}

fn consent(sim: &Sim, sound: &Sound, asked: &Asked, person: PersonKey) -> Response {
    let offered = offer(sim, &sound.channel, person, asked);
    let world = sim.world();
    let who = world.person(person);
    let mut asked = asked.clone();
    asked.sim_user = Some(who.handle.to_string());
    let words = |s: &String| match s.as_str() {
        "profile" => "プロフィール情報(名前・画像・ひとこと)",
        "email" => "メールアドレス",
        _ => "あなたの内部識別子",
    };
    let setup = &sound.channel.setup;
    let template = Consent {
        name: &who.name,
        channel: &setup.name,
        provider: world.providers.get(&setup.provider).map_or("", |p| p.name.as_str()),
        scopes: sound.scopes.iter().map(words).collect(),
        account: offered.as_ref().map(|(_, name)| name.as_str()),
        ticked: true,
        fields: fields(&asked),
    };
    page::render(&template)
}

fn allow(sim: &Sim, sound: &Sound, asked: &Asked, person: PersonKey, changed: Option<bool>) -> Response {
    let code = sim.chance().token::<10>();
    let client = sound.channel.setup.id.clone();
    let grant = Grant {
        client: client.clone(),
        person,
        scopes: sound.scopes.clone(),
        nonce: asked.nonce.clone(),
        auth_time: asked.max_age.as_ref().map(|_| sim.now() / 1000),
    };
    let kept = Code {
        grant,
        redirect_uri: asked.redirect_uri.clone().unwrap_or_default(),
        challenge: asked.code_challenge.clone(),
        ends_at: sim.now() + 10 * 60_000,
    };
    let mut world = sim.world();
    world.introduce(&sound.channel.setup.provider, person);
    for scope in &sound.scopes {
        world.login.consented.insert((client.clone(), person, scope.clone()));
    }
    world.login.codes.insert(code.clone(), kept);
    drop(world);
    let mut url = sound.redirect.clone();
    url.query_pairs_mut().append_pair("code", &code).append_pair("state", &sound.state);
    if let Some(changed) = changed {
        url.query_pairs_mut().append_pair("friendship_status_changed", if changed { "true" } else { "false" });
    }
    go(&url)
}
