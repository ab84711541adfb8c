//! kill -9 in the midst of sending: the real program sends a message to a faulty LINE (the simulator, here, outlives it)
//! and is killed at drawn points of its requests, again and again. In LINE's ledger everybody has the message exactly
//! once. The control lets LINE forget retry keys, which is what a fresh key for each attempt would mean: then the same
//! test counts duplicates. `TSUNAGARI_SEND_KILLS` and `TSUNAGARI_SEND_MESSAGES` set the size.

use std::time::Duration;

use chrono::TimeDelta;
use rstest::rstest;
use serde_json::json;
use tsunagari_access::permission::{ApproveMessages, WriteMessages};
use tsunagari_access::{Act, Granted, Machine, Officer, Permission};
use tsunagari_acts::write_campaign::{Written, begin_campaign};
use tsunagari_kernel::{CampaignId, Chance, Clock, Timestamp};
use tsunagari_line_sim::faults::{Fault, FaultKind};
use tsunagari_line_sim::{RetryKeys, Setup};
use tsunagari_outreach::Message;
use tsunagari_outreach::message::{Bubble, Button, ButtonTarget, Language};
use tsunagari_storage::directory::Organisation;
use tsunagari_testkit::followers::settle;
use tsunagari_testkit::{Kind, Lived};

use crate::installation::{Process, settings_beside};

const PUSH: &str = "/v2/bot/message/push";

fn size(name: &str, small: usize) -> usize {
    std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(small)
}

/// What LINE's ledger says in the end.
#[derive(Debug, PartialEq, Eq)]
struct Ledger {
    lost: usize,
    twice: usize,
}

/// People who follow the town's account, and an organisation as it is set.
pub async fn settled(lived: &Lived, people: usize, set: impl FnOnce(&mut Organisation)) {
    let (town, house) = (&lived.town, &lived.town.house);
    let mut tx = house.org(town.here.org).write().await.unwrap();
    let mut organisation = tx.organisation().await.unwrap();
    set(&mut organisation);
    tx.keep_organisation(&organisation).await.unwrap();
    let machine = Machine::working(town.here.org, "test");
    tx.commit(&Act::named("test", machine.actor(), house.operation())).await.unwrap();
    let number = &lived.here.number;
    let bulk = json!({"bulk_users": [{"prefix": "p", "count": people, "friends_of": [number]}]});
    lived.line.sim.set_up(&serde_json::from_value::<Setup>(bulk).unwrap()).unwrap();
    let users: Vec<String> =
        (0..people).map(|n| lived.line.sim.user_id(&town.here.code, &format!("p{}", n + 1)).unwrap()).collect();
    settle(town, town.here.org, lived.here.provider, &users).await;
}

/// A message to everybody, handed in; each with a link of their own, so that each is a request of its own.
pub async fn handed_in(lived: &Lived, writer: &Granted<WriteMessages>) -> CampaignId {
    let house = &lived.town.house;
    let buttons = vec![Button { label: "見る".into(), target: ButtonTarget::PersonalPage { path: "/me".into() } }];
    let mut message = Message::default();
    message.line.insert(Language::Ja, vec![Bubble::Buttons { title: None, text: "参加しますか".into(), buttons }]);
    let written = Written {
        title: "帰省".into(),
        purpose: "info".into(),
        segment: None,
        rule: "everyone".into(),
        message,
        proposed: None,
    };
    let id = begin_campaign(house, writer, written).await.unwrap();
    tsunagari_acts::submit_campaign::submit_campaign(house, writer, id).await.unwrap();
    id
}

/// The proof of a member of staff.
pub fn grant<P: Permission>(lived: &Lived, who: &str) -> Granted<P> {
    let staff = &lived.town.here.who(who).staff;
    Officer::of(lived.town.here.org, staff.id, vec![staff.role]).grant::<P>(lived.town.real.now()).unwrap()
}

/// The same, approved by a second person.
pub async fn approved(lived: &Lived) -> CampaignId {
    let id = handed_in(lived, &grant(lived, "editor")).await;
    let approver = grant::<ApproveMessages>(lived, "approver");
    let seen = (id, version_of(lived, id).await);
    tsunagari_acts::approve_campaign::approve_campaign(&lived.town.house, &approver, seen, None).await.unwrap();
    id
}

/// The version of a message, as its page shows it.
pub async fn version_of(lived: &Lived, id: CampaignId) -> i64 {
    lived.town.house.org(lived.town.here.org).read().await.unwrap().campaign(id).await.unwrap().version
}

