//! Whether the account reaches somebody: what LINE says at the login, what it does not say, and what webhooks told before
//! there was anybody to tell it of.

use chrono::TimeDelta;
use serde_json::json;
use tsunagari_line_sim::faults::{Fault, FaultKind};
use tsunagari_storage::testing::BOTH;

use crate::browser::Browser;
use crate::house::Town;
use crate::joining::{P, answer, begin, reaches, record};
use crate::line::send;

/// LINE will not say whether the next one is a friend.
fn silent(town: &Town) {
    town.line.sim.faults().add(Fault::next(FaultKind::ErrorBefore, 1).on("/friendship/v1/status"));
}

/// A webhook about somebody, one second after what came before, and applied.
async fn told(town: &Town, user: &str, kind: &str, id: &str) {
    town.clock.advance(TimeDelta::seconds(1));
    let user = town.line.sim.user_id("p1", user).unwrap();
    let at = town.house.now().micros() / 1000;
    let event = json!({ "type": kind, "webhookEventId": id, "timestamp": at, "mode": "active",
        "source": { "type": "user", "userId": user } });
    assert_eq!(send(town, json!([event])).await, 200);
    town.work().await;
    town.clock.advance(TimeDelta::seconds(1));
}

/// Is a friend, of which no webhook tells.
fn befriended(town: &Town, user: &str) {
    let setup = json!({ "friendships": [{ "user": user, "channel": "2000000001", "standing": "friend" }] });
    town.line.sim.set_up(&serde_json::from_value(setup).unwrap()).unwrap();
}

/// Begins to join and proves a LINE user.
async fn proven(town: &Town, user: &str) -> Browser {
    let mut phone = Browser::at(&town.origin);
    begin(town, &mut phone, "spring").await;
    let out = phone.get(&format!("{P}/line")).await;
    phone.through_line(&out.to, user, None).await.leads_to(&format!("{P}/join/name"));
    phone
}

async fn joins(phone: &mut Browser) {
    answer(phone, "2006").await;
    phone.fill(&format!("{P}/agree"), &[("agreed", "info")]).await.leads_to("/me/welcome");
}

async fn is_reached(town: &Town, user: &str) -> bool {
    reaches(town, &record(town, user).await).is_reachable()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_at_sign_in_ends_nothing() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        befriended(&town, "hana");
        let mut phone = proven(&town, "hana").await;
        joins(&mut phone).await;
        assert!(is_reached(&town, "hana").await, "{kind:?}");
        town.clock.advance(TimeDelta::hours(1));
        silent(&town);
        let mut other = Browser::at(&town.origin);
        let out = other.get(&format!("{P}/line-sign-in")).await;
        other.through_line(&out.to, "hana", None).await.leads_to("/me");
        assert!(town.line.sim.faults().list().is_empty(), "LINE was asked");
        assert!(is_reached(&town, "hana").await, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_said_is_not_taken_for_yes_but_webhooks_are_believed() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        silent(&town);
        befriended(&town, "hana");
        let mut phone = proven(&town, "hana").await;
        joins(&mut phone).await;
        assert!(!is_reached(&town, "hana").await, "{kind:?}");
        told(&town, "taro", "follow", "t1").await;
        silent(&town);
        befriended(&town, "taro");
        let mut phone = proven(&town, "taro").await;
        joins(&mut phone).await;
        assert!(is_reached(&town, "taro").await, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_between_the_login_and_the_last_answer_counts() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        befriended(&town, "hana");
        let mut phone = proven(&town, "hana").await;
        told(&town, "hana", "unfollow", "h1").await;
        joins(&mut phone).await;
        assert!(!is_reached(&town, "hana").await, "{kind:?}: blocked");
        // What came before the login is overtaken by it.
        told(&town, "taro", "unfollow", "t1").await;
        let mut phone = proven(&town, "taro").await;
        told(&town, "taro", "follow", "t2").await;
        joins(&mut phone).await;
        assert!(is_reached(&town, "taro").await, "{kind:?}: followed");
        // From here on webhooks find the contact point.
        told(&town, "taro", "unfollow", "t3").await;
        assert!(!is_reached(&town, "taro").await, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn line_added_to_a_page_begins_as_webhooks_left_it() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        for (user, last, reached) in [("hana", "follow", true), ("taro", "unfollow", false)] {
            let email = format!("{user}@post.example");
            let mut phone = Browser::at(&town.origin);
            begin(&town, &mut phone, "spring").await;
            let csrf = phone.get(&format!("{P}/join/contact")).await.csrf();
            phone.post(&format!("{P}/join-by-mail"), &[("csrf", &csrf), ("email", &email)]).await;
            town.work().await;
            phone.post(&town.mailed_link(&email), &[]).await.leads_to(&format!("{P}/join/name"));
            answer(&mut phone, if user == "hana" { "2006" } else { "2005" }).await;
            phone.fill(&format!("{P}/agree"), &[("agreed", "info")]).await.leads_to("/me/welcome");
            told(&town, user, last, &format!("{user}1")).await;
            befriended(&town, user);
            silent(&town);
            let out = phone.get("/me/line").await;
            phone.through_line(&out.to, user, None).await;
            let record = record(&town, user).await;
            let line = record.contact_points.iter().find(|it| it.provider == Some(town.provider)).unwrap();
            assert_eq!(line.working.iter().any(|it| it.span.until.is_none()), reached, "{kind:?} {user}");
        }
    }
}
