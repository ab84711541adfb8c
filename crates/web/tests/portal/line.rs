//! LINE's webhooks through the receiver: every sample of LINE's, order and repetition, bad signatures, taken-back words.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tsunagari_line_sim::webhook::sender::sign;
use tsunagari_storage::line_follower::Following;
use tsunagari_storage::testing::BOTH;

use crate::house::{SECRET, Town};

async fn post(town: &Town, body: &[u8], signature: &str) -> u16 {
    let url = format!("{}/hooks/line/hook-of-kakuu", town.origin);
    let request = reqwest::Client::new().post(url).header("x-line-signature", signature).body(body.to_vec());
    request.send().await.unwrap().status().as_u16()
}

pub async fn send(town: &Town, events: serde_json::Value) -> u16 {
    let body = serde_json::json!({ "destination": "U", "events": events }).to_string();
    post(town, body.as_bytes(), &sign(SECRET, body.as_bytes())).await
}

async fn counts(town: &Town) -> std::collections::HashMap<String, i64> {
    town.house.org(town.org).read().await.unwrap().inbound_counts(town.channel).await.unwrap().into_iter().collect()
}

fn event(kind: &str, id: &str, at: i64) -> serde_json::Value {
    serde_json::json!({ "type": kind, "webhookEventId": id, "timestamp": at, "mode": "active",
        "source": { "type": "user", "userId": "U00000000000000000000000000000001" } })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sample_goes_through_and_is_stored_once() {
    let samples = samples();
    for kind in BOTH {
        let town = Town::open(kind).await;
        for body in &samples {
            assert_eq!(post(&town, body, &sign(SECRET, body)).await, 200);
            assert_eq!(post(&town, body, &sign(SECRET, body)).await, 200);
        }
        town.work().await;
        let counts = counts(&town).await;
        assert_eq!(counts.get("new"), None, "{counts:?}");
        assert!(counts["applied"] > 5 && counts["ignored"] > 5, "{counts:?}");
    }
}

/// LINE's samples, kept as fixtures of channels.
fn samples() -> Vec<Vec<u8>> {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = here.join("../channels/tests/fixtures/line-webhooks");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    let wanted = |it: &std::path::PathBuf| {
        it.extension().is_some_and(|e| e == "json") && !it.ends_with("signature-vectors.json")
    };
    let bodies: Vec<_> =
        files.into_iter().filter(wanted).enumerate().map(|(n, it)| as_body(n, &std::fs::read(it).unwrap())).collect();
    assert!(bodies.len() > 25);
    bodies
}

/// A sample as a body. LINE's samples all bear one event id; each gets one of its own, as real events have.
fn as_body(file: usize, text: &[u8]) -> Vec<u8> {
    let mut value: serde_json::Value = serde_json::from_slice(text).unwrap();
    if value.get("events").is_none() {
        value = serde_json::json!({ "destination": "U", "events": [value] });
    }
    for (n, event) in value["events"].as_array_mut().unwrap().iter_mut().enumerate() {
        event["webhookEventId"] = format!("sample-{file}-{n}").into();
    }
    value.to_string().into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn follows_and_blocks_end_the_same_in_any_order() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let user = "U00000000000000000000000000000001";
        let late = [event("follow", "a3", 3_000), event("unfollow", "a4", 4_000)];
        let early = [event("follow", "a1", 1_000), event("unfollow", "a2", 2_000)];
        for batch in [&late, &early, &late] {
            assert_eq!(send(&town, serde_json::json!(batch)).await, 200);
            town.work().await;
        }
        let mut reader = town.house.org(town.org).read().await.unwrap();
        let follower = reader.line_follower(town.provider, user).await.unwrap().unwrap();
        assert_eq!(follower.following, Following::Not, "{kind:?}");
        assert_eq!(follower.last_event_at.micros(), 4_000_000);
        assert_eq!(counts(&town).await["applied"], 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_kept_and_what_is_not_signed_is_not() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let body = b"\xff not json";
        assert_eq!(post(&town, body, &STANDARD.encode([0; 32])).await, 403);
        assert_eq!(counts(&town).await.len(), 0);
        assert_eq!(post(&town, body, &sign(SECRET, body)).await, 200);
        assert_eq!(counts(&town).await["unreadable"], 1);
        assert_eq!(send(&town, serde_json::json!([])).await, 200);
        let unknown =
            reqwest::Client::new().post(format!("{}/hooks/line/nobody", town.origin)).body("{}").send().await.unwrap();
        assert_eq!(unknown.status().as_u16(), 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_taken_back_are_forgotten_whatever_came_first() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let words = |id: &str, message: &str, at: i64| {
            let mut it = event("message", id, at);
            it["message"] = serde_json::json!({ "type": "text", "id": message, "text": "秘密の言葉" });
            it
        };
        let back = |id: &str, message: &str, at: i64| {
            let mut it = event("unsend", id, at);
            it["unsend"] = serde_json::json!({ "messageId": message });
            it
        };
        send(&town, serde_json::json!([words("m1", "1", 1_000)])).await;
        town.work().await;
        send(&town, serde_json::json!([back("u1", "1", 2_000)])).await;
        send(&town, serde_json::json!([back("u2", "2", 4_000)])).await;
        town.work().await;
        send(&town, serde_json::json!([words("m2", "2", 3_000)])).await;
        town.work().await;
        let counts = counts(&town).await;
        assert_eq!((counts["unsent"], counts["applied"]), (2, 2), "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_cannot_be_read_are_all_kept() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let odd = |half: &str| format!(r#"{{"type":"message","message":{{"type":"text","text":"\u{half}"}}}}"#);
        let body = format!(r#"{{"destination":"U","events":[{},{}]}}"#, odd("d800"), odd("d801"));
        for _ in 0..2 {
            assert_eq!(post(&town, body.as_bytes(), &sign(SECRET, body.as_bytes())).await, 200);
            town.work().await;
            let counts = counts(&town).await;
            assert_eq!((counts["unreadable"], counts.len()), (2, 1), "{kind:?} {counts:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_another_account_is_kept_and_not_applied() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let here = town.house.org(town.org);
        let mut tx = here.write().await.unwrap();
        let mut channel = tx.line_channel(town.channel).await.unwrap();
        channel.bot_user_id = Some("U0123456789abcdef0123456789abcdef".into());
        tx.keep_line_channel(&channel).await.unwrap();
        tx.commit(&town.act("keep_line_channel")).await.unwrap();
        assert_eq!(send(&town, serde_json::json!([event("follow", "a1", 1_000)])).await, 200);
        town.work().await;
        assert_eq!(counts(&town).await, [("unreadable".to_owned(), 1)].into(), "{kind:?}");
        let body = serde_json::json!({ "destination": channel.bot_user_id, "events": [event("follow", "a1", 1_000)] });
        let body = body.to_string();
        assert_eq!(post(&town, body.as_bytes(), &sign(SECRET, body.as_bytes())).await, 200);
        town.work().await;
        assert_eq!(counts(&town).await["applied"], 1, "{kind:?}");
    }
}
