//! My page after joining: since when the town knows somebody, what a withdrawal ends, and the ways to be reached: adding,
//! replacing and taking out an address, but never the last way in.

use tsunagari_kernel::PersonId;
use tsunagari_people::{ContactKind, Purpose};
use tsunagari_storage::testing::BOTH;

use crate::browser::{Browser, Page};
use crate::house::Town;
use crate::joining::{P, answer, begin, by_line, listed};

/// Joins by mail, of age, with these consents; the browser is signed in.
async fn joined(town: &Town, email: &str, agreed: &[(&str, &str)]) -> Browser {
    let mut phone = Browser::at(&town.origin);
    begin(town, &mut phone, "spring").await;
    let csrf = phone.get(&format!("{P}/join/contact")).await.csrf();
    phone.post(&format!("{P}/join-by-mail"), &[("csrf", &csrf), ("email", email)]).await;
    town.work().await;
    phone.post(&town.mailed_link(email), &[]).await.leads_to(&format!("{P}/join/name"));
    answer(&mut phone, "2007").await;
    phone.fill(&format!("{P}/agree"), agreed).await.leads_to("/me/welcome");
    phone
}

async fn person(town: &Town, email: &str) -> PersonId {
    let mut reader = town.house.org(town.org).read().await.unwrap();
    reader.person_by_contact(ContactKind::Email, email, None).await.unwrap().unwrap().person
}

