//! Messages at the office's door, after the first writing: looked at piece by piece before the approval, called off by a
//! colleague, begun anew from one that is over.

use axum::http::StatusCode;
use rstest::rstest;
use tsunagari_access::permission::WriteMessages;
use tsunagari_testkit::lived::PICTURE;
use tsunagari_testkit::{Kind, Lived, Officer};

use crate::kill_sending::{approved, grant, handed_in, settled};

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_picture_is_opened_before_the_approval_and_leads_back(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 2, |_| {}).await;
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    editor.upload("/office/media", &[("title", "絵")], ("a.png", PICTURE)).await;
    let picture = {
        let mut reader = lived.town.house.org(lived.town.here.org).read().await.unwrap();
        reader.media_list().await.unwrap()[0].id.to_string()
    };
    let typed = |described: &'static str| {
        [
            ("title", "帰省"),
            ("purpose", "info"),
            ("language", "ja"),
            ("rule", "everyone"),
            ("b0-kind", "image"),
            ("b0-text", described),
            ("b0-media", picture.as_str()),
            ("then", "look"),
        ]
    };
    // Without its description it is told what is missing, and where to write it.
    let mute = editor.done("/office/messages/new", &typed("")).await;
    let page = editor.browser.get(&mute).await.text;
    assert!(page.contains("何が写っているかの説明がありません") && !page.contains("空です"), "{page}");

    let here = editor.done("/office/messages/new", &typed("会場の地図")).await;
    editor.done(&format!("{here}/submit"), &[]).await;
    let mut approver = Officer::of(&lived.town, &lived.town.here, "approver").await;
    let page = approver.browser.get(&here).await.text;
    assert!(page.contains("あと1点"), "said beside the approval: {page}");
    let refused = approver.fill(&here, &format!("{here}/approve"), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!refused.text.contains(r##"href="#f-""##), "nothing leads nowhere: {}", refused.text);

    // Looked at by its address alone it does not count as opened, and the page does not say so.
    let looked = format!("{here}/attachments/{picture}");
    let page = approver.browser.get(&looked).await.text;
    assert!(page.contains("<img src=\"/media/") && !page.contains("確認済み"), "{page}");
    let opened = approver.done(&format!("{here}/open"), &[("media", &picture)]).await;
    assert_eq!(opened, looked);
    let page = approver.browser.get(&opened).await.text;
    assert!(page.contains("確認済み"), "{page}");
    assert!(page.contains("<img src=\"/media/") && page.contains("会場の地図"), "{page}");
    assert!(page.contains(&format!("{here}#attachments")), "the way back: {page}");
    assert!(!approver.browser.get(&here).await.text.contains("あと1点"));
    approver.approve(&here, &[]).await;
    // Another message's picture, and nobody's, are not shown as one of it.
    let other = format!("{here}/attachments/00000000-0000-0000-0000-000000000000");
    assert_eq!(approver.browser.get(&other).await.status, StatusCode::NOT_FOUND);
    assert_eq!(editor.browser.get(&opened).await.status, StatusCode::FORBIDDEN, "who does not approve");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_new_message_begins_with_what_stands_in_one_that_is_over(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 2, |_| {}).await;
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    let id = handed_in(&lived, &grant::<WriteMessages>(&lived, "editor")).await;
    let here = format!("/office/messages/{id}");
    // A second language, which the form of a new message does not show.
    let english = [("language", "en"), ("b0-kind", "text"), ("b0-text", "Come home"), ("then", "look")];
    editor.fill(&format!("{here}/edit?lang=en"), &format!("{here}/edit"), &english).await;
    editor.done(&format!("{here}/cancel"), &[]).await;

    let page = editor.browser.get(&here).await.text;
    let from = format!("/office/messages/new?from={id}");
    assert!(page.contains(&from), "{page}");
    let done = editor.fill(&from, "/office/messages/new", &[("title", "二度目"), ("then", "look")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let new = done.location.unwrap();
    assert_ne!(new, here);
    let mut reader = lived.town.house.org(lived.town.here.org).read().await.unwrap();
    let begun = reader.campaign(new.rsplit('/').next().unwrap().parse().unwrap()).await.unwrap();
    let over = reader.campaign(id).await.unwrap();
    assert_eq!((begun.message, begun.rule, begun.purpose), (over.message, over.rule, over.purpose));
    assert_eq!((begun.title.as_str(), begun.campaign.state.code()), ("二度目", "draft"));
    assert_eq!(over.campaign.state.code(), "cancelled", "the old one is left as it is");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn who_wrote_a_message_is_told_that_a_colleague_called_it_off(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 2, |_| {}).await;
    let (own, taken) = (approved(&lived).await, approved(&lived).await);
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    let mut approver = Officer::of(&lived.town, &lived.town.here, "approver").await;
    editor.done(&format!("/office/messages/{own}/cancel"), &[]).await;
    assert!(!editor.browser.get("/office").await.text.contains("取りやめられました"), "who did it knows");
    approver.done(&format!("/office/messages/{taken}/cancel"), &[]).await;
    let name = &lived.town.here.who("approver").staff.name;
    let today = editor.browser.get("/office").await.text;
    assert!(today.contains("取りやめられました") && today.contains(&format!("/office/messages/{taken}")), "{today}");
    assert!(today.contains(&format!("{name}、")), "by whom: {today}");
    assert!(!approver.browser.get("/office").await.text.contains("取りやめられました"), "nobody else");
    // However many were called off since.
    for clock in [&lived.town.calendar, &lived.town.real] {
        clock.advance(chrono::TimeDelta::minutes(1));
    }
    for _ in 0..5 {
        let later = approved(&lived).await;
        editor.done(&format!("/office/messages/{later}/cancel"), &[]).await;
    }
    let today = editor.browser.get("/office").await.text;
    assert!(today.contains(&format!("/office/messages/{taken}")), "still told: {today}");
    // After two weeks it is history.
    for clock in [&lived.town.calendar, &lived.town.real] {
        clock.advance(chrono::TimeDelta::days(15));
    }
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    assert!(!editor.browser.get("/office").await.text.contains("取りやめられました"));
}
