//! The disk is full: pages are read as before, what would write is told when to come back and kept nowhere, and once there
//! is room again it goes on without a restart.

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use rstest::rstest;
use tsunagari_testkit::{Answer, Kind, Officer, Town};

/// Far more than fit into what is left of a page.
const ENOUGH: usize = 300;

async fn enter(desk: &mut Officer, n: usize) -> Answer {
    let name = format!("花{n}");
    let fields = [("family", "満杯"), ("given", &name), ("tie", "origin"), ("locale", "ja"), ("looked", "yes")];
    desk.post("/office/people/add", &fields).await
}

async fn people(town: &Town) -> usize {
    let rows = town.db.everything(Some(town.here.org)).await;
    rows.iter().filter(|row| row.table == "person").count()
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_disk_full(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let mut desk = Officer::of(&town, &town.here, "administrator").await;
    assert_eq!(enter(&mut desk, 0).await.status, StatusCode::SEE_OTHER, "before");
    town.db.disk_is_full().await;
    let (mut taken, mut turned) = (1, None);
    for n in 1..ENOUGH {
        let answer = enter(&mut desk, n).await;
        if answer.status != StatusCode::SEE_OTHER {
            turned = Some(answer);
            break;
        }
        taken += 1;
    }
    let turned = turned.expect("the disk has an end");
    assert_eq!(turned.status, StatusCode::SERVICE_UNAVAILABLE, "{}", turned.text);
    assert!(turned.header(&header::RETRY_AFTER).parse::<u32>().is_ok_and(|seconds| seconds > 0), "when to come back");
    // Long enough since the last page that the session's use would be written down.
    town.real.advance(TimeDelta::minutes(10));
    for page in ["/office/people", "/office", "/p/322041"] {
        assert_eq!(desk.browser.get(page).await.status, StatusCode::OK, "{page} is read as before");
    }
    assert_eq!(people(&town).await, taken, "what was acknowledged is there, and nothing else");
    town.db.disk_has_room().await;
    assert_eq!(enter(&mut desk, ENOUGH).await.status, StatusCode::SEE_OTHER, "it goes on, without a restart");
    assert_eq!(people(&town).await, taken + 1);
    if std::env::var_os("TSUNAGARI_SOAK").is_some() {
        println!("soak: {kind:?}: read as before, 503 with Retry-After, 0 of {taken} lost, went on without a restart");
    }
}
