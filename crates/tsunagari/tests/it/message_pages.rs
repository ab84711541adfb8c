//! Messages at the office's door: results as files that hold what the page says, an approval nobody gives themselves,
//! and a test that goes to people named for it.

use axum::http::StatusCode;
use rstest::rstest;
use tsunagari_access::permission::WriteMessages;
use tsunagari_documents::sheet_in::{Limits, read};
use tsunagari_testkit::{Kind, Lived, Officer};

use crate::kill_sending::{approved, counts, grant, handed_in, settled};

/// The rows of a file that hold something.
fn rows_of(bytes: &[u8]) -> Vec<Vec<String>> {
    let sheet = read(bytes, &Limits::default()).unwrap();
    let rows = sheet.rows.iter().map(|row| row.iter().map(|cell| cell.text().into_owned()).collect::<Vec<_>>());
    rows.filter(|row| row.iter().any(|cell| !cell.is_empty())).collect()
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn results_are_taken_out_as_the_page_tells_them(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 3, |it| it.quiet_until_minute = it.quiet_from_minute).await;
    let id = approved(&lived).await;
    for clock in [&lived.town.calendar, &lived.town.real] {
        clock.advance(chrono::TimeDelta::minutes(15));
    }
    lived.work().await;
    assert_eq!(counts(&lived, 3), [1; 3]);
    let mut editor = lived.town.signed_in(&lived.town.here, "editor").await;
    let page = editor.get(&format!("/office/messages/{id}/deliveries?state=sent")).await;
    assert!(page.text.contains("送信済み") && page.text.contains("3人"), "{}", page.text);
    for kind in ["xlsx", "csv"] {
        let file = editor.get(&format!("/office/exports/messages/{id}?state=sent&as={kind}")).await;
        assert_eq!(file.status, StatusCode::OK, "{kind}");
        let rows = rows_of(&file.bytes);
        assert_eq!(rows.len(), 4, "{kind}: a head and three people: {rows:?}");
        assert!(rows[1..].iter().all(|row| row.iter().any(|cell| cell == "送信済み")), "{kind}: {rows:?}");
        assert!(rows[1..].iter().all(|row| row.iter().any(|cell| cell == "LINE")), "{kind}: {rows:?}");
        let none = editor.get(&format!("/office/exports/messages/{id}?state=failed&as={kind}")).await;
        assert_eq!(rows_of(&none.bytes).len(), 1, "{kind}: nobody failed");
    }
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn the_author_approves_nothing_at_the_door(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 2, |_| {}).await;
    let id = handed_in(&lived, &grant::<WriteMessages>(&lived, "administrator")).await;
    let here = format!("/office/messages/{id}");
    let mut author = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    let page = author.browser.get(&here).await;
    assert!(!page.text.contains(&format!("{here}/approve")), "no button to approve one's own");
    let answer = author.post(&format!("{here}/approve"), &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let state = lived.town.house.org(lived.town.here.org).read().await.unwrap().campaign(id).await.unwrap();
    assert_eq!(state.campaign.state.code(), "submitted", "it still waits for somebody else");
    // The control: the same request of another person is taken.
    let mut other = Officer::of(&lived.town, &lived.town.here, "approver").await;
    other.done(&format!("{here}/approve"), &[]).await;
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_message_is_tried_out_on_somebody_named_and_the_choice_is_remembered(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 2, |_| {}).await;
    let id = handed_in(&lived, &grant::<WriteMessages>(&lived, "editor")).await;
    let here = format!("/office/messages/{id}");
    let people = {
        let mut reader = lived.town.house.org(lived.town.here.org).read().await.unwrap();
        reader.people_page(&tsunagari_storage::person_list::PeopleFilter::default(), None, 9).await.unwrap()
    };
    let person = people[0].id.to_string();
    let testers = "/office/settings/line/testers";
    let mut admin = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    let found = admin.browser.get(&format!("{testers}?q={}", people[0].family)).await;
    assert!(found.text.contains(&person), "found by name: {}", found.text);
    admin.done(testers, &[("person", &person)]).await;
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    assert_eq!(editor.browser.get(testers).await.status, StatusCode::FORBIDDEN, "naming them is an administrator's");
    let nobody = editor.post(&format!("{here}/test"), &[("to", &people[1].id.to_string()), ("language", "ja")]).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY, "not named");
    assert_eq!(counts(&lived, 2), [0; 2]);
    editor.done(&format!("{here}/test"), &[("to", &person), ("language", "ja")]).await;
    assert_eq!(counts(&lived, 2).iter().sum::<usize>(), 1);
    let again = editor.browser.get(&here).await.text;
    let chosen = again.split("<input").find(|it| it.contains(&person)).unwrap();
    assert!(chosen.split('>').next().unwrap().contains("checked"), "chosen as last time: {chosen}");
    admin.done(&format!("{testers}/drop"), &[("person", &person)]).await;
    assert!(!editor.browser.get(&here).await.text.contains(&person));
}
