//! The draw a third party recomputes: what was told beforehand, the list and the key stand on a public page, and the program's own command
//! comes to the same winners from them. Who could know the entrants prepares no draw; an undecided application keeps it from being frozen.

use axum::http::StatusCode;
use chrono::TimeDelta;
use rstest::rstest;
use tsunagari_access::Resident;
use tsunagari_access::permission::{HandleApplications, ManageProgrammes};
use tsunagari_acts::ActError;
use tsunagari_acts::apply::{Handing, apply};
use tsunagari_acts::keep_round::{RoundStep, step_round};
use tsunagari_acts::run_draw::{freeze_draw, prepare_draw, run_draw};
use tsunagari_programmes::{Capacity, How, Paper, Place};
use tsunagari_testkit::{Kind, Town};

use crate::installation;
use crate::seats::{by_draw, by_draw_drafted, granted, people};

fn code(result: Result<impl std::fmt::Debug, ActError>) -> &'static str {
    match result {
        Err(ActError::Refused(why)) => why[0].code,
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn anybody_computes_it_again(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let round = by_draw(&town, 3).await;
    let (house, by) = (&town.house, granted::<HandleApplications>(&town));
    // Announcing told how it will be decided; nobody changes that any more.
    assert_eq!(code(prepare_draw(house, &by, round.id, "").await), "draw_prepared");
    let mut receipts = Vec::new();
    for person in people(&town, 8).await {
        let handing = Handing { round: round.id, venue: None, paper: Paper::default() };
        let applied = apply(house, &Resident::of_checked_link(town.here.org, person), &handing).await.unwrap();
        assert_eq!(applied.standing.place, Place::Asked);
        receipts.push(applied.receipt);
    }
    assert_eq!(code(freeze_draw(house, &by, round.id).await), "draw_too_early");
    let page = format!("/p/{}/programmes/{}/draw", town.here.code, round.id);
    let before = town.browser().get(&page).await.text;
    town.calendar.set(round.closes.unwrap());
    assert_eq!(code(run_draw(house, &by, round.id, &[]).await), "draw_not_frozen");
    assert_eq!(freeze_draw(house, &by, round.id).await.unwrap(), 8);
    assert_eq!(run_draw(house, &by, round.id, &[]).await.unwrap(), 3);
    assert_eq!(code(run_draw(house, &by, round.id, &[]).await), "draw_drawn_already");

    let mut reader = house.org(town.here.org).read().await.unwrap();
    let mut won = Vec::new();
    for receipt in &receipts {
        let it = reader.application_by_receipt(receipt).await.unwrap().unwrap();
        won.extend((it.standing.place == Place::Held).then(|| receipt.clone()));
    }
    assert_eq!(reader.findings().await.unwrap(), vec![]);
    drop(reader);
    // A third party: the page, the list and the command it names.
    let mut stranger = town.browser();
    let proof = stranger.get(&page).await.text;
    let list = stranger.get(&format!("{page}.tsv")).await.text;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("draw.tsv");
    std::fs::write(&file, &list).unwrap();
    let command = proof.split("<code>").nth(1).and_then(|it| it.split("</code>").next()).unwrap();
    let words: Vec<&str> = command.split_whitespace().skip(4).collect();
    let commitment = words[words.iter().position(|it| *it == "--commitment").unwrap() + 1];
    assert!(before.contains(commitment), "it was told before the end of the period");
    let mut verify = installation::tsunagari();
    let out = verify.args(["draw", "verify"]).arg(&file).args(&words).arg("--json").output().unwrap();
    let told: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let mut drawn: Vec<String> =
        told["drawn"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect();
    drawn.sort_unstable();
    won.sort_unstable();
    assert!(out.status.success());
    assert_eq!(drawn, won, "{kind:?}");
    assert!(!proof.contains("架空 人"), "receipt numbers, and nobody's name");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_draw_is_prepared_before_anybody_knows_who_takes_part(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let round = by_draw_drafted(&town, 3).await;
    assert_eq!(round.capacity, Capacity::Places(3));
    let by = granted::<HandleApplications>(&town);
    let page = format!("/p/{}/programmes/{}/draw", town.here.code, round.id);
    assert_eq!(code(freeze_draw(&town.house, &by, round.id).await), "draw_not_prepared");
    town.calendar.set(round.closes.unwrap());
    assert_eq!(code(prepare_draw(&town.house, &by, round.id, "").await), "round_over");
    town.calendar.set(round.closes.unwrap().minus(TimeDelta::seconds(1)));
    // Of a draft it may be named anew, since nobody was told.
    prepare_draw(&town.house, &by, round.id, "").await.unwrap();
    prepare_draw(&town.house, &by, round.id, "年末の公開抽選 1等").await.unwrap();
    assert_eq!(town.browser().get(&page).await.status, StatusCode::NOT_FOUND);
    let manage = granted::<ManageProgrammes>(&town);
    step_round(&town.house, &manage, round.id, 1, RoundStep::Announce).await.unwrap();
    assert!(town.browser().get(&page).await.text.contains("年末の公開抽選 1等"));
    assert_eq!(code(prepare_draw(&town.house, &by, round.id, "").await), "draw_prepared");
    let first = people(&town, 1).await[0];
    let handing = Handing { round: round.id, venue: None, paper: Paper::default() };
    apply(&town.house, &Resident::of_checked_link(town.here.org, first), &handing).await.unwrap();
    town.calendar.set(round.closes.unwrap());
    freeze_draw(&town.house, &by, round.id).await.unwrap();
    assert_eq!(code(run_draw(&town.house, &by, round.id, &[]).await), "draw_other_key", "{:?}", How::Draw);
    assert_eq!(run_draw(&town.house, &by, round.id, &[vec![9_319]]).await.unwrap(), 1);
}
