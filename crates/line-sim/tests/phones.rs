//! The phone's pages: what is shown is escaped, what is pressed happens, links carry the user without a cookie.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

mod stage;

use serde_json::json;
use stage::*;

async fn page(s: &Stage, path: &str) -> String {
    s.http.get(s.url(path)).send().await.unwrap().text().await.unwrap()
}

async fn press(s: &Stage, path: &str, pairs: &[(&str, &str)]) -> u16 {
    s.http.post(s.url(path)).form(pairs).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn the_host_picks_the_phone() {
    let s = stage().await;
    let own =
        s.http.get(s.url("/")).header("host", "hanako.localhost:8090").send().await.unwrap().text().await.unwrap();
    assert!(own.contains("花子 の電話"), "{own}");
    assert!(page(&s, "/").await.contains("この機械の中(localhost)のhttpだけを認めます"));
    assert_eq!(s.http.get(s.url("/phone/nobody")).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn messages_are_escaped_and_links_open_as_this_phone() {
    let s = stage().await;
    s.push("hanako", "<script>alert(1)</script> http://localhost:8080/p?a=1&b=2").await;
    let chat = page(&s, &format!("/phone/hanako/{CHANNEL}")).await;
    assert!(chat.contains("&lt;script&gt;") && !chat.contains("<script>alert"));
    assert!(chat.contains("/_phone/open?u=hanako&amp;to=http%3A%2F%2Flocalhost%3A8080%2Fp%3Fa%3D1%26b%3D2"), "{chat}");
    let answer = s.http.get(s.url("/_phone/open?u=hanako&to=http%3A%2F%2Flocalhost%3A8080%2Fp")).send().await.unwrap();
    assert!(!answer.headers().contains_key("set-cookie"));
    assert!(answer.text().await.unwrap().contains("sessionStorage.setItem('line-sim-user',\"hanako\")"));
    let from_host = s.http.get(s.url("/_phone/open?u=hanako&to=http%3A%2F%2Flocalhost%3A8080%2Fp"));
    let moved = from_host.header("host", "hanako.localhost:8090").send().await.unwrap();
    let target = moved.headers()["location"].to_str().unwrap().to_owned();
    assert!(target.starts_with(&s.url("/_phone/open?u=hanako")), "{target}");
    let far = s.http.get(s.url("/_phone/open?u=hanako&to=https%3A%2F%2Fexample.jp")).send().await.unwrap();
    assert_eq!(far.status(), 400);
}

#[tokio::test]
async fn a_talk_shows_the_calendar_of_the_town_and_the_clock_stays() {
    let s = stage().await;
    let (noon, evening) = (1_773_630_000_000, 1_773_655_200_000);
    s.sim().clock().stop_at(noon);
    s.push("hanako", "こんにちは").await;
    assert!(page(&s, &format!("/phone/hanako/{CHANNEL}")).await.contains("12:00"));
    s.sim().clock().show_as(evening);
    let chat = page(&s, &format!("/phone/hanako/{CHANNEL}")).await;
    assert!(chat.contains("19:00") && !chat.contains("12:00"), "{chat}");
    assert_eq!(s.sim().now(), noon, "tokens, limits and webhooks keep to the clock");
}

#[tokio::test]
async fn scanning_an_account_adds_it_and_blocking_stops_it() {
    let s = stage().await;
    for address in ["https://line.me/R/ti/p/@masuda", "http://localhost:9/R/ti/p/%40masuda"] {
        assert_eq!(press(&s, "/phone/jiro/scan", &[("url", address)]).await, 303);
    }
    s.push("jiro", "ようこそ").await;
    assert_eq!(s.counts().await["delivered"], 1);
    assert_eq!(press(&s, &format!("/phone/jiro/{CHANNEL}/do"), &[("kind", "block")]).await, 303);
    s.push("jiro", "届かない").await;
    let counts = s.counts().await;
    assert_eq!((&counts["delivered"], &counts["missed"]), (&json!(1), &json!(1)));
    assert!(page(&s, &format!("/phone/jiro/{CHANNEL}")).await.contains("ブロックを解除"));
    assert_eq!(press(&s, "/phone/jiro/scan", &[("url", "http://localhost:9/R/ti/p/@none")]).await, 404);
}

#[tokio::test]
async fn every_kind_of_message_is_drawn() {
    let s = stage().await;
    let button = |label: &str| json!({"type": "postback", "label": label, "data": "d"});
    let messages = json!([
        {"type": "image", "originalContentUrl": "https://example.jp/a.png", "previewImageUrl": "https://example.jp/p.png"},
        {"type": "video", "originalContentUrl": "https://example.jp/a.mp4", "previewImageUrl": "https://example.jp/v.png"},
        {"type": "template", "altText": "a", "template": {"type": "confirm", "text": "参加しますか", "actions": [button("はい"), button("いいえ")]}},
        {"type": "flex", "altText": "a", "contents": {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [
            {"type": "text", "text": "求人案内", "weight": "bold"}, {"type": "button", "action": button("応募")}]}}},
        {"type": "text", "text": "選んでください", "quickReply": {"items": [{"type": "action", "action": {"type": "message", "label": "大学生", "text": "大学生"}}]}}
    ]);
    let sent = s.post("/v2/bot/message/push", &json!({"to": s.id("hanako"), "messages": messages})).await;
    assert_eq!(sent.status(), 200, "{}", sent.text().await.unwrap());
    let chat = page(&s, &format!("/phone/hanako/{CHANNEL}")).await;
    for part in [
        "https://example.jp/p.png",
        "<video",
        "参加しますか",
        "いいえ",
        "求人案内",
        "応募",
        "class=\"quick\"",
        "大学生",
    ] {
        assert!(chat.contains(part), "{part}");
    }
    let revision = s.http.get(s.url(&format!("/phone/hanako/{CHANNEL}?rev=99"))).send().await.unwrap();
    assert_eq!(revision.status(), 200);
}

#[tokio::test]
async fn an_empty_simulator_says_how_to_begin_and_what_it_says_works() {
    let handle = tsunagari_line_sim::LineSim::start(tsunagari_line_sim::SimConfig::default()).await.unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let s = Stage { handle, http };
    let empty = page(&s, "/").await;
    assert!(empty.contains("/_sim/setup") && empty.contains("messaging_channels"), "{empty}");
    let body = tsunagari_line_sim::setup::EXAMPLE;
    let told = s.http.post(s.url("/_sim/setup")).header("content-type", "application/json").body(body).send().await;
    assert_eq!(told.unwrap().status(), 200);
    assert!(page(&s, "/phone/hana").await.contains("架空市"));
    assert!(!page(&s, "/").await.contains("messaging_channels"), "only while it is empty");
}
