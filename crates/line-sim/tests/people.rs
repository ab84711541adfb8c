//! Profiles, followers, tokens, setup: who may see whom.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

mod stage;

use serde_json::{Value, json};
use stage::*;
use tsunagari_line_sim::{Setup, SetupError};

#[tokio::test]
async fn a_profile_is_shown_for_friends_and_those_who_wrote() {
    let s = stage().await;
    let status = async |handle: &str| s.get(&format!("/v2/bot/profile/{}", s.id(handle))).await.status().as_u16();
    assert_eq!((status("hanako").await, status("taro").await, status("jiro").await), (200, 404, 404));
    s.control("/_sim/deed", &json!({"user": "jiro", "channel": CHANNEL, "do": "text", "text": "質問"})).await;
    assert_eq!(status("jiro").await, 200);
    assert_eq!(s.get("/v2/bot/profile/hanako").await.status(), 400);
}

#[tokio::test]
async fn follower_ids_come_in_pages_whose_token_ends_after_a_day() {
    let s = stage().await;
    s.control("/_sim/setup", &json!({"bulk_users": [{"prefix": "u", "count": 25, "friends_of": [CHANNEL]}]})).await;
    let (mut ids, mut path) = (Vec::<Value>::new(), "/v2/bot/followers/ids?limit=10".to_owned());
    let mut first = None;
    loop {
        let (_, page) = told(s.get(&path).await).await;
        ids.extend(page["userIds"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next"].as_str() else { break };
        first.get_or_insert_with(|| next.to_owned());
        path = format!("/v2/bot/followers/ids?limit=10&start={next}");
    }
    assert_eq!(ids.len(), 26);
    assert!(!ids.contains(&json!(s.id("taro"))), "blockers are not listed");
    s.control("/_sim/clock", &json!({"advance": 25 * 3_600_000})).await;
    let (status, body) = told(s.get(&format!("/v2/bot/followers/ids?start={}", first.unwrap())).await).await;
    assert_eq!((status, body), (400, json!({"message": "Invalid start param"})));
}

#[tokio::test]
async fn an_account_that_is_not_verified_may_not_list_its_followers() {
    let s = stage().await;
    let key = s.sim().channel_key(CHANNEL).unwrap();
    s.sim().world().channel_mut(key).verified = false;
    let (status, body) = told(s.get("/v2/bot/followers/ids").await).await;
    assert_eq!((status, body), (403, json!({"message": "Access to this API is not available for your account"})));
}

#[tokio::test]
async fn a_picture_can_be_fetched_until_it_is_unsent() {
    let s = stage().await;
    let deed = async |deed: Value| s.control("/_sim/deed", &deed).await;
    let sent = deed(json!({"user": "hanako", "channel": CHANNEL, "do": "picture"})).await;
    let id = sent["event"]["message"]["id"].clone();
    let path = format!("/v2/bot/message/{}/content", id.as_str().unwrap());
    assert_eq!(s.get(&path).await.headers()["content-type"], "image/png");
    deed(json!({"user": "hanako", "channel": CHANNEL, "do": "unsend", "message_id": id})).await;
    assert_eq!(told(s.get(&path).await).await, (410, json!({"message": "The content is gone"})));
    assert_eq!(s.get("/v2/bot/message/5/content").await.status(), 404);
}

#[tokio::test]
async fn a_stateless_token_lives_fifteen_minutes() {
    let s = stage().await;
    let pairs = [("grant_type", "client_credentials"), ("client_id", CHANNEL), ("client_secret", SECRET)];
    let (_, got) = told(s.http.post(s.url("/oauth2/v3/token")).form(&pairs).send().await.unwrap()).await;
    assert_eq!(got["expires_in"], 900);
    let token = got["access_token"].as_str().unwrap();
    let info = async || s.http.get(s.url("/v2/bot/info")).bearer_auth(token).send().await.unwrap().status();
    assert_eq!(info().await, 200);
    s.control("/_sim/clock", &json!({"advance": 901_000})).await;
    assert_eq!(info().await, 401);
    let wrong = [("grant_type", "client_credentials"), ("client_id", CHANNEL), ("client_secret", "no")];
    let (status, body) = told(s.http.post(s.url("/oauth2/v3/token")).form(&wrong).send().await.unwrap()).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_client")));
}

#[tokio::test]
async fn a_setup_is_refused_whole() {
    let s = stage().await;
    let setup = |value: Value| serde_json::from_value::<Setup>(value).unwrap();
    let half = setup(json!({
        "users": [{"handle": "saburo", "name": "三郎"}],
        "friendships": [{"user": "saburo", "channel": "9", "standing": "friend"}]
    }));
    assert_eq!(s.sim().set_up(&half), Err(SetupError::NoChannel("9".into())));
    assert_eq!(s.sim().user_id("masuda", "saburo"), None);
    let taken = setup(json!({"users": [{"handle": "hanako", "name": "別人"}]}));
    assert_eq!(s.sim().set_up(&taken), Err(SetupError::Taken("hanako".into())));
    let id = format!("U{:032x}", 77);
    let own = setup(json!({"users": [{"handle": "shiro", "name": "四郎", "ids": [["masuda", id]]}]}));
    assert_eq!(s.sim().set_up(&own), Ok(()));
    assert_eq!(s.id("shiro"), id);
}

#[tokio::test]
async fn the_ledger_lists_what_one_person_was_sent() {
    let s = stage().await;
    s.push("hanako", "一").await;
    s.push("taro", "二").await;
    let path = |user: &str| format!("/_sim/ledger?channel={CHANNEL}&user={user}");
    let (_, mine) = told(s.get(&path("hanako")).await).await;
    let (_, blocked) = told(s.get(&path(&s.id("taro"))).await).await;
    assert_eq!(
        (&mine["sends"][0]["delivered"], &mine["sends"][0]["messages"][0]["text"]),
        (&json!(true), &json!("一"))
    );
    assert_eq!((&blocked["sends"][0]["delivered"], blocked["sends"].as_array().unwrap().len()), (&json!(false), 1));
}
