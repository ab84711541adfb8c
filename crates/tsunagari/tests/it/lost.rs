//! Where an officer could get lost: a search for nothing, a language chosen on a page that has no address of its own, an
//! address that is only posted to.

use axum::http::StatusCode;
use rstest::rstest;
use tsunagari_testkit::{Kind, Lived, Officer};

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_search_for_nothing_finds_nobody(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    editor.person("架空", "花", &[]).await;
    for nothing in ["%27", "%27%27%20", "%E2%80%99"] {
        let found = editor.browser.get(&format!("/office/people?q={nothing}")).await.text;
        assert!(!found.contains("架空 花") && found.contains("この文字では探せません"), "{nothing}: {found}");
    }
    for everybody in ["", "%20"] {
        assert!(editor.browser.get(&format!("/office/people?q={everybody}")).await.text.contains("架空 花"));
    }
    let file = editor.post("/office/exports/people", &[("format", "csv"), ("q", "'")]).await;
    assert!(!file.text.contains("花"), "{}", file.text);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn the_language_leads_back_to_a_page_that_can_be_opened(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    let one = editor.person("架空", "花", &[("email", "hana@people.example")]).await;
    let card = format!("/office/people/{one}");
    let contacts = editor.post(&format!("{card}/contacts"), &[]).await;
    assert_eq!(contacts.status, StatusCode::OK, "{}", contacts.text);
    assert!(contacts.text.contains(&format!("href=\"{card}?lang=en\"")), "{}", contacts.text);
    assert!(editor.browser.get(&format!("{card}?lang=en")).await.text.contains("<html lang=\"en\""));
    // A form's own page stays where it is, refused or not.
    let add = format!("{card}/ties/add");
    let refused = editor.post(&add, &[("kind", "")]).await;
    assert!(refused.text.contains(&format!("href=\"{add}?lang=ja\"")), "{}", refused.text);
    let posted_only = editor.browser.get(&format!("{card}/contacts?lang=ja")).await;
    assert_eq!(posted_only.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(posted_only.text.contains("405") && posted_only.text.contains("直接は開けません"), "{}", posted_only.text);
    assert!(!posted_only.text.contains("404"), "{}", posted_only.text);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn what_was_put_away_or_told_apart_is_said_and_taken_back(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    let (one, other) = (editor.person("架空", "花", &[]).await, editor.person("架空", "花", &[]).await);
    let (list, both) = ("/office/people/duplicates", [("one", one.to_string()), ("other", other.to_string())]);
    let both: Vec<(&str, &str)> = both.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let waiting = |text: &str| text.contains("data-list");
    assert!(waiting(&editor.browser.get(list).await.text));
    let to = editor.done(&format!("{list}/dismiss"), &both).await;
    let shown = editor.browser.get(&to).await.text;
    assert!(shown.contains("別の人として覚えました") && shown.contains("別の人とした組"), "{shown}");
    assert!(!waiting(&shown), "{shown}");
    let back = editor.fill(list, &format!("{list}/take-back"), &[]).await;
    let shown = editor.browser.get(&back.location.expect("the list")).await.text;
    assert!(shown.contains("取り消しました") && waiting(&shown), "{shown}");
    assert_eq!(editor.post(&format!("{list}/take-back"), &both).await.status, StatusCode::NOT_FOUND);

    let audience =
        [("view", "text"), ("rule", "everyone"), ("version", "0"), ("name", "みんな"), ("why", "試し"), ("do", "save")];
    editor.done("/office/audiences/new", &audience).await;
    let segments =
        || async { lived.town.house.org(lived.town.here.org).read().await.unwrap().segments().await.unwrap() };
    let id = segments().await[0].id;
    let to = editor.done(&format!("/office/audiences/{id}/archive"), &[]).await;
    let shown = editor.browser.get(&to).await.text;
    assert!(shown.contains("配信対象をしまいました") && shown.contains("しまった配信対象"), "{shown}");
    assert!(segments().await.is_empty());
    // One of the same name has taken its place: that is said, and nothing happens.
    editor.done("/office/audiences/new", &audience).await;
    let out = format!("/office/audiences/{id}/take-out");
    let taken = editor.fill("/office/audiences", &out, &[]).await;
    assert!(
        taken.status == StatusCode::UNPROCESSABLE_ENTITY && taken.text.contains("今使っています"),
        "{}",
        taken.text
    );
    let newer = segments().await[0].id;
    editor.done(&format!("/office/audiences/{newer}/archive"), &[]).await;
    let to = editor.fill("/office/audiences", &out, &[]).await.location.expect("the list");
    assert!(editor.browser.get(&to).await.text.contains("元に戻しました"));
    assert_eq!(segments().await[0].id, id);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_history_names_who_entered_a_contact(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    let mut admin = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    let one = editor.person("架空", "花", &[("email", "hana@people.example"), ("cohort", "R7")]).await;
    let list = "氏名,フリガナ,生年月日,電話番号\r\n架空 空,カクウ ソラ,2007-06-01,090-1234-5678\r\n".as_bytes();
    let fields = [("school", "new"), ("school_name", "架空高等学校"), ("year", "2025"), ("sheet", "")];
    let columns = admin.upload("/office/import", &fields, ("名簿.csv", list)).await.location.expect("the columns");
    assert_eq!(admin.fill(&columns, &columns, &[]).await.status, StatusCode::SEE_OTHER);
    lived.work().await;
    lived.town.calendar.advance(chrono::TimeDelta::minutes(3));
    let import = columns.trim_end_matches("/columns").to_owned();
    let applied = admin.fill(&import, &format!("{import}/apply"), &[]).await;
    assert_eq!(applied.status, StatusCode::SEE_OTHER, "{}", applied.text);
    lived.work().await;
    let mut reader = lived.town.house.org(lived.town.here.org).read().await.unwrap();
    let all = reader.people_page(&Default::default(), None, 9).await.unwrap();
    let listed = all.iter().find(|it| it.given == "空").expect("taken in").id;
    drop(reader);
    for (who, by) in [(one, "editor"), (listed, "administrator")] {
        let card = admin.browser.get(&format!("/office/people/{who}")).await.text;
        let row: String = card.split("連絡先の登録").nth(1).expect("the event").split("</tr>").next().unwrap().into();
        assert!(row.contains(by), "{who}: {row}");
    }
}
