//! A faulty LINE: whatever it answers, everybody gets the message exactly once in its ledger, and a request whose outcome
//! nobody can say is not made anew. `TSUNAGARI_LINE_MESSAGES` sets the size.

use chrono::TimeDelta;
use tsunagari_acts::resolve_unknown::{Decision, resolve_unknown};
use tsunagari_acts::resume_campaign::resume_campaign;
use tsunagari_acts::send_campaign::Guard;
use tsunagari_kernel::CampaignId;
use tsunagari_line_sim::faults::{Fault, FaultKind};
use tsunagari_outreach::campaign::{CampaignState, PauseReason};
use tsunagari_outreach::message::ButtonTarget;
use tsunagari_storage::line_channel::ChannelState;
use tsunagari_storage::testing::BOTH;

use crate::town::{Has, Town, text, with_button, with_mail};

fn size(small: usize) -> usize {
    std::env::var("TSUNAGARI_LINE_MESSAGES").ok().and_then(|n| n.parse().ok()).unwrap_or(small)
}

/// Works, with time moving on, until the message is over.
pub async fn until_over(town: &Town, id: CampaignId) {
    let worker = town.worker(Guard::On);
    for _ in 0..400 {
        worker.drain().await.unwrap();
        if town.state(id).await == "done" {
            return;
        }
        // Less than LINE's 24 hours in all, more than any pause between two attempts.
        town.clock.advance(TimeDelta::seconds(65));
    }
    panic!("still {} with {:?}", town.state(id).await, town.results(id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn soak_line_faults() {
    let people = size(300);
    for kind in BOTH {
        let town = Town::open(kind, &vec![Has::Line; people]).await;
        for (fault, share) in
            [(FaultKind::ErrorBefore, 50_000), (FaultKind::ErrorAfter, 50_000), (FaultKind::RateLimit, 100_000)]
        {
            town.line.sim.faults().add(Fault::sometimes(fault, share).on("/v2/bot/message/push"));
        }
        let id = town.approved(with_button(text("お知らせ"), ButtonTarget::PersonalPage { path: "/me".into() })).await;
        until_over(&town, id).await;
        let counts = town.line_counts();
        let (lost, twice) = (counts.iter().filter(|n| **n == 0).count(), counts.iter().filter(|n| **n > 1).count());
        assert_eq!((lost, twice, town.results(id).await.sent), (0, 0, people as u64), "{kind:?}");
        if std::env::var_os("TSUNAGARI_SOAK").is_some() {
            println!("soak: {people} messages on {kind:?}, {lost} lost, {twice} twice");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_multicast_accepted_before_a_500_is_not_sent_again() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line; 40]).await;
        town.line.sim.faults().add(Fault::next(FaultKind::ErrorAfter, 2).on("/v2/bot/message/multicast"));
        let id = town.approved(text("お知らせ")).await;
        until_over(&town, id).await;
        assert_eq!(town.line_counts(), vec![1; 40]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_monthly_limit_stops_the_channel_and_after_it_the_rest_leaves() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line; 10]).await;
        town.line.sim.faults().add(Fault::next(FaultKind::MonthlyLimit, 1).on("/v2/bot/message/multicast"));
        let id = town.approved(text("お知らせ")).await;
        town.worker(Guard::On).drain().await.unwrap();
        assert_eq!(town.state(id).await, "paused");
        let here = town.house.org(town.org);
        let account = here.read().await.unwrap().line_channels().await.unwrap().remove(0);
        assert_eq!((account.state, account.stopped_reason.as_deref()), (ChannelState::Stopped, Some("monthly_limit")));
        assert!(
            here.read()
                .await
                .unwrap()
                .work_items_open(None)
                .await
                .unwrap()
                .contains(&("channel_stopped".to_owned(), 1))
        );
        resume_campaign(&town.house, &town.stopper(), id).await.unwrap();
        until_over(&town, id).await;
        assert_eq!(town.line_counts(), vec![1; 10]);
    }
}

/// Who is written to by mail does not wait for LINE's month: the letters leave, what waits for LINE stands still.
#[tokio::test(flavor = "multi_thread")]
async fn the_monthly_limit_stops_no_mail() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line, Has::Email, Has::Line, Has::Email, Has::Email]).await;
        town.line.sim.faults().add(Fault::next(FaultKind::MonthlyLimit, 1).on("/v2/bot/message/multicast"));
        let id = town.approved(with_mail(text("お知らせ"))).await;
        town.worker(Guard::On).drain().await.unwrap();
        let results = town.results(id).await;
        assert_eq!((results.sent, results.queued, results.skipped), (3, 2, 0), "{kind:?}: {results:?}");
        assert_eq!(town.line_counts(), vec![0; 5], "{kind:?}");
        let kept = town.house.org(town.org).read().await.unwrap().campaign(id).await.unwrap();
        let CampaignState::Paused { reason, .. } = kept.campaign.state else { panic!("{:?}", kept.campaign.state) };
        assert_eq!(reason, PauseReason::MonthlyLimit, "{kind:?}");
        resume_campaign(&town.house, &town.stopper(), id).await.unwrap();
        until_over(&town, id).await;
        assert_eq!((town.line_counts(), town.results(id).await.sent), (vec![1, 0, 1, 0, 0], 5), "{kind:?}");
    }
}

