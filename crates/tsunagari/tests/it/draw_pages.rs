//! The draw as an officer runs it in the office: announced with a seed nobody knows, too early refused in words, settled, drawn,
//! and the same proof everybody sees; by public draws, numbers that cannot be read keep what was typed.

use axum::http::StatusCode;
use chrono::TimeDelta;
use rstest::rstest;
use tsunagari_access::Resident;
use tsunagari_access::permission::ManageProgrammes;
use tsunagari_acts::ActError;
use tsunagari_acts::apply::{Handing, apply};
use tsunagari_acts::keep_round::{RoundStep, keep_round, step_round};
use tsunagari_programmes::{Paper, Round};
use tsunagari_testkit::{Kind, Officer, Town};

use crate::seats::{by_draw, by_draw_drafted, granted, opened, people};

async fn applied(town: &Town, round: &Round, many: usize) {
    for person in people(town, many).await {
        let handing = Handing { round: round.id, venue: None, paper: Paper::default() };
        apply(&town.house, &Resident::of_checked_link(town.here.org, person), &handing).await.unwrap();
    }
}

/// After the period; whoever is signed in signs in again.
async fn after(town: &Town, round: &Round) -> Officer {
    town.calendar.set(round.closes.unwrap().plus(TimeDelta::seconds(1)));
    Officer::of(town, &town.here, "administrator").await
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn three_steps_and_the_proof(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let round = by_draw(&town, 2).await;
    let mut officer = Officer::of(&town, &town.here, "administrator").await;
    let draw = format!("/office/programmes/rounds/{}/draw", round.id);
    assert!(officer.browser.get(&format!("/office/programmes/rounds/{}", round.id)).await.text.contains(&draw));
    applied(&town, &round, 5).await;
    let page = officer.browser.get(&draw).await.text;
    for said in ["いま抽選を待つ申込は5件です", "乱数の種のハッシュ", "だれでも見られる証明のページ"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("/draw/freeze") && !page.contains("/draw/run"), "what is later has no button: {page}");
    let early = officer.post(&format!("{draw}/freeze"), &[]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.text.contains("申込の期間がまだ終わっていません"), "{}", early.text);

    let mut officer = after(&town, &round).await;
    let to = officer.done(&format!("{draw}/freeze"), &[]).await;
    assert!(officer.browser.get(&to).await.text.contains("抽選の対象者を確定しました"));
    let to = officer.done(&format!("{draw}/run"), &[]).await;
    let page = officer.browser.get(&to).await.text;
    assert_eq!(page.matches("chip chip--success\">当選").count(), 2, "{page}");
    assert!(!page.contains("架空 人"), "receipt numbers, and nobody's name: {page}");
    let again = officer.post(&format!("{draw}/run"), &[]).await;
    assert!(again.text.contains("抽選はもう済んでいます"), "{}", again.text);
    let mut viewer = Officer::of(&town, &town.here, "viewer").await;
    assert_eq!(viewer.browser.get(&draw).await.status, StatusCode::OK);
    assert_eq!(viewer.post(&format!("{draw}/run"), &[]).await.status, StatusCode::FORBIDDEN);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn public_draws_are_named_before_and_their_numbers_are_read(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let round = by_draw_drafted(&town, 2).await;
    // Before the end nobody can be settled, and without one it cannot be announced.
    let manage = granted::<ManageProgrammes>(&town);
    let endless = Round { closes: None, ..round.clone() };
    keep_round(&town.house, &manage, 1, &endless).await.unwrap();
    let refused = step_round(&town.house, &manage, round.id, 2, RoundStep::Announce).await;
    assert!(matches!(&refused, Err(ActError::Refused(why)) if why[0].code == "draw_without_end"), "{refused:?}");
    keep_round(&town.house, &manage, 2, &round).await.unwrap();
    let draw = format!("/office/programmes/rounds/{}/draw", round.id);
    let mut officer = Officer::of(&town, &town.here, "administrator").await;
    let to = officer.done(&format!("{draw}/prepare"), &[("named", "年末の公開抽選 1等")]).await;
    let page = officer.browser.get(&to).await.text;
    assert!(page.contains("年末の公開抽選 1等") && page.contains("/draw/prepare"), "a draft may be changed: {page}");
    step_round(&town.house, &manage, round.id, 3, RoundStep::Announce).await.unwrap();
    applied(&town, &round, 3).await;
    let mut officer = after(&town, &round).await;
    officer.done(&format!("{draw}/freeze"), &[]).await;
    let unread = officer.post(&format!("{draw}/run"), &[("numbers", "9,31x")]).await;
    assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unread.text.contains("数として読めない行があります") && unread.text.contains("9,31x"), "{}", unread.text);
    let none = officer.post(&format!("{draw}/run"), &[]).await;
    assert!(none.text.contains("知らせたとおりの数を入れてください"), "{}", none.text);
    let to = officer.done(&format!("{draw}/run"), &[("numbers", "９３１９\n2、5")]).await;
    assert!(officer.browser.get(&to).await.text.contains("9319 / 2,5"));
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_round_without_a_draw_has_no_such_page(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let round = opened(&town, 2, tsunagari_programmes::WaitingList::None).await;
    let mut officer = Officer::of(&town, &town.here, "administrator").await;
    let draw = format!("/office/programmes/rounds/{}/draw", round.id);
    assert_eq!(officer.browser.get(&draw).await.status, StatusCode::NOT_FOUND);
    assert!(!officer.browser.get(&format!("/office/programmes/rounds/{}", round.id)).await.text.contains(&draw));
}
