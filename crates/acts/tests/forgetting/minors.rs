//! Minors: acting for one ends at midnight of the 18th birthday in Japan; a guardian's consent stays in force until the
//! person answers, and they are asked at once: by message where one reaches them, otherwise by the office.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use tsunagari_access::resident::ActingFor;
use tsunagari_acts::ActError;
use tsunagari_acts::ask_reconfirmation::{AskReconfirmation, SEND, SendAsking, ask_reconfirmation};
use tsunagari_acts::guardian_consents::{GuardianAnswer, guardian_consents};
use tsunagari_acts::jobs::send_letter::SendLetter;
use tsunagari_acts::reconfirm_consent::{Reconfirmed, reconfirm_consent};
use tsunagari_jobs::{Handler, Handlers, Waker, Worker};
use tsunagari_kernel::{Clock, ConsentId, GuardianshipId, PersonId, Span, Timestamp, age};
use tsunagari_people::{Consent, GivenBy, Purpose};
use tsunagari_storage::testing::BOTH;
use uuid::Uuid;

use crate::erasing::resident;
use crate::town::{Has, Town, address_of};

fn midnight(text: &str) -> Timestamp {
    Timestamp::at_jst(text.parse().unwrap(), NaiveTime::MIN)
}

#[test]
fn acting_for_a_minor_ends_at_midnight_in_japan() {
    let born: NaiveDate = "2008-04-01".parse().unwrap();
    let end = midnight("2026-04-01");
    assert_eq!(age::adult_from(born), end);
    let acting = |at| {
        ActingFor::allowed(
            tsunagari_kernel::OrgId(Uuid::nil()),
            GuardianshipId(Uuid::nil()),
            PersonId(Uuid::nil()),
            born,
            at,
        )
    };
    assert!(acting(end.minus(TimeDelta::seconds(1))).is_some());
    assert!(acting(end).is_none());
    // Who is born on 29 February is of age on 1 March.
    assert_eq!(age::adult_from("2008-02-29".parse().unwrap()), midnight("2026-03-01"));
}

