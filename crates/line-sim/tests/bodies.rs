//! Bodies: the specification and the documented limits, in LINE's words.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

mod stage;

use serde_json::{Value, json};
use stage::*;

async fn validate(s: &Stage, message: Value) -> (u16, Value) {
    told(s.post("/v2/bot/message/validate/push", &json!({"messages": [message]})).await).await
}

async fn refused(s: &Stage, message: Value, property: &str, words: &str) {
    let (status, body) = validate(s, message.clone()).await;
    assert_eq!(status, 400, "{message}");
    let details = body["details"].as_array().unwrap_or_else(|| panic!("{body}"));
    let hit = details.iter().any(|d| d["property"] == property && d["message"].as_str().unwrap().contains(words));
    assert!(hit, "{body} lacks {property}: {words}");
    assert_eq!(body["message"], format!("The request body has {} error(s)", details.len()));
}

#[tokio::test]
async fn texts_count_utf16_units() {
    let s = stage().await;
    assert_eq!(validate(&s, json!({"type": "text", "text": "𠮷".repeat(2500)})).await.0, 200);
    refused(&s, json!({"type": "text", "text": "𠮷".repeat(2501)}), "messages[0].text", "between 0 and 5000").await;
    refused(&s, json!({"type": "text", "text": ""}), "messages[0].text", "May not be empty").await;
    refused(&s, json!({"type": "text"}), "messages[0].text", "May not be empty").await;
}

#[tokio::test]
async fn an_unknown_type_lists_the_known_ones() {
    let s = stage().await;
    refused(&s, json!({"type": "nonsense"}), "messages[0].type", "Must be one of the following values: [text, textV2")
        .await;
    refused(&s, json!({"text": "a"}), "messages[0].type", "must be specified").await;
}

#[tokio::test]
async fn media_need_https_except_on_loopback() {
    let s = stage().await;
    let image = |url: &str| json!({"type": "image", "originalContentUrl": url, "previewImageUrl": url});
    assert_eq!(validate(&s, image("https://example.jp/a.png")).await.0, 200);
    assert_eq!(validate(&s, image("http://localhost:8080/a.png")).await.0, 200);
    refused(&s, image("http://example.jp/a.png"), "messages[0].originalContentUrl", "invalid uri").await;
}

fn action(label: &str) -> Value {
    json!({"type": "message", "label": label, "text": "はい"})
}

#[tokio::test]
async fn templates_hold_their_limits() {
    let s = stage().await;
    let template = |t: Value| json!({"type": "template", "altText": "案内", "template": t});
    let ok = json!({"type": "confirm", "text": "参加しますか", "actions": [action("はい"), action("いいえ")]});
    assert_eq!(validate(&s, template(ok)).await.0, 200);
    let one = json!({"type": "confirm", "text": "参加しますか", "actions": [action("はい")]});
    refused(&s, template(one), "messages[0].template.actions", "Size must be between 2 and 2").await;
    let long = json!({"type": "buttons", "title": "題", "text": "あ".repeat(61), "actions": [action("はい")]});
    refused(&s, template(long), "messages[0].template.text", "between 0 and 60").await;
    let label = json!({"type": "buttons", "text": "あ", "actions": [action(&"👨‍👩‍👧‍👦".repeat(21))]});
    refused(&s, template(label), "messages[0].template.actions[0].label", "between 0 and 20").await;
    let family = json!({"type": "buttons", "text": "あ", "actions": [action(&"👨‍👩‍👧‍👦".repeat(20))]});
    assert_eq!(validate(&s, template(family)).await.0, 200);
}

#[tokio::test]
async fn flex_is_checked_by_schema_and_size() {
    let s = stage().await;
    let flex = |c: Value| json!({"type": "flex", "altText": "案内", "contents": c});
    let body = |layout: &str, text: &str| json!({"type": "bubble", "body": {"type": "box", "layout": layout, "contents": [{"type": "text", "text": text}]}});
    assert_eq!(validate(&s, flex(body("vertical", "こんにちは"))).await.0, 200);
    refused(&s, flex(body("diagonal", "a")), "messages[0].contents.body.layout", "horizontal, vertical, baseline")
        .await;
    refused(&s, flex(body("vertical", &"a".repeat(31 * 1024))), "messages[0].contents", "30 KB").await;
}

#[tokio::test]
async fn sizes_of_arrays_are_checked() {
    let s = stage().await;
    let text = json!({"type": "text", "text": "a"});
    let six = json!({"to": s.id("hanako"), "messages": vec![text.clone(); 6]});
    let (status, body) = told(s.post("/v2/bot/message/push", &six).await).await;
    assert_eq!((status, &body["details"][0]["message"]), (400, &json!("Size must be between 1 and 5")));
    let crowd = json!({"to": vec![s.id("hanako"); 501], "messages": [text]});
    let (status, body) = told(s.post("/v2/bot/message/multicast", &crowd).await).await;
    assert_eq!((status, &body["details"][0]["message"]), (400, &json!("Size must be between 1 and 500")));
}

#[tokio::test]
async fn broken_requests_are_named() {
    let s = stage().await;
    let send = |kind: &'static str, body: String| {
        s.http.post(s.url("/v2/bot/message/push")).bearer_auth(TOKEN).header("content-type", kind).body(body).send()
    };
    let (status, body) = told(send("application/json", "{\"to\"".into()).await.unwrap()).await;
    assert_eq!(
        (status, &body["message"]),
        (400, &json!("The request body could not be parsed as JSON (line: 1, column: 5)"))
    );
    let (status, body) = told(send("text/plain", "{}".into()).await.unwrap()).await;
    assert_eq!((status, &body["message"]), (415, &json!("The content type, text/plain, is not supported")));
    assert_eq!(send("application/json", " ".repeat(2 * 1024 * 1024 + 1)).await.unwrap().status(), 413);
    let wrong = json!({"to": 5, "messages": [{"type": "text", "text": "a"}]});
    let (_, body) = told(s.post("/v2/bot/message/push", &wrong).await).await;
    assert_eq!(body["message"], "The property, to, in the request body is invalid (line: -, column: -)");
    let bad = s.http.get(s.url("/v2/bot/info")).bearer_auth("nobody").send().await.unwrap();
    assert!(bad.headers().contains_key("x-line-request-id"));
    let (status, body) = told(bad).await;
    assert_eq!(status, 401);
    assert!(body["message"].as_str().unwrap().starts_with("Authentication failed due to the following reason: "));
}

#[tokio::test]
async fn known_calls_without_a_handler_answer_501_and_nonsense_404() {
    let s = stage().await;
    assert_eq!(s.post("/v2/bot/coupon", &json!({})).await.status(), 501);
    assert_eq!(s.get("/v2/bot/insight/demographic").await.status(), 501);
    assert_eq!(s.get("/v2/bot/nothing").await.status(), 404);
}
