//! Where an officer could get lost: a search for nothing, a language chosen on a page that has no address of its own, an
//! address that is only posted to.

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
