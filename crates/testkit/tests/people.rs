//! People at the HTTP door, on both databases: entered by hand, asked about when alike, merged and taken back to exactly
//! what was, changed by two at once; foreign ids answer like unknown ones.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that cannot go on ends")]

use axum::http::StatusCode;
use tsunagari_kernel::PersonId;
use tsunagari_people::PersonRecord;
use tsunagari_storage::testing::BOTH;
use tsunagari_testkit::Town;
use tsunagari_testkit::browser::Browser;

async fn token(browser: &mut Browser) -> String {
    browser.get("/office/people/add").await.form_token().expect("a form token")
}

fn id_in(location: Option<&str>) -> PersonId {
    let path = location.expect("a redirection");
    path.trim_start_matches("/office/people/").split('?').next().and_then(|id| id.parse().ok()).expect("a person")
}

async fn added(browser: &mut Browser, family: &str, more: &[(&str, &str)]) -> PersonId {
    let csrf = token(browser).await;
    let mut fields = vec![
        ("csrf", csrf.as_str()),
        ("family", family),
        ("given", "花"),
        ("tie", "origin"),
        ("locale", "ja"),
        ("looked", "yes"),
    ];
    fields.extend(more);
    let answer = browser.post("/office/people/add", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    id_in(answer.location.as_deref())
}

async fn records(town: &Town, ids: &[PersonId]) -> Vec<PersonRecord> {
    let mut reader = town.house.org(town.here.org).read().await.expect("a look");
    reader.person_records(ids).await.expect("the records")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_moves_everything_and_taken_back_leaves_no_trace() {
    for kind in BOTH {
        let town = Town::founded(kind).await;
        let mut browser = town.signed_in(&town.here, "editor").await;
        let kept = added(&mut browser, "髙橋", &[("birth", "平成19年6月1日"), ("email", "hana@example.jp")]).await;
        let gone = added(
            &mut browser,
            "高橋",
            &[("family_kana", "たかはし"), ("given_kana", "はな"), ("cohort", "R7"), ("phone", "090-1234-5678")],
        )
        .await;
        let before = records(&town, &[kept, gone]).await;

        let pairs = browser.get("/office/people/duplicates").await;
        assert!(
            pairs.text.contains(&format!("/office/people/{kept}"))
                && pairs.text.contains(&format!("/office/people/{gone}"))
        );

        let csrf = token(&mut browser).await;
        let (kept_text, gone_text) = (kept.to_string(), gone.to_string());
        let fields = [("csrf", csrf.as_str()), ("kept", kept_text.as_str()), ("gone", gone_text.as_str())];
        let merged = browser.post(&format!("/office/people/{kept}/merge"), &fields).await;
        assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.text);
        let now = records(&town, &[kept, gone]).await;
        assert_eq!(now[0].contact_points.len(), 2);
        assert_eq!((now[0].enrolments.len(), now[1].enrolments.len()), (1, 0));
        assert_eq!(now[0].person.kana(), "タカハシ ハナ");
        assert_eq!(now[1].person.merged_into, Some(kept));
        let opened = browser.post(&format!("/office/people/{kept}/contacts"), &[("csrf", csrf.as_str())]).await;
        assert!(opened.text.contains("hana@example.jp") && opened.text.contains("090-1234-5678"), "{kind:?}");

        let card = browser.get(&format!("/office/people/{kept}")).await;
        let (_, after) = card.text.split_once("/office/people/merges/").expect("a way back");
        let merge = after.split('/').next().expect("an id");
        let undo = format!("/office/people/merges/{merge}/undo");
        let back = browser.post(&undo, &[("csrf", csrf.as_str())]).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
        assert_eq!(records(&town, &[kept, gone]).await, before, "{kind:?}");
        assert_eq!(browser.post(&undo, &[("csrf", csrf.as_str())]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_alike_is_asked_about_and_wrong_input_is_kept() {
    for kind in BOTH {
        let town = Town::founded(kind).await;
        let mut browser = town.signed_in(&town.here, "editor").await;
        added(&mut browser, "佐藤", &[]).await;
        let csrf = token(&mut browser).await;
        let again = [("csrf", csrf.as_str()), ("family", "佐藤"), ("given", "花"), ("tie", "origin")];
        let asked = browser.post("/office/people/add", &again).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(asked.text.contains("同じ人かもしれない登録があります"));
        let wrong = [
            ("csrf", csrf.as_str()),
            ("family", "田中"),
            ("family_kana", "田中"),
            ("birth", "令和8年2月30日"),
            ("email", "hana@"),
        ];
        let told = browser.post("/office/people/add", &wrong).await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(told.text.contains("value=\"令和8年2月30日\"") && told.text.contains("value=\"hana@\""));
        assert!(told.text.contains("暦にない日付です") && told.text.contains("読みに使えない文字"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_of_two_changes_is_told_and_foreign_people_are_unknown() {
    for kind in BOTH {
        let town = Town::founded(kind).await;
        let mut browser = town.signed_in(&town.here, "editor").await;
        let id = added(&mut browser, "山本", &[]).await;
        let csrf = token(&mut browser).await;
        let path = format!("/office/people/{id}/edit");
        let change = |family: &'static str| {
            vec![
                ("csrf", csrf.clone()),
                ("version", "1".to_owned()),
                ("family", family.to_owned()),
                ("locale", "ja".to_owned()),
            ]
        };
        let mut statuses = Vec::new();
        for family in ["山元", "山下"] {
            let fields = change(family);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = browser.post(&path, &fields).await;
            statuses.push(answer.status);
            if answer.status == StatusCode::CONFLICT {
                assert!(answer.text.contains("value=\"山下\"") && answer.text.contains("先に変更されていました"));
            }
        }
        assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
        let mut other = town.signed_in(&town.there, "administrator").await;
        let foreign = other.get(&format!("/office/people/{id}")).await.status;
        let unknown = other.get("/office/people/01890000-0000-7000-8000-000000000000").await.status;
        assert_eq!((foreign, unknown), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audience_is_written_counted_kept_and_changed_once() {
    for kind in BOTH {
        let town = Town::founded(kind).await;
        let mut browser = town.signed_in(&town.here, "editor").await;
        added(&mut browser, "木村", &[("birth", "2000-01-01")]).await;
        let csrf = token(&mut browser).await;
        let form = |text: &'static str, button: &'static str| {
            vec![("view", "text"), ("rule", text), ("name", "大人"), ("why", "試し"), ("purpose", "-"), ("do", button)]
        };
        let send = |mut fields: Vec<(&'static str, &'static str)>, csrf: String| {
            fields.retain(|(name, _)| *name != "csrf");
            fields
                .into_iter()
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .chain([("csrf".to_owned(), csrf)])
                .collect::<Vec<_>>()
        };
        let post = async |browser: &mut Browser, path: &str, fields: Vec<(String, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            browser.post(path, &fields).await
        };
        let counted =
            post(&mut browser, "/office/audiences/result", send(form("age >= 18", "refresh"), csrf.clone())).await;
        assert!(counted.text.contains("kpi__value\">1<"), "{kind:?}: {}", counted.text);
        let broken = post(&mut browser, "/office/audiences/new", send(form("aeg >= 18", "save"), csrf.clone())).await;
        assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(broken.text.contains("<mark>aeg</mark>") && broken.text.contains("もしかして「age」"));
        let kept = post(&mut browser, "/office/audiences/new", send(form("age >= 18", "save"), csrf.clone())).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        let id = kept
            .location
            .as_deref()
            .and_then(|to| to.split_once("kept="))
            .map(|(_, id)| id.to_owned())
            .expect("the audience");
        let mut stale = send(form("age >= 20", "save"), csrf.clone());
        stale.push(("version".into(), "7".into()));
        assert_eq!(post(&mut browser, &format!("/office/audiences/{id}"), stale).await.status, StatusCode::CONFLICT);
        let mut fresh = send(form("age >= 20", "save"), csrf.clone());
        fresh.push(("version".into(), "1".into()));
        assert_eq!(post(&mut browser, &format!("/office/audiences/{id}"), fresh).await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_condition_half_said_is_told_when_it_is_counted_not_when_its_fact_was_just_chosen() {
    let lacks = "値がまだありません";
    for kind in BOTH {
        let town = Town::founded(kind).await;
        let mut browser = town.signed_in(&town.here, "editor").await;
        let csrf = token(&mut browser).await;
        let mut press = async |was: &str, button: &str| {
            let row = [("row", "0.0"), ("0.0.fact", "age"), ("0.0.was", was), ("0.0.op", ">=")];
            let rest = [("csrf", csrf.as_str()), ("view", "form"), ("purpose", "-"), ("do", button)];
            let fields: Vec<(&str, &str)> = row.into_iter().chain(rest).collect();
            let answer = browser.post("/office/audiences/new", &fields).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            answer.text
        };
        let chosen = press("life_stage", "refresh").await;
        assert!(!chosen.contains(lacks) && chosen.contains("name=\"0.0.fact\""), "{kind:?}: {chosen}");
        let counted = press("age", "refresh").await;
        assert!(counted.contains(lacks), "{kind:?}: {counted}");
        let kept = press("age", "as-text").await;
        assert!(kept.contains(lacks) && kept.contains("name=\"0.0.fact\""), "{kind:?}: nothing is thrown away: {kept}");
    }
}
