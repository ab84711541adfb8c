//! Protected addresses: one table of every way by which somebody's whereabouts could leave an act. Each shows them while
//! the person is not protected (the control: it would otherwise prove nothing) and hides them from the moment they are.

use std::future::Future;
use std::pin::Pin;

use chrono::NaiveDate;
use tsunagari_access::permission::ExportLists;
use tsunagari_access::{Granted, Officer, Role};
use tsunagari_acts::export_list::{ExportList, ExportRow, Tells, export_list};
use tsunagari_acts::judge_audience::{judge_audience, terms_of};
use tsunagari_acts::open_contact_points::open_contact_points;
use tsunagari_acts::read_my_data::read_data_of;
use tsunagari_acts::send_campaign::Guard;
use tsunagari_documents::{Cell, Column, SheetKind};
use tsunagari_kernel::{Clock, ContactPointId, Moment, PersonId, ResidenceId, Span, UserId};
use tsunagari_people::residence::Place;
use tsunagari_people::{ContactKind, ContactPoint, Policy, Residence};
use tsunagari_rules::{Checked, Rule};
use tsunagari_storage::audience::Audience;
use tsunagari_storage::testing::BOTH;
use uuid::Uuid;

use crate::erasing::editor;
use crate::town::{Has, Town, text};

const STREET: &str = "530-0001 大阪市北区梅田1-2-3";
const RULE: &str = "residence_prefecture = 270008";

type Told<'t> = Pin<Box<dyn Future<Output = bool> + 't>>;