async fn be(town: &Town, n: usize, born: &str) -> PersonId {
    let id = town.people[n];
    let mut tx = town.house.org(town.org).write().await.unwrap();
    let mut person = tx.person(id).await.unwrap();
    person.birth_date = Some(born.parse().unwrap());
    tx.keep_person(&person).await.unwrap();
    let act = tsunagari_access::Act::named("test", town.machine().actor(), town.house.operation());
    tx.commit(&act).await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_may_consent_until_the_last_moment_and_not_after() {
    for kind in BOTH {
        // Born so that midnight of the birthday is twelve hours ahead of the town's noon.
        let town = Town::open(kind, &[Has::Line, Has::Line]).await;
        let answer = GuardianAnswer {
            family: "架空".into(),
            given: "母".into(),
            relation: "mother".into(),
            agreed: vec!["info".into()],
        };
        let mut links = Vec::new();
        for n in 0..2 {
            let id = be(&town, n, "2008-03-17").await;
            let link = tsunagari_acts::ask_guardian::guardian_link(&town.house, &resident(&town, id)).await.unwrap();
            links.push(link.rsplit('/').next().unwrap().to_owned());
        }
        let end = midnight("2026-03-17");
        turn_to(&town, end.minus(TimeDelta::seconds(1)));
        guardian_consents(&town.house, town.org, &links[0], &answer).await.unwrap();
        turn_to(&town, end);
        let late = guardian_consents(&town.house, town.org, &links[1], &answer).await;
        assert!(matches!(&late, Err(ActError::Refused(why)) if why[0].code == "ward_is_adult"), "{kind:?}: {late:?}");
        let mut reader = town.house.org(town.org).read().await.unwrap();
        assert_eq!(reader.person_record(town.people[0]).await.unwrap().guardianships.len(), 1);
        assert_eq!(reader.person_record(town.people[1]).await.unwrap().guardianships.len(), 0);
    }
}

/// A guardian's consent for everybody of the town, and nothing of their own.
async fn only_guardians(town: &Town) {
    let mut tx = town.house.org(town.org).write().await.unwrap();
    let now = town.clock.now();
    let info = Purpose::of("info");
    for person in &town.people {
        tx.withdraw_consent(*person, &info, now, tsunagari_people::consent::ConsentEnd::WithdrawnBySelf).await.unwrap();
        let consent = Consent {
            id: ConsentId::born(&town.house.chance, now),
            purpose: info.clone(),
            wording_version: 1,
            given_by: GivenBy::Guardian(None),
            span: Span::since(now),
            ended: None,
        };
        tx.give_consent(*person, &consent, "portal").await.unwrap();
    }
    let act = tsunagari_access::Act::named("test", town.machine().actor(), town.house.operation());
    tx.commit(&act).await.unwrap();
}

/// Turns the town's clock to an instant.
fn turn_to(town: &Town, at: Timestamp) {
    town.clock.advance(at.since(town.clock.now()));
}

async fn deliver(town: &Town) {
    let handlers =
        Handlers::default().with(SendAsking::of(town.house.clone())).with(SendLetter::of(town.house.clone()));
    Worker::new(town.house.store.clone(), handlers, town.clock.clone(), Waker::default()).drain().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_birthday_they_are_asked_once_by_message_or_by_the_office() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line, Has::Email, Has::Nothing, Has::Both, Has::Line]).await;
        only_guardians(&town).await;
        // The set age is 16: four reach it at the coming midnight, the last one a day later.
        for n in 0..4 {
            be(&town, n, "2010-03-17").await;
        }
        be(&town, 4, "2010-03-18").await;
        let mut tx = town.house.org(town.org).write().await.unwrap();
        let mut hidden = tx.person(town.people[3]).await.unwrap();
        hidden.address_protected = true;
        tx.keep_person(&hidden).await.unwrap();
        let act = tsunagari_access::Act::named("test", town.machine().actor(), town.house.operation());
        tx.commit(&act).await.unwrap();

        let birthday = midnight("2026-03-17");
        turn_to(&town, birthday.minus(TimeDelta::seconds(1)));
        assert_eq!(ask_reconfirmation(&town.house, town.org).await.unwrap(), 0, "{kind:?}: a moment too early");
        turn_to(&town, birthday);
        assert_eq!(ask_reconfirmation(&town.house, town.org).await.unwrap(), 4);
        assert_eq!(ask_reconfirmation(&town.house, town.org).await.unwrap(), 0, "once");
        deliver(&town).await;
        assert_eq!((town.line_counts(), town.mail.total()), (vec![0; 5], 0), "{kind:?}: a birthday begins at midnight");
        turn_to(&town, birthday.plus(TimeDelta::hours(8)));
        deliver(&town).await;
        assert_eq!(town.line_counts(), [1, 0, 0, 0, 0], "{kind:?}: LINE to the first alone, nothing to the protected");
        assert_eq!(town.mail.count_to(&address_of(1)), 1);
        assert_eq!(town.mail.total(), 1);
        let mut reader = town.house.org(town.org).read().await.unwrap();
        let open = reader.open_work(None, 10).await.unwrap();
        let mut whom: Vec<_> = open.iter().filter_map(|it| it.person()).collect();
        whom.sort();
        let mut wanted = vec![town.people[2], town.people[3]];
        wanted.sort();
        assert_eq!(whom, wanted, "whom no message may reach is the office's to ask");
        // The guardian's consent is still in force.
        let record = reader.person_record(town.people[0]).await.unwrap();
        assert!(record.consents.iter().any(|it| it.span.contains(birthday) && it.given_by != GivenBy::Myself));
        drop(reader);

        reconfirm_consent(&town.house, &resident(&town, town.people[0]), Reconfirmed::GoOn).await.unwrap();
        town.clock.advance(TimeDelta::days(31));
        ask_reconfirmation(&town.house, town.org).await.unwrap();
        let open = town.house.org(town.org).read().await.unwrap().open_work(None, 10).await.unwrap();
        let late: Vec<_> = open.iter().filter_map(|it| it.person()).collect();
        assert!(late.contains(&town.people[1]), "nobody answered for thirty days");
        assert!(!late.contains(&town.people[0]), "who answered is not asked again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_nobody_asked_when_they_reached_the_age_is_the_offices_to_ask() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line, Has::Email]).await;
        only_guardians(&town).await;
        // One reached the set age of 16 two years before the town began to use it, one on this day.
        be(&town, 0, "2008-03-17").await;
        be(&town, 1, "2010-03-17").await;
        turn_to(&town, midnight("2026-03-17").plus(TimeDelta::hours(12)));
        assert_eq!(ask_reconfirmation(&town.house, town.org).await.unwrap(), 2, "{kind:?}");
        assert_eq!(ask_reconfirmation(&town.house, town.org).await.unwrap(), 0, "{kind:?}: once");
        deliver(&town).await;
        assert_eq!((town.line_counts(), town.mail.total()), (vec![0; 2], 1), "{kind:?}");
        let open = town.house.org(town.org).read().await.unwrap().open_work(None, 10).await.unwrap();
        let whom: Vec<_> = open.iter().filter_map(|it| it.person()).collect();
        assert_eq!(whom, [town.people[0]], "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hourly_job_stays_in_the_queue() {
    let town = Town::open(BOTH[0], &[]).await;
    tsunagari_acts::apply_retention::schedule(&town.house).await.unwrap();
    tsunagari_acts::apply_retention::schedule(&town.house).await.unwrap();
    let mut reader = town.house.org(town.org).read().await.unwrap();
    assert_eq!(reader.job_counts().await.unwrap().waiting, 5, "one of each kind");
    let ran = AskReconfirmation(town.house.clone()).run(town.org, "{}").await;
    assert!(matches!(ran, Err(tsunagari_jobs::JobError::Later(..))));
    assert!(!reader.has_job(SEND).await.unwrap());
}