/// How often LINE accepted something for each person.
pub fn counts(lived: &Lived, people: usize) -> Vec<usize> {
    let world = lived.line.sim.world();
    let channel = world.channel(world.channel_ids[&lived.here.number]);
    let count = |n: usize| {
        let person = world.person_of(&format!("p{}", n + 1)).unwrap();
        channel.tie(person).map_or(0, |tie| tie.sends.len())
    };
    (0..people).map(count).collect()
}

fn ledger(lived: &Lived, people: usize) -> Ledger {
    let counts = counts(lived, people);
    Ledger { lost: counts.iter().filter(|n| **n == 0).count(), twice: counts.iter().filter(|n| **n > 1).count() }
}

async fn killed_while_sending(kind: Kind, keys: RetryKeys, kills: usize, people: usize) -> Ledger {
    let lived = Lived::connected_with(kind, keys).await;
    let real = Timestamp::from_micros(chrono::Utc::now().timestamp_micros());
    // Approved ten minutes ago: the cancel window is over when the program starts.
    for clock in [&lived.town.real, &lived.town.calendar] {
        clock.set(real.minus(TimeDelta::minutes(15)));
    }
    // The program's own clock tells the time: at any hour of the day, to anybody.
    settled(&lived, people, |it| it.quiet_until_minute = it.quiet_from_minute).await;
    let id = approved(&lived).await;
    let shares = [
        (FaultKind::ErrorBefore, 50_000, 0),
        (FaultKind::ErrorAfter, 50_000, 0),
        (FaultKind::RateLimit, 100_000, 0),
        (FaultKind::TimeoutAfter, 100_000, size("TSUNAGARI_SEND_TIMEOUT", 50) as u64),
        (FaultKind::ResetBefore, 25_000, 0),
        (FaultKind::ResetAfter, 25_000, 0),
    ];
    for (fault, share, millis) in shares {
        lived.line.sim.faults().add(Fault::sometimes(fault, share).on(PUSH).lasting(millis));
    }
    let config = settings_beside(&lived.town, lived.line.base_url());
    let chance = Chance::seeded(3);
    let most = (people / kills * 2).clamp(8, 400) as u64;
    for _ in 0..kills {
        lived.town.db.leases_run_out().await;
        let mut calls = lived.line.sim.faults().watch(PUSH);
        let process = Process::start(&config);
        // A call is told of twice: an odd number is a kill before, an even one a kill after LINE has decided. A program
        // that has run out of work is killed while it waits.
        for _ in 0..=chance.below(most) {
            if tokio::time::timeout(Duration::from_secs(3), calls.recv()).await.is_err() {
                break;
            }
        }
        process.kill();
    }
    // The last start is here, under a clock that can be moved over the pauses.
    lived.town.db.leases_run_out().await;
    lived.town.real.set(Timestamp::from_micros(chrono::Utc::now().timestamp_micros()));
    lived.town.calendar.set(lived.town.real.now());
    for _ in 0..400 {
        lived.work().await;
        let state = lived.town.house.org(lived.town.here.org).read().await.unwrap().campaign(id).await.unwrap();
        if state.campaign.state.code() == "done" {
            return ledger(&lived, people);
        }
        lived.town.real.advance(TimeDelta::seconds(65));
        lived.town.calendar.advance(TimeDelta::seconds(65));
    }
    let jobs = lived.town.house.org(lived.town.here.org).read().await.unwrap().job_counts().await.unwrap();
    panic!("still being sent: {jobs:?}, {:?}", ledger(&lived, people));
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_kill_sending(#[case] kind: Kind) {
    let (kills, people) = (size("TSUNAGARI_SEND_KILLS", 20), size("TSUNAGARI_SEND_MESSAGES", 600));
    let ledger = killed_while_sending(kind, RetryKeys::Known, kills, people).await;
    assert_eq!(ledger, Ledger { lost: 0, twice: 0 }, "of {people} with {kills} kills");
    if std::env::var_os("TSUNAGARI_SOAK").is_some() {
        println!("soak: {people} messages, {kills} kills on {kind:?}: 0 lost, 0 twice");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_fresh_key_for_every_attempt_the_same_test_counts_duplicates() {
    let ledger = killed_while_sending(Kind::File, RetryKeys::Forgotten, 3, 200).await;
    assert!(ledger.twice > 0, "the test could not fail: {ledger:?}");
}
