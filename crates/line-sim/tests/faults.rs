//! Faults on demand: what was accepted stays accepted whatever the answer.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

mod stage;

use std::time::Duration;

use serde_json::json;
use stage::*;
use tsunagari_line_sim::faults::{Fault, FaultKind};

const KEY: &str = "123e4567-e89b-12d3-a456-426614174009";
const PUSH: &str = "/v2/bot/message/push";

#[tokio::test]
async fn an_error_before_accepts_nothing_and_the_retry_sends() {
    let s = stage().await;
    s.sim().faults().add(Fault::next(FaultKind::ErrorBefore, 1).on(PUSH));
    let body = s.push_body("hanako", "a");
    assert_eq!(s.post_with_key(PUSH, &body, KEY).await.status(), 500);
    assert_eq!(s.counts().await["accepted"], 0);
    assert_eq!(s.post_with_key(PUSH, &body, KEY).await.status(), 200);
}

#[tokio::test]
async fn an_error_after_has_accepted_and_the_retry_is_a_conflict() {
    let s = stage().await;
    s.control("/_sim/faults", &json!({"kind": "error_after", "next": 1, "path": PUSH, "channel": CHANNEL})).await;
    let body = s.push_body("hanako", "a");
    assert_eq!(s.post_with_key(PUSH, &body, KEY).await.status(), 500);
    assert_eq!(s.post_with_key(PUSH, &body, KEY).await.status(), 409);
    let counts = s.counts().await;
    assert_eq!((&counts["accepted"], &counts["repeated"], &counts["replayed"]), (&json!(1), &json!(0), &json!(1)));
}

#[tokio::test]
async fn a_timeout_after_acceptance_has_accepted() {
    let s = stage().await;
    s.sim().faults().add(Fault::next(FaultKind::TimeoutAfter, 1).on(PUSH));
    let request = s.http.post(s.url(PUSH)).bearer_auth(TOKEN).header("x-line-retry-key", KEY);
    let late = request.timeout(Duration::from_millis(300)).json(&s.push_body("hanako", "a")).send().await;
    assert!(late.unwrap_err().is_timeout());
    assert_eq!(s.post_with_key(PUSH, &s.push_body("hanako", "a"), KEY).await.status(), 409);
    assert_eq!(s.counts().await["accepted"], 1);
}

#[tokio::test]
async fn both_429_and_401_have_their_words() {
    let s = stage().await;
    for (kind, status, words) in [
        (FaultKind::RateLimit, 429, "The API rate limit has been exceeded. Try again later."),
        (FaultKind::MonthlyLimit, 429, "You have reached your monthly limit."),
        (FaultKind::Unauthorized, 401, "Authentication failed due to the following reason"),
    ] {
        s.sim().faults().add(Fault::next(kind, 1).on(PUSH));
        let (got, body) = told(s.push("hanako", "a").await).await;
        assert_eq!(got, status);
        assert!(body["message"].as_str().unwrap().starts_with(words));
    }
    assert_eq!(s.push("hanako", "a").await.status(), 200);
}

#[tokio::test]
async fn chance_repeats_itself_for_the_same_seed() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let s = stage().await;
        s.sim().faults().add(Fault::sometimes(FaultKind::ErrorBefore, 300_000).on(PUSH));
        let mut run = Vec::new();
        for _ in 0..30 {
            run.push(s.push("hanako", "a").await.status().as_u16());
        }
        runs.push(run);
    }
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0].contains(&500) && runs[0].contains(&200));
}

#[tokio::test]
async fn slow_pushes_wait_together() {
    let s = stage().await;
    s.sim().faults().add(Fault::sometimes(FaultKind::Slow, 1_000_000).lasting(50).on(PUSH));
    let started = std::time::Instant::now();
    let pushes = (0..200).map(|n| s.push("hanako", if n % 2 == 0 { "a" } else { "b" }));
    for answer in futures_util::future::join_all(pushes).await {
        assert_eq!(answer.status(), 200);
    }
    // One after the other they would take ten seconds.
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_connection_cut_before_or_after_acceptance_gives_no_answer() {
    for (kind, accepted, again) in [(FaultKind::ResetBefore, 0, 200), (FaultKind::ResetAfter, 1, 409)] {
        let s = stage().await;
        let mut told = s.sim().faults().watch(PUSH);
        s.sim().faults().add(Fault::next(kind, 1).on(PUSH));
        let request = s.http.post(s.url(PUSH)).bearer_auth(TOKEN).header("x-line-retry-key", KEY);
        let cut = request.json(&s.push_body("hanako", "a")).send().await;
        assert!(cut.is_err(), "{kind:?}: {cut:?}");
        assert_eq!(s.counts().await["accepted"], accepted);
        assert_eq!(s.post_with_key(PUSH, &s.push_body("hanako", "a"), KEY).await.status(), again);
        assert_eq!(told.try_recv().unwrap(), tsunagari_line_sim::faults::Stage::Arrived);
    }
}

#[tokio::test]
async fn forgotten_retry_keys_let_a_repeated_request_send_again() {
    let config = tsunagari_line_sim::SimConfig {
        retry_keys: tsunagari_line_sim::RetryKeys::Forgotten,
        ..tsunagari_line_sim::SimConfig::default()
    };
    let s = open(config).await;
    for _ in 0..2 {
        assert_eq!(s.post_with_key(PUSH, &s.push_body("hanako", "a"), KEY).await.status(), 200);
    }
    assert_eq!(s.counts().await["accepted"], 2);
}

#[tokio::test]
async fn what_is_held_goes_on_when_the_faults_are_cleared() {
    let s = stage().await;
    s.sim().faults().add(Fault::sometimes(FaultKind::Hold, 1_000_000).on(PUSH));
    let push = s.push("hanako", "a");
    tokio::pin!(push);
    // Polled until it is seen to be held; nothing is accepted meanwhile.
    while s.sim().faults().held() == 0 {
        tokio::select! {
            biased;
            answer = &mut push => panic!("answered while held: {}", answer.status()),
            () = tokio::task::yield_now() => {}
        }
    }
    assert_eq!(s.counts().await["accepted"], 0);
    s.sim().faults().clear();
    assert_eq!(push.await.status(), 200);
    assert_eq!((s.counts().await["accepted"].clone(), s.sim().faults().held()), (1.into(), 0));
}
