//! Two entries become one while a message to one of them is out: its link, its bounce and its reader's page mean the entry
//! that stays, and who said "no more" under either entry hears no more.

use tsunagari_access::Act;
use tsunagari_access::Resident;
use tsunagari_access::resident::SignInWay;
use tsunagari_access::session::{Session, Subject};
use tsunagari_acts::merge_persons::merge_persons;
use tsunagari_acts::record_bounce::{Recorded, record_bounce};
use tsunagari_acts::send_campaign::Guard;
use tsunagari_acts::unmerge_persons::unmerge_persons;
use tsunagari_acts::unsubscribe::unsubscribe;
use tsunagari_kernel::{Clock, PersonId, SessionId};
use tsunagari_mail_sim::{Behaviour, Order};
use tsunagari_outreach::Message;
use tsunagari_people::EndReason;
use tsunagari_storage::testing::BOTH;

use crate::town::{Has, Town, address_of, with_mail};

/// The token of the link in somebody's mail.
fn unsubscribe_token_in(town: &Town, n: usize) -> String {
    let mail = town.mail.messages(Some(&address_of(n)), 1).remove(0);
    let raw = String::from_utf8_lossy(&mail.raw).into_owned();
    raw.split("/u/").nth(1).unwrap().split(['>', '\r', '\n', ' ']).next().unwrap().to_owned()
}

/// The hash of a session somebody opened.
async fn signed_in(town: &Town, person: PersonId) -> [u8; 32] {
    let (hash, now) = ([7; 32], town.clock.now());
    let subject = Subject::Resident(person, SignInWay::EmailLink);
    let session = Session::opened(SessionId::born(&town.house.chance, now), subject, now);
    let mut tx = town.house.org(town.org).write().await.unwrap();
    tx.open_session(&hash, &session).await.unwrap();
    tx.commit(&Act::named("test", town.machine().actor(), town.house.operation())).await.unwrap();
    hash
}

async fn is_signed_in(town: &Town, hash: &[u8; 32]) -> bool {
    let session = town.house.org(town.org).read().await.unwrap().session(hash).await.unwrap();
    session.is_some_and(|it| Resident::of_session(town.org, &it, town.clock.now()).is_some())
}

/// How many consents of a person are in force.
async fn in_force(town: &Town, person: PersonId) -> usize {
    let record = town.house.org(town.org).read().await.unwrap().person_record(person).await.unwrap();
    record.consents.iter().filter(|it| it.span.until.is_none()).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_in_an_old_mail_ends_the_messages_of_who_stayed() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Email; 2]).await;
        let [stays, goes] = [town.people[0], town.people[1]];
        town.approved(with_mail(Message::default())).await;
        town.worker(Guard::On).drain().await.unwrap();
        let token = unsubscribe_token_in(&town, 1);
        let merge = merge_persons(&town.house, &town.merger(), stays, goes).await.unwrap();
        let before = in_force(&town, stays).await;
        assert!(before > 1, "{kind:?}: both entries' consents stand with who stayed");
        let it = unsubscribe(&town.house, &token).await.unwrap();
        assert_eq!(it.person, goes, "the token names whom the mail went to");
        assert_eq!(in_force(&town, stays).await, 0, "{kind:?}: no more means no more");
        // Taken back, what was withdrawn stays withdrawn.
        unmerge_persons(&town.house, &town.merger(), merge).await.unwrap();
        assert_eq!((in_force(&town, stays).await, in_force(&town, goes).await), (0, 0), "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_said_no_more_before_the_merge_hears_no_more_after_it() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Email; 2]).await;
        let [stays, goes] = [town.people[0], town.people[1]];
        town.approved(with_mail(Message::default())).await;
        town.worker(Guard::On).drain().await.unwrap();
        unsubscribe(&town.house, &unsubscribe_token_in(&town, 1)).await.unwrap();
        let kept = in_force(&town, stays).await;
        assert!(kept > 0, "the control: the other entry still agrees");
        let merge = merge_persons(&town.house, &town.merger(), stays, goes).await.unwrap();
        assert_eq!(in_force(&town, stays).await, 0, "{kind:?}");
        unmerge_persons(&town.house, &town.merger(), merge).await.unwrap();
        assert_eq!((in_force(&town, stays).await, in_force(&town, goes).await), (kept, 0), "{kind:?}: as it was");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_after_the_merge_ends_the_address_where_it_stands_now() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Email; 2]).await;
        let [stays, goes] = [town.people[0], town.people[1]];
        town.mail.order(Order { pattern: address_of(1), behaviour: Behaviour::BounceLater });
        town.approved(with_mail(Message::default())).await;
        town.worker(Guard::On).drain().await.unwrap();
        let session = signed_in(&town, goes).await;
        assert!(is_signed_in(&town, &session).await, "the control");
        merge_persons(&town.house, &town.merger(), stays, goes).await.unwrap();
        assert!(
            !is_signed_in(&town, &session).await,
            "{kind:?}: who was signed in as the entry that went signs in again"
        );
        let bounce = town.mail.way_back().next().await;
        let recorded = record_bounce(&town.house, &bounce.raw, Some(&bounce.to)).await.unwrap();
        assert_eq!(recorded, Recorded::AddressEnded, "{kind:?}");
        let record = town.house.org(town.org).read().await.unwrap().person_record(stays).await.unwrap();
        let ended: Vec<_> = record.contact_points.iter().filter_map(|it| it.working.last()?.ended).collect();
        assert_eq!(ended, [EndReason::HardBounce], "{kind:?}");
    }
}
