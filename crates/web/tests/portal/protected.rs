//! Pages of the office and protected addresses, at the HTTP door: each page tells where somebody is while they are not
//! protected, and does not from the moment they are. Acts' own ways out are in the tests of acts.

use std::collections::HashMap;

use tsunagari_access::session::{Session, Subject, token_hash, token_text};
use tsunagari_access::{Act, Machine, Role};
use tsunagari_kernel::{EnrolmentId, FiscalYear, PersonId, ResidenceId, SessionId, Span, TieId, UserId};
use tsunagari_people::residence::Place;
use tsunagari_people::{Enrolment, Person, PersonLocale, PersonRecord, Residence, SchoolKind, Tie, TieKind};
use tsunagari_storage::person::Arrival;
use tsunagari_storage::staff::Staff;
use tsunagari_storage::testing::BOTH;

use crate::browser::Browser;
use crate::house::Town;

/// The city of the person's university and the prefecture they live in.
const SECRETS: [&str; 2] = ["吹田市", "大阪府"];

pub async fn commit(town: &Town, tx: tsunagari_storage::Tx) {
    let act = Act::named("test", Machine::working(town.org, "test").actor(), town.house.operation());
    tx.commit(&act).await.unwrap();
}

/// An officer's browser, signed in.
pub async fn office(town: &Town, role: Role) -> Browser {
    let now = town.house.real_clock.now();
    let user = UserId::born(&town.house.chance, now);
    let token = token_text(&town.house.chance.bytes());
    let session = Session::opened(SessionId::born(&town.house.chance, now), Subject::Staff(user), now);
    let mut tx = town.house.org(town.org).write().await.unwrap();
    let login = format!("o{}", user.0.as_simple());
    tx.add_staff(&Staff { id: user, login, name: "職員".into(), role, team: None, active: true }).await.unwrap();
    tx.open_session(&token_hash(&token).unwrap(), &session).await.unwrap();
    commit(town, tx).await;
    let mut browser = Browser::at(&town.origin);
    browser.with_cookie("__Host-office", &tsunagari_web::office::desk::cookie_value(town.org, &token));
    browser
}

fn somebody(town: &Town, given: &str) -> Arrival {
    let now = town.house.now();
    let chance = &town.house.chance;
    let mut record = PersonRecord::of(Person {
        id: PersonId::born(chance, now),
        family: "石見".into(),
        given: given.into(),
        family_kana: "イワミ".into(),
        given_kana: "ハナ".into(),
        birth_date: chrono::NaiveDate::from_ymd_opt(2005, 5, 5),
        locale: PersonLocale::Ja,
        address_protected: false,
        team: None,
        merged_into: None,
        created_at: now,
    });
    let day = chrono::NaiveDate::from_ymd_opt(2024, 4, 1).unwrap();
    record.ties.push(Tie { id: TieId::born(chance, now), kind: TieKind::Origin, span: Span::since(day), ended: None });
    record.residences.push(Residence {
        id: ResidenceId::born(chance, now),
        place: Place::Prefecture("270008".parse().unwrap()),
        span: Span::since(day),
    });
    let place = Some("272051".parse().unwrap());
    let id = EnrolmentId::born(chance, now);
    let stay = Enrolment::starting(id, SchoolKind::University, "架空大学", FiscalYear(2024), 4, 0);
    record.enrolments.push(Enrolment { place, ..stay });
    Arrival { record, source: "test".into(), addresses: HashMap::new() }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_tells_where_a_protected_person_is() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let (one, other) = (somebody(&town, "花"), somebody(&town, "葉"));
        let (id, with) = (one.record.person.id, other.record.person.id);
        let stay = one.record.residences[0].id;
        let school = one.record.enrolments[0].id;
        let mut tx = town.house.org(town.org).write().await.unwrap();
        let keys = town.house.org(town.org).person_keys(&[]).await.unwrap();
        tx.insert_people(&[one], &keys).await.unwrap();
        let mut bare = other;
        bare.record.residences.clear();
        bare.record.enrolments.clear();
        tx.insert_people(&[bare], &keys).await.unwrap();
        commit(&town, tx).await;
        let mut desk = office(&town, Role::Administrator).await;
        // Page, and whether it tells it of somebody who is not protected.
        let pages = [
            (format!("/office/people/{id}"), true),
            (format!("/office/people/{id}/data"), true),
            (format!("/office/people/{id}/data.json"), false),
            (format!("/office/people/{id}/merge?with={with}"), true),
            (format!("/office/people/{with}/merge?with={id}"), true),
            (format!("/office/people/{id}/residences/{stay}"), true),
            (format!("/office/people/{id}/enrolments/{school}"), true),
            ("/office/people".to_owned(), false),
            ("/office/people?q=石見".to_owned(), false),
            (format!("/office/people/{id}/uses"), false),
            (format!("/office/people/{id}/erasure"), false),
            ("/office/people/duplicates".to_owned(), false),
            ("/office/work".to_owned(), false),
            ("/office/erasures".to_owned(), false),
            ("/office/slips".to_owned(), false),
            ("/office/reach".to_owned(), false),
            ("/office".to_owned(), false),
        ];
        let tells = |body: &str| SECRETS.iter().any(|secret| body.contains(secret)) || body.contains("270008");
        for (path, control) in &pages {
            let page = desk.get(path).await;
            assert!(page.status == 200, "{path}: {} {}", page.status, page.body);
            if *control {
                assert!(tells(&page.body), "{kind:?}: the control: {path} tells it of everybody else");
            }
        }
        let mut tx = town.house.org(town.org).write().await.unwrap();
        let mut person = tx.person(id).await.unwrap();
        person.address_protected = true;
        tx.keep_person(&person).await.unwrap();
        commit(&town, tx).await;
        for (path, _) in &pages {
            let page = desk.get(path).await;
            assert!(!tells(&page.body), "{kind:?}: {path}");
            assert!(matches!(page.status, 200 | 404), "{path}: {}", page.status);
        }
    }
}
