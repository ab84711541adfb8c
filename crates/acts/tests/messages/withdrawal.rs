//! Consent withdrawn while a message is being sent: nothing is sent to the person after the withdrawal was acknowledged. The
//! moment of the withdrawal is drawn; with the guard switched off the same test sees sends. `TSUNAGARI_INTERLEAVINGS` sets the number.

use std::sync::Arc;

use chrono::TimeDelta;
use tsunagari_access::{Act, Resident};
use tsunagari_acts::make_request::Attempt;
use tsunagari_acts::send_batch::{Ready, send_batch};
use tsunagari_acts::send_campaign::{Guard, Sender, rendering};
use tsunagari_acts::settle_dispatch::{repeat_dispatches, settle_dispatches};
use tsunagari_acts::withdraw_consent::withdraw_consent;
use tsunagari_kernel::{CampaignId, Clock};
use tsunagari_outreach::message::ButtonTarget;
use tsunagari_outreach::{Channel, Classified, Results};
use tsunagari_people::Purpose;
use tsunagari_people::consent::ConsentEnd;
use tsunagari_storage::Tx;
use tsunagari_storage::testing::{BOTH, Kind};

use crate::town::{Has, Town, text, with_button};

fn rounds(small: usize) -> usize {
    std::env::var("TSUNAGARI_INTERLEAVINGS").ok().and_then(|n| n.parse().ok()).unwrap_or(small)
}

/// How many requests named somebody after their withdrawal had been acknowledged, over some interleavings.
async fn sends_after(kind: Kind, guard: Guard, interleavings: usize) -> usize {
    let people = 20;
    let mut late = 0;
    let mut done = 0;
    while done < interleavings {
        let town = Arc::new(Town::open(kind, &vec![Has::Line; people]).await);
        town.approved(with_button(text("お知らせ"), ButtonTarget::PersonalPage { path: "/me".into() })).await;
        // The audience is frozen before anybody withdraws.
        town.freeze_only().await;
        let leaving: Vec<_> = (0..people)
            .step_by(2)
            .map(|n| {
                let town = town.clone();
                tokio::spawn(async move {
                    for _ in 0..(n * 7 % 11) {
                        tokio::task::yield_now().await;
                    }
                    let by = Resident::of_checked_link(town.org, town.people[n]);
                    withdraw_consent(&town.house, &by, "info").await.unwrap();
                    (n, town.line_counts()[n])
                })
            })
            .collect();
        if guard != Guard::On {
            // The control: everybody has withdrawn before the first claim.
            let mut acknowledged = Vec::new();
            for task in leaving {
                acknowledged.push(task.await.unwrap());
            }
            town.worker(guard).drain().await.unwrap();
            late += acknowledged.iter().filter(|(n, before)| town.line_counts()[*n] > *before).count();
        } else {
            let worker = town.worker(guard);
            let (sent, _) = tokio::join!(worker.drain(), async {});
            sent.unwrap();
            let mut acknowledged = Vec::new();
            for task in leaving {
                acknowledged.push(task.await.unwrap());
            }
            town.worker(guard).drain().await.unwrap();
            late += acknowledged.iter().filter(|(n, before)| town.line_counts()[*n] > *before).count();
        }
        done += people / 2;
    }
    late
}

#[tokio::test(flavor = "multi_thread")]
async fn soak_withdrawal() {
    for kind in BOTH {
        let n = rounds(200);
        assert_eq!(sends_after(kind, Guard::On, n).await, 0, "{kind:?}");
        if std::env::var_os("TSUNAGARI_SOAK").is_some() {
            println!("soak: {n} interleavings on {kind:?}, 0 sends after the acknowledgement");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_guard_the_same_test_sees_sends() {
    for kind in BOTH {
        assert!(sends_after(kind, Guard::Off, 10).await > 0, "{kind:?}: the test could not fail");
    }
}

/// Claims the first batch of a launched message.
async fn claimed(town: &Town, id: CampaignId) -> Vec<Ready> {
    let here = town.house.org(town.org);
    let mut reader = here.read().await.unwrap();
    let (kept, organisation) = (reader.campaign(id).await.unwrap(), reader.organisation().await.unwrap());
    let line = reader.sending_line_channel().await.unwrap().map(|it| it.id);
    drop(reader);
    let rendering = rendering(&town.house, town.org, &kept, &organisation).await.unwrap();
    let sender = Sender::of(town.house.clone());
    send_batch(&sender, &town.machine(), &kept, &rendering, line, Channel::Line).await.unwrap().ready
}

/// A withdrawal that is written and not committed: the first person's, of a moment half a second from now.
async fn withdrawing(town: &Town) -> Tx {
    let mut tx = town.house.org(town.org).write().await.unwrap();
    let at = town.clock.now().plus(TimeDelta::milliseconds(500));
    let done = tx.withdraw_consent(town.people[0], &Purpose::of("info"), at, ConsentEnd::WithdrawnBySelf).await;
    assert_eq!(done.unwrap(), 1);
    tx
}

/// A second later it is committed, and acknowledged: no request under way names the person.
async fn withdrawn(town: &Town, tx: Tx) {
    town.clock.advance(TimeDelta::seconds(1));
    tx.commit(&Act::named("withdraw_consent", town.machine().actor(), town.house.operation())).await.unwrap();
}

/// On PostgreSQL alone: with one writer the claim's turn begins when the withdrawal's has ended, and its moment is of then.
#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_waited_for_a_withdrawal_knows_of_it() {
    let town = Arc::new(Town::open(Kind::Server, &[Has::Line; 2]).await);
    let id = town.approved(text("お知らせ")).await;
    town.freeze_only().await;
    let withdrawal = withdrawing(&town).await;
    let claim = tokio::spawn({
        let town = town.clone();
        async move { claimed(&town, id).await }
    });
    while !town.somebody_waits().await {
        tokio::task::yield_now().await;
    }
    withdrawn(&town, withdrawal).await;
    claim.await.unwrap();
    assert_eq!(town.results(id).await, Results { skipped: 1, in_flight: 1, ..Results::default() });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_that_waited_for_a_withdrawal_knows_of_it() {
    for kind in BOTH {
        let town = Arc::new(Town::open(kind, &[Has::Line; 2]).await);
        let id = town.approved(text("お知らせ")).await;
        town.freeze_only().await;
        let kept = town.house.org(town.org).read().await.unwrap().campaign(id).await.unwrap();
        let sender = Sender::of(town.house.clone());
        let ready = claimed(&town, id).await.remove(0);
        let outcome = Classified::RateLimited { retry_after: None };
        let attempt = Attempt { ready, outcome, request_id: None, failure: None };
        settle_dispatches(&sender, &town.machine(), &kept, &[attempt]).await.unwrap();
        town.clock.advance(TimeDelta::seconds(3));
        assert_eq!(town.results(id).await.in_flight, 2, "the control: the request is due again");

        let withdrawal = withdrawing(&town).await;
        let mut readings = town.clock.readings();
        let before = *readings.borrow();
        let repeat = tokio::spawn({
            let (town, sender, kept) = (town.clone(), sender.clone(), kept.clone());
            async move { repeat_dispatches(&sender, &town.machine(), &kept, 500).await.unwrap().len() }
        });
        // Both its clocks are read before its transaction begins.
        readings.wait_for(|n| *n >= before + 2).await.unwrap();
        withdrawn(&town, withdrawal).await;
        assert_eq!(repeat.await.unwrap(), 0, "{kind:?}: the request names somebody who has withdrawn");
        assert_eq!(town.results(id).await, Results { queued: 2, ..Results::default() }, "{kind:?}: judged anew");
    }
}
