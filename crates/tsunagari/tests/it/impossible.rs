//! What cannot be is refused where an officer types it: a guardian under age.

use axum::http::StatusCode;
use rstest::rstest;
use tsunagari_kernel::PersonId;
use tsunagari_people::PersonRecord;
use tsunagari_testkit::{Kind, Lived, Officer};

/// Furnished with the words of a purpose, and an editor at work.
async fn office(kind: Kind) -> (Lived, Officer) {
    let lived = Lived::connected(kind).await;
    let mut admin = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    let labels = [("code", "info"), ("ja", "お知らせ"), ("easy", "お知らせ"), ("en", "News")];
    admin.done("/office/settings/wordings/purpose", &labels).await;
    let texts = [("sender", "架空市"), ("text_ja", "送ります"), ("text_easy", "おくります"), ("text_en", "We send")];
    admin.done("/office/settings/wordings/info", &texts).await;
    let editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    (lived, editor)
}

async fn record(lived: &Lived, id: PersonId) -> PersonRecord {
    lived.town.house.org(lived.town.here.org).read().await.unwrap().person_record(id).await.unwrap()
}

/// Posts, and expects these sentences of the refusal.
async fn refused(editor: &mut Officer, path: &str, fields: &[(&str, &str)], sentences: &[&str]) {
    let answer = editor.post(path, fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {fields:?}: {}", answer.text);
    for sentence in sentences {
        assert!(answer.text.contains(sentence), "{path} {fields:?}: no “{sentence}” in {}", answer.text);
    }
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn nobody_under_age_stands_for_another(#[case] kind: Kind) {
    let (lived, mut editor) = office(kind).await;
    let ward = editor.person("山根", "花", &[("birth", "2008-09-01")]).await;
    let child = editor.person("山根", "三", &[("birth", "R1-06-01")]).await;
    let parent = editor.person("山根", "母", &[]).await;
    let add = format!("/office/people/{ward}/guardians/add");
    let told = "保護者は18歳以上の人です";
    refused(&mut editor, &add, &[("guardian", &child.to_string()), ("evidence", "紙")], &[told, "value=\"紙\""]).await;
    assert!(record(&lived, ward).await.guardianships.is_empty());
    editor.done(&add, &[("guardian", &parent.to_string()), ("evidence", "紙")]).await;

    // Known to be a child only after they were made the guardian.
    let edit = format!("/office/people/{parent}/edit");
    let answer = editor.fill(&edit, &edit, &[("birth", "R1-06-01")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let consents = format!("/office/people/{ward}/consents/add");
    let paper = parent.to_string();
    let paper = [("wording", "info/1"), ("signed", paper.as_str()), ("on", "")];
    refused(&mut editor, &consents, &paper, &[told]).await;
    assert!(record(&lived, ward).await.consents.is_empty());
    let answer = editor.fill(&edit, &edit, &[("birth", "1980-06-01")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    editor.done(&consents, &paper).await;
    assert_eq!(record(&lived, ward).await.consents.len(), 1, "a grown-up's signature counts");
}
