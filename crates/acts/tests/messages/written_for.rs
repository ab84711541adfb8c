//! Why somebody is left out is true for the channels a message is written for: who has only the other one is told apart from
//! who has nothing.

use tsunagari_acts::preview_campaign::preview_campaign;
use tsunagari_acts::write_campaign::{Written, begin_campaign};
use tsunagari_outreach::Message;
use tsunagari_storage::testing::BOTH;

use crate::town::{Has, Town, text, with_mail};

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
