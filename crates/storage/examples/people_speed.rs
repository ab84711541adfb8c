//! How fast people are entered, listed and counted: prints a table. Run in release:
//! `cargo run --release -p tsunagari-storage --example people_speed -- 100000 sqlite` (or `postgres`, on the cluster that
//! `cargo xtask pg` prints). Leaves timing of whole pages and jobs to `bench`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a measuring tool: what fails ends it"
)]

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tsunagari_access::{Act, Machine, OperationId};
use tsunagari_kernel::*;
use tsunagari_people::contact_point::Working;
use tsunagari_people::residence::Place;
use tsunagari_people::*;
use tsunagari_rules::{Catalogue, Rule};
use tsunagari_storage::OrgStore;
use tsunagari_storage::audience::Audience;
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::person::Arrival;
use tsunagari_storage::person_list::PeopleFilter;
use tsunagari_storage::testing::{Kind, TestDb};
use uuid::Uuid;

const RULES: [&str; 5] = [
    "life_stage in (university_1, university_2) and residence_prefecture in (\"270008\", \"260002\") and interest has homecoming and tie(origin) and reachable(news)",
    "cohort_age between 0 and 6 and tie(origin) and not residence_prefecture = \"320005\" and job_hunting and reachable(news)",
    "age >= 18 and cohort >= 2020 and tie(origin) and interest has jobs and consent(news)",
    "reachable(news)",
    "everyone",
];

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

fn arrival(c: &Chance, now: Timestamp, nth: u64) -> Arrival {
    let born = now.minus(chrono::TimeDelta::days(365));
    let one = |of: &[&str]| of[usize::try_from(c.below(of.len() as u64)).unwrap()].to_owned();
    let cohort = FiscalYear(2016 + i32::try_from(c.below(10)).unwrap());
    let birth = FiscalYear(cohort.0 - 18).first_day() + chrono::Days::new(1 + c.below(360));
    let mut r = PersonRecord::of(Person {
        id: PersonId::born(c, born.plus(chrono::TimeDelta::milliseconds(i64::try_from(nth).unwrap()))),
        family: one(&["佐藤", "鈴木", "髙橋", "田中", "渡辺", "伊藤", "山本", "中村", "小林", "加藤", "大庭", "齋藤"]),
        given: one(&["蓮", "陽翔", "花子", "結衣", "大翔", "凛", "美咲", "太郎", "さくら", "健一"]),
        family_kana: one(&[
            "サトウ",
            "スズキ",
            "タカハシ",
            "タナカ",
            "ワタナベ",
            "イトウ",
            "ヤマモト",
            "ナカムラ",
            "コバヤシ",
            "カトウ",
            "オオバ",
        ]),
        given_kana: one(&[
            "レン",
            "ハルト",
            "ハナコ",
            "ユイ",
            "ヒロト",
            "リン",
            "ミサキ",
            "タロウ",
            "サクラ",
            "ケンイチ",
        ]),
        birth_date: Some(birth),
        locale: PersonLocale::Ja,
        address_protected: false,
        team: None,
        merged_into: None,
        created_at: born,
    });
    r.ties.push(Tie { id: TieId::born(c, born), kind: TieKind::Origin, span: Span::since(birth), ended: None });
    let mut high = Enrolment::ending(EnrolmentId::born(c, born), SchoolKind::HighSchool, "架空高等学校", cohort, 3);
    high.school = Some(SchoolId(Uuid::from_u128(u128::from(c.below(20)))));
    r.enrolments = vec![
        high,
        Enrolment::starting(EnrolmentId::born(c, born), SchoolKind::University, "架空大学", cohort.plus(1), 4, 0),
    ];
    let home = |code: &str, from: chrono::NaiveDate, until| Residence {
        id: ResidenceId::born(c, born),
        place: Place::Municipality(code.parse().unwrap()),
        span: Span { from, until },
    };
    let left = cohort.plus(1).first_day();
    r.residences = vec![
        home("322041", birth, Some(left)),
        home(&one(&["271004", "261009", "401307", "322016", "131041", "122271", "011002", "341002"]), left, None),
    ];
    for code in ["homecoming", "jobs"] {
        if c.below(3) == 0 {
            r.interests.push(Interest { code: code.into(), span: Span::since(born) });
        }
    }
    r.consents.push(Consent {
        id: ConsentId::born(c, born),
        purpose: Purpose::of("news"),
        wording_version: 1,
        given_by: GivenBy::Myself,
        span: Span::since(born),
        ended: None,
    });
    let mut addresses = HashMap::new();
    for kind in [ContactKind::Line, ContactKind::Email] {
        if c.below(4) < 3 {
            let id = ContactPointId::born(c, born);
            r.contact_points.push(ContactPoint {
                id,
                kind,
                provider: None,
                kept: Span::since(born),
                verified_at: Some(born),
                working: vec![Working { span: Span::since(born), ended: None }],
                confirmed: vec![],
            });
            addresses.insert(id, format!("{id}@example.jp"));
        }
    }
    Arrival { record: r, source: "demo".into(), addresses }
}

