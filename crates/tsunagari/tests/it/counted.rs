//! Whom a figure counts, whom it speaks of and what it divides by: people abroad, people who left, schools spelled otherwise,
//! small numbers, and what stays as it was frozen.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use chrono::{Duration, NaiveDate};
use rstest::rstest;
use tsunagari_access::{Act, Machine, Role};
use tsunagari_acts::adopt_plan::adopt_plan_at_setup;
use tsunagari_acts::found_organisation::{FirstStaff, Founding, found_organisation};
use tsunagari_acts::load_people::{know_schools, load_people};
use tsunagari_figures::{Basis, Bound, Denominator, Population, Provenance, Target};
use tsunagari_kernel::{FiscalYear, OrgId, ResidenceId, SchoolId, Span, UserId};
use tsunagari_people::residence::Place;
use tsunagari_people::{Residence, School, SchoolKind, TieEnd};
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::indicator::KeptIndicator;
use tsunagari_storage::person::Arrival;
use tsunagari_storage::purpose::Labelled;
use tsunagari_storage::staff::Staff;
use tsunagari_testkit::{Browser, Kind, Office, Town};

use crate::installation;
use crate::reach::{day, filled, graduate, network, publish};

/// A town of a code with an administrator, without a plan.
async fn founded(town: &Town, code: &str, name: &str) -> Office {
    let org = OrgId::born(&town.house.chance, town.house.now());
    let administrator = FirstStaff {
        staff: Staff {
            id: UserId::born(&town.house.chance, town.house.now()),
            login: format!("administrator@{code}.example"),
            name: "架空 太郎".into(),
            role: Role::Administrator,
            team: None,
            active: true,
        },
        password_hash: "none".into(),
        totp: town.house.chance.bytes(),
    };
    let label = "案内".to_owned();
    let founding = Founding {
        organisation: Organisation::by_default(org, code, name, "カクウ"),
        teams: vec![],
        staff: vec![administrator.clone()],
        purposes: vec![Labelled { code: "info".into(), ja: label.clone(), easy: label.clone(), en: label }],
        wordings: vec![],
        interests: vec![],
    };
    found_organisation(&town.house, &Machine::working(org, "test"), &founding).await.unwrap();
    Office { org, code: code.into(), staff: vec![administrator] }
}

fn high_school(town: &Town, name: &str) -> School {
    let id = SchoolId::born(&town.house.chance, town.house.now());
    School { id, name: name.into(), kind: SchoolKind::HighSchool, municipality: None, years: 3 }
}

async fn first_indicator(town: &Town, office: &Office) -> KeptIndicator {
    town.house.org(office.org).read().await.unwrap().indicators().await.unwrap().remove(0)
}

