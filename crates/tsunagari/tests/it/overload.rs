//! Ten times more at once than there is room for: what is admitted is answered, the rest is told at once when to come
//! back, the memory stays bounded, webhooks still get in, and afterwards all is as before.

use axum::http::{StatusCode, header};
use rstest::rstest;
use tokio::task::JoinSet;
use tsunagari_testkit::lived::LINE_SECRET;
use tsunagari_testkit::load::webhooks::{body, signature};
use tsunagari_testkit::{Answer, Browser, Kind, Lived};
use tsunagari_web::shell::room::{Room, Rooms};

const AT_WORK: usize = 4;
const WAITING: usize = 12;

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
    let rooms =
        Rooms { pages: Room::of(AT_WORK, WAITING), uploads: Room::of(1, 0), machines: Room::of(AT_WORK, WAITING) };
    let router = tsunagari_web::router_within(lived.town.state.clone(), rooms);
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
    let endless =
        Rooms { pages: Room::of(100_000, 100_000), uploads: Room::of(1, 0), machines: Room::of(AT_WORK, WAITING) };
    let open = Browser::before(tsunagari_web::router_within(lived.town.state.clone(), endless));
    assert!(at_once(&open, "/p/322041", many).await.iter().all(|it| it.status == StatusCode::OK));
}
