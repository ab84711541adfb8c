//! The LINE client against a small server that answers as told: what is sent, and what each answer is called.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a failed unwrap is a failed test")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tsunagari_channels::Secret;
use tsunagari_channels::line::message::Message;
use tsunagari_channels::line::{
    Fault, FrozenBody, HostSet, LineApi, MulticastBody, NextStep, Notification, PushBody, Quota, RetryKey, TokenCache,
};
use tsunagari_kernel::{FixedClock, Timestamp};
use uuid::Uuid;

#[derive(Clone, Default)]
struct Script(Arc<Mutex<Told>>);

#[derive(Default)]
struct Told {
    status: u16,
    body: String,
    headers: Vec<(&'static str, &'static str)>,
    seen: Vec<(Method, String, HeaderMap, Bytes)>,
    silent: bool,
}

async fn answer(State(script): State<Script>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let (response, silent) = {
        let mut told = script.0.lock().unwrap();
        told.seen.push((method, uri.to_string(), headers, body));
        let mut response = (StatusCode::from_u16(told.status).unwrap(), told.body.clone()).into_response();
        for (name, value) in &told.headers {
            response.headers_mut().insert(*name, value.parse().unwrap());
        }
        (response, told.silent)
    };
    if silent {
        std::future::pending::<()>().await;
    }
    response
}

