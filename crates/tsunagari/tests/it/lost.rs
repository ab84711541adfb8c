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
