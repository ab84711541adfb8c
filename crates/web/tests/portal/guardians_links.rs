//! Several links for guardians handed over: once one of them has agreed to everything the others ask nobody any more.

use chrono::TimeDelta;
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
