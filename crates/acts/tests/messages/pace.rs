//! The frequency cap in a preview: who would be left out is counted before anybody approves.

use tsunagari_acts::preview_campaign::preview_campaign;
use tsunagari_acts::send_campaign::Guard;
use tsunagari_acts::submit_campaign::submit_campaign;
use tsunagari_acts::write_campaign::{Written, begin_campaign};
use tsunagari_acts::{ActError, Reason};
use tsunagari_storage::testing::BOTH;

use crate::town::{Has, Town, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_counts_whom_the_cap_holds_back() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line, Has::Line, Has::Email]).await;
        town.at_most(1, 30).await;
        let next = || Written {
            title: "次".into(),
            purpose: "info".into(),
            segment: None,
            rule: "everyone".into(),
            message: text("次のお知らせ"),
            proposed: None,
        };
        let before = begin_campaign(&town.house, &town.writer(), next()).await.unwrap();
        let seen = preview_campaign(&town.house, &town.viewer(), before).await.unwrap();
        assert_eq!((seen.held.capped, seen.held.cap), (0, Some((1, 30))), "{kind:?}: nobody has had one yet");
        let first = town.approved(text("最初のお知らせ")).await;
        town.worker(Guard::On).drain().await.unwrap();
        assert_eq!(town.results(first).await.sent, 2);
        let after = begin_campaign(&town.house, &town.writer(), next()).await.unwrap();
        let seen = preview_campaign(&town.house, &town.viewer(), after).await.unwrap();
        assert_eq!(seen.held.capped, 2, "{kind:?}: both have had theirs this month");
        // Nobody is left whom it would reach: said before it is handed in, and refused there.
        let codes = |all: &[Reason]| all.iter().map(|it| it.code).collect::<Vec<_>>();
        assert_eq!(codes(&seen.faults), ["campaign_everybody_capped"], "{kind:?}");
        let refused = submit_campaign(&town.house, &town.writer(), after).await;
        let Err(ActError::Refused(why)) = refused else { panic!("{kind:?}: {refused:?}") };
        assert_eq!(codes(&why), ["campaign_everybody_capped"], "{kind:?}");
        // One for a time to come is not judged by today's.
        let later = Written { proposed: Some(town.house.now().plus(chrono::TimeDelta::days(40))), ..next() };
        let later = begin_campaign(&town.house, &town.writer(), later).await.unwrap();
        submit_campaign(&town.house, &town.writer(), later).await.unwrap();
        // A time that has passed since it was proposed is told on the draft.
        let past = Written { proposed: Some(town.house.now().plus(chrono::TimeDelta::minutes(-5))), ..next() };
        let past = begin_campaign(&town.house, &town.writer(), past).await.unwrap();
        let seen = preview_campaign(&town.house, &town.viewer(), past).await.unwrap();
        assert_eq!(codes(&seen.faults), ["campaign_in_the_past"], "{kind:?}");
        // So is a slip of the pen in the year, and it is not handed in.
        let slip = Written { proposed: Some(town.house.now().plus(chrono::TimeDelta::days(367))), ..next() };
        let slip = begin_campaign(&town.house, &town.writer(), slip).await.unwrap();
        let seen = preview_campaign(&town.house, &town.viewer(), slip).await.unwrap();
        assert_eq!(codes(&seen.faults), ["campaign_too_far_ahead"], "{kind:?}");
        let refused = submit_campaign(&town.house, &town.writer(), slip).await;
        let Err(ActError::Refused(why)) = refused else { panic!("{kind:?}: {refused:?}") };
        assert_eq!(codes(&why), ["campaign_too_far_ahead"], "{kind:?}");
    }
}
