//! Several links for guardians handed over: once one of them has agreed to everything the others ask nobody any more.

use chrono::TimeDelta;
use tsunagari_access::{Act, Machine};
use tsunagari_people::Person;
use tsunagari_storage::testing::BOTH;

use crate::browser::Browser;
use crate::house::Town;
use crate::joining::{P, answer, begin, by_line};

/// The path of a link shown on the page for handing over.
async fn handed_over(minor: &mut Browser) -> String {
    let csrf = minor.get("/me").await.csrf();
    let page = minor.post("/me/guardian/link", &[("csrf", &csrf)]).await;
    let (_, rest) = page.body.split_once("/guardian/").unwrap_or_else(|| panic!("no link: {}", page.body));
    let token: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    format!("{P}/guardian/{token}")
}

fn words<'a>(given: &'a str, relation: &'a str, agreed: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    let mut all = vec![("family", "石見"), ("given", given), ("relation", relation)];
    all.extend(agreed.iter().map(|it| ("agreed", *it)));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_handed_over_before_a_guardian_agreed_says_so() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        let mut minor = Browser::at(&town.origin);
        begin(&town, &mut minor, "spring").await;
        by_line(&mut minor, "hana").await.leads_to(&format!("{P}/join/name"));
        answer(&mut minor, "2008").await;
        minor.fill(&format!("{P}/agree"), &[("agreed", "info"), ("agreed", "jobs")]).await.leads_to("/me/welcome");
        let (mothers, fathers) = (handed_over(&mut minor).await, handed_over(&mut minor).await);
        let grandmothers = handed_over(&mut minor).await;
        town.clock.advance(TimeDelta::minutes(1));
        let mut guardian = Browser::at(&town.origin);
        guardian.post(&mothers, &words("母", "mother", &["info"])).await.shows(200, "「お知らせ」が届く");
        // One purpose still waits: the other parent is asked about that one.
        minor.get("/me/guardian").await.shows(200, "QRコードとリンクを出す");
        let left = guardian.get(&fathers).await.shows(200, "仕事");
        assert!(!left.body.contains("value=\"info\""), "{}", left.body);
        town.clock.advance(TimeDelta::minutes(1));
        guardian.post(&fathers, &words("父", "father", &["jobs"])).await.shows(200, "「仕事」が届く");
        let settled = minor.get("/me/guardian").await.shows(200, "保護者の同意は、そろっています");
        assert!(!settled.body.contains("QRコードとリンクを出す"), "{kind:?}");
        let open = guardian.get(&grandmothers).await.shows(422, "保護者の同意は、もう届いています");
        assert!(!open.body.contains("花"), "{kind:?}: whose it is is no more told");
        guardian.post(&grandmothers, &words("祖母", "other", &["info"])).await.shows(422, "もう届いています");
        // One asked for since then is meant: the child wants another to agree too.
        town.clock.advance(TimeDelta::minutes(1));
        let again = handed_over(&mut minor).await;
        guardian.get(&again).await.shows(200, "石見 花さん");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_child_and_whoever_is_under_age_are_no_guardians() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        let mut minor = Browser::at(&town.origin);
        begin(&town, &mut minor, "spring").await;
        by_line(&mut minor, "hana").await.leads_to(&format!("{P}/join/name"));
        answer(&mut minor, "2008").await;
        minor.fill(&format!("{P}/agree"), &[("agreed", "info"), ("agreed", "jobs")]).await.leads_to("/me/welcome");
        let (one, other) = (handed_over(&mut minor).await, handed_over(&mut minor).await);
        let mut guardian = Browser::at(&town.origin);
        let own = guardian.post(&one, &words("花", "mother", &["info"])).await.shows(422, "お子さまの名前と同じです");
        assert!(own.body.contains("value=\"花\""), "{kind:?}: what was typed is kept");
        guardian.post(&one, &words("母", "mother", &["info"])).await.shows(200, "「お知らせ」が届く");

        // The office has put right when that guardian was born.
        let mut reader = town.house.org(town.org).read().await.unwrap();
        let everybody = reader.people_page(&Default::default(), None, 9).await.unwrap();
        let mother = everybody.iter().find(|it| it.given == "母").unwrap().id;
        let (mother, version) = (reader.person(mother).await.unwrap(), reader.person_version(mother).await.unwrap());
        drop(reader);
        let mut tx = town.house.org(town.org).write().await.unwrap();
        tx.keep_person_at(&Person { birth_date: "2012-01-01".parse().ok(), ..mother }, version).await.unwrap();
        let by = Machine::working(town.org, "test").actor();
        tx.commit(&Act::named("keep_person", by, town.house.operation())).await.unwrap();
        guardian.post(&other, &words("母", "mother", &["jobs"])).await.shows(422, "18歳未満として登録");
    }
}
