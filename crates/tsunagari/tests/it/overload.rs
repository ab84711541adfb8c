//! Ten times more at once than there is room for: what is admitted is answered, the rest is told at once when to come
//! back, the memory stays bounded, webhooks still get in, and afterwards all is as before. A burst of webhooks is let wait, all
//! of it. `TSUNAGARI_OVERLOAD_SECONDS` says how long ten times the maximum is offered, to see what is still done.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::http::{StatusCode, header};
use rstest::rstest;
use tokio::task::JoinSet;
use tsunagari_testkit::lived::LINE_SECRET;
use tsunagari_testkit::load::Pace;
use tsunagari_testkit::load::webhooks::{body, signature};
use tsunagari_testkit::{Answer, Browser, Joining, Kind, Lived};
use tsunagari_web::shell::room::{Room, Rooms};

const AT_WORK: usize = 4;
const WAITING: usize = 12;

fn rooms(pages: Room) -> Rooms {
    let small = || Room::of(AT_WORK, WAITING);
    Rooms { pages, uploads: Room::of(1, 0), webhooks: small(), machines: small() }
}

fn resident_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

async fn at_once(browser: &Browser, path: &'static str, many: usize) -> Vec<Answer> {
    let mut asked = JoinSet::new();
    for _ in 0..many {
        let mut browser = browser.clone();
        asked.spawn(async move { browser.get(path).await });
    }
    asked.join_all().await
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rest_is_told_to_come_back(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let router = tsunagari_web::router_within(lived.town.state.clone(), rooms(Room::of(AT_WORK, WAITING)));
    let browser = Browser::before(router);
    let before = resident_memory();
    let many = (AT_WORK + WAITING) * 10;
    let answers = at_once(&browser, "/p/322041", many).await;
    let served = answers.iter().filter(|it| it.status == StatusCode::OK).count();
    let turned: Vec<&Answer> = answers.iter().filter(|it| it.status != StatusCode::OK).collect();
    assert!(served >= AT_WORK + WAITING, "{served} were served");
    assert!(!turned.is_empty(), "the room has an end");
    for it in &turned {
        assert_eq!(it.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(it.header(&header::RETRY_AFTER).parse::<u32>().is_ok_and(|seconds| seconds > 0), "when to come back");
        assert!(it.text.contains("</html>"), "in words");
    }
    assert!(resident_memory() < before + (256 << 20), "memory is bounded");

    // Webhooks have a room of their own, and health is told at any time.
    let hook = format!("/hooks/line/{}", lived.here.hook);
    let mut machine = browser.clone();
    let text = body(&[]);
    let request = machine.request(axum::http::Method::POST, &hook);
    let request = request.header("x-line-signature", signature(LINE_SECRET, &text)).body(text.into()).unwrap();
    let rush = at_once(&browser, "/p/322041", many);
    let (_, answer) = tokio::join!(rush, machine.exchange(request));
    assert_eq!(answer.status, StatusCode::OK);
    let mut asking = browser.clone();
    assert_eq!(asking.get("/health/live").await.status, StatusCode::OK);
    assert_eq!(asking.get("/p/322041").await.status, StatusCode::OK, "as before");

    // The control: without an end to the room nobody is turned away.
    let endless = rooms(Room::of(100_000, 100_000));
    let open = Browser::before(tsunagari_web::router_within(lived.town.state.clone(), endless));
    assert!(at_once(&open, "/p/322041", many).await.iter().all(|it| it.status == StatusCode::OK));
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_begun_finds_a_place_where_those_who_begin_are_told_to_wait(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let kept = rooms(Room::of(AT_WORK, WAITING).keeping(WAITING));
    let mut begun = Browser::before(tsunagari_web::router_within(lived.town.state.clone(), kept));
    let newcomers = begun.clone();
    begun.post("/p/322041/join", &[]).await;
    let many = (AT_WORK + WAITING) * 10;
    let storm = at_once(&newcomers, "/p/322041", many);
    let (turned, answer) = tokio::join!(storm, begun.get("/p/322041/join/contact"));
    assert_eq!(answer.status, StatusCode::OK, "what was begun goes on");
    let turned: Vec<Answer> = turned.into_iter().filter(|it| it.status != StatusCode::OK).collect();
    assert!(!turned.is_empty(), "the places for those who begin have an end");
    for it in turned {
        assert_eq!(it.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(it.text.contains("href=\"\""), "the button opens the page that was asked for");
    }
}

/// Posts so many webhooks at the same time; how many were taken in.
async fn burst(browser: &Browser, hook: &str, many: usize) -> usize {
    let text = body(&[]);
    let signed = signature(LINE_SECRET, &text);
    let mut posted = JoinSet::new();
    for _ in 0..many {
        let mut machine = browser.clone();
        let request = machine.request(axum::http::Method::POST, hook).header("x-line-signature", &signed);
        let request = request.body(text.clone().into()).unwrap();
        posted.spawn(async move { machine.exchange(request).await.status });
    }
    posted.join_all().await.into_iter().filter(|status| *status == StatusCode::OK).count()
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_of_webhooks_waits_and_is_taken_in(#[case] kind: Kind) {
    const BURST: usize = 2_000;
    let lived = Lived::connected(kind).await;
    let hook = format!("/hooks/line/{}", lived.here.hook);
    let usual = lived.town.browser();
    assert_eq!(burst(&usual, &hook, BURST).await, BURST, "LINE is answered, nothing waits for a redelivery");
    // The control: in a small room the same burst finds its end.
    let small = Rooms { webhooks: Room::of(1, 0), ..Rooms::usual() };
    let narrow = Browser::before(tsunagari_web::router_within(lived.town.state.clone(), small));
    assert!(burst(&narrow, &hook, BURST).await < BURST);
}

/// How many pages a second are served to so many who ask one after the other.
async fn maximum(browser: &Browser, path: &'static str, asking: usize, time: Duration) -> f64 {
    let begin = Instant::now();
    let mut all = JoinSet::new();
    for _ in 0..asking {
        let browser = browser.clone();
        all.spawn(async move {
            let mut served = 0_usize;
            while begin.elapsed() < time {
                served += usize::from(browser.glance(path).await == StatusCode::OK);
            }
            served
        });
    }
    let served: usize = all.join_all().await.into_iter().sum();
    served as f64 / begin.elapsed().as_secs_f64()
}

/// The same when so many a second arrive, whatever becomes of those before; with how many were turned away.
async fn offered(browser: &Browser, path: &'static str, a_second: f64, time: Duration) -> (f64, usize) {
    let (served, turned) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (pace, begin, mut n) = (Pace::of(a_second), Instant::now(), 0);
    let mut under_way = JoinSet::new();
    while begin.elapsed() < time {
        pace.arrival(n).await;
        n += 1;
        let (browser, served, turned) = (browser.clone(), served.clone(), turned.clone());
        under_way.spawn(async move {
            let found = browser.glance(path).await == StatusCode::OK;
            if found { &served } else { &turned }.fetch_add(1, Ordering::Relaxed);
        });
        while under_way.try_join_next().is_some() {}
    }
    let goodput = served.load(Ordering::Relaxed) as f64 / begin.elapsed().as_secs_f64();
    under_way.join_all().await;
    (goodput, turned.load(Ordering::Relaxed))
}

/// A row of the table of long tests: what is done under ten times the load, of what can be done. A small run only sees that
/// some are served and some are turned away, because times of a busy machine prove nothing.
#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_overload(#[case] kind: Kind) {
    const PATH: &str = "/me";
    let seconds = std::env::var("TSUNAGARI_OVERLOAD_SECONDS").ok().and_then(|it| it.parse().ok());
    let (warm, time) = (Duration::from_secs(seconds.map_or(1, |_| 10)), Duration::from_secs(seconds.unwrap_or(2)));
    let lived = Lived::furnished(kind).await;
    let resident = lived.joined(&lived.town.here, &Joining::of("石見", "空", "sora@people.example")).await;
    let (before, alone) = (resident_memory(), alone(&resident, PATH).await.unwrap());
    let most = maximum(&resident, PATH, 64, warm).await;
    let (goodput, turned) = offered(&resident, PATH, most * 10.0, time).await;
    assert!(goodput > 0.0 && turned > 0, "{goodput:.0}/s of {most:.0}/s, {turned} turned away");
    let (memory, more) = (resident_memory() >> 20, resident_memory().saturating_sub(before) >> 20);
    let normal = normal_again(&resident, PATH, alone).await;
    assert!(normal.is_some(), "afterwards it answers as before, within {NORMAL_WITHIN:?}");
    let percent = goodput / most * 100.0;
    if seconds.is_some() {
        println!(
            "soak: {kind:?}: {goodput:.0} pages/s under ten times the load, {percent:.0} % of {most:.0}/s (goal 80 %); \
             {turned} told to come back; {memory} MB (goal {MEMORY} MB), {more} MB more; normal after {:.1?} (goal {NORMAL_WITHIN:?})",
            normal.unwrap_or_default()
        );
        assert!(percent >= 80.0, "goodput {percent:.0} %");
        assert!(memory <= MEMORY, "{memory} MB, in which the clients of this test stand, too");
    }
}

/// In MB (trust.md).
const MEMORY: u64 = 1_000;
const NORMAL_WITHIN: Duration = Duration::from_secs(10);

/// How long one page takes on average to who asks alone.
async fn alone(browser: &Browser, path: &str) -> Option<Duration> {
    const PAGES: u32 = 20;
    let begin = Instant::now();
    for _ in 0..PAGES {
        if browser.glance(path).await != StatusCode::OK {
            return None;
        }
    }
    Some(begin.elapsed() / PAGES)
}

/// After how long every page comes, and as fast as before but for what this machine's clock shakes: five times, and 20 ms.
async fn normal_again(browser: &Browser, path: &str, before: Duration) -> Option<Duration> {
    let begin = Instant::now();
    while begin.elapsed() < NORMAL_WITHIN {
        if alone(browser, path).await.is_some_and(|now| now <= before * 5 + Duration::from_millis(20)) {
            return Some(begin.elapsed());
        }
    }
    None
}
