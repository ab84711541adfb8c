//! A channel that stands still: nobody is left out for it, the message stands still where nothing else can leave and the
//! office is told, and no job goes round without a pause or gives up in silence.

use std::time::Duration;

use chrono::TimeDelta;
use tsunagari_access::Act;
use tsunagari_acts::ActError;
use tsunagari_acts::cancel_campaign::cancel_campaign;
use tsunagari_acts::keep_mail_channel::{MailState, keep_mail_state};
use tsunagari_acts::resume_campaign::resume_campaign;
use tsunagari_acts::send_campaign::Guard;
use tsunagari_acts::submit_campaign::submit_campaign;
use tsunagari_acts::write_campaign::{Written, begin_campaign};
use tsunagari_kernel::{CampaignId, Clock};
use tsunagari_line_sim::faults::{Fault, FaultKind};
use tsunagari_outreach::campaign::{CampaignState, PauseReason};
use tsunagari_outreach::{Message, Results};
use tsunagari_storage::testing::BOTH;

use crate::faults::{stop_account, until_over};
use crate::town::{Has, Town, text, with_mail};

const TOKEN: &str = "/oauth2/v3/token";

/// Why it stands still, and whether its approval is kept.
async fn paused(town: &Town, id: CampaignId) -> (PauseReason, bool) {
    let kept = town.house.org(town.org).read().await.unwrap().campaign(id).await.unwrap();
    let CampaignState::Paused { reason, approval, .. } = kept.campaign.state else {
        panic!("{:?}", kept.campaign.state)
    };
    (reason, approval.is_some())
}

async fn waits(town: &Town, what: &str) -> bool {
    let open = town.house.org(town.org).read().await.unwrap().work_items_open(None).await.unwrap();
    open.iter().any(|(kind, _)| kind == what)
}

async fn told(town: &Town) -> bool {
    waits(town, "channel_stopped").await
}

/// The settings of mail, changed by hand, as if the messages had never been looked at.
async fn set_mail(town: &Town, reason: Option<&str>, url: Option<&str>) {
    let mut tx = town.house.org(town.org).write().await.unwrap();
    let mut settings = tx.mail_channel().await.unwrap().unwrap();
    settings.stopped_reason = reason.map(str::to_owned);
    if let Some(url) = url {
        settings.smtp_url = url.to_owned();
    }
    tx.keep_mail_channel(&settings).await.unwrap();
    tx.commit(&Act::named("test", town.machine().actor(), town.house.operation())).await.unwrap();
}

