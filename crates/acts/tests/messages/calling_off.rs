//! A message that is called off, and requests that are not made after all: whatever had begun comes to an end, nobody waits
//! for ever, and what was never asked of a channel is no riddle for anybody.

use std::sync::Arc;

use chrono::TimeDelta;
use tsunagari_acts::cancel_campaign::cancel_campaign;
use tsunagari_acts::pause_campaign::pause_campaign;
use tsunagari_acts::resolve_unknown::{Decision, resolve_unknown};
use tsunagari_acts::resume_campaign::resume_campaign;
use tsunagari_acts::send_batch::send_batch;
use tsunagari_acts::send_campaign::{Guard, Sender, rendering};
use tsunagari_kernel::CampaignId;
use tsunagari_line_sim::faults::{Fault, FaultKind};
use tsunagari_mail_sim::{Behaviour, Order};
use tsunagari_outreach::message::ButtonTarget;
use tsunagari_outreach::{Channel, Message, Results};
use tsunagari_storage::testing::{BOTH, Kind};

use crate::faults::until_over;
use crate::town::{Has, Town, address_of, text, with_button, with_mail};

const MULTICAST: &str = "/v2/bot/message/multicast";
const PUSH: &str = "/v2/bot/message/push";

/// Calls of a path wait until the faults are cleared.
fn held(path: &str) -> Fault {
    Fault::sometimes(FaultKind::Hold, 1_000_000).on(path)
}

fn personal() -> Message {
    with_button(text("お知らせ"), ButtonTarget::PersonalPage { path: "/me".into() })
}

/// A worker claims a channel's first batch, and dies.
pub async fn claimed_and_left(town: &Town, id: CampaignId, channel: Channel) -> usize {
    let here = town.house.org(town.org);
    let mut reader = here.read().await.unwrap();
    let (kept, organisation) = (reader.campaign(id).await.unwrap(), reader.organisation().await.unwrap());
    let line = reader.sending_line_channel().await.unwrap().map(|it| it.id);
    drop(reader);
    let rendering = rendering(&town.house, town.org, &kept, &organisation).await.unwrap();
    let sender = Sender::of(town.house.clone());
    send_batch(&sender, &town.machine(), &kept, &rendering, line, channel).await.unwrap().ready.len()
}

async fn call_off(town: &Town, id: CampaignId) {
    pause_campaign(&town.house, &town.stopper(), id).await.unwrap();
    cancel_campaign(&town.house, &town.writer(), id).await.unwrap();
}

/// A message to three, whose worker died long before it was called off.
async fn called_off_in_doubt(kind: Kind) -> (Town, CampaignId) {
    let town = Town::open(kind, &[Has::Line; 3]).await;
    let id = town.approved(text("お知らせ")).await;
    town.freeze_only().await;
    claimed_and_left(&town, id, Channel::Line).await;
    town.clock.advance(TimeDelta::seconds(61));
    call_off(&town, id).await;
    (town, id)
}

/// Why deliveries of a state have it.
async fn reasons(town: &Town, id: CampaignId, state: &str) -> Vec<Option<String>> {
    let lines = town.house.org(town.org).read().await.unwrap().result_lines(id).await.unwrap();
    lines.into_iter().filter(|line| line.state == state).map(|line| line.reason).collect()
}

async fn told_of_unknown(town: &Town) -> bool {
    let work = town.house.org(town.org).read().await.unwrap().open_work(None, 10).await.unwrap();
    work.iter().any(|it| it.kind == "unknown_deliveries")
}

