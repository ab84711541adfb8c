//! Trying a message out: only on people the office has named, only where LINE reaches them, and on record.

use tsunagari_acts::ActError;
use tsunagari_acts::keep_test_recipient::{add_test_recipient, drop_test_recipient};
use tsunagari_acts::test_send::{TestTo, test_send};
use tsunagari_acts::write_campaign::{Written, begin_campaign};
use tsunagari_kernel::{CampaignId, PersonId};
use tsunagari_outreach::message::Language;
use tsunagari_storage::testing::BOTH;

use crate::town::{Has, Town, text, with_mail};

async fn drafted(town: &Town) -> CampaignId {
    let message = with_mail(text("帰省イベントのお知らせ"));
    let written = Written {
        title: "帰省".into(),
        purpose: "info".into(),
        segment: None,
        rule: "everyone".into(),
        message,
        proposed: None,
    };
    begin_campaign(&town.house, &town.writer(), written).await.unwrap()
}

async fn tried(town: &Town, id: CampaignId, to: &TestTo) -> Result<(), &'static str> {
    match test_send(&town.house, &town.tester(), id, to, Language::Ja).await {
        Ok(()) => Ok(()),
        Err(ActError::Refused(reasons)) => Err(reasons[0].code),
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_tried_out_on_those_named_for_it_alone() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line, Has::Line, Has::Email]).await;
        let id = drafted(&town).await;
        let (named, other, without) = (town.people[0], town.people[1], town.people[2]);
        let admin = town.channel_keeper();
        assert_eq!(tried(&town, id, &TestTo::Person(named)).await, Err("test_nobody"), "nobody is named by itself");
        add_test_recipient(&town.house, &admin, named).await.unwrap();
        add_test_recipient(&town.house, &admin, named).await.unwrap();
        let refused = add_test_recipient(&town.house, &admin, without).await.unwrap_err();
        assert!(matches!(refused, ActError::Refused(reasons) if reasons[0].code == "test_no_line"));
        let nobody = add_test_recipient(&town.house, &admin, PersonId(uuid::Uuid::nil())).await;
        assert!(matches!(nobody, Err(ActError::NotFound)));
        assert_eq!(tried(&town, id, &TestTo::Person(named)).await, Ok(()));
        assert_eq!(tried(&town, id, &TestTo::Person(other)).await, Err("test_nobody"));
        assert_eq!(town.line_counts(), [1, 0, 0], "{kind:?}");
        assert_eq!(tried(&town, id, &TestTo::Mail("tester".into())).await, Err("test_address_unfit"));
        assert_eq!(tried(&town, id, &TestTo::Mail("tester@office.example".into())).await, Ok(()));
        assert_eq!(town.mail.count_to("tester@office.example"), 1);
        let arrived = town.mail.messages(Some("tester@office.example"), 1).pop().unwrap();
        assert_eq!(arrived.subject, "【試し】帰省イベント", "{kind:?}");
        assert_eq!(town.results(id).await.total(), 0, "a test is counted nowhere");
        drop_test_recipient(&town.house, &admin, named).await.unwrap();
        assert_eq!(tried(&town, id, &TestTo::Person(named)).await, Err("test_nobody"));
        assert!(matches!(drop_test_recipient(&town.house, &admin, named).await, Err(ActError::NotFound)));
    }
}