/// Runs what is due; a job that comes back at once for ever fails the test.
async fn drained(town: &Town) -> usize {
    let worker = town.worker(Guard::On);
    tokio::time::timeout(Duration::from_secs(60), worker.drain()).await.expect("it goes round and round").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_comes_due_while_the_account_stands_still_loses_nobody() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line, Has::Both, Has::Email]).await;
        let id = town.approved(with_mail(text("お知らせ"))).await;
        stop_account(&town, "monthly_limit").await;
        drained(&town).await;
        assert_eq!(paused(&town, id).await, (PauseReason::MonthlyLimit, true), "{kind:?}");
        assert_eq!((town.results(id).await.total(), told(&town).await), (0, true), "nothing is frozen yet");
        resume_campaign(&town.house, &town.stopper(), id).await.unwrap();
        until_over(&town, id).await;
        assert_eq!((town.line_counts(), town.results(id).await.sent), (vec![1, 1, 0], 3), "{kind:?}");
        let kept = town.house.org(town.org).read().await.unwrap().campaign(id).await.unwrap();
        assert_eq!(kept.audience.unwrap().left_out, [], "{kind:?}: nobody counts as out of reach");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_launch_that_broke_off_looks_at_the_account_again() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line; 3]).await;
        let id = town.approved(text("お知らせ")).await;
        // The worker dies between the first step of the launch and the first slice.
        let mut tx = town.house.org(town.org).write().await.unwrap();
        let mut kept = tx.campaign_for_move(id).await.unwrap();
        kept.campaign = kept.campaign.launch(town.clock.now()).unwrap();
        tx.keep_campaign(&kept, town.clock.now()).await.unwrap();
        tx.commit(&Act::named("test", town.machine().actor(), town.house.operation())).await.unwrap();
        stop_account(&town, "by_office").await;
        drained(&town).await;
        assert_eq!(paused(&town, id).await, (PauseReason::ChannelRefused, true), "{kind:?}");
        let refused = resume_campaign(&town.house, &town.stopper(), id).await.unwrap_err();
        assert!(matches!(refused, ActError::Refused(ref all) if all[0].code == "line_stopped"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_written_for_mail_alone_does_not_wait_for_the_account() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Both, Has::Email]).await;
        let id = town.approved(with_mail(Message::default())).await;
        stop_account(&town, "monthly_limit").await;
        drained(&town).await;
        assert_eq!((town.state(id).await.as_str(), town.results(id).await.sent), ("done", 2), "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn once_only_a_stopped_mail_waits_the_message_stands_still() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line, Has::Email]).await;
        let id = town.approved(with_mail(text("お知らせ"))).await;
        town.freeze_only().await;
        set_mail(&town, Some("by_office"), None).await;
        drained(&town).await;
        assert_eq!(paused(&town, id).await, (PauseReason::ChannelRefused, false), "{kind:?}");
        assert!(told(&town).await);
        let results = town.results(id).await;
        assert_eq!(results, Results { queued: 1, sent: 1, ..Results::default() }, "who has LINE did not wait");
        set_mail(&town, None, None).await;
        resume_campaign(&town.house, &town.stopper(), id).await.unwrap();
        drained(&town).await;
        assert_eq!((town.state(id).await.as_str(), town.results(id).await.sent), ("done", 2), "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_waited_to_be_repeated_is_not_used_up_while_mail_is_stopped() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line, Has::Email]).await;
        set_mail(&town, None, Some("smtp://127.0.0.1:1")).await;
        let id = town.approved(with_mail(text("お知らせ"))).await;
        drained(&town).await;
        assert_eq!(town.results(id).await.in_flight, 1, "the control: it will be tried again");
        set_mail(&town, Some("by_office"), None).await;
        town.clock.advance(TimeDelta::seconds(65));
        drained(&town).await;
        let results = town.results(id).await;
        assert_eq!(results, Results { queued: 1, sent: 1, ..Results::default() }, "{kind:?}: it waits for mail");
        assert_eq!(paused(&town, id).await.0, PauseReason::ChannelRefused);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_mail_stops_what_is_on_its_way_by_mail() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line, Has::Email]).await;
        let by_both = town.approved(with_mail(text("両方"))).await;
        let by_line = town.approved(text("LINEだけ")).await;
        town.freeze_only().await;
        keep_mail_state(&town.house, &town.channel_keeper(), MailState::Stopped).await.unwrap();
        assert_eq!(paused(&town, by_both).await, (PauseReason::ChannelRefused, false), "{kind:?}");
        assert_eq!(town.state(by_line).await, "sending", "what is not written for mail goes on");
        keep_mail_state(&town.house, &town.channel_keeper(), MailState::Working).await.unwrap();
        assert!(!told(&town).await);
        resume_campaign(&town.house, &town.stopper(), by_both).await.unwrap();
        drained(&town).await;
        assert_eq!((town.state(by_both).await.as_str(), town.results(by_both).await.sent), ("done", 2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_for_a_stopped_mail_is_not_handed_in() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Both; 2]).await;
        keep_mail_state(&town.house, &town.channel_keeper(), MailState::Stopped).await.unwrap();
        let handed_in = async |message: Message| {
            let written = Written {
                title: "帰省".into(),
                purpose: "info".into(),
                rule: "everyone".into(),
                message,
                ..Written::default()
            };
            let id = begin_campaign(&town.house, &town.writer(), written).await.unwrap();
            submit_campaign(&town.house, &town.writer(), id).await
        };
        let refused = handed_in(with_mail(text("お知らせ"))).await.unwrap_err();
        assert!(matches!(refused, ActError::Refused(ref all) if all.len() == 1 && all[0].code == "mail_stopped"));
        assert!(handed_in(text("LINEだけ")).await.is_ok(), "{kind:?}: the control");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_is_left_alone_until_the_next_repeat() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Email; 200]).await;
        set_mail(&town, None, Some("smtp://127.0.0.1:1")).await;
        let id = town.approved(with_mail(Message::default())).await;
        assert_eq!(drained(&town).await, 2, "{kind:?}: the launch, and one try");
        let results = town.results(id).await;
        assert!(results.in_flight <= 16 && results.queued >= 184, "{kind:?}: {results:?}");
        set_mail(&town, None, Some(&format!("smtp://{}", town.mail.smtp_addr()))).await;
        until_over(&town, id).await;
        assert_eq!((town.results(id).await.sent, town.mail.total()), (200, 200));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_line_refuses_stands_the_message_still_and_tells_the_office() {
    for kind in BOTH {
        for unauthorised in [false, true] {
            let town = Town::open(kind, &[Has::Line; 3]).await;
            let id = town.approved(text("お知らせ")).await;
            let account = town.house.org(town.org).read().await.unwrap().sending_line_channel().await.unwrap().unwrap();
            let secret = town.house.org(town.org).read().await.unwrap().line_secret(account.id).await.unwrap();
            let set_secret = async |secret: &str| {
                let mut tx = town.house.org(town.org).write().await.unwrap();
                tx.set_line_secret(account.id, secret).await.unwrap();
                tx.commit(&Act::named("test", town.machine().actor(), town.house.operation())).await.unwrap();
            };
            if unauthorised {
                town.line.sim.faults().add(Fault::next(FaultKind::Unauthorized, 1).on(TOKEN));
            } else {
                set_secret(&"0".repeat(32)).await;
            }
            drained(&town).await;
            assert_eq!(paused(&town, id).await, (PauseReason::ChannelRefused, false), "{kind:?} {unauthorised}");
            assert!(told(&town).await);
            set_secret(&secret).await;
            resume_campaign(&town.house, &town.stopper(), id).await.unwrap();
            drained(&town).await;
            assert_eq!((town.state(id).await.as_str(), town.line_counts()), ("done", vec![1; 3]), "{kind:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_gives_no_token_for_hours_is_asked_again() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line; 3]).await;
        town.line.sim.faults().add(Fault::sometimes(FaultKind::ErrorBefore, 1_000_000).on(TOKEN));
        let id = town.approved(text("お知らせ")).await;
        // More tries than a job that fails is given, and with longer pauses than between any two of them.
        for tries in 0..14 {
            drained(&town).await;
            assert_eq!(waits(&town, "line_silent").await, tries > 1, "{kind:?}: the office is told after an hour");
            town.clock.advance(TimeDelta::minutes(35));
        }
        assert_eq!(town.state(id).await, "sending");
        town.line.sim.faults().clear();
        drained(&town).await;
        assert_eq!((town.state(id).await.as_str(), town.line_counts()), ("done", vec![1; 3]), "{kind:?}");
        assert!(!waits(&town, "line_silent").await, "{kind:?}: and need not look after it any more");
        let jobs = town.house.org(town.org).read().await.unwrap().job_counts().await.unwrap();
        assert_eq!((jobs.waiting, jobs.given_up), (0, 0));
    }
}

async fn renamed(town: &Town, name: String) {
    let mut tx = town.house.org(town.org).write().await.unwrap();
    let mut organisation = tx.organisation().await.unwrap();
    organisation.name = name;
    tx.keep_organisation(&organisation).await.unwrap();
    tx.commit(&Act::named("test", town.machine().actor(), town.house.operation())).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_long_once_filled_in_is_not_handed_in() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line; 2]).await;
        let written = Written {
            title: "帰省".into(),
            purpose: "info".into(),
            rule: "everyone".into(),
            message: text(&"{{organisation}}".repeat(100)),
            ..Written::default()
        };
        let id = begin_campaign(&town.house, &town.writer(), written).await.unwrap();
        renamed(&town, "町".repeat(51)).await;
        let refused = submit_campaign(&town.house, &town.writer(), id).await.unwrap_err();
        assert!(matches!(refused, ActError::Refused(ref all) if all[0].code == "message_filled_too_long"), "{refused}");
        renamed(&town, "町".into()).await;
        assert!(submit_campaign(&town.house, &town.writer(), id).await.is_ok(), "{kind:?}: the control");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_made_as_it_is_written_stands_still_and_holds_no_other_channel_back() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line, Has::Line, Has::Email]).await;
        let id = town.approved(with_mail(text(&"{{organisation}}".repeat(100)))).await;
        town.freeze_only().await;
        // Too long only with the name filled in that the town has taken since it was approved.
        renamed(&town, "町".repeat(51)).await;
        drained(&town).await;
        assert_eq!(paused(&town, id).await, (PauseReason::CannotBeMade, false), "{kind:?}");
        assert!(waits(&town, "message_stopped").await && !told(&town).await);
        let results = town.results(id).await;
        assert_eq!(results, Results { queued: 2, sent: 1, ..Results::default() }, "{kind:?}: mail has left");
        cancel_campaign(&town.house, &town.writer(), id).await.unwrap();
        let over = town.results(id).await;
        assert_eq!(over, Results { skipped: 2, sent: 1, ..Results::default() }, "{kind:?}");
    }
}
