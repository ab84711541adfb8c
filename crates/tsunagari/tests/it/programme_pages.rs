//! Programmes in the office, as an officer works: taken from the gallery, values set, a round made and announced, applications
//! entered from paper, decided, attendance recorded and taken back; and each refusal in words, with what was typed kept.

use axum::http::StatusCode;
use rstest::rstest;
use tsunagari_testkit::{Kind, Officer, ROUND, Town};

use crate::protected::protect;

fn plain(to: &str) -> String {
    to.split('?').next().unwrap().to_owned()
}

fn with<'t>(changes: &[(&'t str, &'t str)]) -> Vec<(&'t str, &'t str)> {
    let kept = ROUND.iter().copied().filter(|(name, _)| changes.iter().all(|(other, _)| other != name));
    kept.chain(changes.iter().copied()).collect()
}

/// An announced round of a blueprint; the programme's page and the round's.
async fn announced(officer: &mut Officer, slug: &str, changes: &[(&str, &str)]) -> (String, String) {
    let programme = plain(&officer.done(&format!("/office/programmes/gallery/{slug}"), &[]).await);
    let round = plain(&officer.done(&format!("{programme}/rounds/new"), &with(changes)).await);
    officer.done(&format!("{round}/announce"), &[("seen", "1")]).await;
    (programme, round)
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_programme_is_taken_up_and_its_values_are_set(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let mut officer = Officer::of(&town, &town.here, "administrator").await;
    let empty = officer.browser.get("/office/programmes").await.text;
    assert!(empty.contains("事業はまだありません") && empty.contains("/office/programmes/gallery"), "{empty}");
    // The gallery finds by words and by kind, and says when it does not.
    let found = officer.browser.get("/office/programmes/gallery?q=エール便").await.text;
    assert!(found.contains("/office/programmes/gallery/catalogue/nanbu-yell"), "{found}");
    assert!(!found.contains("itoigawa-wakachi"));
    let nothing = officer.browser.get("/office/programmes/gallery?q=エール便&kind=event").await.text;
    assert!(nothing.contains("当てはまるひな形はありません"), "{nothing}");
    let sheet = officer.browser.get("/office/programmes/gallery/catalogue/nanbu-yell").await.text;
    for said in ["概要", "事業内容", "申請する親が、町内に住んでいること", "学生が通う学校", "推定", "他自治体の事例"]
    {
        assert!(sheet.contains(said), "{said}: {sheet}");
    }

    let here = plain(&officer.done("/office/programmes/gallery/catalogue/nanbu-yell", &[]).await);
    let values = [
        ("seen", "1"),
        ("title", "ふるさと便"),
        ("team", ""),
        ("p-town", "出雲市"),
        ("p-college_from", "３"),
        ("p-parcels", "2"),
    ];
    let to = officer.done(&here, &values).await;
    let page = officer.browser.get(&to).await.text;
    assert!(page.contains("ふるさと便") && page.contains("第2版") && page.contains("出雲市"), "{page}");
    assert!(page.contains("1年度に2回まで"), "the caps follow the value: {page}");
    // Who still has the version before is told, and what they typed stays.
    let mut late = values;
    late[1].1 = "別の名前";
    let conflict = officer.post(&here, &late).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(conflict.text.contains("ほかの人が先に値を保存しました") && conflict.text.contains("別の名前"));
    // A value that cannot be read is refused at its field.
    let mut wrong = values;
    (wrong[0].1, wrong[3].1, wrong[4].1) = ("2", "どこにもない町", "三年");
    let refused = officer.post(&here, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["市区町村の名前かコードとして読めません", "数字で入れてください", "どこにもない町", "三年"]
    {
        assert!(refused.text.contains(said), "{said}: {}", refused.text);
    }
    // Put away it takes no round; taken out again it does.
    officer.done(&format!("{here}/put-away"), &[]).await;
    let refused = officer.post(&format!("{here}/rounds/new"), ROUND).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("しまってある事業では募集を作れません"), "{}", refused.text);
    officer.done(&format!("{here}/take-out"), &[]).await;
    officer.done(&format!("{here}/rounds/new"), ROUND).await;
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_round_is_made_mended_and_announced(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let mut officer = Officer::of(&town, &town.here, "administrator").await;
    let slug = "/office/programmes/gallery/shimane/masuda-city-gatherings";
    let programme = plain(&officer.done(slug, &[]).await);
    let new = format!("{programme}/rounds/new");
    let form = officer.browser.get(&new).await.text;
    for said in ["value=\"東京\"", "value=\"大阪\"", "value=\"20\"", "name=\"rows\" value=\"2\""] {
        assert!(form.contains(said), "{said}: {form}");
    }
    let more = officer.post(&new, &with(&[("do", "row"), ("title", "秋の会")])).await;
    assert_eq!(more.status, StatusCode::OK);
    assert!(more.text.contains("name=\"v1-name\"") && more.text.contains("秋の会"), "a row more, and nothing lost");
    let wrong = with(&[("title", ""), ("closes", "2019-01-01T09:00"), ("places", "たくさん")]);
    let refused = officer.post(&new, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("0以上の数字で") && refused.text.contains("たくさん"), "{}", refused.text);
    let wrong = with(&[("closes", "2019-01-01T09:00")]);
    let refused = officer.post(&new, &wrong).await;
    assert!(refused.text.contains("終わりが始まりより前です"), "{}", refused.text);

    let round = plain(&officer.done(&new, &with(&[("closes", "2020-02-01T09:00")])).await);
    let refused = officer.post(&format!("{round}/announce"), &[("seen", "1")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("申込の終わりがもう過ぎています"), "{}", refused.text);
    officer.done(&format!("{round}/edit"), &with(&[("seen", "1"), ("closes", "2099-02-01T09:00")])).await;
    let late = officer.post(&format!("{round}/edit"), &with(&[("seen", "1"), ("title", "遅れ")])).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("ほかの人が先にこの募集を変えました") && late.text.contains("遅れ"));
    let to = officer.done(&format!("{round}/announce"), &[("seen", "2")]).await;
    let page = officer.browser.get(&to).await.text;
    assert!(page.contains("申込を受付中") && page.contains("30人のうち0人"), "{page}");
    officer.done(&format!("{round}/finish"), &[("seen", "3")]).await;
    assert!(officer.browser.get(&programme).await.text.contains("終わった"));
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn an_application_from_paper_gets_a_place_and_attendance_is_taken_back(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let mut officer = Officer::of(&town, &town.here, "administrator").await;
    let (_, round) = announced(&mut officer, "catalogue/gonohe-world-cafe", &[]).await;
    let who = officer.person("架空", "花子", &[]).await.to_string();
    let enter = format!("{round}/enter");
    let found = officer.browser.get(&format!("{enter}?q=花子")).await.text;
    assert!(found.contains(&format!("{enter}?person={who}")), "{found}");
    let here = plain(&officer.done(&enter, &[("person", &who), ("do", "enter")]).await);
    let page = officer.browser.get(&here).await.text;
    for said in ["架空 花子", "職員が紙から入れた", "席が決まった", "参加を記録する"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let again = officer.post(&enter, &[("person", &who), ("do", "enter")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("もう申し込まれています"), "{}", again.text);

    // Picked in the list: what can be done is done, what cannot is told.
    let application = here.rsplit('/').next().unwrap();
    let moves = format!("{round}/moves");
    let to = officer.done(&moves, &[("view", "all"), ("do", "came"), ("application", application)]).await;
    let told = officer.browser.get(&to).await.text;
    assert!(told.contains("1件を処理しました") && told.contains("参加した"), "{told}");
    let to = officer.done(&moves, &[("view", "held"), ("do", "absent"), ("application", application)]).await;
    let told = officer.browser.get(&to).await.text;
    assert!(told.contains("1件はできませんでした") && told.contains("出欠はもう記録されています"), "{told}");
    let to = officer.done(&moves, &[("view", "all"), ("do", "came")]).await;
    assert!(officer.browser.get(&to).await.text.contains("申込を選んでから押してください"));

    let entry = officer.browser.get(&here).await.text;
    assert!(entry.contains("間違いとして取り消す"), "{entry}");
    let to = officer.done(&format!("{here}/mistake"), &[("seq", "3")]).await;
    let page = officer.browser.get(&to).await.text;
    assert!(page.contains("取り消し済み") && page.contains("参加を記録する"), "{page}");
    let refused = officer.post(&format!("{here}/mistake"), &[("seq", "1")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let to = officer.done(&format!("{here}/move"), &[("do", "given-1")]).await;
    assert!(officer.browser.get(&to).await.text.contains("渡した"));
    assert_eq!(officer.post(&format!("{here}/move"), &[("do", "dance")]).await.status, StatusCode::BAD_REQUEST);
    officer.done(&format!("{here}/move"), &[("do", "call-off")]).await;
    let over = officer.browser.get(&format!("{round}?view=over")).await.text;
    assert!(over.contains("取消し"), "{over}");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_group_is_refused_in_words_then_reviewed(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let mut officer = Officer::of(&town, &town.here, "administrator").await;
    let (programme, round) =
        announced(&mut officer, "catalogue/itoigawa-wakachi", &[("places", "1"), ("list", "none")]).await;
    let who = officer.person("架空", "一", &[]).await.to_string();
    let enter = format!("{round}/enter");
    let names: Vec<[String; 4]> =
        (0..5).map(|n| ["family", "given", "birth", "lives"].map(|part| format!("m{n}-{part}"))).collect();
    let lives = town.house.org(town.here.org).read().await.unwrap().organisation().await.unwrap().code;
    let mut typed = vec![("person", who.as_str()), ("rows", "5"), ("do", "enter")];
    for [family, given, birth, at] in &names[..4] {
        typed.extend([(family.as_str(), "架空"), (given, "若"), (birth, "平成15年4月1日"), (at, &lives)]);
    }
    let refused = officer.post(&enter, &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["id=\"f-group\"", "この質問に答えてください", "平成15年4月1日"] {
        assert!(refused.text.contains(said), "{said}: {}", refused.text);
    }
    typed.extend([("group", "若者会"), ("a-plan", "駅前の集い"), ("a-amount", "50,000")]);
    let refused = officer.post(&enter, &typed).await;
    assert!(refused.text.contains("市内に住所を有する人が5人以上いること"), "{}", refused.text);
    let [family, given, birth, at] = &names[4];
    typed.extend([(family.as_str(), "架空"), (given, "五"), (birth, "1950-01-01"), (at, &lives)]);
    let here = plain(&officer.done(&enter, &typed).await);
    let page = officer.browser.get(&here).await.text;
    for said in ["若者会", "構成員 5人", "50,000", "駅前の集い", "採択する", "構成員の5分の4以上が49歳以下であること"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    // Each look is on the record; who may not handle applications gets none.
    assert!(officer.browser.get("/office/audit").await.text.contains("申込の内容を見た"));
    let mut reader = Officer::of(&town, &town.here, "viewer").await;
    let closed = reader.browser.get(&here).await.text;
    assert!(closed.contains("申込を扱う権限のある人だけが開けます") && !closed.contains("駅前の集い"), "{closed}");
    // From the moment the applicant's address is protected nobody reads what may tell where they are.
    protect(&town).await;
    let page = officer.browser.get(&here).await.text;
    assert!(page.contains("住所は保護されています") && page.contains("50,000"), "{page}");
    assert!(!page.contains("駅前の集い"), "{page}");
    // It waits for a decision, and today says so.
    assert!(officer.browser.get("/office").await.text.contains("1件が決定を待っています"));
    let list = officer.browser.get("/office/programmes").await.text;
    assert!(list.contains(&programme) && list.contains("<strong>1</strong>"), "{list}");
    officer.done(&format!("{here}/send-back"), &[("words", "計画を書き足してください。")]).await;
    let refused = officer.post(&format!("{here}/move"), &[("do", "choose")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("もう決まっています"), "{}", refused.text);
    assert!(!officer.browser.get("/office").await.text.contains("決定を待っています"));
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn who_may_not_manage_reads_and_changes_nothing(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let mut officer = Officer::of(&town, &town.here, "administrator").await;
    let (programme, round) = announced(&mut officer, "catalogue/gonohe-world-cafe", &[]).await;
    let mut reader = Officer::of(&town, &town.here, "viewer").await;
    let page = reader.browser.get(&programme).await.text;
    assert!(!page.contains("新しい版として保存する") && !page.contains("募集を作る"), "{page}");
    assert!(!reader.browser.get(&round).await.text.contains("公開する"));
    let form = reader.post(&format!("{round}/call-off"), &[("seen", "2")]).await;
    assert_eq!(form.status, StatusCode::FORBIDDEN);
}
