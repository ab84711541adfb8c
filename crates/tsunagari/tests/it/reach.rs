//! Figures at the door: behind every number stands its list, a published figure stays beside what a computation gives, and
//! a network sees what its members have published and nothing else.

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::http::header::CONTENT_DISPOSITION;
use chrono::NaiveDate;
use rstest::rstest;
use tsunagari_access::{Machine, Role};
use tsunagari_acts::adopt_plan::adopt_plan_at_setup;
use tsunagari_acts::found_organisation::{FirstStaff, Founding, found_organisation};
use tsunagari_acts::keep_network_members::keep_network_members_at_setup;
use tsunagari_acts::load_people::load_people;
use tsunagari_acts::publish_figure::{Signed, publish_figure_at_setup};
use tsunagari_kernel::{
    ConsentId, ContactPointId, EnrolmentId, FiscalYear, OrgId, PersonId, Span, TieId, Timestamp, UserId,
};
use tsunagari_people::contact_point::Working;
use tsunagari_people::{
    Consent, ContactKind, ContactPoint, EndReason, Enrolment, GivenBy, Person, PersonLocale, PersonRecord, Purpose,
    SchoolKind, Tie, TieKind,
};
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::person::Arrival;
use tsunagari_storage::purpose::Labelled;
use tsunagari_storage::staff::Staff;
use tsunagari_testkit::{Kind, Office, Town};

pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// Somebody who left school in R6 and joined by e-mail in October 2024; the address may have bounced since.
pub fn graduate(town: &Town, given: &str, bounced: Option<NaiveDate>) -> Arrival {
    let (chance, now) = (&town.house.chance, Timestamp::start_of(day(2024, 10, 1)));
    let id = PersonId::born(chance, now);
    let mut record = PersonRecord::of(Person {
        id,
        family: "架空".into(),
        given: given.into(),
        family_kana: "カクウ".into(),
        given_kana: "ハナ".into(),
        birth_date: Some(day(2006, 5, 1)),
        locale: PersonLocale::Ja,
        address_protected: false,
        team: None,
        merged_into: None,
        created_at: now,
    });
    let stay = EnrolmentId::born(chance, now);
    record.enrolments.push(Enrolment::ending(stay, SchoolKind::HighSchool, "架空高校".to_owned(), FiscalYear(2024), 3));
    let tie = TieId::born(chance, now);
    record.ties.push(Tie { id: tie, kind: TieKind::Origin, span: Span::since(day(2022, 4, 1)), ended: None });
    record.consents.push(Consent {
        id: ConsentId::born(chance, now),
        purpose: Purpose::of("info"),
        wording_version: 1,
        given_by: GivenBy::Myself,
        span: Span::since(now),
        ended: None,
    });
    let until = bounced.map(Timestamp::start_of);
    let point = ContactPoint {
        id: ContactPointId::born(chance, now),
        kind: ContactKind::Email,
        provider: None,
        kept: Span::since(now),
        verified_at: Some(now),
        working: vec![Working { span: Span { from: now, until }, ended: until.map(|_| EndReason::HardBounce) }],
        confirmed: vec![now],
    };
    let addresses = HashMap::from([(point.id, format!("{id}@post.example"))]);
    record.contact_points.push(point);
    Arrival { record, source: "import".into(), addresses }
}

/// A town with a plan, its purpose and three graduates: two reached, one whose mail came back last summer.
pub async fn filled(town: &Town, office: &Office, slug: &str) {
    let by = Machine::working(office.org, "test");
    let mut tx = town.house.org(office.org).write().await.unwrap();
    let label = "案内".to_owned();
    let info = Labelled { code: "info".into(), ja: label.clone(), easy: label.clone(), en: label };
    tx.keep_purpose(&info, 0).await.unwrap();
    tx.commit(&tsunagari_access::Act::named("keep_purpose", by.actor(), town.house.operation())).await.unwrap();
    adopt_plan_at_setup(&town.house, &by, Some(slug)).await.unwrap();
    let arrivals =
        [graduate(town, "一", None), graduate(town, "二", None), graduate(town, "三", Some(day(2025, 8, 1)))];
    load_people(&town.house, &by, &arrivals).await.unwrap();
}