/// Which of some people a list names.
async fn named(browser: &mut Browser, indicator: &KeptIndicator, query: &str, all: &[&str]) -> Vec<String> {
    let page = browser.get(&format!("/office/reach/{}/people?{query}", indicator.id)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let name = |given: &&&str| page.text.contains(&format!("架空 {given}"));
    all.iter().filter(name).map(|given| (*given).to_owned()).collect()
}

fn of_school(mut it: Arrival, school: &School, place: Option<Place>, town: &Town) -> Arrival {
    it.record.enrolments[0].school = Some(school.id);
    let id = ResidenceId::born(&town.house.chance, town.house.now());
    it.record.residences.extend(place.map(|place| Residence { id, place, span: Span::since(day(2025, 4, 1)) }));
    it
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn who_lives_abroad_lives_outside_of_the_prefecture(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let office = founded(&town, "325015", "津和野町").await;
    let by = Machine::working(office.org, "test");
    adopt_plan_at_setup(&town.house, &by, Some("shimane/tsuwano")).await.unwrap();
    let school = know_schools(&town.house, &by, &[high_school(&town, "津和野高校")]).await.unwrap().remove(0);
    let osaka = Place::Prefecture("270008".parse().unwrap());
    let here = Place::Municipality("325015".parse().unwrap());
    let abroad = || Some(Place::Abroad("AU".into()));
    let back = Some(day(2025, 8, 1));
    let arrivals = [
        of_school(graduate(&town, "一", None), &school, Some(osaka), &town),
        of_school(graduate(&town, "二", None), &school, abroad(), &town),
        of_school(graduate(&town, "三", back), &school, abroad(), &town),
        of_school(graduate(&town, "四", None), &school, Some(here), &town),
        of_school(graduate(&town, "五", None), &school, None, &town),
    ];
    load_people(&town.house, &by, &arrivals).await.unwrap();
    let all = ["一", "二", "三", "四", "五"];
    let indicator = first_indicator(&town, &office).await;
    let mut admin = town.signed_in(&office, "administrator").await;
    assert_eq!(named(&mut admin, &indicator, "group=reached", &all).await, ["一", "二"]);
    assert_eq!(
        named(&mut admin, &indicator, "group=not_reached", &all).await,
        ["三"],
        "abroad, and the mail came back"
    );
    // Who lives in the prefecture, and of whom no residence is recorded, stand apart.
    assert_eq!(named(&mut admin, &indicator, "group=known", &all).await, ["一", "二", "三"]);
    let before = "group=known&as_of=2025-03-31";
    assert_eq!(named(&mut admin, &indicator, before, &all).await, Vec::<String>::new(), "no residence was known then");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn who_leaves_is_still_known_and_not_reached_because_the_tie_ended(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    let indicator = first_indicator(&town, &town.here).await;
    let all = ["一", "二", "三"];
    let mut editor = town.signed_in(&town.here, "editor").await;
    assert_eq!(named(&mut editor, &indicator, "group=reached", &all).await, ["一", "二"]);
    let list = editor.get(&format!("/office/reach/{}/people?group=reached", indicator.id)).await.text;
    let card = list.split("/office/people/").find(|part| part.contains("架空 二")).expect("二's line");
    let person = card.split('"').next().unwrap().to_owned();

    town.calendar.advance(Duration::days(2));
    let id = person.parse().unwrap();
    let tie = town.house.org(town.here.org).read().await.unwrap().person_record(id).await.unwrap().ties[0].id;
    let end = format!("/office/people/{person}/ties/{tie}/end");
    let token = editor.get(&end).await.form_token().expect("the form that ends a tie");
    let told = [("csrf", token.as_str()), ("why", "ended_by_office"), ("on", "2026-03-16"), ("sure", "yes")];
    assert_eq!(editor.post(&end, &told).await.status, StatusCode::SEE_OTHER);

    assert_eq!(named(&mut editor, &indicator, "group=reached", &all).await, ["一"]);
    assert_eq!(named(&mut editor, &indicator, "group=known", &all).await, all);
    let ended = "group=not_reached&reason=tie_ended";
    assert_eq!(named(&mut editor, &indicator, ended, &all).await, ["二"]);
    let page = editor.get("/office/reach").await.text;
    assert!(page.contains("対象として知っている3人のうち") && page.contains("つながりが終わっています"), "{page}");
    // As of the last day of the tie nothing has changed.
    assert_eq!(named(&mut editor, &indicator, "group=reached&as_of=2026-03-16", &all).await, ["一", "二"]);

    // What is frozen from now on lists whoever left with the reason, and its number is that of who is reached.
    let mut approver = town.signed_in(&town.here, "approver").await;
    let path = format!("/office/reach/{}/publish", indicator.id);
    let token = approver.get(&format!("{path}?as_of=2026-03-18")).await.form_token().expect("the form");
    let told = [("csrf", token.as_str()), ("as_of", "2026-03-18"), ("note", "")];
    let figure = approver.post(&path, &told).await.location.expect("the figure's page");
    let page = approver.get(&format!("{figure}&group=not_reached&reason=tie_ended")).await.text;
    assert!(page.contains("架空 二") && !page.contains("架空 三"), "{page}");

    // A tie that was a mistake was never there: nobody is known for it.
    let mut tx = town.house.org(town.here.org).write().await.unwrap();
    tx.take_back_tie_end(id, tie).await.unwrap();
    tx.end_tie(id, tie, day(2026, 3, 17), TieEnd::Mistake).await.unwrap();
    let by = Machine::working(town.here.org, "test");
    tx.commit(&Act::named("end_tie", by.actor(), town.house.operation())).await.unwrap();
    assert_eq!(named(&mut editor, &indicator, "group=known", &all).await, ["一", "三"]);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_school_the_town_spells_otherwise_is_chosen_and_never_added_twice(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let office = founded(&town, "324418", "川本町").await;
    let by = Machine::working(office.org, "test");
    let kept = [high_school(&town, "島根県立矢上高等学校"), high_school(&town, "島根県立島根中央高等学校")];
    let schools = know_schools(&town.house, &by, &kept).await.unwrap();
    load_people(&town.house, &by, &[of_school(graduate(&town, "一", None), &schools[1], None, &town)]).await.unwrap();
    let mut admin = town.signed_in(&office, "administrator").await;
    let here = "/office/settings/plan";
    let page = admin.get(here).await;
    let (first, second) = (page.text.find("島根県立島根中央高等学校"), page.text.find("島根県立矢上高等学校"));
    assert!(first.is_some() && first < second, "the most alike comes first: {}", page.text);
    let token = page.form_token().expect("the form that adopts");
    let told = [("csrf", token.as_str()), ("plan", "shimane/kawamoto")];
    let refused = admin.post(here, &told).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("どの学校かを選んでください"), "{}", refused.text);
    let chosen = schools[1].id.to_string();
    let said: Vec<(&str, &str)> = told.iter().copied().chain([("school", chosen.as_str())]).collect();
    assert_eq!(admin.post(here, &said).await.status, StatusCode::SEE_OTHER);
    let indicator = first_indicator(&town, &office).await;
    assert_eq!(named(&mut admin, &indicator, "group=reached", &["一"]).await, ["一"], "the figure counts its people");
    let kept = town.house.org(office.org).read().await.unwrap().schools().await.unwrap();
    assert_eq!(kept.len(), 2, "none was added: {kept:?}");
}

/// Another definition of the first indicator, as if the plan had been taken over again.
async fn redefined(town: &Town, change: impl FnOnce(&mut tsunagari_figures::Indicator)) {
    let mut kept = first_indicator(town, &town.here).await;
    change(&mut kept.definition);
    let by = Machine::working(town.here.org, "test");
    let mut tx = town.house.org(town.here.org).write().await.unwrap();
    tx.keep_indicator(&kept).await.unwrap();
    tx.commit(&Act::named("adopt_plan", by.actor(), town.house.operation())).await.unwrap();
}

fn stated(name: &str, source: &str, people: u64) -> Denominator {
    let population = Population { people, provenance: Provenance::Stated, source: source.into() };
    let years = BTreeMap::from([(FiscalYear(2024), population.clone()), (FiscalYear(2025), population)]);
    Denominator { slug: "plan".into(), name: name.into(), basis: Basis::Stated(years) }
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_figure_keeps_the_name_the_source_and_the_rule_of_what_it_divided_by(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    let known = "cohort_age between 0 and 3";
    redefined(&town, |it| {
        let counted = Basis::Rule(known.into());
        let rule = Denominator { slug: "known".into(), name: "知っている卒業生".into(), basis: counted };
        it.denominators = vec![stated("卒業生の見込み", "学校基本調査", 6), rule];
    })
    .await;
    publish(&town, &town.here, 2024).await;
    redefined(&town, |it| {
        it.name = "新しい名前".into();
        it.denominators = vec![stated("別の母数", "別の資料", 9)];
    })
    .await;
    let mut viewer = town.signed_in(&town.here, "viewer").await;
    let board = viewer.get("/office/reach").await.text;
    let at = board.find("/office/reach/figures/").expect("the published figure is linked");
    let path: String = board[at..].chars().take_while(|c| *c != '"').collect();
    let page = viewer.get(&path).await.text;
    // Three of six, and three of the three who are known.
    for frozen in [
        "就活期に情報を届けられる学生数",
        "卒業生の見込み",
        "学校基本調査",
        "50.0%",
        "知っている卒業生",
        "100.0%",
        known,
    ] {
        assert!(page.contains(frozen), "{frozen}: {page}");
    }
    assert!(!page.contains("別の母数") && !page.contains("別の資料") && !page.contains("新しい名前"), "{page}");
    // The dashboard's year has the rates that were frozen under their names; today's number has its own.
    assert!(board.contains("割合（卒業生の見込み）") && board.contains("50.0%"), "{board}");
    assert!(board.contains("別の母数の22.2%（9人のうち）"), "two of nine, beside today's number: {board}");

    let mut editor = town.signed_in(&town.here, "editor").await;
    let token = editor.get("/office/reach").await.form_token().expect("the form that takes figures out");
    let sheet = editor.post("/office/reach/export", &[("csrf", &token), ("format", "csv")]).await.text;
    let rows: Vec<&str> = sheet.lines().filter(|line| line.contains(",2024,")).collect();
    assert!(rows[0].contains("卒業生の見込み,6,記載の数,学校基本調査,50"), "{sheet}");
    assert!(rows[1].contains("知っている卒業生,3,,cohort_age between 0 and 3,100"), "{sheet}");

    let office = network(&town, &[(town.here.org, day(2022, 4, 1))]).await;
    let mut secretariat = town.signed_in(&office, "editor").await;
    let page = secretariat.get("/office/network").await.text;
    assert!(page.contains("卒業生の見込み") && page.contains("50.0% / 6"), "{page}");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_network_looks_at_a_past_day_as_its_members_do(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    publish(&town, &town.here, 2024).await;
    let office = network(&town, &[(town.here.org, day(2022, 4, 1))]).await;
    let mut secretariat = town.signed_in(&office, "editor").await;
    let mut viewer = town.signed_in(&town.here, "viewer").await;
    // Published on 20 April for 31 March: both have it for that day, neither for the day before.
    for (on, stands) in [("2025-03-30", false), ("2025-03-31", true), ("2025-04-30", true)] {
        let of = viewer.get(&format!("/office/reach?as_of={on}")).await.text;
        assert_eq!(of.contains("/office/reach/figures/"), stands, "{on}");
        let token = secretariat.get("/office/network").await.form_token().expect("the form that takes it out");
        let asked = [("csrf", token.as_str()), ("format", "csv"), ("as_of", on)];
        let sheet = secretariat.post("/office/network/export", &asked).await.text;
        let row = sheet.lines().find(|line| line.contains("益田市") && line.contains(",2024,")).expect("a row");
        assert_eq!(row.split(',').nth(7) == Some("3"), stands, "{on}: {row}");
    }
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn small_numbers_of_breakdowns_are_for_those_who_may_see_the_people(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    let by = Machine::working(town.here.org, "test");
    let many = |n: usize, back: Option<NaiveDate>| (0..n).map(move |_| back).collect::<Vec<_>>();
    let arrivals: Vec<Arrival> = many(11, Some(day(2025, 8, 1)))
        .into_iter()
        .chain(many(20, None))
        .map(|back| graduate(&town, "多", back))
        .collect();
    load_people(&town.house, &by, &arrivals).await.unwrap();
    // Of 34 people 22 are reached; 12 mails came back.
    let cells = |page: &str, head: &str| {
        let from = page.find(head).unwrap_or_else(|| panic!("{head}: {page}"));
        let row = page[from..].split("</tr>").next().unwrap_or_default().to_owned();
        row.split("<td class=\"num\"")
            .skip(1)
            .map(|cell| cell.split("</td>").next().unwrap_or_default().split_once('>').map_or("", |it| it.1).to_owned())
            .map(|cell| cell.split('>').nth(1).map_or(cell.clone(), |it| it.split('<').next().unwrap_or("").to_owned()))
            .collect::<Vec<_>>()
    };
    let (bounced, cohort) = ("<th scope=\"row\">メールが届きません", "<th scope=\"row\">令和6年度</th>");
    let mut editor = town.signed_in(&town.here, "editor").await;
    let page = editor.get("/office/reach").await.text;
    assert_eq!(cells(&page, bounced), ["12"], "exact beside the people: {page}");
    assert_eq!(cells(&page, cohort), ["34", "22", "12"]);
    assert!(!page.contains("5人の単位に丸めています"));
    let mut contractor = town.signed_in(&town.here, "contractor").await;
    let page = contractor.get("/office/reach").await.text;
    assert_eq!(cells(&page, bounced), ["10"], "{page}");
    assert_eq!(cells(&page, cohort), ["35", "20", "10"], "{page}");
    assert!(page.contains("5人の単位に丸めています"));
    // On a day on which nobody but a handful was there the breakdown says nothing at all.
    let mut one = graduate(&town, "外", Some(day(2025, 8, 1)));
    one.record.enrolments[0].end_fy = FiscalYear(2023);
    load_people(&town.house, &by, &[one]).await.unwrap();
    let page = contractor.get("/office/reach").await.text;
    assert_eq!(cells(&page, "<th scope=\"row\">令和5年度</th>"), ["―", "0", "―"], "{page}");
    assert_eq!(cells(&page, cohort), ["―", "20", "―"], "what it could be computed from is hidden too: {page}");
}

/// What the command line prints of a day, as JSON.
fn printed(settings: &std::path::Path, day: &str) -> serde_json::Value {
    let ran = installation::tsunagari()
        .args(["figures", "--json", "--org", "322041", "--as-of", day, "--config"])
        .arg(settings)
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    serde_json::from_slice(&ran.stdout).unwrap()
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn the_command_line_prints_what_the_dashboard_shows(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    redefined(&town, |it| it.denominators = vec![stated("卒業生の見込み", "学校基本調査", 6)]).await;
    publish(&town, &town.here, 2024).await;
    let settings = installation::settings(&town);
    let mut viewer = town.signed_in(&town.here, "editor").await;
    let page = viewer.get("/office/reach?as_of=2026-03-16").await.text;
    let panel = page.split("<section class=\"card\">").nth(1).expect("the first indicator").to_owned();
    let words = |text: &str| {
        let plain: String = text.split('<').map(|part| part.split_once('>').map_or(part, |it| it.1)).collect();
        plain.split_whitespace().collect::<Vec<_>>().join("")
    };
    let (shown, it) = (words(&panel), printed(&settings, "2026-03-16"));
    let now = &it["now"][0];
    let n = |value: &serde_json::Value| value.as_u64().unwrap();
    assert_eq!((n(&now["people"]), n(&now["known"]), n(&now["not_reached"])), (2, 3, 1));
    let divided = &now["denominators"][0];
    let rate = format!(
        "{}の{}%（{}人のうち）",
        divided["name"].as_str().unwrap(),
        divided["rate"].as_str().unwrap(),
        n(&divided["people"])
    );
    assert_eq!(rate, "卒業生の見込みの33.3%（6人のうち）", "two of six, on its own denominator");
    let told = format!("「{}」：{}", divided["name"].as_str().unwrap(), divided["source"].as_str().unwrap());
    let cohort = &now["cohorts"][0];
    let year = it["figures"].as_array().unwrap().iter().find(|line| line["fiscal_year"] == 2024).unwrap();
    let part = |value: &serde_json::Value| value.to_string();
    for expected in [
        format!("届けられる人{}人目標1,457人·{rate}", part(&now["people"])),
        format!("届かない人{}人対象として知っている{}人のうち", part(&now["not_reached"]), part(&now["known"])),
        format!("昨年度末（2025/03/31）{}人", part(&now["last_march"]["people"])),
        format!("メールが届きません{}", part(&now["reasons"][0][1])),
        format!("令和6年度{}{}{}", part(&cohort["known"]), part(&cohort["reached"]), part(&cohort["not_reached"])),
        format!(
            "令和6年度{}{}{}±0{}%公表（2025/04/20）",
            part(&year["target"]),
            part(&year["published"]),
            part(&year["computed"]),
            year["denominators"][0]["rate"].as_str().unwrap()
        ),
        told,
    ] {
        assert!(shown.contains(&expected), "{expected}: {shown}");
    }
    assert_eq!((&now["reasons"][0][0], &now["last_march"]["as_of"]), (&"email_bounced".into(), &"2025-03-31".into()));
    assert_eq!((&divided["provenance"], &cohort["cohort"]), (&"stated".into(), &2024.into()));
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_town_sets_its_own_targets_and_denominators(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    let mut admin = town.signed_in(&town.here, "administrator").await;
    let here = format!("/office/settings/indicators/{}", first_indicator(&town, &town.here).await.id);
    assert!(admin.get("/office/settings/plan").await.text.contains(&here), "the plan leads there");
    let token = admin.get(&here).await.form_token().expect("the form of targets");
    let with = |fields: &[(&str, &str)]| -> Vec<(String, String)> {
        let csrf = [("csrf", token.as_str())];
        csrf.iter().chain(fields).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let post = async |admin: &mut Browser, path: &str, fields: &[(&str, &str)]| {
        let fields = with(fields);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        admin.post(path, &fields).await
    };

    // A word is no number: told at its field, and what was typed stays.
    let wrong = post(&mut admin, &here, &[("target-2025", "たくさん"), ("target-2024", "991")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
    assert!(wrong.text.contains("数字で入れてください") && wrong.text.contains("value=\"991\""), "{}", wrong.text);
    let given = [("target-2022", ""), ("target-2024", "990"), ("target-2025", "３０"), ("bound-2025", "at-least")];
    assert_eq!(post(&mut admin, &here, &given).await.status, StatusCode::SEE_OTHER);
    let definition = first_indicator(&town, &town.here).await.definition;
    assert_eq!(definition.target(FiscalYear(2025)), Some(Target { people: 30, bound: Bound::AtLeast }));
    assert_eq!((definition.target(FiscalYear(2022)), definition.targets.len()), (None, 3), "blank stays blank");
    assert!(admin.get("/office/reach").await.text.contains("目標 30人以上"));

    // A denominator of its own: stated with its source, or counted by a rule.
    let new = format!("{here}/denominators/new");
    let stated = [("name", "学校に聞いた数"), ("kind", "stated"), ("people-2025", "8"), ("provenance-2025", "stated")];
    let wrong = post(&mut admin, &new, &stated).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "no number without its source: {}", wrong.text);
    assert!(wrong.text.contains("value=\"学校に聞いた数\""), "{}", wrong.text);
    let sourced: Vec<(&str, &str)> = stated.into_iter().chain([("source-2025", "各校への照会")]).collect();
    assert_eq!(post(&mut admin, &new, &sourced).await.status, StatusCode::SEE_OTHER);
    let broken =
        post(&mut admin, &new, &[("name", "知っている人"), ("kind", "rule"), ("rule", "cohort_age betw")]).await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(broken.text.contains("1行目の12文字目") && broken.text.contains("cohort_age betw"), "{}", broken.text);
    let rule = [("name", "知っている人"), ("kind", "rule"), ("rule", "cohort_age between 0 and 3 and had_tie(origin)")];
    assert_eq!(post(&mut admin, &new, &rule).await.status, StatusCode::SEE_OTHER);
    let board = admin.get("/office/reach").await.text;
    assert!(board.contains("学校に聞いた数の25.0%（8人のうち）"), "two of eight: {board}");
    assert!(board.contains("知っている人の66.7%（3人のうち）"), "two of the three who are known: {board}");

    // Saved as it is, it leaves no line in the record; taken away, it is gone, and all of it is on record.
    let acts = async || {
        let mut reader = town.house.org(town.here.org).read().await.unwrap();
        reader.audit_count(&tsunagari_storage::audit_view::AuditFilter::default()).await.unwrap()
    };
    let before = acts().await;
    assert_eq!(post(&mut admin, &here, &given).await.status, StatusCode::SEE_OTHER);
    assert_eq!(acts().await, before);
    let slug = first_indicator(&town, &town.here).await.definition.denominators.pop().unwrap().slug;
    let remove = format!("{here}/denominators/{slug}/remove");
    assert_eq!(post(&mut admin, &remove, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(post(&mut admin, &remove, &[]).await.status, StatusCode::NOT_FOUND);
    let record = admin.get("/office/audit").await.text;
    for told in ["指標の目標を変えた", "割合の分母を決めた", "割合の分母をなくした"] {
        assert!(record.contains(told), "{told}: {record}");
    }
    let mut editor = town.signed_in(&town.here, "editor").await;
    assert_eq!(editor.get(&here).await.status, StatusCode::FORBIDDEN);
}
