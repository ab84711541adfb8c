//! Settings that decide who is reached hold from the day they were changed: a past day keeps what was set on it, in the
//! figure, the list behind it and a person's card, until an administrator says that it had been set wrongly.

use axum::http::StatusCode;
use chrono::{Duration, NaiveDate};
use rstest::rstest;
use tsunagari_testkit::{Browser, Kind, Town};

use crate::reach::{filled, indicator, publish};

const HERE: &str = "/office/settings/organisation";

/// Keeps the settings with this age, saying what it means for past days.
async fn set(admin: &mut Browser, age: &str, past: &str) {
    let page = admin.get(HERE).await.text;
    let forms = tsunagari_testkit::markup::forms(&page, HERE);
    let form = forms.iter().find(|form| form.action == HERE).expect("the form of the settings");
    let answer = admin.submit(form, &[("guardian_age", age), ("past", past)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

/// How many of the three are listed as reached on a day, and whether the page says that other settings held.
async fn reached(browser: &mut Browser, indicator: &str, day: &str) -> (usize, bool) {
    let list = browser.get(&format!("/office/reach/{indicator}/people?group=reached&as_of={day}")).await.text;
    let board = browser.get(&format!("/office/reach?as_of={day}")).await.text;
    let listed = ["一", "二", "三"].iter().filter(|given| list.contains(&format!("架空 {given}"))).count();
    (listed, board.contains("この日の設定は、いまと違います"))
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_past_day_keeps_what_was_set_on_it_until_it_is_put_right(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    publish(&town, &town.here, 2024).await;
    let id = indicator(&town).await;
    let mut admin = town.signed_in(&town.here, "administrator").await;
    // All three were 18 last March and 19 now; one's mail has come back since.
    assert_eq!(reached(&mut admin, &id, "2025-03-31").await, (3, false));
    assert!(!admin.get(HERE).await.text.contains("これまでの設定"));

    town.calendar.advance(Duration::days(1));
    set(&mut admin, "19", "as-they-were").await;
    assert_eq!(reached(&mut admin, &id, "2025-03-31").await, (3, true), "that day had another age");
    assert_eq!(reached(&mut admin, &id, "2026-03-17").await, (2, false), "they are 19 by now");
    let page = admin.get(HERE).await.text;
    assert!(page.contains("これまでの設定") && page.contains("16歳未満は保護者の同意が要る"), "{page}");

    town.calendar.advance(Duration::days(1));
    set(&mut admin, "20", "as-they-were").await;
    assert_eq!(reached(&mut admin, &id, "2026-03-17").await, (2, true), "yesterday by what was set yesterday");
    assert_eq!(reached(&mut admin, &id, "2026-03-18").await, (0, false));

    // It had been 19 all along.
    town.calendar.advance(Duration::days(1));
    set(&mut admin, "19", "put-right").await;
    assert_eq!(reached(&mut admin, &id, "2025-03-31").await, (0, false));
    assert_eq!(reached(&mut admin, &id, "2026-03-18").await, (2, false));
    let mut reader = town.house.org(town.here.org).read().await.unwrap();
    let published = reader.figures().await.unwrap().remove(0).published.figure().id;
    drop(reader);
    let frozen = admin.get(&format!("/office/reach/figures/{published}")).await.text;
    assert!(
        frozen.contains("16歳未満は保護者の同意が要る"),
        "a published figure keeps what it was counted by: {frozen}"
    );
    let record = admin.get("/office/audit").await.text;
    assert!(record.contains("過去の日も数え直す"), "{record}");

    // Keeping what stands changes nothing.
    set(&mut admin, "19", "put-right").await;
    let before = town.house.org(town.here.org).read().await.unwrap().past_policies().await.unwrap();
    assert_eq!(before.iter().map(|it| it.policy.reach.guardian_age).collect::<Vec<_>>(), [19, 19]);
    let there = town.house.org(town.there.org).read().await.unwrap().past_policies().await.unwrap();
    assert_eq!(there, Vec::new(), "another town's settings are its own");
    let day = NaiveDate::from_ymd_opt(2026, 3, 17).unwrap();
    assert_eq!(before.last().map(|it| it.until.jst_date()), Some(day));
}
