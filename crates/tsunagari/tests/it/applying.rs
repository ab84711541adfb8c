//! A resident applies in the portal, one question a screen: what is on, signing in on the way, going on on another device, the last look,
//! what becomes of it, and taking it back. What others applied for answers to nobody.

use axum::http::StatusCode;
use chrono::TimeDelta;
use rstest::rstest;
use tsunagari_access::permission::ManageProgrammes;
use tsunagari_acts::adopt_blueprint::adopt_blueprint;
use tsunagari_acts::keep_round::{RoundStep, add_round, step_round};
use tsunagari_kernel::{FiscalYear, RoundId};
use tsunagari_programmes::{Capacity, Round, Stage, WaitingList};
use tsunagari_testkit::{Answer, Browser, Joining, Kind, Lived, Town};

use crate::seats::{granted, opened};

/// Posts a form of a page in the portal.
pub(crate) async fn posted(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let token = browser.get(path).await.form_token().unwrap_or_else(|| panic!("no form on {path}"));
    let mut all = vec![("csrf", token.as_str())];
    all.extend_from_slice(fields);
    browser.post(path, &all).await
}

pub(crate) fn led_to(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.location.as_deref().unwrap()
}

/// An announced round of a blueprint with what its file says.
async fn announced(town: &Town, slug: &str, title: &str) -> Round {
    let by = granted::<ManageProgrammes>(town);
    let programme = adopt_blueprint(&town.house, &by, slug).await.unwrap();
    let now = town.house.now();
    let round = Round {
        id: RoundId::born(&town.house.chance, now),
        programme,
        version_no: 1,
        title: title.into(),
        year: FiscalYear::of(now.jst_date()),
        edition: None,
        stage: Stage::Draft,
        opens: now,
        closes: Some(now.plus(TimeDelta::days(20))),
        capacity: Capacity::Open,
        waiting_list: WaitingList::None,
        budget: None,
        also: String::new(),
        note: String::new(),
        venues: vec![],
    };
    let id = add_round(&town.house, &by, &round).await.unwrap();
    step_round(&town.house, &by, id, 1, RoundStep::Announce).await.unwrap();
    town.house.org(town.here.org).read().await.unwrap().round(id).await.unwrap().round
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn a_resident_applies_and_takes_it_back(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let (town, code) = (&lived.town, &lived.town.here.code);
    let round = opened(town, 1, WaitingList::Endless).await;
    let on = format!("/p/{code}/programmes");
    let mut stranger = town.browser();
    assert!(stranger.get(&on).await.text.contains("春の回"));
    let page = stranger.get(&format!("{on}/{}", round.id)).await;
    assert!(page.text.contains("ワールドカフェ") && page.text.contains("公民館"), "{}", page.text);
    // Who is not signed in is led to the way in, and nothing of it is open to them.
    let apply = format!("{on}/{}/apply", round.id);
    assert_eq!(led_to(&stranger.get(&apply).await), format!("/p/{code}/sign-in"));
    assert_eq!(stranger.get(&format!("/me/apply/{}", round.id)).await.status, StatusCode::SEE_OTHER);

    let mut hana = lived.joined(&town.here, &Joining::of("石見", "花子", "hanako@people.example")).await;
    let mut taro = lived.joined(&town.here, &Joining::of("石見", "太郎", "taro@people.example")).await;
    // She wanted to apply before she signed in: her own page leads on to the questions, once.
    assert_eq!(led_to(&hana.get(&apply).await), format!("/me/apply/{}", round.id));
    let begin = format!("/me/apply/{}", round.id);
    let check = format!("{begin}/check");
    assert_eq!(led_to(&hana.get(&begin).await), check, "its only question may stay empty");
    let theme = format!("{begin}/q-theme");
    let long = "あ".repeat(101);
    let refused = posted(&mut hana, &theme, &[("answer", &long)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains(&long), "what was typed is kept");
    assert_eq!(led_to(&posted(&mut hana, &theme, &[("answer", "仕事のこと")]).await), check);
    assert!(hana.get(&check).await.text.contains("仕事のこと"));
    assert!(hana.get("/me/applications").await.text.contains(&begin), "what was begun is found again");
    let handed = posted(&mut hana, &check, &[]).await;
    let mine = led_to(&handed).split('?').next().unwrap().to_owned();
    let page = hana.get(&mine).await;
    assert!(page.text.contains("決定") && page.text.contains("仕事のこと"), "{}", page.text);
    // Twice is refused in words, and nothing is lost.
    let twice = posted(&mut hana, &check, &[]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.text.contains("もう申し込まれています"), "{}", twice.text);

    let handed = posted(&mut taro, &check, &[]).await;
    let his = led_to(&handed).split('?').next().unwrap().to_owned();
    assert!(taro.get(&his).await.text.contains("1番目"));
    // Nobody sees or moves another's.
    assert_eq!(taro.get(&mine).await.status, StatusCode::NOT_FOUND);
    let token = taro.get(&his).await.form_token().unwrap();
    let foreign = taro.post(&mine, &[("csrf", &token), ("do", "withdraw")]).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);

    let sure = format!("{mine}?ask=withdraw");
    let token = hana.get(&sure).await.form_token().unwrap();
    led_to(&hana.post(&mine, &[("csrf", &token), ("do", "withdraw")]).await);
    assert!(hana.get(&mine).await.text.contains("取り下げ"));
    assert!(taro.get(&his).await.text.contains("席が空きました"));
    let taken = posted(&mut taro, &his, &[("do", "take")]).await;
    assert!(led_to(&taken).ends_with("news=taken"));
    assert!(taro.get(&his).await.text.contains("決定"));
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn a_parent_asks_for_a_parcel(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let town = &lived.town;
    let round = announced(town, "catalogue/nanbu-yell", "秋のエール便").await;
    let mut parent = lived.joined(&town.here, &Joining::of("石見", "母", "mother@people.example")).await;
    let begin = format!("/me/apply/{}", round.id);
    let first = led_to(&parent.get(&begin).await).to_owned();
    assert_eq!(first, format!("{begin}/whom"), "where somebody lives is known since they joined");
    let student = [("family", "石見"), ("given", "学"), ("birth", "2005-05-05")];
    let nameless = posted(&mut parent, &first, &[("birth", "2005-05-05")]).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(led_to(&posted(&mut parent, &first, &student).await), format!("{begin}/q-relation"));
    let answers = [("relation", "parent"), ("school", "technical_college"), ("study_year", "3"), ("away", "yes")];
    for (field, answer) in answers {
        led_to(&posted(&mut parent, &format!("{begin}/q-{field}"), &[("answer", answer)]).await);
    }
    let check = format!("{begin}/check");
    let page = parent.get(&check).await;
    assert!(page.text.contains("条件に合いません"), "the third year is too early, and the parent's home is elsewhere");
    assert!(page.form_token().is_none() || !page.text.contains("action=\"/me/apply"), "nothing to hand in");
    // With the school mended, what is left is where the parent lives.
    led_to(&posted(&mut parent, &format!("{begin}/q-study_year"), &[("answer", "4")]).await);
    let left = parent.get(&check).await.text;
    assert!(left.contains("町内に住んでいること"), "{left}");
    assert!(!left.contains("などで学んでいること"), "{left}");
}
