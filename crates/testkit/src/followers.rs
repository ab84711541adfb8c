//! People who follow a town's LINE account: grown up, tied to the town, agreed to `info`, with nothing but LINE.

#![allow(clippy::expect_used, reason = "test support: what cannot happen ends the test")]

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use tsunagari_access::{Act, Machine};
use tsunagari_acts::load_people::load_people;
use tsunagari_kernel::{Clock, ConsentId, ContactPointId, OrgId, PersonId, ProviderId, Span, TieId, Timestamp};
use tsunagari_people::contact_point::Working;
use tsunagari_people::{
    Consent, ContactKind, ContactPoint, GivenBy, Person, PersonLocale, PersonRecord, Purpose, Tie, TieKind,
};
use tsunagari_storage::person::Arrival;
use tsunagari_storage::purpose::Labelled;

use crate::town::Town;

/// Enters one person for each LINE user id, a hundred days ago; the purpose `info` is made where it is missing.
pub async fn settle(town: &Town, org: OrgId, provider: ProviderId, users: &[String]) -> Vec<PersonId> {
    let (house, machine) = (&town.house, Machine::working(org, "test"));
    let label = "お知らせ".to_owned();
    let mut tx = house.org(org).write().await.expect("a transaction");
    let info = Labelled { code: "info".into(), ja: label.clone(), easy: label.clone(), en: label };
    tx.keep_purpose(&info, 0).await.expect("the purpose");
    tx.commit(&Act::named("test", machine.actor(), house.operation())).await.expect("committed");
    let since = town.calendar.now().minus(TimeDelta::days(100));
    let arrivals: Vec<Arrival> =
        users.iter().enumerate().map(|(n, user)| arrival(town, provider, n, user, since)).collect();
    for slice in arrivals.chunks(1_000) {
        load_people(house, &machine, slice).await.expect("people are entered");
    }
    arrivals.iter().map(|it| it.record.person.id).collect()
}

fn arrival(town: &Town, provider: ProviderId, n: usize, user: &str, since: Timestamp) -> Arrival {
    let chance = &town.house.chance;
    let later = since.plus(TimeDelta::microseconds(i64::try_from(n).expect("a small number")));
    let mut record = PersonRecord::of(Person {
        id: PersonId::born(chance, later),
        family: "架空".into(),
        given: format!("{n}"),
        family_kana: "カクウ".into(),
        given_kana: "ハナコ".into(),
        birth_date: NaiveDate::from_ymd_opt(2000, 5, 5),
        locale: PersonLocale::Ja,
        address_protected: false,
        team: None,
        merged_into: None,
        created_at: since,
    });
    record.ties.push(Tie {
        id: TieId::born(chance, since),
        kind: TieKind::Origin,
        span: Span::since(since.jst_date()),
        ended: None,
    });
    record.consents.push(Consent {
        id: ConsentId::born(chance, since),
        purpose: Purpose::of("info"),
        wording_version: 1,
        given_by: GivenBy::Myself,
        span: Span::since(since),
        ended: None,
    });
    let contact = ContactPointId::born(chance, since);
    record.contact_points.push(ContactPoint {
        id: contact,
        kind: ContactKind::Line,
        provider: Some(provider),
        kept: Span::since(since),
        verified_at: Some(since),
        working: vec![Working { span: Span::since(since), ended: None }],
        confirmed: vec![],
    });
    Arrival { record, source: "demo".into(), addresses: HashMap::from([(contact, user.to_owned())]) }
}
