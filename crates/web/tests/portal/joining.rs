//! Joining by LINE and by mail, a minor with a guardian, leaving and coming back, limits.

use tsunagari_access::permission::MergePeople;
use tsunagari_access::{Granted, Officer, Role};
use tsunagari_acts::merge_persons::merge_persons;
use tsunagari_acts::unmerge_persons::unmerge_persons;
use tsunagari_kernel::{PersonId, UserId};
use tsunagari_people::{ContactKind, GivenBy, Person, PersonLocale, PersonRecord, Purpose, Reach, ReachReason, reach};
use tsunagari_storage::person::Arrival;
use tsunagari_storage::testing::BOTH;

use crate::browser::Browser;
use crate::house::Town;

pub const P: &str = "/p/322041";

pub async fn begin(town: &Town, browser: &mut Browser, event: &str) {
    let slip = browser.get(&format!("/j/{event}")).await.shows(200, "架空市から、あなたへ");
    let id = slip.body.split("name=\"event\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    browser.post(&format!("{P}/join"), &[("event", &id)]).await.leads_to(&format!("{P}/join/contact"));
    browser.get(&format!("{P}/join/contact")).await.shows(200, "LINEで続ける");
    assert_eq!(town.house.origin, town.origin);
}

pub async fn by_line(browser: &mut Browser, user: &str) -> crate::browser::Page {
    let out = browser.get(&format!("{P}/line")).await;
    browser.through_line(&out.to, user, Some("on")).await
}

/// Answers what follows the first question, born in a year.
pub async fn answer(browser: &mut Browser, year: &str) {
    answer_next(browser, year, "university").await;
}

/// The same, with what they do next.
pub async fn answer_next(browser: &mut Browser, year: &str, next: &str) {
    answer_where(browser, year, next, "270008").await;
}

/// The same, with where they live.
pub async fn answer_where(browser: &mut Browser, year: &str, next: &str, place: &str) {
    answer_as(browser, "石見", (year, next, place)).await;
}

/// The same, of a family: born in a year, what they do next, where they live.
async fn answer_as(browser: &mut Browser, family: &str, (year, next, place): (&str, &str, &str)) {
    let name = [("family", family), ("given", "花"), ("family_kana", "いわみ"), ("given_kana", "はな")];
    browser.fill(&format!("{P}/join/name"), &name).await.leads_to(&format!("{P}/join/birth"));
    let birth = [("year", year), ("month", "5"), ("day", "3")];
    browser.fill(&format!("{P}/join/birth"), &birth).await.leads_to(&format!("{P}/join/school"));
    let shown = browser.get(&format!("{P}/join/school")).await.shows(200, "架空高校");
    let school = shown
        .body
        .split("<option value=\"")
        .map(|rest| rest.split('"').next().unwrap())
        .find(|id| id.len() == 36)
        .unwrap()
        .to_owned();
    let school = [("school", school.as_str()), ("graduation", "2025")];
    browser.fill(&format!("{P}/join/school"), &school).await.leads_to(&format!("{P}/join/now"));
    let now = [("now", next), ("place", place)];
    browser.fill(&format!("{P}/join/now"), &now).await.leads_to(&format!("{P}/join/interests"));
    browser.fill(&format!("{P}/join/interests"), &[("interests", "home")]).await.leads_to(&format!("{P}/agree"));
}

pub async fn record(town: &Town, user: &str) -> PersonRecord {
    let user_id = town.line.sim.user_id("p1", user).unwrap();
    let mut reader = town.house.org(town.org).read().await.unwrap();
    let found = reader.person_by_contact(ContactKind::Line, &user_id, Some(town.provider)).await.unwrap().unwrap();
    reader.person_record(found.person).await.unwrap()
}

pub fn reaches(town: &Town, record: &PersonRecord) -> Reach {
    let policy = tsunagari_people::ReachPolicy { guardian_age: 18, ..Default::default() };
    reach(record, &Purpose::of("info"), &tsunagari_kernel::Moment::now(&*town.clock), &policy)
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_slip_to_my_page_by_line_and_back_again() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        let mut phone = Browser::at(&town.origin);
        begin(&town, &mut phone, "spring").await;
        // Nobody can skip a question, and a wrong answer is kept as typed.
        phone.get(&format!("{P}/join/now")).await.leads_to(&format!("{P}/join/contact"));
        by_line(&mut phone, "hana").await.leads_to(&format!("{P}/join/name"));
        let empty = phone.fill(&format!("{P}/join/name"), &[]).await.shows(422, "4か所");
        let lines = ["姓を入れて", "名を入れて", "姓のふりがなを入れて", "名のふりがなを入れて"];
        assert_eq!(empty.summary().len(), lines.len());
        for ((at, text), (name, line)) in
            empty.summary().iter().zip(["family", "given", "family_kana", "given_kana"].iter().zip(lines))
        {
            assert!(*at == format!("#f-{name}") && text.contains(line), "{at} {text}");
        }
        let wrong = [("family", "石見"), ("given", "花"), ("family_kana", "岩見"), ("given_kana", "はな")];
        phone
            .fill(&format!("{P}/join/name"), &wrong)
            .await
            .shows(422, "岩見")
            .shows(422, "姓のふりがなは、ひらがな・カタカナか、英字で");
        answer(&mut phone, "2007").await;
        phone.fill(&format!("{P}/agree"), &[]).await.shows(422, "少なくとも一つ");
        phone.fill(&format!("{P}/agree"), &[("agreed", "info")]).await.leads_to("/me/welcome");
        phone.get("/me/welcome").await.shows(200, "花さん、ありがとうございます");
        phone
            .get("/me")
            .await
            .shows(200, "石見 花")
            .shows(200, "大阪府")
            .shows(200, "使えます")
            .shows(200, "文面 第1版");
        let file = phone.get("/me/data.json").await.shows(200, "イワミ");
        assert!(
            serde_json::from_str::<serde_json::Value>(&file.body).unwrap()["data"]["contact_point"][0]["address"]
                .as_str()
                .unwrap()
                .starts_with('U')
        );
        assert!(reaches(&town, &record(&town, "hana").await).is_reachable());
        // The same LINE user on another phone is the same person.
        let mut other = Browser::at(&town.origin);
        let out = other.get(&format!("{P}/line-sign-in")).await;
        other.through_line(&out.to, "hana", None).await.leads_to("/me");
        other.fill("/me", &[]).await;
        let csrf = other.get("/me").await.csrf();
        other
            .post("/me/consent", &[("csrf", &csrf), ("purpose", "info"), ("answer", "withdraw")])
            .await
            .leads_to("/me?news=withdrawn&purpose=info");
        assert!(reaches(&town, &record(&town, "hana").await).has_reason(ReachReason::ConsentWithdrawn));
        other.post("/me/consent", &[("csrf", "x"), ("purpose", "info"), ("answer", "give")]).await.shows(403, "");
        // Leaving ends it everywhere at once; joining again is the same person.
        let before = record(&town, "hana").await.person.id;
        other.fill("/me/leave", &[]).await.shows(200, "これまで、ありがとうございました");
        phone.get("/me").await.leads_to("/sign-in");
        assert!(reaches(&town, &record(&town, "hana").await).has_reason(ReachReason::TieEnded));
        town.clock.advance(chrono::TimeDelta::days(1));
        begin(&town, &mut phone, "spring").await;
        by_line(&mut phone, "hana").await.leads_to(&format!("{P}/join/name"));
        answer(&mut phone, "2007").await;
        phone.fill(&format!("{P}/agree"), &[("agreed", "info")]).await.leads_to("/me/welcome");
        let again = record(&town, "hana").await;
        assert_eq!(again.person.id, before, "{kind:?}");
        assert!(reaches(&town, &again).is_reachable());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailed_link_goes_on_elsewhere_and_a_guardian_consents() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        let mut phone = Browser::at(&town.origin);
        begin(&town, &mut phone, "spring").await;
        let csrf = phone.get(&format!("{P}/join/contact")).await.csrf();
        phone.post(&format!("{P}/join-by-mail"), &[("csrf", &csrf), ("email", "hana")]).await.shows(422, "「@」");
        phone
            .post(&format!("{P}/join-by-mail"), &[("csrf", &csrf), ("email", "Hana@Town.example")])
            .await
            .leads_to(&format!("{P}/mail-sent"));
        // To which address, and the field to correct it.
        phone
            .get(&format!("{P}/mail-sent"))
            .await
            .shows(200, "Hana@Town.example に送りました")
            .shows(200, "value=\"Hana@Town.example\"");
        town.work().await;
        let link = town.mailed_link("hana@town.example");
        let mut laptop = Browser::at(&town.origin);
        laptop.get(&link).await.shows(200, "あと少しです").shows(200, "hana@town.example");
        laptop.post(&link, &[]).await.leads_to(&format!("{P}/join/name"));
        laptop.get(&link).await.shows(422, "もう使えません");
        answer(&mut laptop, "2008").await;
        laptop.get(&format!("{P}/agree")).await.shows(200, "18歳になっていないので");
        laptop.fill(&format!("{P}/agree"), &[("agreed", "info"), ("agreed", "jobs")]).await.leads_to("/me/welcome");
        laptop.get("/me").await.shows(200, "保護者の同意を待っています");
        let found = {
            let mut reader = town.house.org(town.org).read().await.unwrap();
            reader.person_by_contact(ContactKind::Email, "hana@town.example", None).await.unwrap().unwrap()
        };
        let read =
            || async { town.house.org(town.org).read().await.unwrap().person_record(found.person).await.unwrap() };
        assert!(reaches(&town, &read().await).has_reason(ReachReason::GuardianConsentNeeded));
        laptop
            .fill("/me/guardian", &[("email", "haha@town.example")])
            .await
            .shows(200, "保護者（haha@town.example）にメールを送りました");
        town.work().await;
        let link = town.mailed_link("haha@town.example");
        let mut mother = Browser::at(&town.origin);
        mother.get(&link).await.shows(200, "石見 花さんが、架空市");
        let nothing = mother.post(&link, &[]).await.shows(422, "お子さまとの関係を選んで");
        let order: Vec<String> = nothing.summary().into_iter().map(|(at, _)| at).collect();
        assert_eq!(order, ["#f-agreed", "#f-family", "#f-given", "#f-relation"]);
        assert!(order.windows(2).all(|two| {
            let place = |at: &str| nothing.body.find(&format!("id=\"{}\"", &at[1..])).unwrap();
            place(&two[0]) < place(&two[1])
        }));
        mother
            .post(&link, &[("family", "石見"), ("agreed", "info")])
            .await
            .shows(422, "保護者の名を入れて")
            .shows(422, "checked");
        let all = [("family", "石見"), ("given", "母子"), ("relation", "mother"), ("agreed", "info")];
        mother
            .post(&link, &all)
            .await
            .shows(200, "「お知らせ」が届くようになります")
            .shows(200, "「仕事」は届けません");
        mother.post(&link, &all).await.shows(422, "もう使えません").shows(422, "新しいリンクを出してもらって");
        mother.get(&link).await.shows(422, "もう使えません");
        // One of two purposes: each says where it stands.
        laptop.get("/me").await.shows(
            200,
            "「仕事」は、保護者の同意がそろうまで届きません。「お知らせ」は、同意がそろっているので届けます。",
        );
        let after = read().await;
        assert!(reaches(&town, &after).is_reachable(), "{kind:?}");
        assert_eq!(after.guardianships.len(), 1);
        assert!(after.consents.iter().any(|consent| matches!(consent.given_by, GivenBy::Guardian(Some(_)))));
        // Of age, she is asked at once whether it shall go on.
        town.clock.advance(chrono::TimeDelta::days(60));
        laptop.get(&format!("{P}/sign-in")).await.shows(200, "マイページに入る");
        laptop.post(&format!("{P}/sign-in"), &[("email", "hana@town.example")]).await.shows(200, "リンクを送りました");
        town.work().await;
        laptop.post(&town.mailed_link("hana@town.example"), &[]).await.leads_to("/me");
        let csrf = laptop.get("/me").await.shows(200, "これからは、あなたが決められます").csrf();
        laptop.post("/me/reconfirm", &[("csrf", &csrf), ("answer", "go_on")]).await.leads_to("/me?news=went-on");
        assert!(!laptop.get("/me").await.body.contains("これからは、あなたが決められます"));
        laptop.fill("/me/erase", &[]).await.leads_to("/me");
        laptop.get("/me").await.shows(200, "データの消去を");
    }
}