/// A way out: its name, and whether it tells where the person is.
type Way = (&'static str, for<'t> fn(&'t Town) -> Told<'t>);

const WAYS: &[Way] = &[
    ("the record as shown on cards and in comparisons", |town| Box::pin(record(town))),
    ("addresses opened by staff", |town| Box::pin(opened(town))),
    ("columns of a list that leaves", |town| Box::pin(exported(town, "people"))),
    ("the list of an audience", |town| Box::pin(exported_rows(town))),
    ("ten people of an audience", |town| Box::pin(sampled(town))),
    ("ten recipients of a message", |town| Box::pin(previewed(town))),
    ("everything handed over by the office", |town| Box::pin(handed_over(town))),
];

fn exporter(town: &Town) -> Granted<ExportLists> {
    Officer::of(town.org, UserId(Uuid::from_u128(1)), vec![Role::Administrator]).grant(town.clock.now()).unwrap()
}

async fn record(town: &Town) -> bool {
    let record = town.house.org(town.org).read().await.unwrap().person_record(town.people[0]).await.unwrap().shown();
    let postal = record.contact_points.iter().any(|it| it.kind == ContactKind::Postal);
    postal || !record.residences.is_empty()
}

async fn opened(town: &Town) -> bool {
    let all = open_contact_points(&town.house, &editor(town, 1), town.people[0]).await.unwrap();
    assert!(all.iter().any(|it| it.kind == ContactKind::Line), "the ways to write to them stay");
    all.iter().any(|it| it.clear.contains("梅田"))
}

async fn exported(town: &Town, kind: &'static str) -> bool {
    let list = ExportList {
        kind,
        query: serde_json::json!({}),
        sheet: "一覧".into(),
        columns: vec![
            (Column::titled("名前".to_owned(), 20), Tells::Plain),
            (Column::titled("住所".to_owned(), 20), Tells::Whereabouts),
        ],
        rows: vec![ExportRow { person: Some(town.people[0]), cells: vec![Cell::from("架空 0"), Cell::from(STREET)] }],
    };
    let written = export_list(&town.house, &exporter(town), list, SheetKind::CsvUtf8).await.unwrap();
    String::from_utf8_lossy(&written.bytes).contains("梅田")
}

async fn exported_rows(town: &Town) -> bool {
    let list = ExportList {
        kind: "audience",
        query: serde_json::json!({ "rule": RULE }),
        sheet: "一覧".into(),
        columns: vec![(Column::titled("名前".to_owned(), 20), Tells::Plain)],
        rows: vec![ExportRow { person: Some(town.people[0]), cells: vec![Cell::from("架空 0")] }],
    };
    let written = export_list(&town.house, &exporter(town), list, SheetKind::CsvUtf8).await.unwrap();
    String::from_utf8_lossy(&written.bytes).contains("架空 0")
}

async fn rule(town: &Town) -> Rule<Checked> {
    tsunagari_acts::judge_audience::read_rule(&mut town.house.org(town.org).read().await.unwrap(), RULE).await.unwrap()
}

async fn sampled(town: &Town) -> bool {
    let rule = rule(town).await;
    let (at, policy) = (Moment::now(&*town.clock), Policy::default());
    let audience = Audience { rule: &rule, purpose: None, through: &[], at: &at, policy: &policy };
    let mut reader = town.house.org(town.org).read().await.unwrap();
    assert_eq!(reader.count_audience(&audience).await.unwrap(), 2, "numbers are nobody's whereabouts");
    reader.audience_sample(&audience).await.unwrap().contains(&town.people[0])
}

async fn previewed(town: &Town) -> bool {
    let campaign = town.approved(text("お知らせ")).await;
    let mut reader = town.house.org(town.org).read().await.unwrap();
    let kept = reader.campaign(campaign).await.unwrap();
    let terms = terms_of(&mut reader, &kept, town.clock.now()).await.unwrap();
    let seen = judge_audience(&mut reader, RULE, &terms).await.unwrap();
    seen.sample.contains(&town.people[0])
}

async fn handed_over(town: &Town) -> bool {
    let data = read_data_of(&town.house, &exporter(town), town.people[0]).await.unwrap().json().to_string();
    data.contains("梅田") || data.contains("270008")
}

/// Two people in Osaka, with their street.
async fn town_in_osaka(kind: tsunagari_storage::testing::Kind) -> Town {
    let town = Town::open(kind, &[Has::Line, Has::Line]).await;
    let here = town.house.org(town.org);
    let keys = here.make_person_keys(&town.people).await.unwrap();
    let now = town.clock.now();
    let mut tx = here.write().await.unwrap();
    for person in &town.people {
        let stay = Residence {
            id: ResidenceId::born(&town.house.chance, now),
            place: Place::Prefecture("270008".parse().unwrap()),
            span: Span::since(NaiveDate::from_ymd_opt(2025, 4, 1).unwrap()),
        };
        tx.add_residence(*person, &stay).await.unwrap();
        let point = ContactPoint {
            id: ContactPointId::born(&town.house.chance, now),
            kind: ContactKind::Postal,
            provider: None,
            kept: Span::since(now),
            verified_at: Some(now),
            working: vec![],
            confirmed: vec![],
        };
        tx.add_contact(*person, &point, STREET, &keys).await.unwrap();
    }
    let act = tsunagari_access::Act::named("test", town.machine().actor(), town.house.operation());
    tx.commit(&act).await.unwrap();
    town
}

async fn protect(town: &Town, person: PersonId) {
    let mut tx = town.house.org(town.org).write().await.unwrap();
    let mut it = tx.person(person).await.unwrap();
    it.address_protected = true;
    tx.keep_person(&it).await.unwrap();
    let act = tsunagari_access::Act::named("test", town.machine().actor(), town.house.operation());
    tx.commit(&act).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_way_out_tells_where_a_protected_person_is() {
    for kind in BOTH {
        let town = town_in_osaka(kind).await;
        for (name, told) in WAYS {
            assert!(told(&town).await, "{kind:?}: the control: {name} tells it of everybody else");
        }
        protect(&town, town.people[0]).await;
        for (name, told) in WAYS {
            assert!(!told(&town).await, "{kind:?}: {name}");
        }
    }
}

/// The flag is asked again when a message is claimed, not when its audience was frozen.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_protected_after_the_launch_is_not_written_to() {
    for kind in BOTH {
        let town = town_in_osaka(kind).await;
        let campaign = town.approved(text("お知らせ")).await;
        town.freeze_only().await;
        protect(&town, town.people[0]).await;
        town.worker(Guard::On).drain().await.unwrap();
        assert_eq!(town.state(campaign).await, "done");
        assert_eq!(town.line_counts(), [0, 1], "{kind:?}");
    }
}
