//! Why somebody is left out is true for the channels a message is written for: who has only the other one is told apart from
//! who has nothing.

use chrono::TimeDelta;
use tsunagari_access::Act;
use tsunagari_acts::load_people::load_people;
use tsunagari_acts::preview_campaign::preview_campaign;
use tsunagari_acts::write_campaign::{Written, begin_campaign};
use tsunagari_kernel::Clock;
use tsunagari_outreach::Message;
use tsunagari_people::EndReason;
use tsunagari_storage::person::Arrival;
use tsunagari_storage::testing::BOTH;

use crate::town::{Has, Town, text, with_mail};

/// The counts of a message to everybody.
async fn left_out(town: &Town, message: Message) -> Vec<(String, i64)> {
    let (title, purpose, rule) = ("帰省".to_owned(), "info".to_owned(), "everyone".to_owned());
    let written = Written { title, purpose, rule, message, ..Written::default() };
    let id = begin_campaign(&town.house, &town.writer(), written).await.unwrap();
    let mut told = preview_campaign(&town.house, &town.viewer(), id).await.unwrap().counts.unwrap().left_out;
    told.sort_unstable();
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_only_the_channel_not_written_is_told_apart() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line, Has::Line, Has::Email, Has::Both, Has::Nothing]).await;
        let both = with_mail(text("お知らせ"));
        let by_mail = Message { line: Default::default(), ..both.clone() };
        for (message, reached, left) in [
            (text("お知らせ"), 3, vec![("mail_only", 1), ("no_contact", 1)]),
            (by_mail, 2, vec![("line_only", 2), ("no_contact", 1)]),
            (both, 4, vec![("no_contact", 1)]),
        ] {
            let (title, purpose, rule) = ("帰省".to_owned(), "info".to_owned(), "everyone".to_owned());
            let written = Written { title, purpose, rule, message, ..Written::default() };
            let id = begin_campaign(&town.house, &town.writer(), written).await.unwrap();
            let counts = preview_campaign(&town.house, &town.viewer(), id).await.unwrap().counts.unwrap();
            let mut told: Vec<(&str, i64)> = counts.left_out.iter().map(|(code, n)| (code.as_str(), *n)).collect();
            told.sort_unstable();
            assert_eq!((counts.count(), told), (reached, left), "{kind:?}");
        }
    }
}

/// Told in the words of reach: who never added the account has not blocked it.
#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_has_that_does_not_work_is_told_as_what_it_is() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Nothing; 4]).await;
        let now = town.clock.now();
        let since = now.minus(TimeDelta::days(100));
        let ended = |of: &mut Arrival, why| {
            for working in &mut of.record.contact_points[0].working {
                working.span.until = Some(now.minus(TimeDelta::days(1)));
                working.ended = Some(why);
            }
        };
        let mut never = town.arrival(0, Has::Line, since);
        never.record.contact_points[0].working.clear();
        let mut blocked = town.arrival(1, Has::Line, since);
        ended(&mut blocked, EndReason::Blocked);
        let mut back = town.arrival(2, Has::Email, since);
        ended(&mut back, EndReason::HardBounce);
        let silent = town.arrival(3, Has::Line, now.minus(TimeDelta::days(800)));
        load_people(&town.house, &town.machine(), &[never, blocked, back, silent]).await.unwrap();
        let mut tx = town.house.org(town.org).write().await.unwrap();
        let mut organisation = tx.organisation().await.unwrap();
        organisation.stale_counts = false;
        tx.keep_organisation(&organisation).await.unwrap();
        tx.commit(&Act::named("test", town.machine().actor(), town.house.operation())).await.unwrap();
        let told = left_out(&town, with_mail(text("お知らせ"))).await;
        let told: Vec<(&str, i64)> = told.iter().map(|(code, n)| (code.as_str(), *n)).collect();
        let expected =
            [("blocked", 1), ("email_bounced", 1), ("line_not_followed", 1), ("no_contact", 4), ("stale", 1)];
        assert_eq!(told, expected, "{kind:?}");
    }
}