async fn line(status: u16, body: &str) -> (Script, LineApi) {
    let script = Script::default();
    {
        let mut told = script.0.lock().unwrap();
        told.status = status;
        told.body = body.into();
        told.headers = vec![("x-line-request-id", "req-1")];
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new().fallback(answer).with_state(script.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (script, LineApi::with_timeout(HostSet::at_one_root(&root).unwrap(), Duration::from_millis(400)).unwrap())
}

fn body() -> FrozenBody {
    let to = format!("U{:032x}", 1);
    PushBody { to, messages: vec![Message::text("案内")], notification: Notification::Aloud, aggregation_unit: None }
        .freeze()
        .unwrap()
}

fn token() -> Secret {
    Secret::of("channel-token")
}

const KEY: RetryKey = RetryKey(Uuid::from_u128(7));

#[tokio::test]
async fn a_push_carries_key_and_token_and_its_retry_the_same_bytes() {
    let (script, api) = line(200, r#"{"sentMessages":[{"id":"461230966842064897","quoteToken":"q"}]}"#).await;
    let sent = api.push(&token(), &body(), KEY).await.unwrap();
    assert_eq!(sent.request_id.as_deref(), Some("req-1"));
    assert_eq!(sent.value.messages[0].id, "461230966842064897");
    api.push(&token(), &FrozenBody::thaw(body().bytes().to_vec()), KEY).await.unwrap();
    let told = script.0.lock().unwrap();
    let (method, path, headers, first) = &told.seen[0];
    assert_eq!((method.as_str(), path.as_str()), ("POST", "/v2/bot/message/push"));
    assert_eq!(headers["authorization"], "Bearer channel-token");
    assert_eq!(headers["x-line-retry-key"], "00000000-0000-0000-0000-000000000007");
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(first, &told.seen[1].3);
    let expected = format!(r#"{{"to":"U{:032x}","messages":[{{"type":"text","text":"案内"}}]}}"#, 1);
    assert_eq!(first, expected.as_bytes());
}

#[tokio::test]
async fn each_answer_has_its_name_and_keeps_its_request_id() {
    for (status, words, expected) in [
        (
            400,
            r#"{"message":"The request body has 1 error(s)","details":[{"message":"May not be empty","property":"messages[0].text"}]}"#,
            NextStep::GiveUp,
        ),
        (
            401,
            r#"{"message":"Authentication failed due to the following reason: invalid token"}"#,
            NextStep::RenewToken,
        ),
        (409, r#"{"message":"The retry key is already accepted"}"#, NextStep::Done),
        (429, r#"{"message":"You have reached your monthly limit."}"#, NextStep::StopChannel),
        (429, r#"{"message":"The API rate limit has been exceeded. Try again later."}"#, NextStep::BackOff),
        (500, "", NextStep::Retry),
        (503, "<html>busy</html>", NextStep::Retry),
        (302, "", NextStep::GiveUp),
    ] {
        let (_, api) = line(status, words).await;
        let error = api.push(&token(), &body(), KEY).await.unwrap_err();
        assert_eq!(error.fault.next_step(), expected, "{status} {words}");
        assert_eq!(error.request_id.as_deref(), Some("req-1"));
        if let Fault::Rejected { status: 400, message, details } = &error.fault {
            assert_eq!(message, "The request body has 1 error(s)");
            assert_eq!(details[0].property.as_deref(), Some("messages[0].text"));
        }
    }
}

#[tokio::test]
async fn a_replay_names_the_request_that_was_accepted() {
    let (script, api) = line(409, "{}").await;
    script.0.lock().unwrap().headers.push(("x-line-accepted-request-id", "req-0"));
    let error = api.push(&token(), &body(), KEY).await.unwrap_err();
    assert_eq!(error.fault, Fault::AlreadyAccepted { accepted_request_id: Some("req-0".into()), sent: vec![] });
}

#[tokio::test]
async fn silence_and_closed_doors_are_retried() {
    let (script, api) = line(200, "{}").await;
    script.0.lock().unwrap().silent = true;
    let error = api.push(&token(), &body(), KEY).await.unwrap_err();
    assert_eq!(error.fault, Fault::Retryable { status: None, why: "timed out".into() });
    assert!(!format!("{error} {error:?}").contains("channel-token"));
    let port = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let api = LineApi::to(HostSet::at_one_root(&format!("http://127.0.0.1:{port}")).unwrap()).unwrap();
    let error = api.push(&token(), &body(), KEY).await.unwrap_err();
    assert_eq!(error.fault, Fault::Retryable { status: None, why: "could not connect".into() });
}

#[tokio::test]
async fn an_accepted_send_with_an_unreadable_answer_is_never_repeated() {
    let (_, api) = line(200, "<html>").await;
    let error = api.push(&token(), &body(), KEY).await.unwrap_err();
    assert_eq!((error.fault.next_step(), error.fault), (NextStep::Done, Fault::Unreadable));
}

#[tokio::test]
async fn a_limit_of_unknown_height_is_not_unlimited() {
    for (words, expected) in [
        (r#"{"type":"none"}"#, Some(Quota::Unlimited)),
        (r#"{"type":"limited","value":200}"#, Some(Quota::Limited(200))),
        (r#"{"type":"limited"}"#, None),
    ] {
        let (_, api) = line(200, words).await;
        assert_eq!(api.quota(&token()).await.ok().map(|answer| answer.value), expected);
    }
}

#[tokio::test]
async fn an_id_never_becomes_a_path() {
    let (script, api) = line(200, r#"{"userId":"x"}"#).await;
    api.profile(&token(), "../message/quota?x=#").await.unwrap();
    let seen = script.0.lock().unwrap().seen[0].1.clone();
    assert!(seen.starts_with("/v2/bot/profile/..%2Fmessage%2Fquota%3Fx="), "{seen}");
}

#[tokio::test]
async fn too_many_recipients_are_refused_before_anything_is_sent() {
    let to = (0..501).map(|n| format!("U{n:032x}")).collect();
    let body = MulticastBody {
        to,
        messages: vec![Message::text("x")],
        notification: Notification::Silent,
        aggregation_unit: None,
    };
    let violations = body.freeze().unwrap_err();
    assert_eq!(violations.to_string(), "to: line_too_long");
}

#[tokio::test]
async fn a_stateless_token_is_kept_ten_minutes() {
    let (script, api) = line(200, r#"{"token_type":"Bearer","access_token":"t","expires_in":900}"#).await;
    let clock = Arc::new(FixedClock::at(Timestamp::from_micros(0)));
    let cache = TokenCache::on(clock.clone());
    let asked = || script.0.lock().unwrap().seen.len();
    for (minute, expected) in [(0, 1), (9, 1), (11, 2)] {
        clock.set(Timestamp::from_micros(minute * 60_000_000));
        assert_eq!(cache.token(&api, "1234", &Secret::of("s3cret")).await.unwrap().reveal(), "t");
        assert_eq!(asked(), expected, "minute {minute}");
    }
    cache.token(&api, "5678", &Secret::of("other")).await.unwrap();
    assert_eq!(asked(), 3, "another channel has its own");
    cache.forget("1234");
    cache.token(&api, "1234", &Secret::of("s3cret")).await.unwrap();
    assert_eq!(asked(), 4);
    let sent = script.0.lock().unwrap().seen[0].3.clone();
    assert_eq!(sent, "grant_type=client_credentials&client_id=1234&client_secret=s3cret".as_bytes());
}

/// What was logged: the level and every field.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<(tracing::Level, String)>>>);

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut line = String::new();
        event.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| {
            line.push_str(&format!("{field}={value:?} "));
        });
        if event.metadata().target().starts_with("tsunagari") {
            self.0.lock().unwrap().push((*event.metadata().level(), line));
        }
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test]
async fn the_request_id_of_what_went_wrong_is_logged_and_nobody_is_named() {
    for (status, level) in [(200, tracing::Level::DEBUG), (400, tracing::Level::INFO), (500, tracing::Level::INFO)] {
        let (_script, api) = line(status, r#"{"message":"Failed to send messages"}"#).await;
        let log = Log::default();
        let guard = tracing::subscriber::set_default(log.clone());
        assert_eq!(api.push(&token(), &body(), KEY).await.is_ok(), status == 200);
        drop(guard);
        let lines = log.0.lock().unwrap().clone();
        let (found, line) = lines.iter().find(|(_, line)| line.contains("req-1")).unwrap();
        assert_eq!(*found, level, "{line}");
        assert!(line.contains(&format!("status={status}")), "{line}");
        assert!(lines.iter().all(|(_, line)| !line.contains("U000") && !line.contains("channel-token")), "{lines:?}");
    }
}
