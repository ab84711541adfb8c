//! Settings that decide who is reached hold from the day they were changed: a past day keeps what was set on it, in the
//! figure, the list behind it and a person's card, until an administrator says that it had been set wrongly.

use axum::http::StatusCode;
use chrono::Duration;
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

    // It had been 20 all along: said without changing anything.
    town.calendar.advance(Duration::days(1));
    set(&mut admin, "20", "put-right").await;
    assert_eq!(reached(&mut admin, &id, "2025-03-31").await, (0, false));
    assert_eq!(reached(&mut admin, &id, "2026-03-17").await, (0, false));
    let record = admin.get("/office/audit").await.text;
    assert!(record.contains("過去の日の数え方 すべて変えた設定で数える"), "{record}");
    assert!(!admin.get(HERE).await.text.contains("これまでの設定"));

    // A published figure keeps what it was counted by, and says what its recount is counted by.
    let mut reader = town.house.org(town.here.org).read().await.unwrap();
    let published = reader.figures().await.unwrap().remove(0).published.figure().id;
    drop(reader);
    let frozen = admin.get(&format!("/office/reach/figures/{published}")).await.text;
    for told in ["16歳未満は保護者の同意が要る", "数え直した数の設定", "20歳未満は保護者の同意が要る"]
    {
        assert!(frozen.contains(told), "{told}: {frozen}");
    }

    // Said once more there is nothing to put right, and nothing goes on record.
    let acts = async || {
        town.house
            .org(town.here.org)
            .read()
            .await
            .unwrap()
            .audit_count(&tsunagari_storage::audit_view::AuditFilter::default())
            .await
            .unwrap()
    };
    let before = acts().await;
    set(&mut admin, "20", "put-right").await;
    assert_eq!(acts().await, before);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn what_was_set_is_told_wherever_a_past_day_is_looked_at(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    publish(&town, &town.here, 2024).await;
    let id = indicator(&town).await;
    let mut admin = town.signed_in(&town.here, "administrator").await;
    town.calendar.advance(Duration::days(1));
    set(&mut admin, "19", "as-they-were").await;
    let list = admin.get(&format!("/office/reach/{id}/people?group=reached&as_of=2025-03-31")).await.text;
    let card = list.split_once("/office/people/").and_then(|(_, rest)| rest.split('"').next()).expect("a card");
    let told = "16歳未満は保護者の同意が要る";
    for page in [
        format!("/office/reach/{id}/people?group=reached&as_of=2025-03-31"),
        format!("/office/people/{card}?as_of=2025-03-31"),
        // Last year stands beside this year, and was counted by other settings.
        "/office/reach".to_owned(),
    ] {
        let text = admin.get(&page).await.text;
        assert!(text.contains(told), "{page}: {text}");
    }
    let mut approver = town.signed_in(&town.here, "approver").await;
    assert!(approver.get(&format!("/office/reach/{id}/publish?as_of=2025-03-30")).await.text.contains(told));
    assert!(!admin.get(&format!("/office/people/{card}")).await.text.contains(told), "today is counted by today's");
    let there = town.house.org(town.there.org).read().await.unwrap().past_policies().await.unwrap();
    assert_eq!(there, Vec::new(), "another town's settings are its own");
}

/// A zero of a day on which nobody had agreed to anything would say that somebody had counted.
#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_year_before_anything_was_on_record_is_blank_and_is_not_published(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    let mut approver = town.signed_in(&town.here, "approver").await;
    let board = approver.get("/office/reach?as_of=2025-03-31").await.text;
    let years: Vec<&str> = board.split("<tr>").filter(|row| row.contains("記録を始める前")).collect();
    assert!(!years.is_empty(), "{kind:?}: {board}");
    for row in years {
        assert!(!row.contains(">0<") && !row.contains("0.0%"), "{kind:?}: nothing is zero for want of a number: {row}");
    }
    let path = format!("/office/reach/{}/publish", crate::reach::indicator(&town).await);
    let token = approver.get(&format!("{path}?as_of=2025-03-31")).await.form_token().unwrap();
    let told = [("csrf", token.as_str()), ("as_of", "2019-03-31"), ("note", "")];
    let refused = approver.post(&path, &told).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("数えていない日の数は公表できません"), "{}", refused.text);
}