/// A person as a school's list brings them.
pub async fn listed(town: &Town) -> PersonId {
    listed_as(town, "石見").await
}

/// The same, of a family.
async fn listed_as(town: &Town, family: &str) -> PersonId {
    let now = town.house.now();
    let id = PersonId::born(&town.house.chance, now);
    let person = Person {
        id,
        family: family.into(),
        given: "花".into(),
        family_kana: "イワミ".into(),
        given_kana: "ハナ".into(),
        birth_date: chrono::NaiveDate::from_ymd_opt(2007, 5, 3),
        locale: PersonLocale::Ja,
        address_protected: false,
        team: None,
        merged_into: None,
        created_at: now,
    };
    let here = town.house.org(town.org);
    let keys = here.make_person_keys(&[id]).await.unwrap();
    let mut tx = here.write().await.unwrap();
    let arrival = Arrival { record: PersonRecord::of(person), source: "import".into(), addresses: Default::default() };
    tx.insert_people(&[arrival], &keys).await.unwrap();
    tx.commit(&town.act("import")).await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schools_row_is_met_but_nobody_takes_over_who_has_joined() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        let row = listed(&town).await;
        for user in ["hana", "taro"] {
            let mut phone = Browser::at(&town.origin);
            begin(&town, &mut phone, "spring").await;
            by_line(&mut phone, user).await.leads_to(&format!("{P}/join/name"));
            answer(&mut phone, "2007").await;
            phone.fill(&format!("{P}/agree"), &[("agreed", "info")]).await.leads_to("/me/welcome");
        }
        assert_eq!(record(&town, "hana").await.person.id, row, "{kind:?}");
        let second = record(&town, "taro").await.person.id;
        assert_ne!(second, row);
        let mut reader = town.house.org(town.org).read().await.unwrap();
        let work = tsunagari_storage::erasure_request::PersonWork::DoubtfulJoin;
        assert!(reader.asked_office(work, second).await.unwrap().is_some());
        drop(reader);
        // The office finds that the second is on the list under another entry: the day of joining goes with them.
        let entry = listed(&town).await;
        let joins = async || town.house.org(town.org).read().await.unwrap().joins(entry).await.unwrap();
        assert_eq!(joins().await, [], "{kind:?}");
        let user = UserId::born(&town.house.chance, town.house.now());
        let officer = Officer::of(town.org, user, vec![Role::Administrator]);
        let by: Granted<MergePeople> = officer.grant(town.house.real_clock.now()).unwrap();
        let merge = merge_persons(&town.house, &by, entry, second).await.unwrap();
        assert_eq!(joins().await.len(), 1, "{kind:?}");
        unmerge_persons(&town.house, &by, merge).await.unwrap();
        assert_eq!(joins().await, [], "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variant_of_a_name_outlives_the_common_character_whoever_wrote_it() {
    for kind in BOTH {
        for (list, typed) in [("高橋", "髙橋"), ("髙橋", "高橋")] {
            let town = Town::open(kind).await;
            town.event("spring").await;
            let row = listed_as(&town, list).await;
            let mut phone = Browser::at(&town.origin);
            begin(&town, &mut phone, "spring").await;
            by_line(&mut phone, "hana").await.leads_to(&format!("{P}/join/name"));
            answer_as(&mut phone, typed, ("2007", "university", "270008")).await;
            phone.fill(&format!("{P}/agree"), &[("agreed", "info")]).await.leads_to("/me/welcome");
            let joined = record(&town, "hana").await.person;
            assert_eq!((joined.id, joined.family.as_str()), (row, "髙橋"), "{kind:?}: {typed} meets {list}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_school_may_begin_from_one_address_but_not_a_machine() {
    let town = Town::open(BOTH[0]).await;
    let event = town.event("spring").await.id.to_string();
    let mut phone = Browser::at(&town.origin);
    for _ in 0..300 {
        phone.post(&format!("{P}/join"), &[("event", &event)]).await.leads_to(&format!("{P}/join/contact"));
    }
    phone.post(&format!("{P}/join"), &[]).await.shows(429, "");
    town.clock.advance(chrono::TimeDelta::minutes(11));
    phone.post(&format!("{P}/join"), &[]).await.leads_to(&format!("{P}/join/contact"));
    phone.get(&format!("{P}?lang=en")).await.shows(200, "To you, from");
    phone.get(&format!("{P}/join/name")).await.leads_to(&format!("{P}/join/contact"));
    phone.get(&format!("{P}/join/contact")).await.shows(200, "How shall we stay in touch?");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stops_at_line_is_told_and_a_name_without_kana_joins_in_latin_letters() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        let mut browser = Browser::at(&town.origin);
        begin(&town, &mut browser, "spring").await;
        let back = browser.get("/line/callback?error=access_denied&state=x").await;
        let told = browser.get(&back.to).await.shows(200, "まだ何も送っていません");
        assert!(told.body.contains("LINEで続ける"), "{kind:?}: and how to go on");
        assert!(!browser.get(&format!("{P}/join/contact")).await.body.contains("まだ何も送っていません"), "{kind:?}");

        by_line(&mut browser, "hana").await.leads_to(&format!("{P}/join/name"));
        browser.get(&format!("{P}/join/name?lang=en")).await.shows(200, "may be in Latin letters");
        let name = [("family", "Takahashi"), ("given", "Ann"), ("family_kana", "高橋"), ("given_kana", "Ann")];
        browser.fill(&format!("{P}/join/name"), &name).await.shows(422, "Latin letters");
        let name = [("family", "Takahashi"), ("given", "Ann"), ("family_kana", "Takahashi"), ("given_kana", "Ann")];
        browser.fill(&format!("{P}/join/name"), &name).await.leads_to(&format!("{P}/join/birth"));
    }
}