fn line(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let p95 = times[times.len() * 95 / 100];
    println!("| {what} | {:.1} | {:.1} |", times[times.len() / 2].as_secs_f64() * 1e3, p95.as_secs_f64() * 1e3);
}

async fn enter(org: &OrgStore, people: u64, chance: &Chance, now: Timestamp, act: &Act) {
    let begin = Instant::now();
    let mut making = Duration::ZERO;
    let mut bulk = org.store().begin_bulk().await.unwrap();
    let mut entered = 0;
    while entered < people {
        let n = (people - entered).min(5_000);
        let made = Instant::now();
        let arrivals: Vec<Arrival> = (0..n).map(|i| arrival(chance, now, entered + i)).collect();
        making += made.elapsed();
        bulk.enter(org, &arrivals, act.clone()).await.unwrap();
        entered += n;
    }
    let end = Instant::now();
    bulk.finish().await.unwrap();
    let all = begin.elapsed();
    println!(
        "entered {people} people in {:.1} s ({:.1} s of it inventing them, {:.1} s finishing): {:.0} a second",
        all.as_secs_f64(),
        making.as_secs_f64(),
        end.elapsed().as_secs_f64(),
        people as f64 / all.as_secs_f64()
    );
}

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    let people: u64 = args[1].parse().unwrap();
    let kind = if args[2] == "sqlite" { Kind::File } else { Kind::Server };
    let now = Timestamp::start_of(day("2026-03-16"));
    let chance = Arc::new(Chance::seeded(1));
    let db = TestDb::fresh(kind, Arc::new(FixedClock::at(now)), chance.clone()).await;
    let org = db.store.org(OrgId(Uuid::from_u128(1)));
    let act = Act::named("load", Machine::working(org.id(), "bench").actor(), OperationId(org.id().0));
    let mut tx = org.write().await.unwrap();
    tx.found_organisation(&Organisation::by_default(org.id(), "322041", "架空市", "カクウシ")).await.unwrap();
    tx.commit(&act).await.unwrap();
    enter(&org, people, &chance, now, &act).await;

    let catalogue = Catalogue::of(&[FACTS])
        .unwrap()
        .with_codes("purposes", ["news"])
        .with_codes("interests", ["homecoming", "jobs"])
        .with_codes("prefectures", municipality::prefectures().map(|m| m.code.to_string()));
    let policy = Policy::default();
    println!("| {} people, {} | median ms | p95 ms |\n|---|---|---|", people, db.store.engine_name());
    for (name, at) in
        [("now", Moment { date: now.jst_date(), instant: now }), ("past", Moment::end_of(day("2025-12-01")))]
    {
        for text in RULES {
            let rule = Rule::read(text, &catalogue).unwrap();
            let audience = Audience::of_rule(&rule, &at, &policy);
            let (mut times, mut n) = (Vec::new(), 0);
            for _ in 0..20 {
                let mut reader = org.read().await.unwrap();
                let begin = Instant::now();
                n = reader.count_audience(&audience).await.unwrap();
                times.push(begin.elapsed());
            }
            line(&format!("{name}: {text} = {n}"), times);
        }
    }
    let at = Moment { date: now.jst_date(), instant: now };
    let news = Purpose::of("news");
    let rule = Rule::read(RULES[2], &catalogue).unwrap();
    let audience =
        Audience { rule: &rule, purpose: Some(&news), through: &[ContactKind::Line], at: &at, policy: &policy };
    let mut reader = org.read().await.unwrap();
    let begin = Instant::now();
    let out = reader.tally(&audience).await.unwrap().left_out;
    line(&format!("exclusions of {} people", out.people), vec![begin.elapsed()]);
    for (what, filter) in [
        ("page of all", PeopleFilter::default()),
        ("one character", PeopleFilter { text: Some("佐".into()), ..PeopleFilter::default() }),
        ("family name", PeopleFilter { text: Some("髙橋".into()), ..PeopleFilter::default() }),
        ("full name", PeopleFilter { text: Some("齋藤さくら".into()), ..PeopleFilter::default() }),
        ("kana", PeopleFilter { text: Some("たなか".into()), ..PeopleFilter::default() }),
        ("nobody", PeopleFilter { text: Some("無此人".into()), ..PeopleFilter::default() }),
        ("cohort", PeopleFilter { cohort: Some(FiscalYear(2025)), ..PeopleFilter::default() }),
        (
            "class",
            PeopleFilter {
                cohort: Some(FiscalYear(2025)),
                school: Some(SchoolId(Uuid::from_u128(3))),
                ..PeopleFilter::default()
            },
        ),
    ] {
        let (mut pages, mut counts) = (Vec::new(), Vec::new());
        for _ in 0..20 {
            let begin = Instant::now();
            reader.people_page(&filter, None, 50).await.unwrap();
            pages.push(begin.elapsed());
            let begin = Instant::now();
            reader.count_people(&filter).await.unwrap();
            counts.push(begin.elapsed());
        }
        line(&format!("list: {what}"), pages);
        line(&format!("list: {what}, how many"), counts);
    }
}
