//! The guardian of somebody who was too young to agree alone: a person with an e-mail address, a household with the
//! child, a guardianship, and a consent of their own beside the child's.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use tsunagari_kernel::{Chance, ContactPointId, GuardianshipId, HouseholdId, Span, TieId};
use tsunagari_people::contact_point::Working;
use tsunagari_people::{
    ContactKind, ContactPoint, GivenBy, Guardianship, HouseholdMember, Person, PersonLocale, PersonRecord, Tie, TieKind,
};
use tsunagari_storage::person::Arrival;

use super::draw::Draw;
use super::graduate::{Graduate, Home, consent};
use super::name::relative;

/// Some guardians have not answered yet, parts of a thousand.
const WAITING: u64 = 150;
/// A guardian is older than the child by at least this many days, and by less than as many more.
const OLDER: i64 = 24 * 365;

/// Gives a child a guardian; nothing for a child who needs none.
pub fn guardian(chance: &Chance, home: &Home<'_>, child: &mut Graduate, serial: u64) -> Option<Arrival> {
    let joined = child.needs_guardian?;
    let draw = Draw(chance);
    let name = relative(draw, home.words, &child.name);
    let record = &mut child.arrival.record;
    let birth: NaiveDate = record.person.birth_date?;
    let older = OLDER + i64::try_from(draw.below(OLDER.unsigned_abs() / 2)).unwrap_or(0);
    let id = home.person_id(chance, serial);
    let mut parent = PersonRecord::of(Person {
        id,
        family: name.family,
        given: name.given,
        family_kana: name.family_kana,
        given_kana: name.given_kana,
        birth_date: birth.checked_sub_signed(TimeDelta::days(older)),
        locale: PersonLocale::Ja,
        address_protected: false,
        team: None,
        merged_into: None,
        created_at: joined,
    });
    let day = joined.jst_date();
    let household = HouseholdId::born(chance, home.now);
    let member = HouseholdMember { household, span: Span::since(day) };
    parent.ties.push(Tie {
        id: TieId::born(chance, home.now),
        kind: TieKind::Guardian,
        span: Span::since(day),
        ended: None,
    });
    parent.households.push(member.clone());
    record.households.push(member);
    record.guardianships.push(Guardianship {
        id: GuardianshipId::born(chance, home.now),
        guardian: id,
        span: Span::since(day),
    });
    if !draw.per_mille(WAITING) {
        let answered = joined.plus(TimeDelta::hours(5)).min(home.now);
        for purpose in record.consents.iter().map(|it| it.purpose.clone()).collect::<Vec<_>>() {
            record.consents.push(consent(draw, home, purpose.code(), GivenBy::Guardian(Some(id)), answered));
        }
    }
    let point = ContactPoint {
        id: ContactPointId::born(chance, home.now),
        kind: ContactKind::Email,
        provider: None,
        kept: Span::since(joined),
        verified_at: Some(joined),
        working: vec![Working { span: Span::since(joined), ended: None }],
        confirmed: vec![joined],
    };
    let addresses = HashMap::from([(point.id, format!("g-{}-{serial}@post.example", home.municipality))]);
    parent.contact_points.push(point);
    Some(Arrival { record: parent, source: "demo".into(), addresses })
}