/// The account's state and the reason, put in place by hand.
pub async fn stop_account(town: &Town, reason: &str) {
    let here = town.house.org(town.org);
    let mut tx = here.write().await.unwrap();
    let mut account = tx.line_channels().await.unwrap().remove(0);
    (account.state, account.stopped_reason) = (ChannelState::Stopped, Some(reason.to_owned()));
    tx.keep_line_channel(&account).await.unwrap();
    let act = tsunagari_access::Act::named("stop_line_channel", town.machine().actor(), town.house.operation());
    tx.commit(&act).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_meets_a_stopped_account_stands_still_and_skips_nobody() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line, Has::Both, Has::Email]).await;
        let id = town.approved(with_mail(text("お知らせ"))).await;
        town.freeze_only().await;
        stop_account(&town, "monthly_limit").await;
        town.worker(Guard::On).drain().await.unwrap();
        let here = town.house.org(town.org);
        let kept = here.read().await.unwrap().campaign(id).await.unwrap();
        let CampaignState::Paused { reason, .. } = kept.campaign.state else { panic!("{:?}", kept.campaign.state) };
        assert_eq!((reason, town.results(id).await.skipped), (PauseReason::MonthlyLimit, 0));
        resume_campaign(&town.house, &town.stopper(), id).await.unwrap();
        until_over(&town, id).await;
        assert_eq!((town.line_counts(), town.results(id).await.sent), (vec![1, 1, 0], 3));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_office_stopped_is_not_started_by_resuming_a_message() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line; 2]).await;
        let id = town.approved(text("お知らせ")).await;
        town.freeze_only().await;
        stop_account(&town, "by_office").await;
        town.worker(Guard::On).drain().await.unwrap();
        assert_eq!(town.state(id).await, "paused");
        let refused = resume_campaign(&town.house, &town.stopper(), id).await.unwrap_err();
        assert!(matches!(refused, tsunagari_acts::ActError::Refused(ref all) if all[0].code == "line_stopped"));
        assert_eq!((town.state(id).await.as_str(), town.results(id).await.queued), ("paused", 2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_23_hours_a_person_decides() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line; 3]).await;
        town.line.sim.faults().add(Fault::next(FaultKind::ErrorAfter, 1).on("/v2/bot/message/multicast"));
        let id = town.approved(text("お知らせ")).await;
        town.worker(Guard::On).drain().await.unwrap();
        // Noon of the next day but one: outside the quiet hours.
        town.clock.advance(TimeDelta::hours(24));
        town.worker(Guard::On).drain().await.unwrap();
        assert_eq!((town.state(id).await.as_str(), town.results(id).await.unknown), ("done", 3));
        assert_eq!(town.line_counts(), vec![1; 3], "not made again");
        let decided =
            resolve_unknown(&town.house, &town.resolver(), id, &town.people[..1], Decision::Sent).await.unwrap();
        let again =
            resolve_unknown(&town.house, &town.resolver(), id, &town.people[1..], Decision::SendAgain).await.unwrap();
        assert_eq!((decided, again), (1, 2));
        until_over(&town, id).await;
        assert_eq!(town.line_counts(), [1, 2, 2], "only where a person said so");
    }
}
