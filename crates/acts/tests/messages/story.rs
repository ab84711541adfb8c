//! The main line: written, handed in, approved by a second person, launched, sent by LINE and e-mail, settled.

use chrono::TimeDelta;
use tsunagari_acts::send_campaign::Guard;
use tsunagari_acts::submit_campaign::submit_campaign;
use tsunagari_acts::write_campaign::{Written, begin_campaign, write_campaign};
use tsunagari_acts::{ActError, Reason};
use tsunagari_outreach::message::ButtonTarget;
use tsunagari_storage::testing::BOTH;

use crate::town::{Has, Town, address_of, text, with_button, with_mail};

#[tokio::test(flavor = "multi_thread")]
async fn written_approved_sent_and_settled() {
    for kind in BOTH {
        let mut people = vec![Has::Line; 620];
        people.extend([Has::Email, Has::Both, Has::Nothing]);
        let town = Town::open(kind, &people).await;
        let link = ButtonTarget::Link { url: "https://town.example/kisei".into() };
        let id = town.approved(with_mail(with_button(text("帰省イベントのお知らせ"), link))).await;
        let ran = town.worker(Guard::On).drain().await.unwrap();
        assert!(ran >= 2, "launch and sending");
        assert_eq!(town.state(id).await, "done", "{kind:?}");
        let results = town.results(id).await;
        assert_eq!((results.sent, results.total()), (622, 622));
        let counts = town.line_counts();
        assert!(counts[..620].iter().all(|n| *n == 1), "each once");
        assert_eq!(&counts[620..], [0, 1, 0], "LINE before e-mail, nothing to nobody");
        assert_eq!(town.mail.count_to(&address_of(620)), 1);
        assert_eq!(town.mail.total(), 1);
        let kept = town.house.org(town.org).read().await.unwrap().campaign(id).await.unwrap();
        let audience = kept.audience.unwrap();
        assert_eq!((audience.by_line, audience.by_email), (621, 1));
        assert_eq!(audience.left_out, [("no_contact".to_owned(), 1)]);
        assert_eq!(kept.rule, "everyone");
        // Two requests for 621 readers: a multicast names up to 500.
        let world = town.line.sim.world();
        assert_eq!(world.channel(world.channel_ids[crate::town::NUMBER]).sends.len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_names_its_reader_and_can_be_stopped_with_one_click() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Email, Has::Email]).await;
        let id = town.approved(with_mail(text("お知らせ"))).await;
        town.worker(Guard::On).drain().await.unwrap();
        assert_eq!(town.state(id).await, "done");
        let mail = town.mail.messages(Some(&address_of(0)), 1).remove(0);
        let raw = String::from_utf8_lossy(&mail.raw).into_owned();
        assert!(raw.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{raw}");
        let token = raw.split("/u/").nth(1).unwrap().split(['>', '\r', '\n', ' ']).next().unwrap().to_owned();
        let stopped = tsunagari_acts::unsubscribe::unsubscribe(&town.house, &token).await.unwrap();
        assert_eq!((stopped.person, stopped.purpose.as_str()), (town.people[0], "info"));
        assert_eq!(town.results(id).await.unsubscribed, 1);
        let false_token = format!("{}A", &token[..token.len() - 1]);
        if false_token != token {
            let refused = tsunagari_acts::unsubscribe::unsubscribe(&town.house, &false_token).await;
            assert!(matches!(refused, Err(ActError::NotFound)));
        }
        // The next message does not go there any more.
        let id = town.approved(with_mail(text("もう一度"))).await;
        town.worker(Guard::On).drain().await.unwrap();
        assert_eq!(town.results(id).await.total(), 1);
        assert_eq!(town.mail.count_to(&address_of(0)), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn personal_links_leave_one_by_one() {
    let town = Town::open(BOTH[0], &[Has::Line; 300]).await;
    let id =
        town.approved(with_button(text("あなたのページ"), ButtonTarget::PersonalPage { path: "/me".into() })).await;
    town.worker(Guard::On).drain().await.unwrap();
    assert_eq!((town.state(id).await.as_str(), town.results(id).await.sent), ("done", 300));
    assert!(town.line_counts().iter().all(|n| *n == 1));
}

fn refused(answer: Result<impl std::fmt::Debug, ActError>) -> Vec<&'static str> {
    match answer {
        Err(ActError::Refused(reasons)) => reasons.iter().map(|reason: &Reason| reason.code).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_is_kept_but_not_handed_in() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line, Has::Line]).await;
        let (house, writer) = (&town.house, town.writer());
        let empty = Written { rule: "nonsense(".into(), ..Written::default() };
        let id = begin_campaign(house, &writer, empty).await.unwrap();
        assert_eq!(
            refused(submit_campaign(house, &writer, id).await),
            ["title_missing", "purpose_missing", "message_faulty"]
        );
        let mut good = Written {
            title: "帰省".into(),
            purpose: "info".into(),
            segment: None,
            rule: "nonsense(".into(),
            message: text("お知らせ"),
            proposed: None,
        };
        write_campaign(house, &writer, id, 1, good.clone()).await.unwrap();
        assert_eq!(refused(submit_campaign(house, &writer, id).await), ["rule_unfinished"]);
        good.rule = "everyone".into();
        assert!(matches!(write_campaign(house, &writer, id, 1, good.clone()).await, Err(ActError::Conflict)));
        write_campaign(house, &writer, id, 2, good.clone()).await.unwrap();
        assert_eq!(submit_campaign(house, &writer, id).await.unwrap().count(), 2);
        town.approve(id, None).await;
        // Editing makes it a draft again, and its launch finds nothing to do.
        let version = house.org(town.org).read().await.unwrap().campaign(id).await.unwrap().version;
        write_campaign(house, &writer, id, version, good).await.unwrap();
        town.clock.advance(TimeDelta::seconds(700));
        town.worker(Guard::On).drain().await.unwrap();
        assert_eq!(town.state(id).await, "draft");
        assert_eq!(town.line_counts(), [0, 0]);
    }
}