pub async fn publish(town: &Town, office: &Office, year: i32) {
    let by = Machine::working(office.org, "test");
    let indicator = town.house.org(office.org).read().await.unwrap().indicators().await.unwrap()[0].id;
    let signed = Signed {
        by: office.who("approver").staff.id,
        at: Timestamp::start_of(day(year + 1, 4, 20)),
        note: String::new(),
    };
    let of = FiscalYear(year).last_day();
    publish_figure_at_setup(&town.house, &by, indicator, of, signed).await.unwrap();
}

pub async fn indicator(town: &Town) -> String {
    let mut reader = town.house.org(town.here.org).read().await.unwrap();
    reader.indicators().await.unwrap()[0].id.to_string()
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn behind_every_number_stands_its_list(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    let id = indicator(&town).await;
    let mut editor = town.signed_in(&town.here, "editor").await;
    let page = editor.get("/office/reach").await;
    assert!(page.text.contains(&format!("/office/reach/{id}/people?group=reached")), "{}", page.text);

    let list = |query: &str| format!("/office/reach/{id}/people?{query}");
    let names = |text: &str| ["一", "二", "三"].map(|given| text.contains(&format!("架空 {given}")));
    assert_eq!(names(&editor.get(&list("group=reached")).await.text), [true, true, false]);
    assert_eq!(names(&editor.get(&list("group=not_reached")).await.text), [false, false, true]);
    assert_eq!(names(&editor.get(&list("group=not_reached&reason=email_bounced")).await.text), [false, false, true]);
    assert_eq!(names(&editor.get(&list("group=not_reached&reason=line_blocked")).await.text), [false; 3]);
    assert_eq!(names(&editor.get(&list("group=known&cohort=2024")).await.text), [true; 3]);
    assert_eq!(names(&editor.get(&list("group=known&cohort=2023")).await.text), [false; 3]);
    // As of last March nobody's mail had come back.
    assert_eq!(names(&editor.get(&list("group=reached&as_of=2025-03-31")).await.text), [true; 3]);
    assert_eq!(editor.get(&list("group=everybody")).await.status, StatusCode::BAD_REQUEST);

    // A contractor sees the figures and no list of people.
    let mut contractor = town.signed_in(&town.here, "contractor").await;
    let page = contractor.get("/office/reach").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains("/people?group="));
    assert_eq!(contractor.get(&list("group=reached")).await.status, StatusCode::FORBIDDEN);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn what_leaves_is_recorded_first_and_a_blank_year_is_blank(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    publish(&town, &town.here, 2024).await;
    let mut editor = town.signed_in(&town.here, "editor").await;
    let token = editor.get("/office/reach").await.form_token().expect("the form that takes figures out");
    let file = editor.post("/office/reach/export", &[("csrf", &token), ("format", "csv")]).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text);
    assert!(file.header(&CONTENT_DISPOSITION).contains("\"masuda-figures-2"), "the town, what it is, the day");
    assert!(file.header(&CONTENT_DISPOSITION).ends_with(".csv\""));
    let of_a_day = [("csrf", token.as_str()), ("format", "csv"), ("as_of", "2025-01-15")];
    let file_of_a_day = editor.post("/office/reach/export", &of_a_day).await;
    assert!(file_of_a_day.header(&CONTENT_DISPOSITION).contains("\"masuda-figures-2025-01-15.csv\""));
    let row = |year: &str| {
        let line = file.text.lines().find(|line| line.contains(&format!(",{year},"))).expect("a row of the year");
        line.split(',').map(str::to_owned).collect::<Vec<_>>()
    };
    let (blank, published) = (row("2022"), row("2024"));
    assert_eq!((blank[6].as_str(), blank[8].as_str(), blank[16].as_str()), ("", "", ""), "R4 stays blank");
    // Published with all three; a computation for the same day gives the same.
    assert_eq!((published[6].as_str(), published[8].as_str(), published[9].as_str()), ("990", "3", "3"));

    let id = indicator(&town).await;
    let action = format!("/office/reach/{id}/people/export");
    let file = editor.post(&action, &[("csrf", &token), ("format", "csv"), ("group", "not_reached")]).await;
    assert_eq!(file.text.lines().filter(|line| line.contains("架空 ")).count(), 1, "{}", file.text);
    let mut approver = town.signed_in(&town.here, "approver").await;
    let record = approver.get("/office/audit").await;
    assert!(record.text.contains("一覧") || record.text.contains("export"), "{}", record.text);

    let viewer = town.signed_in(&town.here, "viewer").await.post(&action, &[("format", "csv")]).await;
    assert_eq!(viewer.status, StatusCode::FORBIDDEN);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_published_figure_stays_beside_what_is_counted_now(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    publish(&town, &town.here, 2024).await;
    let mut viewer = town.signed_in(&town.here, "viewer").await;
    let page = viewer.get("/office/reach").await;
    assert!(page.text.contains("±0"), "published 3, counted 3: {}", page.text);
    let token = page.form_token().expect("the form that counts again");
    // A fourth graduate, entered only now, had been reachable then already.
    let by = Machine::working(town.here.org, "test");
    load_people(&town.house, &by, &[graduate(&town, "四", None)]).await.unwrap();
    let page = viewer.get("/office/reach").await.text;
    assert!(page.contains("±0") && page.contains("数え直した数です"), "as last counted, and says so: {page}");
    let answer = viewer.post("/office/reach/recount", &[("csrf", &token)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let page = viewer.get("/office/reach").await.text;
    assert!(page.contains("+1"), "published 3, now 4: {page}");
    let at = page.find("/office/reach/figures/").expect("the published figure is linked");
    let figure: String = page[at..].chars().take_while(|c| *c != '"').collect();
    let page = viewer.get(&figure).await.text;
    assert!(page.contains("架空 三") && !page.contains("架空 四"), "the frozen list: {page}");
    assert!(page.contains("SHA-256"));
}

/// The address of a figure's page where publishing led, without the word of what was done.
fn page_of(location: Option<String>) -> String {
    let there = location.expect("the figure's page");
    there.split('?').next().unwrap_or_default().to_owned()
}

/// The card, the table and the figure's own page tell one number of one day, also of the day it was published on.
#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn who_is_lost_later_on_the_day_of_a_figure_is_missing_from_its_recount(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    let path = format!("/office/reach/{}/publish", indicator(&town).await);
    let mut approver = town.signed_in(&town.here, "approver").await;
    let today = town.house.now().jst_date().to_string();
    let token = approver.get(&path).await.form_token().expect("the form that publishes");
    let done = approver.post(&path, &[("csrf", &token), ("as_of", &today), ("note", "")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let figure = page_of(done.location);
    let cell = "data-label=\"差\">−1</td>";
    let told = async |browser: &mut tsunagari_testkit::Browser, page: &str| browser.get(page).await.text.contains("−1");
    assert!(!told(&mut approver, &figure).await, "the control: nothing has happened since");
    town.calendar.advance(chrono::Duration::minutes(30));
    let list = approver.get(&format!("{figure}?group=reached")).await.text;
    let card = list.split("/office/people/").find(|part| part.contains("架空 二")).expect("二's line");
    let person = card.split(['"', '?']).next().unwrap().parse().unwrap();
    let mut tx = town.house.org(town.here.org).write().await.unwrap();
    tx.withdraw_consents(person, town.house.now(), tsunagari_people::consent::ConsentEnd::WithdrawnBySelf)
        .await
        .unwrap();
    let by = Machine::working(town.here.org, "test");
    tx.commit(&tsunagari_access::Act::named("test", by.actor(), town.house.operation())).await.unwrap();
    assert!(told(&mut approver, &figure).await, "{kind:?}: the figure's own page");
    let board = approver.get("/office/reach").await.text;
    assert!(board.contains(cell), "{kind:?}: the table beside the card: {board}");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_figure_is_published_once_for_a_day_and_withdrawn_with_a_reason(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    let path = format!("/office/reach/{}/publish", indicator(&town).await);
    let mut approver = town.signed_in(&town.here, "approver").await;
    let asked = approver.get(&format!("{path}?as_of=2025-03-31")).await;
    assert!(asked.text.contains("令和6年度") && asked.text.contains("<dd>3</dd>"), "{}", asked.text);
    let token = asked.form_token().expect("the form that publishes");
    let told = [("csrf", token.as_str()), ("as_of", "2025-03-31"), ("note", "県への報告")];
    let long = "長".repeat(501);
    let kept = approver.post(&path, &[("csrf", &token), ("as_of", "2025-03-31"), ("note", &long)]).await;
    assert!(kept.status == StatusCode::UNPROCESSABLE_ENTITY && kept.text.contains(&long), "what was typed stays");
    let published = approver.post(&path, &told).await;
    assert_eq!(published.status, StatusCode::SEE_OTHER, "{}", published.text);
    let there = published.location.expect("the figure's page");
    assert!(approver.get(&there).await.text.contains("公表しました"), "what was done is said where it leads");
    let figure = page_of(Some(there));

    // Pressed again, it stays one; the page itself says so and offers no button.
    let again = approver.post(&path, &told).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("同じ日の数が公表されています"), "{}", again.text);
    assert!(!approver.get(&format!("{path}?as_of=2025-03-31")).await.text.contains("name=\"note\""));
    // Another day of the year may stand beside it, and is told of it.
    assert!(approver.get(&format!("{path}?as_of=2025-03-30")).await.text.contains("公表されています"));
    assert_eq!(approver.get(&format!("{path}?as_of=2126-03-30")).await.status, StatusCode::BAD_REQUEST);

    let withdraw = format!("{figure}/withdraw");
    let without = approver.post(&withdraw, &[("csrf", &token), ("reason", " ")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", without.text);
    let long = "長".repeat(501);
    let kept = approver.post(&withdraw, &[("csrf", &token), ("reason", &long)]).await;
    assert!(kept.status == StatusCode::UNPROCESSABLE_ENTITY && kept.text.contains(&long), "what was typed stays");
    assert!(
        kept.text.contains("500文字まで") && kept.text.contains("SHA-256"),
        "on the figure's own page: {}",
        kept.text
    );
    let done = approver.post(&withdraw, &[("csrf", &token), ("reason", "母数の誤り")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let there = approver.get(&done.location.expect("the figure's page")).await.text;
    assert!(there.contains("取り下げました") && !there.contains("公表しました"), "{there}");
    let page = approver.get(&figure).await.text;
    assert!(page.contains("取り下げられた数") && page.contains("母数の誤り") && page.contains("県への報告"), "{page}");
    let by: String = page.split("取り下げた人").nth(1).unwrap_or_default().chars().take(80).collect();
    assert!(by.contains(" approver"), "who withdrew it stands beside why: {by}");
    let page = approver.get("/office/reach").await.text;
    assert!(
        page.contains(&figure) && page.contains("理由：母数の誤り"),
        "the dashboard leads to what was withdrawn: {page}"
    );
    // The sheet keeps the withdrawn figure's row, with number, seal and reason.
    let mut editor = town.signed_in(&town.here, "editor").await;
    let csrf = editor.get("/office/reach").await.form_token().expect("the form that exports");
    let sheet = editor.post("/office/reach/export", &[("csrf", &csrf), ("format", "csv")]).await.text;
    let row = sheet.lines().find(|line| line.contains("母数の誤り")).unwrap_or_default();
    assert!(row.contains("取り下げ") && row.split(',').any(|cell| cell == "3"), "{sheet}");
    assert_eq!(
        approver.post(&withdraw, &[("csrf", &token), ("reason", "二度")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(approver.post(&path, &told).await.status, StatusCode::SEE_OTHER, "the day is free again");
    let mut viewer = town.signed_in(&town.here, "viewer").await;
    assert_eq!(viewer.post(&withdraw, &[("reason", "いらない")]).await.status, StatusCode::FORBIDDEN);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_figure_published_later_stands_for_its_day_and_a_day_to_come_is_told(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    publish(&town, &town.here, 2024).await;
    let mut viewer = town.signed_in(&town.here, "viewer").await;
    let of = async |viewer: &mut tsunagari_testkit::Browser, day: &str| {
        viewer.get(&format!("/office/reach?as_of={day}")).await.text
    };
    // Published on 20 April for 31 March: it is the figure of that day, and says when it was published.
    let page = of(&mut viewer, "2025-03-31").await;
    assert!(page.contains("/office/reach/figures/") && page.contains("2025/04/20"), "{page}");
    assert!(!of(&mut viewer, "2025-03-30").await.contains("/office/reach/figures/"), "not yet that day");
    let page = of(&mut viewer, "2126-03-31").await;
    assert!(page.contains("まだ来ていない日です") && page.contains("value=\"2126-03-31\""), "{page}");
    assert!(!of(&mut viewer, "2026-03-01").await.contains("まだ来ていない日です"));
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn last_march_is_counted_at_its_end_whatever_other_day_was_published(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    let mut viewer = town.signed_in(&town.here, "viewer").await;
    let march = async |viewer: &mut tsunagari_testkit::Browser| {
        let page = viewer.get("/office/reach?as_of=2026-03-31").await.text;
        let from = page.find("昨年度末（2025/03/31）").unwrap_or_else(|| panic!("last March is told: {page}"));
        page[from..].chars().take(400).collect::<String>()
    };
    let before = march(&mut viewer).await;
    assert!(before.contains('3'), "the control: all three were reached then: {before}");
    // Nobody of them had finished school on this day of the same year; its figure stands for the year, not for its end.
    let by = Machine::working(town.here.org, "test");
    let indicator = town.house.org(town.here.org).read().await.unwrap().indicators().await.unwrap()[0].id;
    let signed = Signed {
        by: town.here.who("approver").staff.id,
        at: Timestamp::start_of(day(2024, 11, 2)),
        note: String::new(),
    };
    publish_figure_at_setup(&town.house, &by, indicator, day(2024, 11, 1), signed).await.unwrap();
    assert_eq!(march(&mut viewer).await, before, "{kind:?}");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn what_to_know_about_the_plans_numbers_stands_beside_them(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    let plan = tsunagari_blueprints::plan_by_slug("shimane/masuda").unwrap().unwrap();
    assert!(!plan.notes.is_empty(), "the control");
    let mut viewer = town.signed_in(&town.here, "viewer").await;
    let page = viewer.get("/office/reach").await.text;
    for note in &plan.notes {
        assert!(page.contains(&note.text), "{}: {page}", note.text);
    }
}

/// A network whose members are named, with a viewer.
pub async fn network(town: &Town, members: &[(OrgId, NaiveDate)]) -> Office {
    let org = OrgId::born(&town.house.chance, town.house.now());
    let organisation = Organisation {
        kind: "network".into(),
        ..Organisation::by_default(org, "test-network", "架空ネットワーク", "カクウネットワーク")
    };
    let viewer = FirstStaff {
        staff: Staff {
            id: UserId::born(&town.house.chance, town.house.now()),
            login: "editor@test-network.example".into(),
            name: "架空 太郎".into(),
            role: Role::Editor,
            team: None,
            active: true,
        },
        password_hash: "none".into(),
        totp: town.house.chance.bytes(),
    };
    let founding = Founding {
        organisation,
        teams: vec![],
        staff: vec![viewer.clone()],
        purposes: vec![],
        wordings: vec![],
        interests: vec![],
    };
    let by = Machine::working(org, "test");
    found_organisation(&town.house, &by, &founding).await.unwrap();
    keep_network_members_at_setup(&town.house, &by, members).await.unwrap();
    Office { org, code: "test-network".into(), staff: vec![viewer] }
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_network_sees_what_its_members_published_and_nothing_else(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    filled(&town, &town.there, "shimane/matsue").await;
    publish(&town, &town.here, 2024).await;
    // 松江市 joins the network only later: as of the first day it is no member and nothing of it is seen.
    let office = network(&town, &[(town.here.org, day(2022, 4, 1)), (town.there.org, day(2026, 3, 1))]).await;
    let mut editor = town.signed_in(&office, "editor").await;
    let before = editor.get("/office/network?as_of=2025-12-31").await;
    assert_eq!(before.status, StatusCode::OK, "{}", before.text);
    assert!(before.text.contains("益田市") && !before.text.contains("松江市"), "{}", before.text);
    let now = editor.get("/office/network").await.text;
    assert!(now.contains("松江市") && now.contains("延べ"));
    assert!(!now.contains("架空 一"), "no person is named");
    // Targets of both are added (990 + 1,502), rates are not; what 松江市 has not published stays blank.
    assert!(now.contains("2,492"), "{now}");

    let token = editor.get("/office/network").await.form_token().expect("the form that takes it out");
    let file = editor.post("/office/network/export", &[("csrf", &token), ("format", "csv")]).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text);
    let matsue = file.text.lines().find(|line| line.contains("松江市") && line.contains(",2024,")).expect("a row");
    assert_eq!(matsue.split(',').nth(7), Some(""), "unpublished is blank: {matsue}");

    // A town is no network: it finds no such page.
    assert_eq!(
        town.signed_in(&town.here, "administrator").await.get("/office/network").await.status,
        StatusCode::NOT_FOUND
    );
}
