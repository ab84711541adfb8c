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

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_contractor_reads_numbers_and_no_names_on_any_page_of_messages(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 3, |it| it.quiet_until_minute = it.quiet_from_minute).await;
    let waiting = handed_in(&lived, &grant::<WriteMessages>(&lived, "editor")).await;
    let sent = approved(&lived).await;
    for clock in [&lived.town.calendar, &lived.town.real] {
        clock.advance(chrono::TimeDelta::minutes(15));
    }
    lived.work().await;
    let mut reader = lived.town.house.org(lived.town.here.org).read().await.unwrap();
    let mut names: Vec<String> = Vec::new();
    let filter = tsunagari_storage::campaign_result::DeliveryFilter::default();
    names.extend(reader.delivery_lines(sent, &filter, 10, 0).await.unwrap().into_iter().map(|it| it.name));
    drop(reader);
    assert!(names.len() == 3 && names.iter().all(|name| !name.is_empty()), "{names:?}");
    let table = tsunagari_web::table(lived.town.state.clone());
    let pages: Vec<&str> = table
        .table()
        .iter()
        .filter(|row| row.method == axum::http::Method::GET && row.path.contains("/messages"))
        .map(|row| row.path)
        .collect();
    assert!(pages.len() >= 6, "{pages:?}");
    let (mut told, mut seen) = (Vec::new(), 0);
    for (role, named) in [("contractor", false), ("viewer", true)] {
        let mut browser = lived.town.signed_in(&lived.town.here, role).await;
        let mut found = false;
        for path in &pages {
            for id in [waiting, sent] {
                let answer = browser.get(&path.replace("{id}", &id.to_string())).await;
                seen += usize::from(answer.status == StatusCode::OK);
                if names.iter().any(|name| answer.text.contains(name.as_str())) {
                    found = true;
                    told.push(format!("{role} {path}"));
                }
            }
        }
        // The viewer is the control: the same pages name people to who sees people.
        assert_eq!(found, named, "{role}: {told:?}");
    }
    assert!(seen > 8, "pages were read");
    let mut contractor = lived.town.signed_in(&lived.town.here, "contractor").await;
    let page = contractor.get(&format!("/office/messages/{sent}")).await.text;
    assert!(page.contains("3人"), "the counts stand: {page}");
    assert!(!page.contains("/deliveries"), "and lead to no list");
    assert_eq!(contractor.get(&format!("/office/messages/{sent}/deliveries")).await.status, StatusCode::FORBIDDEN);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn who_approves_sends_back_with_a_word_and_calls_off_what_she_released(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 2, |_| {}).await;
    let id = handed_in(&lived, &grant::<WriteMessages>(&lived, "editor")).await;
    let here = format!("/office/messages/{id}");
    let mut approver = Officer::of(&lived.town, &lived.town.here, "approver").await;
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    let page = approver.browser.get(&here).await.text;
    assert!(page.contains("あなたの判断を待っています") && !page.contains("承認者が確かめています"), "{page}");
    assert!(!page.contains(&format!("{here}/cancel")), "another's draft is not hers to drop");
    assert!(editor.browser.get(&here).await.text.contains("承認者が確かめています"));
    approver.post(&format!("{here}/cancel"), &[]).await;
    assert_eq!(state(&lived, id).await, "submitted", "nor by a request of her own");
    let silent = approver.post(&format!("{here}/back"), &[("word", " ")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "not without a word");
    approver.done(&format!("{here}/back"), &[("word", "地図を入れてください")]).await;
    assert_eq!(state(&lived, id).await, "draft");
    for path in [here.clone(), format!("{here}/edit"), "/office".to_owned()] {
        assert!(editor.browser.get(&path).await.text.contains("地図を入れてください"), "{path}");
    }
    // Changed and handed in again, with a time in it that the approver finds in her form.
    let typed = [
        ("version", "3"),
        ("language", "ja"),
        ("title", "帰省"),
        ("purpose", "info"),
        ("rule", "everyone"),
        ("b0-kind", "text"),
        ("b0-text", "地図はこちら"),
        ("at", "2031-03-20T10:00"),
        ("then", "look"),
    ];
    editor.done(&format!("{here}/edit"), &typed).await;
    editor.done(&format!("{here}/submit"), &[]).await;
    assert!(!editor.browser.get("/office").await.text.contains("地図を入れてください"), "answered");
    let page = approver.browser.get(&here).await.text;
    assert!(page.contains("2031-03-20T10:00"), "{page}");
    assert!(page.contains("条件を書いたもの") && page.contains("<code>everyone</code>"), "{page}");
    approver.done(&format!("{here}/approve"), &[]).await;
    let page = approver.browser.get(&here).await.text;
    assert!(page.contains("取り消せます") && page.contains(&format!("{here}/cancel")), "{page}");
    approver.done(&format!("{here}/cancel"), &[]).await;
    assert_eq!(state(&lived, id).await, "cancelled");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[tokio::test]
async fn an_empty_draft_says_what_to_choose(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    let to = editor.done("/office/messages/new", &[("language", "ja"), ("then", "look")]).await;
    let page = editor.browser.get(&to).await.text;
    assert!(page.contains("届ける人: 届ける人を選んでください。"), "{page}");
    assert!(page.contains("題名（庁内用）: 題名を書いてください。"), "{page}");
    assert!(!page.contains("条件の1行目"), "{page}");
}

async fn state(lived: &Lived, id: tsunagari_kernel::CampaignId) -> &'static str {
    lived.town.house.org(lived.town.here.org).read().await.unwrap().campaign(id).await.unwrap().campaign.state.code()
}
