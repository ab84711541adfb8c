//! An application is sent back with words and mended: the words stand on the applicant's own page, what was handed in is there to be
//! changed, also after the period, and what is handed in again stands in the place of what was there.

use axum::http::StatusCode;
use chrono::TimeDelta;
use rstest::rstest;
use tsunagari_testkit::{Joining, Kind, Lived, Officer};

use crate::applying::{led_to, posted};
use crate::seats::by_draw;

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_back_is_mended_by_whoever_applied(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let town = &lived.town;
    let round = by_draw(town, 1).await;
    let mut hana = lived.joined(&town.here, &Joining::of("石見", "花子", "hanako@people.example")).await;
    let mut taro = lived.joined(&town.here, &Joining::of("石見", "太郎", "taro@people.example")).await;
    let begin = format!("/me/apply/{}", round.id);
    let (theme, check) = (format!("{begin}/q-theme"), format!("{begin}/check"));
    led_to(&posted(&mut hana, &theme, &[("answer", "仕事のこと")]).await);
    let mine = led_to(&posted(&mut hana, &check, &[]).await).split('?').next().unwrap().to_owned();
    let id = mine.rsplit('/').next().unwrap();

    // While nothing is decided and the period lasts, she may change it herself; nobody else may.
    led_to(&posted(&mut hana, &mine, &[("do", "mend")]).await);
    led_to(&posted(&mut hana, &theme, &[("answer", "進学のこと")]).await);
    assert!(led_to(&posted(&mut hana, &check, &[]).await).ends_with("news=amended"));
    let page = hana.get(&mine).await.text;
    assert!(page.contains("進学のこと") && !page.contains("仕事のこと"), "{page}");
    let token = taro.get("/me").await.form_token().unwrap();
    assert_eq!(taro.post(&mine, &[("csrf", &token), ("do", "mend")]).await.status, StatusCode::NOT_FOUND);

    let mut officer = Officer::of(town, &town.here, "administrator").await;
    let there = format!("/office/programmes/applications/{id}");
    let wordless = officer.post(&format!("{there}/send-back"), &[("words", " ")]).await;
    assert_eq!(wordless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wordless.text.contains("id=\"f-words\""), "{}", wordless.text);
    officer.done(&format!("{there}/send-back"), &[("words", "話したいことを、もう少し詳しく書いてください。")]).await;
    let page = hana.get(&mine).await.text;
    assert!(
        page.contains("話したいことを、もう少し詳しく書いてください。") && page.contains("直して、もう一度出す"),
        "{page}"
    );
    lived.work().await;
    assert!(officer.browser.get(&there).await.text.contains("直してほしい"), "and it was told");

    // The period may be over by then; her answers are there, and once handed in again it stands with the others.
    town.calendar.set(round.closes.unwrap().plus(TimeDelta::days(1)));
    assert_eq!(led_to(&posted(&mut hana, &mine, &[("do", "mend")]).await), check);
    let page = hana.get(&check).await.text;
    assert!(page.contains("進学のこと") && page.contains("もう少し詳しく"), "{page}");
    led_to(&posted(&mut hana, &theme, &[("answer", "県外の進学と帰省のこと")]).await);
    led_to(&posted(&mut hana, &check, &[]).await);
    let page = hana.get(&mine).await.text;
    assert!(page.contains("県外の進学と帰省のこと") && page.contains("受付済み"), "{page}");
    let token = hana.get("/me").await.form_token().unwrap();
    let late = hana.post(&mine, &[("csrf", &token), ("do", "mend")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "after the period nobody changes what was not sent back");
    let mut officer = Officer::of(town, &town.here, "administrator").await;
    let page = officer.browser.get(&there).await.text;
    assert!(page.contains("県外の進学と帰省のこと") && page.contains("差し戻したときに伝えたこと"), "{page}");
    assert_eq!(town.house.org(town.here.org).read().await.unwrap().findings().await.unwrap(), vec![]);
}
