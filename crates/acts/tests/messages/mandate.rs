//! A mandate that ends: the office is told in good time and once, nothing leaves by the account afterwards, and a newer
//! mandate sets it going again.

use chrono::{NaiveDate, TimeDelta};
use tsunagari_access::Act;
use tsunagari_acts::ActError;
use tsunagari_acts::record_mandate::{MandateGiven, record_mandate};
use tsunagari_acts::renew_mandate::{renew_mandate, tell_of_ending};
use tsunagari_acts::resume_campaign::resume_campaign;
use tsunagari_acts::send_campaign::Guard;
use tsunagari_kernel::{ChannelId, Clock, MandateId, ProviderId};
use tsunagari_outreach::campaign::{CampaignState, PauseReason};
use tsunagari_storage::line_channel::{Provider, ProviderOwner};
use tsunagari_storage::testing::BOTH;

use crate::faults::until_over;
use crate::town::{Has, Town, text};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn recorded(town: &Town, from: &str, last: &str) -> MandateId {
    let given = MandateGiven {
        holder: "架空高等学校".into(),
        holder_kind: "school".into(),
        document: "覚書".into(),
        scope: "お知らせ".into(),
        from_on: Some(day(from)),
        last_on: Some(day(last)),
    };
    record_mandate(&town.house, &town.channel_keeper(), &given).await.unwrap()
}

async fn channel(town: &Town) -> ChannelId {
    town.house.org(town.org).read().await.unwrap().line_channels().await.unwrap()[0].id
}

/// What the office is told of mandates: until when each holds.
async fn told(town: &Town) -> Vec<Option<NaiveDate>> {
    tell_of_ending(&town.house, town.org).await.unwrap();
    let open = town.house.org(town.org).read().await.unwrap().open_work(None, 10).await.unwrap();
    open.into_iter().filter(|it| it.kind == "mandate_ends").map(|it| it.due_on).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaves_under_a_mandate_that_is_over_until_it_is_renewed() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line]).await;
        let (keeper, account) = (town.channel_keeper(), channel(&town).await);
        let first = recorded(&town, "2025-04-01", "2026-03-19").await;
        renew_mandate(&town.house, &keeper, account, Some(first)).await.unwrap();
        let id = town.approved(text("お知らせ")).await;
        town.clock.advance(TimeDelta::days(4));
        town.worker(Guard::On).drain().await.unwrap();
        let state = town.house.org(town.org).read().await.unwrap().campaign(id).await.unwrap().campaign.state;
        assert!(matches!(state, CampaignState::Paused { reason: PauseReason::MandateOver, .. }), "{kind:?} {state:?}");
        assert_eq!(town.line_counts(), [0], "{kind:?}");
        let refused = resume_campaign(&town.house, &town.stopper(), id).await;
        assert!(matches!(refused, Err(ActError::Refused(ref all)) if all[0].code == "line_stopped"), "{kind:?}");
        let old = renew_mandate(&town.house, &keeper, account, Some(first)).await;
        assert!(matches!(old, Err(ActError::Refused(ref all)) if all[0].code == "mandate_not_in_force"), "{kind:?}");
        let next = recorded(&town, "2026-03-20", "2027-03-19").await;
        renew_mandate(&town.house, &keeper, account, Some(next)).await.unwrap();
        resume_campaign(&town.house, &town.stopper(), id).await.unwrap();
        until_over(&town, id).await;
        assert_eq!(town.line_counts(), [1], "{kind:?}");
    }
}

/// As data of before mandates were asked for may have it: nothing on record says that the other body allowed it.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaves_by_another_bodys_account_without_a_mandate() {
    for kind in BOTH {
        for (owner, leaves) in [(ProviderOwner::OtherBody, false), (ProviderOwner::Own, true)] {
            let town = Town::open(kind, &[Has::Line]).await;
            let here = town.house.org(town.org);
            let mut tx = here.write().await.unwrap();
            let id = ProviderId(uuid::Uuid::from_u128(7));
            let provider = Provider { id, name: "架空".into(), owner, owner_name: "架空高等学校".into() };
            tx.add_line_provider(&provider, town.clock.now()).await.unwrap();
            let mut account = tx.line_channels().await.unwrap().remove(0);
            (account.provider, account.mandate) = (id, None);
            assert_eq!(tx.mandate_holds(&account).await.unwrap(), leaves, "{kind:?} {owner:?}");
            tx.undo().await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_is_told_of_an_ending_mandate_in_good_time_and_once() {
    for kind in BOTH {
        let town = Town::open(kind, &[]).await;
        let (keeper, account) = (town.channel_keeper(), channel(&town).await);
        let first = recorded(&town, "2025-04-01", "2026-05-31").await;
        renew_mandate(&town.house, &keeper, account, Some(first)).await.unwrap();
        assert_eq!(told(&town).await, [], "{kind:?}: eleven weeks are left");
        town.clock.advance(TimeDelta::weeks(4));
        assert_eq!(told(&town).await, [Some(day("2026-05-31"))], "{kind:?}");
        let mut tx = town.house.org(town.org).write().await.unwrap();
        tx.close_work("mandate_ends", &first.to_string(), None).await.unwrap();
        tx.commit(&Act::named("test", town.machine().actor(), town.house.operation())).await.unwrap();
        assert_eq!(told(&town).await, [], "{kind:?}: whoever knows is not told again");
        let next = recorded(&town, "2026-04-01", "2026-06-30").await;
        renew_mandate(&town.house, &keeper, account, Some(next)).await.unwrap();
        town.clock.advance(TimeDelta::weeks(4));
        assert_eq!(told(&town).await, [Some(day("2026-06-30"))], "{kind:?}: another mandate");
        let last = recorded(&town, "2026-04-01", "2027-03-31").await;
        renew_mandate(&town.house, &keeper, account, Some(last)).await.unwrap();
        assert_eq!(told(&town).await, [], "{kind:?}: it was seen to");
    }
}
