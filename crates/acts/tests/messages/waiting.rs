//! What waits to be sent: channel by channel, the first persons by id, no more than asked for and none before its time.

use std::collections::BTreeSet;

use tsunagari_kernel::{Clock, PersonId, Timestamp};
use tsunagari_outreach::Channel;
use tsunagari_storage::testing::BOTH;

use crate::town::{Has, Town, text, with_mail};

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_comes_by_channel_in_order_and_not_before_its_time() {
    for kind in BOTH {
        let has = [Has::Email, Has::Line, Has::Both, Has::Nothing, Has::Email, Has::Line, Has::Line];
        let town = Town::open(kind, &has).await;
        let campaign = town.approved(with_mail(text("帰省のお知らせ"))).await;
        town.freeze_only().await;
        let mut reader = town.house.org(town.org).read().await.unwrap();
        let now = town.clock.now();
        let of = |which: &[Has]| -> Vec<PersonId> {
            let those = town.people.iter().zip(has).filter(|(_, it)| which.contains(it)).map(|(id, _)| *id);
            those.collect::<BTreeSet<_>>().into_iter().collect()
        };
        // Who has both is written to by LINE.
        for (channel, expected) in [(Channel::Line, of(&[Has::Line, Has::Both])), (Channel::Email, of(&[Has::Email]))] {
            for most in [1, 2, 10] {
                let found = reader.waiting(campaign, channel, most, now).await.unwrap();
                let first: Vec<PersonId> = expected.iter().take(usize::try_from(most).unwrap()).copied().collect();
                assert_eq!(found.iter().map(|it| it.person).collect::<Vec<_>>(), first, "{kind:?} {channel:?} {most}");
            }
            assert!(reader.waiting(campaign, channel, 10, Timestamp::from_micros(-1)).await.unwrap().is_empty());
        }
    }
}