/// The ids behind the links that take a contact point out, in the page's order.
fn drops(page: &Page) -> Vec<String> {
    let links = page.body.split("/me/contact/drop?contact=").skip(1);
    links.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// Adds an address and proves it; the page that follows.
async fn add(town: &Town, browser: &mut Browser, email: &str) -> Page {
    browser.fill("/me/email", &[("email", email)]).await.shows(200, &format!("{email} に送りました"));
    town.work().await;
    let link = town.mailed_link(email);
    browser.get(&link).await.shows(200, "あなたの連絡先に加えます");
    let to = browser.post(&link, &[]).await.to;
    assert!(to.starts_with("/me/email/added?contact="), "{to}");
    browser.get(&to).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_address_is_replaced_and_the_last_way_in_stays() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        let mut phone = joined(&town, "hana@school.example", &[("agreed", "info")]).await;
        let only = drops(&phone.get("/me").await.shows(200, "hana@school.example"));
        let page = format!("/me/contact/drop?contact={}", only[0]);
        phone.get(&page).await.shows(200, "先に新しいアドレスを足して").shows(200, "href=\"/me/email\"");
        let csrf = phone.get("/me").await.csrf();
        phone.post("/me/contact/drop", &[("csrf", &csrf), ("contact", &only[0])]).await.shows(422, "はずせません");
        phone.get("/me").await.shows(200, "hana@school.example");

        let added = add(&town, &mut phone, "hana@post.example").await;
        added.shows(200, "hana@post.example を確かめました").shows(200, "hana@school.example をはずす");
        let both = drops(&phone.get("/me").await);
        assert_eq!(both.len(), 2, "{kind:?}");
        phone
            .get(&page)
            .await
            .shows(200, "hana@school.example をはずしますか")
            .shows(200, "「hana@post.example」に届けます");
        // Somebody who reads the old address has signed in by it.
        let mut reader_of_old = Browser::at(&town.origin);
        reader_of_old
            .post(&format!("{P}/sign-in"), &[("email", "hana@school.example")])
            .await
            .shows(200, "登録があれば");
        town.work().await;
        let link = town.mailed_link("hana@school.example");
        reader_of_old.post(&link, &[]).await;
        reader_of_old.get("/me").await.shows(200, "hana@post.example");
        let csrf = phone.get("/me").await.csrf();
        phone.post("/me/contact/drop", &[("csrf", &csrf), ("contact", &only[0])]).await.leads_to("/me?news=dropped");
        assert_eq!(reader_of_old.get("/me").await.status, 303, "{kind:?}: their session ended with the address");
        let left = phone.get("/me?news=dropped").await.shows(200, "連絡先をはずしました");
        assert!(!left.body.contains("hana@school.example"));
        // It opens nothing any more, and it is remembered that it was taken out.
        let mut other = Browser::at(&town.origin);
        other.post(&format!("{P}/sign-in"), &[("email", "hana@school.example")]).await.shows(200, "登録があれば");
        let id = person(&town, "hana@post.example").await;
        let mut reader = town.house.org(town.org).read().await.unwrap();
        assert!(reader.person_by_contact(ContactKind::Email, "hana@school.example", None).await.unwrap().is_none());
        let changes = reader.person_changes(id, 10).await.unwrap();
        let (act, _) = changes[0].act.clone().unwrap();
        assert_eq!((changes[0].what.as_str(), act.as_str()), ("contact", "drop_contact_point"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_requests_at_once_leave_a_way_in() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        let mut phone = joined(&town, "hana@school.example", &[("agreed", "info")]).await;
        add(&town, &mut phone, "hana@post.example").await;
        let page = phone.get("/me").await;
        let (csrf, ids) = (page.csrf(), drops(&page));
        let mut laptop = phone.twin();
        let (one, two) = (
            [("csrf", csrf.as_str()), ("contact", ids[0].as_str())],
            [("csrf", csrf.as_str()), ("contact", ids[1].as_str())],
        );
        let (one, two) = tokio::join!(phone.post("/me/contact/drop", &one), laptop.post("/me/contact/drop", &two));
        let mut answers = [one.status, two.status];
        answers.sort_unstable();
        assert_eq!(answers, [303, 422], "{kind:?}");
        assert_eq!(drops(&phone.get("/me").await).len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_takes_out_line_or_what_is_somebody_elses() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        let mut other = joined(&town, "taro@post.example", &[("agreed", "info")]).await;
        let foreign = drops(&other.get("/me").await).remove(0);
        let mut phone = Browser::at(&town.origin);
        begin(&town, &mut phone, "spring").await;
        by_line(&mut phone, "hana").await;
        answer(&mut phone, "2006").await;
        phone.fill(&format!("{P}/agree"), &[("agreed", "info")]).await.leads_to("/me/welcome");
        let page = phone.get("/me").await;
        assert_eq!(drops(&page), Vec::<String>::new(), "LINE is left in LINE");
        let user = town.line.sim.user_id("p1", "hana").unwrap();
        let line = {
            let mut reader = town.house.org(town.org).read().await.unwrap();
            reader.person_by_contact(ContactKind::Line, &user, Some(town.provider)).await.unwrap().unwrap().contact
        };
        let csrf = page.csrf();
        for id in [foreign.as_str(), &line.to_string(), "019cf3f1-0000-7000-8000-000000000000", "x"] {
            phone.get(&format!("/me/contact/drop?contact={id}")).await.shows(404, "");
            phone.post("/me/contact/drop", &[("csrf", &csrf), ("contact", id)]).await.shows(404, "");
            phone.get(&format!("/me/email/added?contact={id}")).await.shows(404, "");
        }
        other.get("/me").await.shows(200, "taro@post.example");
        // Beside LINE an address may come and go.
        add(&town, &mut phone, "hana@post.example").await.shows(200, "これまでどおりLINEに届けます");
        let id = drops(&phone.get("/me").await).remove(0);
        let csrf = phone.get("/me").await.csrf();
        phone.get(&format!("/me/contact/drop?contact={id}")).await.shows(200, "「LINE」に届けます");
        phone.post("/me/contact/drop", &[("csrf", &csrf), ("contact", &id)]).await.leads_to("/me?news=dropped");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_says_what_ends_and_what_goes_on() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        let mut phone = joined(&town, "hana@post.example", &[("agreed", "info"), ("agreed", "jobs")]).await;
        let csrf = phone.get("/me").await.csrf();
        let withdraw = |purpose| [("csrf", csrf.as_str()), ("purpose", purpose), ("answer", "withdraw")];
        let first = phone.post("/me/consent", &withdraw("info")).await.leads_to("/me?news=withdrawn&purpose=info");
        phone
            .get(&first.to)
            .await
            .shows(200, "「お知らせ」の同意をやめました。もう届けません。「仕事」は、これまでどおり届けます。");
        let second = phone.post("/me/consent", &withdraw("jobs")).await;
        phone.get(&second.to).await.shows(200, "これからは何も届きません。登録は残っています。");
        let give = [("csrf", csrf.as_str()), ("purpose", "info"), ("answer", "give")];
        let given = phone.post("/me/consent", &give).await;
        phone.get(&given.to).await.shows(200, "「お知らせ」の同意を受け取りました。これから届けます。");
        // The old address of the news tells no untruth.
        assert!(!phone.get("/me?news=withdrawn&purpose=info").await.body.contains("同意をやめました"));
        let id = person(&town, "hana@post.example").await;
        let record = town.house.org(town.org).read().await.unwrap().person_record(id).await.unwrap();
        let now = town.house.now();
        let open = record.consents.iter().filter(|it| it.span.contains(now)).map(|it| it.purpose.clone());
        assert_eq!(open.collect::<Vec<_>>(), [Purpose::of("info")]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_of_joining_is_not_the_day_of_the_schools_list() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        listed(&town).await;
        town.clock.advance(chrono::TimeDelta::days(30));
        let mut phone = joined(&town, "hana@post.example", &[("agreed", "info")]).await;
        let page = phone.get("/me").await.shows(200, "参加した日</dt><dd>令和8年4月15日</dd>");
        page.shows(200, "記録を始めた日</dt><dd>令和8年3月16日（学校などの名簿から）</dd>");
        // The data given out says it in the same words, and which of its times are not of the town's calendar.
        phone.get("/me/data").await.shows(200, "記録を始めた日時").shows(200, "デモの暦ではなく、実際の時刻です");
        // Whom nobody had listed is not said to have been known before.
        let mut taro = Browser::at(&town.origin);
        begin(&town, &mut taro, "spring").await;
        by_line(&mut taro, "taro").await;
        answer(&mut taro, "2005").await;
        taro.fill(&format!("{P}/agree"), &[("agreed", "info")]).await.leads_to("/me/welcome");
        assert!(!taro.get("/me").await.shows(200, "参加した日").body.contains("記録を始めた日"));
    }
}
