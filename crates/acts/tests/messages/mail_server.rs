//! What a mail server says, and when it says nothing: a mail that was not begun is not in doubt, an address ends only when its
//! mailbox is refused, and what is held against the sender is nobody's but the office's to mend.

use std::time::Duration;

use chrono::TimeDelta;
use tsunagari_acts::resume_campaign::resume_campaign;
use tsunagari_acts::send_campaign::{Guard, Sender};
use tsunagari_kernel::{CampaignId, PersonId};
use tsunagari_mail_sim::{At, Behaviour, Order};
use tsunagari_outreach::{Message, Results};
use tsunagari_people::EndReason;
use tsunagari_storage::testing::BOTH;

use crate::faults::until_over;
use crate::town::{Has, Town, address_of, with_mail};

fn order(town: &Town, pattern: &str, behaviour: Behaviour) {
    town.mail.order(Order { pattern: pattern.to_owned(), behaviour });
}

async fn ended(town: &Town, person: PersonId) -> Option<EndReason> {
    let record = town.house.org(town.org).read().await.unwrap().person_record(person).await.unwrap();
    record.contact_points[0].working.last().unwrap().ended
}

async fn failures(town: &Town, id: CampaignId) -> Vec<(String, i64)> {
    let lines = town.house.org(town.org).read().await.unwrap().result_lines(id).await.unwrap();
    let failed = lines.into_iter().filter(|line| line.state == "failed");
    failed.map(|line| (line.reason.unwrap_or_default(), line.n)).collect()
}

async fn told(town: &Town) -> bool {
    let work = town.house.org(town.org).read().await.unwrap().open_work(None, 10).await.unwrap();
    work.iter().any(|it| (it.kind.as_str(), it.subject.as_str()) == ("channel_stopped", "email"))
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_a_silent_server_never_began_are_not_in_doubt() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Email; 40]).await;
        order(&town, "*@people.example", Behaviour::Hang(At::Recipient));
        let id = town.approved(with_mail(Message::default())).await;
        let impatient = Sender { answer_within: Duration::from_millis(100), ..Sender::of(town.house.clone()) };
        town.worker_of(impatient).drain().await.unwrap();
        let results = town.results(id).await;
        assert_eq!((results.unknown, results.failed, results.sent), (0, 0, 0), "{kind:?}");
        assert!(results.in_flight <= 16 && results.queued >= 24, "the others do not run into it: {results:?}");
        town.mail.clear_orders();
        until_over(&town, id).await;
        assert_eq!((town.results(id).await.sent, town.mail.total()), (40, 40), "{kind:?}: each once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_breaks_off_is_left_alone_for_a_while() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Email; 100]).await;
        order(&town, "*@people.example", Behaviour::CutAfterDot);
        let id = town.approved(with_mail(Message::default())).await;
        town.worker(Guard::On).drain().await.unwrap();
        let results = town.results(id).await;
        let in_doubt = results.unknown;
        assert!((1..=16).contains(&in_doubt), "{kind:?}: only what was on the network: {results:?}");
        assert_eq!((results.queued, results.in_flight), (100 - in_doubt, 0), "the others wait");
        town.mail.clear_orders();
        town.clock.advance(TimeDelta::seconds(65));
        town.worker(Guard::On).drain().await.unwrap();
        assert_eq!(town.results(id).await, Results { sent: 100 - in_doubt, unknown: in_doubt, ..Results::default() });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_ends_only_when_its_mailbox_is_refused() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Email; 7]).await;
        let said = [
            (At::Recipient, 550, None, Some("no_such_mailbox")),
            (At::Recipient, 550, Some([5, 1, 1]), Some("no_such_mailbox")),
            (At::Recipient, 550, Some([5, 7, 1]), Some("mail_refused")),
            (At::Recipient, 552, Some([5, 2, 2]), Some("mail_refused")),
            (At::Data, 554, None, Some("mail_refused")),
            (At::Dot, 550, Some([5, 7, 1]), Some("mail_refused")),
        ];
        for (n, (at, code, status, _)) in said.into_iter().enumerate() {
            order(&town, &address_of(n), Behaviour::Refuse { at, code, status });
        }
        let id = town.approved(with_mail(Message::default())).await;
        town.worker(Guard::On).drain().await.unwrap();
        assert_eq!(town.state(id).await, "done", "{kind:?}");
        assert_eq!(town.results(id).await, Results { sent: 1, failed: 6, ..Results::default() });
        assert_eq!(failures(&town, id).await, [("mail_refused".to_owned(), 4), ("no_such_mailbox".to_owned(), 2)]);
        for (n, (at, code, status, failure)) in said.into_iter().enumerate() {
            let dead = (failure == Some("no_such_mailbox")).then_some(EndReason::HardBounce);
            assert_eq!(ended(&town, town.people[n]).await, dead, "{kind:?}: {code} {status:?} at {at:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_against_the_sender_fails_nobody_and_stands_the_message_still() {
    for kind in BOTH {
        let refusals = [
            ("*@bounce.town.example", At::Sender, 553, Some([5, 7, 1])),
            ("*@people.example", At::Recipient, 550, Some([5, 4, 5])),
            ("*@people.example", At::Dot, 550, Some([5, 7, 60])),
        ];
        for (pattern, at, code, status) in refusals {
            let town = Town::open(kind, &[Has::Email; 40]).await;
            order(&town, pattern, Behaviour::Refuse { at, code, status });
            let id = town.approved(with_mail(Message::default())).await;
            town.worker(Guard::On).drain().await.unwrap();
            assert_eq!(town.state(id).await, "paused", "{kind:?} {at:?}");
            assert_eq!(town.results(id).await, Results { queued: 40, ..Results::default() }, "{kind:?} {at:?}");
            assert!(told(&town).await, "{kind:?}: the office is told");
            for person in &town.people {
                assert_eq!(ended(&town, *person).await, None);
            }
            town.mail.clear_orders();
            resume_campaign(&town.house, &town.stopper(), id).await.unwrap();
            town.worker(Guard::On).drain().await.unwrap();
            assert_eq!((town.state(id).await.as_str(), town.mail.total()), ("done", 40), "{kind:?} {at:?}: each once");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_full_mailbox_holds_nobody_else_back() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Email; 200]).await;
        order(&town, &address_of(0), Behaviour::Soft);
        let id = town.approved(with_mail(Message::default())).await;
        assert_eq!(town.worker(Guard::On).drain().await.unwrap(), 2, "{kind:?}: the launch, and one run");
        assert_eq!(town.results(id).await, Results { sent: 199, in_flight: 1, ..Results::default() }, "{kind:?}");
        town.mail.clear_orders();
        until_over(&town, id).await;
        assert_eq!(town.mail.total(), 200);
    }
}
