//! kill -9: what was acknowledged over HTTP is there after the next start on the same directory. A change here is a
//! sign-in by a one-time link: acknowledged with a redirection and a cookie; it survived when the cookie opens the
//! office and the link is spent.

use std::time::{Duration, Instant};

use rstest::rstest;
use tsunagari_kernel::Timestamp;
use tsunagari_testkit::{Kind, Town};

use crate::installation::{Process, settings};

/// Requests in flight when the process dies.
const AT_ONCE: usize = 4;
const SMALL: usize = 20;
/// From a start after a kill to listening (trust.md).
const START: Duration = Duration::from_secs(2);

/// A sign-in that was acknowledged.
struct Acknowledged {
    link: String,
    cookie: String,
}

fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}

async fn enter(client: reqwest::Client, origin: String, link: String) -> Option<Acknowledged> {
    let answer = client.get(format!("{origin}{link}")).send().await.ok()?;
    assert_eq!(answer.status().as_u16(), 303, "a fresh link signs in");
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    Some(Acknowledged { link, cookie })
}

async fn survived(client: &reqwest::Client, origin: &str, it: &Acknowledged) -> bool {
    let page = client.get(format!("{origin}/office")).header("cookie", &it.cookie).send().await.unwrap();
    let again = client.get(format!("{origin}{}", it.link)).send().await.unwrap();
    page.status().as_u16() == 200 && again.status().as_u16() != 303
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_kill_nine(#[case] kind: Kind) {
    let rounds: usize = std::env::var("TSUNAGARI_KILL_ROUNDS").ok().and_then(|it| it.parse().ok()).unwrap_or(SMALL);
    let town = Town::founded(kind).await;
    town.real.set(Timestamp::from_micros(chrono::Utc::now().timestamp_micros()));
    let mut links = Vec::new();
    for _ in 0..rounds * AT_ONCE {
        links.push(town.link(&town.here, "editor").await);
    }
    let config = settings(&town);
    town.house.store.close().await;
    let client = client();
    let (mut acknowledged, mut lost): (Vec<Acknowledged>, usize) = (Vec::new(), 0);
    let mut starts = Vec::with_capacity(rounds);
    for round in 0..rounds {
        let begin = Instant::now();
        let process = Process::start(&config);
        starts.push(begin.elapsed());
        // Those of the last round are looked at now, after the start that had to recover.
        for it in acknowledged.iter().rev().take(AT_ONCE) {
            lost += usize::from(!survived(&client, &process.origin, it).await);
        }
        let mut flying = tokio::task::JoinSet::new();
        for link in &links[round * AT_ONCE..(round + 1) * AT_ONCE] {
            flying.spawn(enter(client.clone(), process.origin.clone(), link.clone()));
        }
        // The first acknowledgement is the signal: the others are at any point of their way. Every other round two.
        for _ in 0..=round % 2 {
            acknowledged.extend(flying.join_next().await.unwrap().unwrap());
        }
        process.kill();
        while let Some(done) = flying.join_next().await {
            acknowledged.extend(done.unwrap());
        }
    }
    let process = Process::start(&config);
    for it in &acknowledged {
        lost += usize::from(!survived(&client, &process.origin, it).await);
    }
    process.kill();
    assert!(acknowledged.len() >= rounds, "every round acknowledged something");
    assert_eq!(lost, 0, "of {} acknowledged sign-ins", acknowledged.len());
    let longest = starts.iter().max().copied().unwrap_or_default();
    println!(
        "soak: {rounds} kills on {kind:?}, {} acknowledged, 0 lost, longest start {longest:.1?} (goal {START:?})",
        acknowledged.len()
    );
    // A small run stands beside other tests: times of a busy machine prove nothing.
    assert!(rounds == SMALL || longest <= START, "a start took {longest:?}");
}