/// What keeps these people from being erased.
async fn open_messages(town: &Town) -> i64 {
    town.house.org(town.org).read().await.unwrap().holdings(&town.people).await.unwrap().open_messages
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_claimed_when_the_month_ran_out_goes_back_and_ends_with_the_message() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line; 150]).await;
        town.line.sim.faults().add(Fault::next(FaultKind::MonthlyLimit, 1).on(PUSH));
        let id = town.approved(personal()).await;
        town.worker(Guard::On).drain().await.unwrap();
        let results = town.results(id).await;
        assert_eq!((town.state(id).await.as_str(), results.in_flight), ("paused", 0), "{kind:?}: nothing is kept back");
        cancel_campaign(&town.house, &town.writer(), id).await.unwrap();
        let over = town.results(id).await;
        let expected = Results { sent: results.sent, skipped: 150 - results.sent, ..Results::default() };
        assert_eq!((over, open_messages(&town).await), (expected, 0), "{kind:?}");
        assert_eq!(town.line_counts().iter().sum::<usize>() as u64, over.sent);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_comes_back_after_the_cancel_waits_for_nothing() {
    for kind in BOTH {
        for (fault, state) in [
            (FaultKind::RateLimit, "skipped"),
            (FaultKind::MonthlyLimit, "skipped"),
            (FaultKind::ErrorAfter, "unknown"),
        ] {
            let town = Arc::new(Town::open(kind, &[Has::Line; 5]).await);
            town.line.sim.faults().add(held(MULTICAST));
            town.line.sim.faults().add(Fault::next(fault, 1).on(MULTICAST));
            let id = town.approved(text("お知らせ")).await;
            let sending = tokio::spawn({
                let town = town.clone();
                async move { town.worker(Guard::On).drain().await.unwrap() }
            });
            while town.line.sim.faults().held() == 0 {
                tokio::task::yield_now().await;
            }
            call_off(&town, id).await;
            assert_eq!(town.results(id).await.in_flight, 5, "the control: it is on the network");
            town.line.sim.faults().clear();
            sending.await.unwrap();
            let results = town.results(id).await;
            assert_eq!((results.queued, results.in_flight), (0, 0), "{kind:?} {fault:?}: {results:?}");
            let (reason, told) = match state {
                "unknown" => ("called_off", true),
                _ => ("campaign_cancelled", false),
            };
            assert_eq!(reasons(&town, id, state).await, [Some(reason.to_owned())], "{kind:?} {fault:?}");
            assert_eq!(told_of_unknown(&town).await, told);
            // Whatever still stands in the queue for it does no harm and leaves nothing.
            town.clock.advance(TimeDelta::minutes(10));
            town.worker(Guard::On).drain().await.unwrap();
            assert_eq!(town.results(id).await, results);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_put_off_while_its_message_is_called_off_waits_for_nothing() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Email; 3]).await;
        for (n, behaviour) in [(0, Behaviour::Soft), (1, Behaviour::CutAfterDot)] {
            town.mail.order(Order { pattern: address_of(n), behaviour });
        }
        let id = town.approved(with_mail(Message::default())).await;
        town.worker(Guard::On).drain().await.unwrap();
        assert_eq!(town.results(id).await.in_flight, 1, "the control: one will be tried again");
        call_off(&town, id).await;
        let results = town.results(id).await;
        assert_eq!(results, Results { sent: 1, unknown: 1, skipped: 1, ..Results::default() }, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_worker_left_is_settled_when_nobody_can_be_making_it() {
    for kind in BOTH {
        for channel in [Channel::Line, Channel::Email] {
            let has = if channel == Channel::Line { Has::Line } else { Has::Email };
            let town = Town::open(kind, &[has; 3]).await;
            let id = town.approved(with_mail(text("お知らせ"))).await;
            town.freeze_only().await;
            claimed_and_left(&town, id, channel).await;
            call_off(&town, id).await;
            town.worker(Guard::On).drain().await.unwrap();
            assert_eq!(town.results(id).await.in_flight, 3, "its lease is not over: it may be on the network");
            town.clock.advance(TimeDelta::seconds(61));
            town.worker(Guard::On).drain().await.unwrap();
            let results = town.results(id).await;
            assert_eq!(results, Results { unknown: 3, ..Results::default() }, "{kind:?} {channel:?}");
            assert_eq!(reasons(&town, id, "unknown").await, [Some("called_off".to_owned())]);
            assert!(told_of_unknown(&town).await);
            let jobs = town.house.org(town.org).read().await.unwrap().job_counts().await.unwrap();
            assert_eq!((jobs.waiting, jobs.given_up), (0, 0), "and nobody looks again");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_worker_left_long_ago_is_settled_by_the_cancel_itself() {
    for kind in BOTH {
        let (town, id) = called_off_in_doubt(kind).await;
        assert_eq!(town.results(id).await, Results { unknown: 3, ..Results::default() }, "{kind:?}");
        assert!(told_of_unknown(&town).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_behind_an_account_that_stopped_leave_once_after_it() {
    for kind in BOTH {
        let mut people = vec![Has::Line; 10];
        people.extend([Has::Email; 60]);
        let town = Town::open(kind, &people).await;
        town.line.sim.faults().add(Fault::next(FaultKind::MonthlyLimit, 1).on(PUSH));
        let id = town.approved(with_mail(personal())).await;
        town.worker(Guard::On).drain().await.unwrap();
        let results = town.results(id).await;
        assert_eq!((town.state(id).await.as_str(), results.in_flight), ("paused", 0), "{kind:?}");
        assert!(results.sent < 70, "the control: some were held back");
        // A pause is longer than any lease, and than any key of LINE lives.
        town.clock.advance(TimeDelta::hours(48));
        resume_campaign(&town.house, &town.stopper(), id).await.unwrap();
        until_over(&town, id).await;
        assert_eq!(town.results(id).await, Results { sent: 70, ..Results::default() }, "{kind:?}: nobody is in doubt");
        assert_eq!(town.mail.total(), 60);
        assert_eq!(town.line_counts().iter().sum::<usize>(), 10);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_had_to_wait_too_long_for_its_turn_is_claimed_anew() {
    for kind in BOTH {
        let town = Arc::new(Town::open(kind, &[Has::Line; 100]).await);
        town.line.sim.faults().add(held(PUSH));
        let id = town.approved(personal()).await;
        let sending = tokio::spawn({
            let town = town.clone();
            async move { town.worker(Guard::On).drain().await.unwrap() }
        });
        while town.line.sim.faults().held() < 64 {
            tokio::task::yield_now().await;
        }
        // What is claimed and not on the network has ten seconds left of its minute.
        town.clock.advance(TimeDelta::seconds(50));
        town.line.sim.faults().clear();
        sending.await.unwrap();
        assert_eq!((town.state(id).await.as_str(), town.line_counts()), ("done", vec![1; 100]), "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_keeps_back_what_is_not_on_the_network() {
    for kind in BOTH {
        let town = Arc::new(Town::open(kind, &[Has::Line; 100]).await);
        town.line.sim.faults().add(held(PUSH));
        let id = town.approved(personal()).await;
        let sending = tokio::spawn({
            let town = town.clone();
            async move { town.worker(Guard::On).drain().await.unwrap() }
        });
        while town.line.sim.faults().held() < 64 {
            tokio::task::yield_now().await;
        }
        pause_campaign(&town.house, &town.stopper(), id).await.unwrap();
        town.line.sim.faults().clear();
        sending.await.unwrap();
        let results = town.results(id).await;
        assert_eq!(results, Results { queued: 36, sent: 64, ..Results::default() }, "{kind:?}");
        resume_campaign(&town.house, &town.stopper(), id).await.unwrap();
        town.worker(Guard::On).drain().await.unwrap();
        assert_eq!((town.state(id).await.as_str(), town.line_counts()), ("done", vec![1; 100]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_with_everything_on_the_network_leaves_nothing_to_go_on_with() {
    for kind in BOTH {
        let town = Arc::new(Town::open(kind, &[Has::Line; 20]).await);
        town.line.sim.faults().add(held(PUSH));
        let id = town.approved(personal()).await;
        let sending = tokio::spawn({
            let town = town.clone();
            async move { town.worker(Guard::On).drain().await.unwrap() }
        });
        while town.line.sim.faults().held() < 20 {
            tokio::task::yield_now().await;
        }
        pause_campaign(&town.house, &town.stopper(), id).await.unwrap();
        assert_eq!(town.state(id).await, "paused");
        town.line.sim.faults().clear();
        sending.await.unwrap();
        assert_eq!((town.state(id).await.as_str(), town.line_counts()), ("done", vec![1; 20]), "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_doubt_of_a_message_called_off_is_decided_and_not_sent_again() {
    for kind in BOTH {
        let (town, id) = called_off_in_doubt(kind).await;
        let decide =
            async |persons, decision| resolve_unknown(&town.house, &town.resolver(), id, persons, decision).await;
        assert!(decide(&town.people[..1], Decision::SendAgain).await.is_err(), "{kind:?}: it was called off");
        assert_eq!(town.results(id).await.unknown, 3, "and nothing changed half-way");
        assert_eq!(decide(&town.people[..1], Decision::Sent).await.unwrap(), 1);
        assert!(told_of_unknown(&town).await, "two are open");
        assert_eq!(decide(&town.people, Decision::NotSent).await.unwrap(), 2, "{kind:?}: what is decided stays so");
        assert_eq!(town.results(id).await, Results { sent: 1, failed: 2, ..Results::default() }, "{kind:?}");
        assert_eq!(reasons(&town, id, "failed").await, [Some("decided_not_sent".to_owned())]);
        assert!(!told_of_unknown(&town).await, "{kind:?}: nothing is left to decide");
    }
}
