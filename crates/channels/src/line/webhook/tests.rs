//! Official signature vectors, every published sample, and bodies nobody published.

use std::path::PathBuf;

use super::*;

// The vectors name their origin each (LINE's documentation and official SDKs).
const VECTORS: &str = include_str!("../../../tests/fixtures/line-webhooks/signature-vectors.json");

#[test]
fn the_official_signature_vectors_hold_and_nothing_else_does() {
    let vectors: Vec<Value> = serde_json::from_str(VECTORS).unwrap();
    assert_eq!(vectors.len(), 4);
    for vector in &vectors {
        let secret = Secret::of(vector["channelSecret"].as_str().unwrap());
        let body = vector["body"].as_str().unwrap();
        let signature = vector["signature"].as_str().unwrap();
        let check = |body: &str, header| check_signature(&secret, body.as_bytes(), header);
        assert_eq!(check(body, Some(signature)), Signature::Genuine, "{}", vector["origin"]);
        assert_eq!(check(&format!("{body} "), Some(signature)), Signature::False);
        assert_eq!(check(body, None), Signature::False);
        assert_eq!(check(body, Some("")), Signature::False);
        assert_eq!(check(body, Some("!not base64!")), Signature::False);
        assert_eq!(check(body, Some(&signature[..20])), Signature::False, "a prefix is not enough");
        let other = Secret::of("another secret");
        assert_eq!(check_signature(&other, body.as_bytes(), Some(signature)), Signature::False);
    }
}

#[test]
fn every_published_sample_is_read() {
    let samples = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/line-webhooks");
    let mut read = 0;
    for entry in std::fs::read_dir(&samples).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".json") || name.starts_with("signature") {
            continue;
        }
        let body = WebhookBody::parse(&std::fs::read(&path).unwrap()).unwrap_or_else(|_| panic!("{name}"));
        assert!(!body.events.is_empty(), "{name}");
        for event in &body.events {
            let word = serde_json::from_str::<Value>(&event.raw).unwrap()["type"].as_str().unwrap().to_owned();
            let known = ["follow", "unfollow", "message", "postback", "accountLink", "unsend"].contains(&word.as_str());
            assert_eq!(!known, matches!(event.kind, EventKind::Unknown(_)), "{name}: {word}");
            assert!(event.timestamp.is_some(), "{name}");
        }
        if name.starts_with("one-event--25") {
            assert_eq!(body.events[0].delivery, Delivery::Redelivered);
        }
        read += 1;
    }
    assert!(read >= 29, "only {read} samples were read");
}

fn one(event: &str) -> Event {
    WebhookBody::parse(format!(r#"{{"destination":"U1","events":[{event}]}}"#).as_bytes()).unwrap().events.remove(0)
}

#[test]
fn missing_and_wrong_properties_never_fail() {
    for event in [
        "{}",
        "null",
        "5",
        r#""x""#,
        "[]",
        r#"{"type":5}"#,
        r#"{"type":"message"}"#,
        r#"{"type":"message","message":{"type":"text"}}"#,
        r#"{"type":"postback","postback":null}"#,
        r#"{"type":"unsend"}"#,
        r#"{"timestamp":99999999999999999999}"#,
    ] {
        let event = one(event);
        assert!(!event.identity().is_empty());
    }
    assert_eq!(one(r#"{"type":"follow"}"#).kind, EventKind::Follow(FollowKind::Added));
    assert_eq!(one(r#"{"type":"somethingNew"}"#).kind, EventKind::Unknown("somethingNew".into()));
}

#[test]
fn a_body_that_is_no_webhook_says_so() {
    for body in ["", "[]", "{}", "null", "{\"events\":5}", "\u{0}", "{\"destination\":\"U1\""] {
        assert_eq!(WebhookBody::parse(body.as_bytes()), Err(NotAWebhook), "{body}");
    }
    assert_eq!(WebhookBody::parse(br#"{"destination":"U1","events":[]}"#).unwrap().events, []);
}

#[test]
fn an_event_without_id_is_the_same_when_sent_again() {
    let first = one(r#"{"type":"unfollow","timestamp":1,"deliveryContext":{"isRedelivery":false}}"#);
    let again = one(r#"{"timestamp":1,"type":"unfollow","deliveryContext":{"isRedelivery":true}}"#);
    let other = one(r#"{"type":"unfollow","timestamp":2}"#);
    assert_eq!(first.identity(), again.identity());
    assert_ne!(first.identity(), other.identity());
}

#[test]
fn debug_does_not_show_the_reply_token() {
    let event = one(r#"{"type":"follow","replyToken":"tok"}"#);
    assert_eq!(event.reply_token.as_ref().map(Secret::reveal), Some("tok"));
    assert!(!format!("{event:?} {:?}", event.reply_token).contains("tok"));
}

#[test]
fn events_that_cannot_be_read_are_told_apart_by_their_bytes() {
    let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    let odd = [r#"{"text":"\ud800"}"#.to_owned(), r#"{"text":"\ud801"}"#.to_owned(), deep(200), deep(201)];
    let events = odd.each_ref().map(|it| one(it));
    assert!(events.iter().all(|it| it.kind == EventKind::Unreadable));
    let ids: std::collections::BTreeSet<String> = events.iter().map(Event::identity).collect();
    assert_eq!(ids.len(), odd.len());
    assert_eq!(one(&odd[0]).identity(), events[0].identity(), "sent again it is the same");
    assert_ne!(one("null").identity(), events[0].identity());
}
