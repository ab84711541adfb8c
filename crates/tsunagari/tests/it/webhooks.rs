//! Webhooks as LINE sends them on a bad day: every event one to four times, all shuffled, some badly signed, taken in while
//! the worker applies. Each has its effect once, and in the end everything stands as if they had come once and in order:
//! the other town on the same installation gets them so. `TSUNAGARI_WEBHOOK_EVENTS` sets how many.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Method, StatusCode};
use rstest::rstest;
use tsunagari_kernel::{Chance, Clock, OrgId, PersonId};
use tsunagari_testkit::followers::settle;
use tsunagari_testkit::lived::{Channels, LINE_SECRET};
use tsunagari_testkit::load::webhooks::{Happened, body, event, signature};
use tsunagari_testkit::{Kind, Lived};

const SMALL: usize = 300;

fn size() -> usize {
    std::env::var("TSUNAGARI_WEBHOOK_EVENTS").ok().and_then(|it| it.parse().ok()).unwrap_or(SMALL)
}

/// What happened, in order: everybody follows, blocks and writes at times of their own.
fn story(chance: &Chance, events: usize, users: &[String], until_ms: i64) -> Vec<String> {
    let begin = until_ms - i64::try_from(events).unwrap() * 1_000;
    (0..events)
        .map(|n| {
            let who = usize::try_from(chance.below(users.len() as u64)).unwrap();
            let what = match chance.below(5) {
                0 | 1 => Happened::Follow,
                2 | 3 => Happened::Unfollow,
                _ => Happened::Text,
            };
            event(what, &users[who], &format!("01J{n:023}"), begin + i64::try_from(n).unwrap() * 1_000)
        })
        .collect()
}

/// Each event one to four times, in bodies of up to five, anywhere.
fn shuffled(chance: &Chance, story: &[String]) -> Vec<Vec<String>> {
    let mut all: Vec<String> = Vec::new();
    for event in story {
        for copy in 0..=chance.below(4) {
            let again = if copy == 0 { "false" } else { "true" };
            all.push(event.replace("\"isRedelivery\":false", &format!("\"isRedelivery\":{again}")));
        }
    }
    for at in (1..all.len()).rev() {
        all.swap(at, usize::try_from(chance.below(at as u64 + 1)).unwrap());
    }
    let mut bodies = Vec::new();
    let mut rest = all.as_slice();
    while !rest.is_empty() {
        let take = usize::try_from(chance.below(5) + 1).unwrap().min(rest.len());
        bodies.push(rest[..take].to_vec());
        rest = &rest[take..];
    }
    bodies
}

/// What LINE is promised (trust.md), asserted in the long run only: times of a busy machine prove nothing.
const P99: Duration = Duration::from_millis(300);
const ALWAYS: Duration = Duration::from_secs(2);

async fn post(lived: &Lived, hook: &str, body: String, secret: &str) -> StatusCode {
    let mut browser = lived.town.browser();
    let signed = signature(secret, &body);
    let request = browser.request(Method::POST, &format!("/hooks/line/{hook}")).header("x-line-signature", signed);
    browser.exchange(request.body(Body::from(body)).unwrap()).await.status
}

/// Where everybody stands: whether LINE works for them now, and the number of events kept.
async fn standing(lived: &Lived, org: OrgId, people: &[PersonId]) -> (BTreeMap<usize, bool>, usize) {
    let now = lived.town.calendar.now();
    let records = lived.town.house.org(org).read().await.unwrap().person_records(people).await.unwrap();
    let mut works = BTreeMap::new();
    for record in records {
        let n = people.iter().position(|id| *id == record.person.id).unwrap();
        works.insert(n, record.contact_points.iter().any(|it| it.working.iter().any(|one| one.span.contains(now))));
    }
    let kept = lived.town.db.everything(Some(org)).await;
    (works, kept.iter().filter(|row| row.table == "line_inbound").count())
}

async fn in_order(lived: &Lived, channels: &Channels, story: &[String]) {
    for event in story {
        assert_eq!(post(lived, &channels.hook, body(std::slice::from_ref(event)), LINE_SECRET).await, StatusCode::OK);
    }
    lived.work().await;
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_webhooks(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let (events, chance) = (size(), Chance::seeded(21));
    let users: Vec<String> = (0..events / 10).map(|n| format!("U{n:032x}")).collect();
    let here = settle(&lived.town, lived.town.here.org, lived.here.provider, &users).await;
    let there = settle(&lived.town, lived.town.there.org, lived.there.provider, &users).await;
    let story = story(&chance, events, &users, lived.town.real.now().micros() / 1_000);
    in_order(&lived, &lived.there, &story).await;

    let bodies = shuffled(&chance, &story);
    let (mut forged, mut times) = (0, Vec::new());
    for (n, events) in bodies.iter().enumerate() {
        let text = body(events);
        if chance.below(50) == 0 {
            forged += 1;
            let status = post(&lived, &lived.here.hook, text.clone(), "another secret").await;
            assert_eq!(status, StatusCode::FORBIDDEN, "badly signed");
        }
        let begin = Instant::now();
        assert_eq!(post(&lived, &lived.here.hook, text, LINE_SECRET).await, StatusCode::OK);
        times.push(begin.elapsed());
        // The worker applies what has come so far, so that the late ones really come late.
        if n % 40 == 0 {
            lived.work().await;
        }
    }
    lived.work().await;
    assert!(forged > 0, "some were badly signed");
    let (mine, theirs) =
        (standing(&lived, lived.town.here.org, &here).await, standing(&lived, lived.town.there.org, &there).await);
    assert_eq!(mine.1, events, "every event is kept once");
    assert_eq!(mine, theirs, "as if they had come once and in order");
    assert!(mine.0.values().any(|works| *works) && mine.0.values().any(|works| !*works), "both ends exist");
    if std::env::var_os("TSUNAGARI_SOAK").is_some() {
        times.sort_unstable();
        let (p99, longest) = (times[(times.len() - 1) * 99 / 100], times[times.len() - 1]);
        println!(
            "soak: {events} events in {} bodies on {kind:?}, {forged} badly signed, p99 {p99:.1?} (goal {P99:?}), longest {longest:.1?} \
             (goal {ALWAYS:?})",
            bodies.len(),
        );
        assert!(p99 <= P99, "p99 {p99:?}");
        assert!(longest <= ALWAYS, "longest {longest:?}");
    }
}

/// The control: with an event changed on its way, the same look sees that the towns differ.
#[tokio::test]
async fn a_story_that_differs_is_seen() {
    let lived = Lived::connected(Kind::File).await;
    let users = vec![format!("U{:032x}", 1)];
    let here = settle(&lived.town, lived.town.here.org, lived.here.provider, &users).await;
    let there = settle(&lived.town, lived.town.there.org, lived.there.provider, &users).await;
    let at = lived.town.real.now().micros() / 1_000;
    in_order(&lived, &lived.here, &[event(Happened::Unfollow, &users[0], "01J1", at - 5)]).await;
    in_order(&lived, &lived.there, &[event(Happened::Follow, &users[0], "01J1", at - 5)]).await;
    let (mine, theirs) =
        (standing(&lived, lived.town.here.org, &here).await, standing(&lived, lived.town.there.org, &there).await);
    assert_ne!(mine, theirs);
}
