//! What waits for the office: an item whose cause is still open is not ticked off, and the lists are always found.

use axum::http::StatusCode;
use rstest::rstest;
use tsunagari_testkit::{Kind, Lived, Officer};

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn an_erasure_that_is_not_decided_stays_on_the_list(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    let mut approver = Officer::of(&lived.town, &lived.town.here, "approver").await;
    let one = editor.person("架空", "花", &[]).await;
    editor.done(&format!("/office/people/{one}/erasure"), &[("ground", "no_longer_needed")]).await;
    let open = || async { lived.town.house.org(lived.town.here.org).read().await.unwrap().open_work(None, 9).await };
    let item = open().await.unwrap()[0].id;
    let page = approver.browser.get(&format!("/office/work/{item}")).await.text;
    assert!(page.contains("職員が、情報を消すことを提案しています"), "{page}");
    assert!(!page.contains("期限までに") && !page.contains("申し出"), "nobody asked, and nothing is due: {page}");
    assert!(!page.contains(&format!("/office/work/{item}/done")), "no form that ends it: {page}");
    for officer in [&mut editor, &mut approver] {
        let answer = officer.post(&format!("/office/work/{item}/done"), &[("outcome", "済んだ")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert!(answer.text.contains("まだ決まっていないため"), "{}", answer.text);
    }
    assert_eq!(open().await.unwrap().len(), 1);
    let today = editor.browser.get("/office").await.text;
    assert!(today.contains("情報を消すかどうかの決定"), "{today}");

    let case = lived.town.house.org(lived.town.here.org).read().await.unwrap().erasure_case_of(one).await.unwrap();
    let case = format!("/office/erasures/{}", case.unwrap().id);
    approver.done(&format!("{case}/refuse"), &[("reason", "dispute")]).await;
    assert!(open().await.unwrap().is_empty(), "the decision ends it");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn the_work_lists_are_found_while_nothing_waits(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    for role in ["viewer", "editor", "approver", "administrator"] {
        let mut officer = Officer::of(&lived.town, &lived.town.here, role).await;
        let today = officer.browser.get("/office").await.text;
        assert!(today.contains("<a href=\"/office/work\">部署の仕事をすべて見る</a>"), "{role}: {today}");
        let list = officer.browser.get("/office/work").await.text;
        assert!(list.contains("待っている仕事はありません") && !list.contains("重なりの疑い"), "{role}: {list}");
    }
}
