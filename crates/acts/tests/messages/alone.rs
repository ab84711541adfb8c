//! What one person may approve alone goes to one person: also when more match by the time it leaves.

use chrono::{NaiveDate, TimeDelta};
use tsunagari_access::permission::ApproveMessages;
use tsunagari_access::{Act, Granted, Officer, Role};
use tsunagari_acts::approve_campaign::approve_campaign;
use tsunagari_acts::send_campaign::Guard;
use tsunagari_acts::submit_campaign::submit_campaign;
use tsunagari_acts::write_campaign::{Written, begin_campaign};
use tsunagari_kernel::{CampaignId, Clock};
use tsunagari_storage::testing::BOTH;

use crate::faults::until_over;
use crate::town::{Has, Town, text};

const GROWN_UP: &str = "age >= 18";

/// The writer, who may approve as well.
fn writer_approves(town: &Town) -> Granted<ApproveMessages> {
    let roles = vec![Role::Editor, Role::Approver];
    Officer::of(town.org, town.writer().user(), roles).grant(town.clock.now()).unwrap()
}

/// Makes all but the first of another age.
async fn born(town: &Town, year: i32) {
    let mut tx = town.house.org(town.org).write().await.unwrap();
    for id in &town.people[1..] {
        let mut person = tx.person(*id).await.unwrap();
        person.birth_date = NaiveDate::from_ymd_opt(year, 5, 5);
        tx.keep_person(&person).await.unwrap();
    }
    tx.commit(&Act::named("test", town.machine().actor(), town.house.operation())).await.unwrap();
}

/// For the one grown-up, handed in and approved by one person alone.
async fn approved_alone(town: &Town) -> CampaignId {
    let written = Written {
        title: "ひとりへ".into(),
        purpose: "info".into(),
        rule: GROWN_UP.into(),
        message: text("お知らせ"),
        ..Written::default()
    };
    let id = begin_campaign(&town.house, &town.writer(), written).await.unwrap();
    assert_eq!(submit_campaign(&town.house, &town.writer(), id).await.unwrap().count(), 1);
    let seen = (id, town.version(id).await);
    approve_campaign(&town.house, &writer_approves(town), seen, None).await.unwrap();
    town.clock.advance(TimeDelta::seconds(601));
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_person_approved_alone_waits_for_a_second_when_more_people_match() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line; 3]).await;
        born(&town, 2015).await;
        let still_one = approved_alone(&town).await;
        until_over(&town, still_one).await;
        assert_eq!(town.line_counts(), [1, 0, 0], "{kind:?}: the control: to one person it leaves");
        let id = approved_alone(&town).await;
        born(&town, 2005).await;
        town.worker(Guard::On).drain().await.unwrap();
        assert_eq!((town.state(id).await.as_str(), town.results(id).await.total()), ("submitted", 0), "{kind:?}");
        assert_eq!(town.line_counts(), [1, 0, 0], "nothing has left");
        let waits = async || {
            let open = town.house.org(town.org).read().await.unwrap().open_work(None, 10).await.unwrap();
            open.iter().any(|it| it.kind == "message_grew" && it.subject == id.to_string())
        };
        assert!(waits().await, "{kind:?}: the office is told");
        let seen = (id, town.version(id).await);
        assert!(approve_campaign(&town.house, &writer_approves(&town), seen, None).await.is_err());
        town.approve(id, None).await;
        assert!(!waits().await, "{kind:?}");
        town.clock.advance(TimeDelta::seconds(601));
        until_over(&town, id).await;
        assert_eq!(town.line_counts(), [2, 1, 1], "{kind:?}: approved by two, to all of them");
    }
}
