//! Webhooks: signature, shape, redelivery, duplicates, disorder.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

mod stage;

use serde_json::{Value, json};
use stage::*;
use tsunagari_line_sim::rules::spec::compile;
use tsunagari_line_sim::webhook::sender::sign;

#[test]
fn the_published_vector_signs_alike() {
    let body = br#"{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}"#;
    assert_eq!(sign(SECRET, body), "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=");
}

async fn deed(s: &Stage, user: &str, mut deed: Value) -> Value {
    deed["user"] = json!(user);
    deed["channel"] = json!(CHANNEL);
    s.control("/_sim/deed", &deed).await["event"].clone()
}

async fn listen(s: &Stage, url: &str) {
    let answer = s.http.put(s.url("/v2/bot/channel/webhook/endpoint")).bearer_auth(TOKEN);
    assert_eq!(answer.json(&json!({"endpoint": url})).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn what_people_do_arrives_signed_and_in_the_shape_of_the_specification() {
    let s = stage().await;
    let (url, mut inbox) = receiver(0).await;
    listen(&s, &url).await;
    let message = deed(&s, "hanako", json!({"do": "text", "text": "相談です"})).await;
    let id = message["message"]["id"].clone();
    deed(&s, "hanako", json!({"do": "unsend", "message_id": id})).await;
    deed(&s, "hanako", json!({"do": "postback", "data": "a=1"})).await;
    deed(&s, "hanako", json!({"do": "picture"})).await;
    deed(&s, "hanako", json!({"do": "block"})).await;
    assert_eq!(deed(&s, "hanako", json!({"do": "text", "text": "ブロック中"})).await, Value::Null);
    let back = deed(&s, "hanako", json!({"do": "follow"})).await;
    assert_eq!(back["follow"]["isUnblocked"], true);
    assert_eq!(deed(&s, "jiro", json!({"do": "follow"})).await["follow"]["isUnblocked"], false);
    s.sim().sender().idle().await;
    let document: Value = serde_yaml_ng::from_str(include_str!("../spec/webhook.yml")).unwrap();
    let schemas = document.pointer("/components/schemas").unwrap().as_object().unwrap();
    let shape = compile(&json!({"$ref": "#/components/schemas/CallbackRequest"}), schemas).unwrap();
    let mut kinds = Vec::new();
    while let Ok(got) = inbox.try_recv() {
        assert_eq!(got.signature, sign(SECRET, &got.body));
        let body: Value = serde_json::from_slice(&got.body).unwrap();
        if let Some(error) = shape.iter_errors(&body).next() {
            panic!("{error} in {body}");
        }
        kinds.extend(got.events().iter().map(|e| e["type"].as_str().unwrap().to_owned()));
    }
    kinds.sort();
    assert_eq!(kinds, ["follow", "follow", "message", "message", "postback", "unfollow", "unsend"]);
}

#[tokio::test]
async fn redelivery_is_off_by_default_and_marks_the_same_event_when_on() {
    let s = stage().await;
    let (url, mut inbox) = receiver(2).await;
    listen(&s, &url).await;
    deed(&s, "hanako", json!({"do": "text", "text": "一度"})).await;
    s.sim().sender().idle().await;
    assert!(inbox.try_recv().is_ok() && inbox.try_recv().is_err());
    s.control("/_sim/webhooks", &json!({"channel": CHANNEL, "redeliveries": 3, "interval_millis": 1})).await;
    deed(&s, "hanako", json!({"do": "text", "text": "二度"})).await;
    s.sim().sender().idle().await;
    let (first, second) = (inbox.try_recv().unwrap().events(), inbox.try_recv().unwrap().events());
    assert!(inbox.try_recv().is_err());
    assert_eq!(first[0]["webhookEventId"], second[0]["webhookEventId"]);
    assert_eq!(first[0]["timestamp"], second[0]["timestamp"]);
    assert_eq!(second[0]["deliveryContext"]["isRedelivery"], true);
}

#[tokio::test]
async fn held_events_come_reversed_doubled_and_in_batches() {
    let s = stage().await;
    let (url, mut inbox) = receiver(0).await;
    listen(&s, &url).await;
    s.control("/_sim/webhooks", &json!({"channel": CHANNEL, "hold": true, "duplicates": 1})).await;
    for text in ["一", "二"] {
        deed(&s, "hanako", json!({"do": "text", "text": text})).await;
    }
    assert!(inbox.try_recv().is_err());
    let release = json!({"channel": CHANNEL, "order": "reversed", "batch": 4});
    assert_eq!(s.control("/_sim/webhooks/release", &release).await["released"], 2);
    s.sim().sender().idle().await;
    let texts: Vec<Value> = inbox.try_recv().unwrap().events().iter().map(|e| e["message"]["text"].clone()).collect();
    assert_eq!(texts, [json!("二"), json!("二"), json!("一"), json!("一")]);
}

#[tokio::test]
async fn the_test_call_sends_an_empty_webhook_and_names_the_reason() {
    let s = stage().await;
    assert_eq!(s.get("/v2/bot/channel/webhook/endpoint").await.status(), 404);
    let (url, mut inbox) = receiver(0).await;
    listen(&s, &url).await;
    let (_, answer) = told(s.post("/v2/bot/channel/webhook/test", &json!({})).await).await;
    assert_eq!(
        (&answer["success"], &answer["reason"], &answer["statusCode"]),
        (&json!(true), &json!("OK"), &json!(200))
    );
    assert!(inbox.try_recv().unwrap().events().is_empty());
    let closed = json!({"endpoint": "http://127.0.0.1:1/webhook"});
    let (_, answer) = told(s.post("/v2/bot/channel/webhook/test", &closed).await).await;
    assert_eq!(answer["reason"], "COULD_NOT_CONNECT");
    let plain = s.http.put(s.url("/v2/bot/channel/webhook/endpoint")).bearer_auth(TOKEN);
    let refused = plain.json(&json!({"endpoint": "http://example.jp/w"})).send().await.unwrap();
    assert_eq!(told(refused).await, (400, json!({"message": "Invalid webhook endpoint URL"})));
}

#[tokio::test]
async fn what_is_switched_off_in_the_console_is_told_and_brings_no_events() {
    let s = stage().await;
    let (url, mut inbox) = receiver(0).await;
    listen(&s, &url).await;
    s.control("/_sim/webhooks/active", &json!({"channel": CHANNEL, "active": false})).await;
    let (_, told) = told(s.get("/v2/bot/channel/webhook/endpoint").await).await;
    assert_eq!(told, json!({"endpoint": url, "active": false}));
    deed(&s, "hanako", json!({"do": "text", "text": "届かない"})).await;
    s.sim().sender().idle().await;
    assert!(inbox.try_recv().is_err());
    s.control("/_sim/webhooks/active", &json!({"channel": CHANNEL, "active": true})).await;
    deed(&s, "hanako", json!({"do": "text", "text": "届く"})).await;
    s.sim().sender().idle().await;
    assert!(inbox.try_recv().is_ok());
}
