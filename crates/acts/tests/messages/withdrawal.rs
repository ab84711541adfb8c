//! Consent withdrawn while a message is being sent: nothing is sent to the person after the withdrawal was acknowledged. The
//! moment of the withdrawal is drawn; with the guard switched off the same test sees sends. `TSUNAGARI_INTERLEAVINGS` sets the number.

use std::sync::Arc;

use chrono::TimeDelta;
use tokio::sync::watch;
use tsunagari_access::{Act, Resident};
use tsunagari_acts::make_request::Attempt;
use tsunagari_acts::send_batch::{Ready, send_batch};
use tsunagari_acts::send_campaign::{Guard, Sender, rendering};
use tsunagari_acts::settle_dispatch::{repeat_dispatches, settle_dispatches};
use tsunagari_acts::withdraw_consent::withdraw_consent;
use tsunagari_kernel::{CampaignId, Chance, Clock};
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

/// What came of some interleavings.
#[derive(Debug, Default)]
struct Seen {
    /// Requests that named somebody after their withdrawal had been acknowledged.
    late: usize,
    /// People who were sent to before they withdrew.
    sent_before: usize,
    /// People who withdrew before anything was sent to them.
    never_sent: usize,
}

async fn ready(kind: Kind, people: usize) -> Arc<Town> {
    let town = Arc::new(Town::open(kind, &vec![Has::Line; people]).await);
    town.approved(with_button(text("お知らせ"), ButtonTarget::PersonalPage { path: "/me".into() })).await;
    // The audience is frozen before anybody withdraws.
    town.freeze_only().await;
    town
}

/// How often the clock is read while a message is sent to so many: every step of sending reads it.
async fn steps(kind: Kind, people: usize) -> u64 {
    let town = ready(kind, people).await;
    let readings = town.clock.readings();
    let before = *readings.borrow();
    town.worker(Guard::On).drain().await.unwrap();
    *readings.borrow() - before
}

/// Withdraws once sending came to a step, or ended before it; how often the person had been sent to when it was acknowledged.
async fn withdraws_at(town: Arc<Town>, n: usize, step: u64, mut ended: watch::Receiver<bool>) -> (usize, usize) {
    let mut readings = town.clock.readings();
    tokio::select! {
        _ = readings.wait_for(|now| *now >= step) => {}
        _ = ended.wait_for(|ended| *ended) => {}
    }
    let by = Resident::of_checked_link(town.org, town.people[n]);
    withdraw_consent(&town.house, &by, "info").await.unwrap();
    (n, town.line_counts()[n])
}

/// Every other person withdraws while the message is sent, each at a step that is drawn.
async fn interleaved(kind: Kind, guard: Guard, interleavings: usize) -> Seen {
    let people = 20;
    let (chance, steps) = (Chance::seeded(29), steps(kind, people).await);
    let mut seen = Seen::default();
    let mut done = 0;
    while done < interleavings {
        let town = ready(kind, people).await;
        let (end, ended) = watch::channel(false);
        let begin = *town.clock.readings().borrow();
        let leaving: Vec<_> = (0..people)
            .step_by(2)
            .map(|n| tokio::spawn(withdraws_at(town.clone(), n, begin + 1 + chance.below(steps), ended.clone())))
            .collect();
        // The control: everybody has withdrawn before the first claim.
        if guard == Guard::On {
            town.worker(guard).drain().await.unwrap();
        }
        end.send_replace(true);
        let mut acknowledged = Vec::new();
        for task in leaving {
            acknowledged.push(task.await.unwrap());
        }
        town.worker(guard).drain().await.unwrap();
        let counts = town.line_counts();
        for (n, before) in acknowledged {
            seen.late += usize::from(counts[n] > before);
            seen.sent_before += usize::from(before > 0);
            seen.never_sent += usize::from(counts[n] == 0);
        }
        done += people / 2;
        town.give_back().await;
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn soak_withdrawal() {
    for kind in BOTH {
        let n = rounds(200);
        let seen = interleaved(kind, Guard::On, n).await;
        assert_eq!(seen.late, 0, "{kind:?}");
        assert!(seen.sent_before > 0 && seen.never_sent > 0, "{kind:?}: one order only: {seen:?}");
        if std::env::var_os("TSUNAGARI_SOAK").is_some() {
            let Seen { sent_before, never_sent, .. } = seen;
            println!(
                "soak: {n} interleavings on {kind:?}, 0 sends after the acknowledgement; {sent_before} were sent to before it, \
                 {never_sent} never"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_guard_the_same_test_sees_sends() {
    for kind in BOTH {
        assert!(interleaved(kind, Guard::Off, 10).await.late > 0, "{kind:?}: the test could not fail");
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
