//! A school joins at once: many people go through every question at the same time, by mail, from few addresses. Nobody
//! meets an error and nobody is entered twice. `TSUNAGARI_RUSH_SECONDS` is how many seconds of 50 a second; then rate and p99
//! must be what is promised, too.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rstest::rstest;
use tokio::task::JoinSet;
use tsunagari_testkit::{Joining, Kind, Lived};

const A_SECOND: usize = 50;
/// For the whole way through the questions, which is more than the promise of one answer.
const P99: Duration = Duration::from_millis(500);
/// So long after the last came everybody is in, or the house did not keep up.
const CATCHING_UP: Duration = Duration::from_secs(2);
/// A normal run takes this many instead, as fast as they go.
const SMALL: usize = 40;
const AT_ONCE: usize = 16;

fn joining(n: usize) -> Joining {
    let mut it = Joining::of("架空", &format!("人{n}"), &format!("rush{n}@people.example"));
    // A hundred behind one address: less than a school's network, and nothing stands still long enough to be counted out.
    let school = u16::try_from(n / 100).unwrap().to_be_bytes();
    it.peer = [10, 9, school[0], school[1]];
    it
}

async fn people(lived: &Lived) -> BTreeSet<String> {
    let rows = lived.town.db.everything(Some(lived.town.here.org)).await;
    rows.into_iter().filter(|row| row.table == "person").map(|row| row.text).collect()
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_rush(#[case] kind: Kind) {
    let seconds: Option<usize> = std::env::var("TSUNAGARI_RUSH_SECONDS").ok().and_then(|it| it.parse().ok());
    let joins = seconds.map_or(SMALL, |seconds| seconds * A_SECOND);
    let lived = Arc::new(Lived::furnished(kind).await);
    let before = people(&lived).await.len();
    let begin = Instant::now();
    let mut times: Vec<Duration> = Vec::with_capacity(joins);
    let mut under_way = JoinSet::new();
    // The long run comes at an even rate and catches up when it fell behind; the small one as fast as the house answers.
    let mut pace = seconds.map(|_| tokio::time::interval(Duration::from_secs(1) / A_SECOND as u32));
    for n in 0..joins {
        if let Some(pace) = &mut pace {
            pace.tick().await;
        } else if under_way.len() >= AT_ONCE {
            times.push(under_way.join_next().await.unwrap().unwrap());
        }
        let lived = lived.clone();
        under_way.spawn(async move {
            let begin = Instant::now();
            lived.joined(&lived.town.here, &joining(n)).await;
            begin.elapsed()
        });
    }
    while let Some(done) = under_way.join_next().await {
        times.push(done.expect("everybody gets in"));
    }
    let took = begin.elapsed();
    let after = people(&lived).await.len();
    assert_eq!(after - before, joins, "each is entered once");
    if let Some(seconds) = seconds {
        times.sort_unstable();
        let p99 = times[times.len() * 99 / 100];
        let rate = joins as f64 / took.as_secs_f64();
        println!(
            "soak: {joins} joined on {kind:?} at {rate:.1}/s (goal: {A_SECOND}/s come, the last in within {CATCHING_UP:?}), 0 errors, \
             0 twice; p99 of the whole way {p99:.1?} (goal {P99:?})"
        );
        assert!(took <= Duration::from_secs(seconds as u64) + CATCHING_UP, "fell behind: {took:?}");
        assert!(p99 <= P99, "p99 {p99:?}");
    }
}
