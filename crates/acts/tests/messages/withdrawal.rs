//! Consent withdrawn while a message is being sent: nothing is sent to the person after the withdrawal was acknowledged. The
//! moment of the withdrawal is drawn; with the guard switched off the same test sees sends. `TSUNAGARI_INTERLEAVINGS` sets the number.

use std::sync::Arc;

use tsunagari_access::Resident;
use tsunagari_acts::send_campaign::Guard;
use tsunagari_acts::withdraw_consent::withdraw_consent;
use tsunagari_outreach::message::ButtonTarget;
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
