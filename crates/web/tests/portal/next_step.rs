//! What somebody says they will do next is kept with its days and shown wherever it is shown what they study: on their page,
//! in their data, until they say something else. What took its place stands among the changes on the office's card.

use chrono::NaiveDate;
use tsunagari_access::Role;
use tsunagari_people::residence::Place;
use tsunagari_people::{OccupationKind, SchoolKind};
use tsunagari_storage::testing::BOTH;

use crate::browser::Browser;
use crate::house::Town;
use crate::joining::{P, answer_next, answer_where, begin, by_line, record};
use crate::protected::office;

async fn joins(town: &Town, phone: &mut Browser, next: &str) {
    begin(town, phone, "spring").await;
    by_line(phone, "hana").await.leads_to(&format!("{P}/join/name"));
    answer_next(phone, "2007", next).await;
    phone.fill(&format!("{P}/agree"), &[("agreed", "info")]).await.leads_to("/me/welcome");
}

/// Leaves, and joins again the day after with another answer.
async fn joins_again(town: &Town, phone: &mut Browser, next: &str) {
    phone.fill("/me/leave", &[]).await.shows(200, "これまで、ありがとうございました");
    town.clock.advance(chrono::TimeDelta::days(1));
    joins(town, phone, next).await;
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_to_work_finds_it_on_their_page_and_in_their_data_until_they_study() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        let mut phone = Browser::at(&town.origin);
        joins(&town, &mut phone, "working").await;
        // It is 16 March: what comes after graduation begins on 1 April.
        phone.get("/me").await.shows(200, "していること</dt><dd>働く　令和8年4月1日から");
        // Whom to tell of a change can be written to at once, as on the first page.
        let write = "<a href=\"mailto:kakuu@town.example\">kakuu@town.example</a>";
        phone.get("/me").await.shows(200, write);
        phone.get(P).await.shows(200, write);
        phone.get("/me/data").await.shows(200, "学校のほかにしていること").shows(200, "働いている（就職など）");
        let file: serde_json::Value = serde_json::from_str(&phone.get("/me/data.json").await.body).unwrap();
        let kept = &file["data"]["occupation"][0];
        assert_eq!(
            (kept["kind"].as_str(), kept["from_on"].as_str()),
            (Some("working"), Some("2026-04-01")),
            "{kind:?}"
        );

        // The same again is the same fact; something else takes the place of what has not begun.
        joins_again(&town, &mut phone, "working").await;
        assert_eq!(record(&town, "hana").await.occupations.len(), 1, "{kind:?}");
        joins_again(&town, &mut phone, "other").await;
        let told = record(&town, "hana").await.occupations;
        assert_eq!((told.len(), told[0].kind), (1, OccupationKind::Other), "{kind:?}");

        // Who studies later has done it until then.
        joins_again(&town, &mut phone, "working").await;
        phone.fill("/me/leave", &[]).await;
        town.clock.advance(chrono::TimeDelta::days(91));
        joins(&town, &mut phone, "university").await;
        let it = record(&town, "hana").await;
        assert_eq!(
            (it.occupations[0].span.from, it.occupations[0].span.until),
            (day("2026-04-01"), Some(day("2026-06-18")))
        );
        assert!(it.enrolments.iter().any(|stay| stay.kind == SchoolKind::University), "{kind:?}");
        phone.get("/me").await.shows(200, "働く　令和8年4月1日から令和8年6月17日まで");
        phone.get("/me?lang=en").await.shows(200, "What you do</dt><dd>Work");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_still_at_school_says_nothing_of_what_comes_after_it() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        let mut phone = Browser::at(&town.origin);
        joins(&town, &mut phone, "working").await;
        joins_again(&town, &mut phone, "high_school").await;
        let told = record(&town, "hana").await.occupations;
        assert_eq!(told.iter().map(|it| it.span.from).collect::<Vec<_>>(), [day("2026-04-01")], "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stays_in_the_town_is_known_to_live_there() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        let mut phone = Browser::at(&town.origin);
        begin(&town, &mut phone, "spring").await;
        by_line(&mut phone, "hana").await;
        answer_where(&mut phone, "2007", "university", "322041").await;
        phone.fill(&format!("{P}/agree"), &[("agreed", "info")]).await.leads_to("/me/welcome");
        let it = record(&town, "hana").await;
        let school = it.enrolments.iter().find(|stay| stay.kind == SchoolKind::University).unwrap();
        // The school that follows says since when; the first one only until when.
        phone.get("/me").await.shows(200, "令和8年4月1日から令和12年3月31日まで").shows(200, "（令和8年3月31日まで）");
        assert_eq!(school.place.unwrap().to_string(), "320005", "{kind:?}: where the school is was not asked");
        let homes: Vec<Place> = it.residences.into_iter().map(|it| it.place).collect();
        assert_eq!(homes, [Place::Municipality("322041".parse().unwrap())], "{kind:?}");
        phone.get("/me?lang=ja").await.shows(200, "島根県益田市");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_later_stands_among_the_changes_with_what_stood_before() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        town.event("spring").await;
        let mut phone = Browser::at(&town.origin);
        joins(&town, &mut phone, "working").await;
        let person = record(&town, "hana").await.person.id;
        let changes = async || {
            let all = town.house.org(town.org).read().await.unwrap().person_changes(person, 99).await.unwrap();
            all.into_iter().map(|it| (it.what, it.before.is_some(), it.after.is_some())).collect::<Vec<_>>()
        };
        assert_eq!(changes().await, [], "{kind:?}: what began with them is no change");
        phone.fill("/me/leave", &[]).await;
        town.clock.advance(chrono::TimeDelta::days(1));
        begin(&town, &mut phone, "spring").await;
        by_line(&mut phone, "hana").await.leads_to(&format!("{P}/join/name"));
        answer_where(&mut phone, "2007", "university", "322041").await;
        phone.fill(&format!("{P}/agree"), &[("agreed", "info")]).await.leads_to("/me/welcome");
        let joined =
            [("enrolment", false, true), ("occupation", true, false), ("residence", true, true), ("tie", false, true)];
        let left = ("tie", true, true);
        let told: Vec<_> = joined.into_iter().chain([left]).map(|(what, was, is)| (what.to_owned(), was, is)).collect();
        assert_eq!(changes().await, told, "{kind:?}");
        town.clock.advance(chrono::TimeDelta::minutes(1));
        let csrf = phone.get("/me").await.csrf();
        for said in [("language", "en"), ("interests", "work")] {
            let path = format!("/me/{}", said.0);
            phone.post(&path, &[("csrf", &csrf), said]).await.leads_to("/me?news=saved");
        }

        let card = office(&town, Role::Editor).await.get(&format!("/office/people/{person}")).await;
        let row = |what: &str| {
            let rows = card.body.split("<tr").filter(|row| row.contains(what)).collect::<String>();
            assert!(rows.contains("本人"), "{kind:?}, by whom: {what}: {rows}");
            rows
        };
        let moved = row("居住");
        assert!(moved.contains("大阪府") && moved.contains("益田市"), "{moved}");
        let (does, speaks) = (row("学校のほか"), row("言語"));
        assert!(does.contains("働いている"), "{does}");
        assert!(speaks.contains("英語"), "{speaks}");
        let chosen = row("就職");
        assert!(chosen.contains("興味") && chosen.contains("帰省のイベント"), "{chosen}");
    }
}
