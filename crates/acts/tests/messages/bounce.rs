//! Mail that comes back, from the mailbox through the act: who is gone is no longer reached, a full mailbox stays, a mail
//! of nobody's is refused, and a bounce that is faster than its own delivery is asked to come again.

use tsunagari_acts::ActError;
use tsunagari_acts::mail_gateway::verp;
use tsunagari_acts::record_bounce::{Recorded, record_bounce};
use tsunagari_acts::send_batch::send_batch;
use tsunagari_acts::send_campaign::{Guard, Sender, rendering};
use tsunagari_kernel::PersonId;
use tsunagari_mail_sim::{Behaviour, Order};
use tsunagari_outreach::{Channel, Message};
use tsunagari_people::EndReason;
use tsunagari_storage::testing::BOTH;

use crate::town::{Has, Town, address_of, with_mail};

async fn ended(town: &Town, person: PersonId) -> Option<EndReason> {
    let record = town.house.org(town.org).read().await.unwrap().person_record(person).await.unwrap();
    record.contact_points[0].working.last().unwrap().ended
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_gone_is_not_reached_any_more() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Email; 3]).await;
        for (n, behaviour) in [(0, Behaviour::BounceLater), (1, Behaviour::SoftBounceLater)] {
            town.mail.order(Order { pattern: address_of(n), behaviour });
        }
        let id = town.approved(with_mail(Message::default())).await;
        town.worker(Guard::On).drain().await.unwrap();
        assert_eq!(town.results(id).await.sent, 3, "a mail server that accepts has accepted");
        let way_back = town.mail.way_back();
        let mut recorded = Vec::new();
        for _ in 0..2 {
            let bounce = way_back.next().await;
            recorded.push(record_bounce(&town.house, &bounce.raw, Some(&bounce.to)).await.unwrap());
            // A mail server that forgets the envelope still hands over the text.
            record_bounce(&town.house, &bounce.raw, None).await.unwrap();
            let forged = bounce.to.replace("bounce+", "bounce+0");
            let stripped = String::from_utf8_lossy(&bounce.raw).replace("bounce+", "bounce+0");
            let answer = record_bounce(&town.house, stripped.as_bytes(), Some(&forged)).await.unwrap();
            assert_eq!(answer, Recorded::Foreign, "nobody can make up a return path");
        }
        recorded.sort_by_key(|it| *it == Recorded::Noted);
        assert_eq!(recorded, [Recorded::AddressEnded, Recorded::Noted]);
        let results = town.results(id).await;
        assert_eq!((results.sent, results.failed), (2, 1), "{kind:?}");
        assert_eq!(ended(&town, town.people[0]).await, Some(EndReason::HardBounce));
        assert_eq!(ended(&town, town.people[1]).await, None, "a full mailbox is not gone");
        assert_eq!(ended(&town, town.people[2]).await, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_before_the_outcome_comes_again() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Email; 1]).await;
        let id = town.approved(with_mail(Message::default())).await;
        town.freeze_only().await;
        let here = town.house.org(town.org);
        let mut reader = here.read().await.unwrap();
        let (kept, organisation) = (reader.campaign(id).await.unwrap(), reader.organisation().await.unwrap());
        let channel = reader.mail_channel().await.unwrap().unwrap();
        let verp = verp(&reader.sign("verp", "").await.unwrap(), &channel);
        drop(reader);
        let house = town.house.clone();
        let sender = Sender::of(house.clone());
        let rendering = rendering(&house, town.org, &kept, &organisation).await.unwrap();
        // Claimed and on its way: nobody knows the outcome yet.
        let batch = send_batch(&sender, &town.machine(), &kept, &rendering, None, Channel::Email).await.unwrap();
        let to = verp.address(&batch.ready[0].id.0.as_simple().to_string()).unwrap();
        let raw = "Subject: Undelivered Mail\r\n\r\n550 5.1.1 user unknown\r\n";
        let early = record_bounce(&house, raw.as_bytes(), Some(&to)).await;
        assert!(matches!(early, Err(ActError::Busy)), "{early:?}");
        assert_eq!(ended(&town, town.people[0]).await, None);
    }
}
