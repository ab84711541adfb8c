//! The life of one graduate of the demonstration: birth, school, where they went, whether they joined, how they are
//! reached, what they agreed to, and what changed since. Leaves the guardian of a young one to `guardian`.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate, TimeDelta};
use tsunagari_kernel::{
    Chance, ConsentId, ContactPointId, EnrolmentId, MunicipalityCode, PersonId, ResidenceId, Span, TieId, Timestamp,
    age,
};
use tsunagari_people::consent::ConsentEnd;
use tsunagari_people::contact_point::Working;
use tsunagari_people::residence::Place;
use tsunagari_people::{
    Consent, ContactKind, ContactPoint, EndReason, Enrolment, GivenBy, Interest, Person, PersonLocale, PersonRecord,
    Purpose, Residence, School, SchoolKind, Tie, TieEnd, TieKind,
};
use tsunagari_storage::person::Arrival;

use super::draw::Draw;
use super::name::{Name, name};
use super::size::SchoolYear;
use crate::demo::lines::TownLine;
use crate::demo::words::{Destination, Words};

/// What all graduates of a town share.
pub struct Home<'w> {
    /// Words.
    pub words: &'w Words,
    /// Where the town is.
    pub municipality: MunicipalityCode,
    /// Its high schools with their parts in per cent.
    pub schools: Vec<(School, u64)>,
    /// Whose user ids its LINE contacts are.
    pub line: TownLine,
    /// Under this age a guardian consents.
    pub guardian_age: i32,
    /// Now, in the programme's calendar.
    pub now: Timestamp,
    /// The programme's first day.
    pub began: NaiveDate,
}

/// Where somebody stands with the town's account in the simulator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// The LINE user id under the town's provider.
    pub user_id: String,
    /// The name shown.
    pub name: String,
    /// Whether the account was blocked.
    pub blocked: bool,
}

/// One graduate.
pub struct Graduate {
    /// For storage.
    pub arrival: Arrival,
    /// For the simulator.
    pub phone: Option<Phone>,
    /// When they joined, if they were too young to agree alone then.
    pub needs_guardian: Option<Timestamp>,
    /// Their name.
    pub name: Name,
}

/// Parts of a thousand.
mod share {
    pub const STUDIES: u64 = 720;
    pub const STAYS: u64 = 450;
    pub const REPEATS: u64 = 40;
    pub const LINE: u64 = 780;
    pub const EMAIL_TOO: u64 = 450;
    pub const BLOCKS: u64 = 60;
    pub const BOUNCES: u64 = 40;
    pub const WITHDRAWS: u64 = 30;
    pub const LEAVES: u64 = 12;
    pub const EVENTS_TOO: u64 = 600;
    pub const CONFIRMS: u64 = 650;
    pub const PLAIN_WORDS: u64 = 25;
}

/// Makes one.
pub fn graduate(chance: &Chance, home: &Home<'_>, year: &SchoolYear, serial: u64) -> Graduate {
    let draw = Draw(chance);
    let name = name(draw, home.words);
    let birth = draw.day(NaiveDate::from_ymd_opt(year.leaves.0 - 18, 4, 2).unwrap_or_default(), 365);
    let person = person(chance, home, &name, birth);
    let id = person.id;
    let mut record = PersonRecord::of(person);
    let school = draw.weighted(&home.schools, |(_, share)| *share).map(|(school, _)| school);
    record.enrolments.extend(school.map(|school| at_high_school(chance, home, school, year)));
    settle(draw, home, year, birth, &mut record);
    let left_school = year.leaves.plus(1).first_day();
    let tie_from = left_school.with_year(left_school.year() - 3).unwrap_or(left_school);
    record.ties.push(Tie {
        id: TieId::born(chance, home.now),
        kind: TieKind::Origin,
        span: Span::since(tie_from),
        ended: None,
    });
    let mut arrival = Arrival { record, source: "demo".into(), addresses: HashMap::new() };
    let mut made = Graduate { phone: None, needs_guardian: None, name, arrival: arrival.clone() };
    if let Some(joined) = joining(draw, home, year) {
        made.phone = reach(draw, home, &mut arrival, joined, serial, &made.name);
        agree(draw, home, &mut arrival.record, joined);
        if !age::is_at_least(birth, home.guardian_age, joined.jst_date()) {
            made.needs_guardian = Some(joined);
        }
        change_of_mind(draw, home, &mut arrival.record, joined);
    }
    debug_assert_eq!(arrival.record.person.id, id);
    made.arrival = arrival;
    made
}

fn person(chance: &Chance, home: &Home<'_>, name: &Name, birth: NaiveDate) -> Person {
    let plain = Draw(chance).per_mille(share::PLAIN_WORDS);
    Person {
        id: PersonId::born(chance, home.now),
        family: name.family.clone(),
        given: name.given.clone(),
        family_kana: name.family_kana.clone(),
        given_kana: name.given_kana.clone(),
        birth_date: Some(birth),
        locale: if plain { PersonLocale::JaEasy } else { PersonLocale::Ja },
        address_protected: false,
        team: None,
        merged_into: None,
        created_at: home.now,
    }
}

fn at_high_school(chance: &Chance, home: &Home<'_>, school: &School, year: &SchoolYear) -> Enrolment {
    let id = EnrolmentId::born(chance, home.now);
    let mut stay = Enrolment::ending(id, SchoolKind::HighSchool, school.name.clone(), year.leaves, 3);
    stay.school = Some(school.id);
    stay.place = Some(home.municipality);
    stay
}

/// Where they live and study: at home until they leave school, then where they go.
fn settle(draw: Draw<'_>, home: &Home<'_>, year: &SchoolYear, birth: NaiveDate, record: &mut PersonRecord) {
    let moving = year.leaves.plus(1).first_day();
    let lives =
        |place: Place, span: Span<NaiveDate>| Residence { id: ResidenceId::born(draw.0, home.now), place, span };
    let here = Place::Municipality(home.municipality);
    // Nobody knows yet where those still at school will go.
    if moving > home.now.jst_date().checked_add_signed(TimeDelta::days(60)).unwrap_or(moving) {
        record.residences.push(lives(here, Span::since(birth)));
        return;
    }
    let to = if draw.per_mille(share::STUDIES) {
        draw.weighted(&home.words.destinations, |it| it.weight).map(|it| studies(draw, home, year, it, record))
    } else if draw.per_mille(share::STAYS) {
        None
    } else {
        let towns = &home.words.destinations;
        draw.weighted(towns, |it| it.weight)
            .and_then(|it| it.municipality.parse().ok())
            .map(|code: MunicipalityCode| Place::Prefecture(code.prefecture()))
    };
    match to {
        Some(place) if place != here => {
            record.residences.push(lives(here, Span::between(birth, moving)));
            record.residences.push(lives(place, Span::since(moving)));
        }
        Some(_) | None => record.residences.push(lives(here, Span::since(birth))),
    }
}

fn studies(draw: Draw<'_>, home: &Home<'_>, year: &SchoolYear, at: &Destination, record: &mut PersonRecord) -> Place {
    let kind = at.kind.parse().unwrap_or(SchoolKind::Other);
    let pause = u8::from(draw.per_mille(share::REPEATS));
    let id = EnrolmentId::born(draw.0, home.now);
    let mut stay = Enrolment::starting(id, kind, at.name.clone(), year.leaves.plus(1), at.years, pause);
    stay.place = at.municipality.parse().ok();
    let place = stay.place.map_or(Place::Municipality(home.municipality), Place::Municipality);
    record.enrolments.push(stay);
    place
}

/// When they joined, if they did by now: around leaving school, but never before the programme began.
fn joining(draw: Draw<'_>, home: &Home<'_>, year: &SchoolYear) -> Option<Timestamp> {
    if !draw.per_mille(year.joining) {
        return None;
    }
    let autumn = NaiveDate::from_ymd_opt(year.leaves.0, 10, 1).unwrap_or(home.began);
    let first = autumn.max(home.began);
    // Pupils join within half a year of being told; whoever left before the programme began is found little by little.
    let within = if autumn < home.began { 700 } else { 190 };
    let first = if year.leaves > super::size::THIS_YEAR { home.now.jst_date() - TimeDelta::days(150) } else { first };
    let joined = draw.moment(draw.day(first, within));
    (joined < home.now).then_some(joined)
}

/// Contact points: LINE, e-mail or both, with what happened to them since.
fn reach(
    draw: Draw<'_>,
    home: &Home<'_>,
    arrival: &mut Arrival,
    joined: Timestamp,
    serial: u64,
    name: &Name,
) -> Option<Phone> {
    let line = draw.per_mille(share::LINE);
    let mut phone = None;
    if line {
        let user_id = format!("U{}", draw.hex());
        let blocked = draw.per_mille(share::BLOCKS);
        let point = point(draw, home, ContactKind::Line, joined, blocked.then_some(EndReason::Blocked));
        phone = Some(Phone { user_id: user_id.clone(), name: format!("{} {}", name.family, name.given), blocked });
        arrival.addresses.insert(point.id, user_id);
        arrival.record.contact_points.push(point);
    }
    if !line || draw.per_mille(share::EMAIL_TOO) {
        let bounces = draw.per_mille(share::BOUNCES);
        let point = point(draw, home, ContactKind::Email, joined, bounces.then_some(EndReason::HardBounce));
        let local = if bounces { "gone" } else { "p" };
        arrival.addresses.insert(point.id, format!("{local}-{}-{serial}@post.example", home.municipality));
        arrival.record.contact_points.push(point);
    }
    phone
}

fn point(
    draw: Draw<'_>,
    home: &Home<'_>,
    kind: ContactKind,
    joined: Timestamp,
    ends: Option<EndReason>,
) -> ContactPoint {
    let until = ends.map(|_| later(draw, home, joined));
    let confirmed = draw.per_mille(share::CONFIRMS).then(|| later(draw, home, joined));
    ContactPoint {
        id: ContactPointId::born(draw.0, home.now),
        kind,
        provider: (kind == ContactKind::Line).then_some(home.line.provider),
        kept: Span::since(joined),
        verified_at: Some(joined),
        working: vec![Working { span: Span { from: joined, until }, ended: ends }],
        confirmed: std::iter::once(joined)
            .chain(confirmed.filter(|at| until.is_none_or(|end| *at < end) && *at > joined))
            .collect(),
    }
}

/// An instant after joining and before now, in the last year if that is possible.
fn later(draw: Draw<'_>, home: &Home<'_>, joined: Timestamp) -> Timestamp {
    let from = joined.max(home.now.minus(TimeDelta::days(365)));
    let span = home.now.since(from).num_seconds().max(2);
    from.plus(TimeDelta::seconds(1 + i64::try_from(draw.below(span.unsigned_abs() - 1)).unwrap_or(0)))
}

fn agree(draw: Draw<'_>, home: &Home<'_>, record: &mut PersonRecord, joined: Timestamp) {
    for (index, purpose) in home.words.purposes.iter().enumerate() {
        if index == 0 || draw.per_mille(share::EVENTS_TOO) {
            record.consents.push(consent(draw, home, &purpose.code, GivenBy::Myself, joined));
        }
    }
    let mut liked: Vec<&str> =
        (0..=draw.below(3)).filter_map(|_| draw.one(&home.words.interests)).map(|it| it.code.as_str()).collect();
    liked.sort_unstable();
    liked.dedup();
    record.interests.extend(liked.into_iter().map(|code| Interest { code: code.into(), span: Span::since(joined) }));
}

/// A consent under the first wording.
pub fn consent(draw: Draw<'_>, home: &Home<'_>, purpose: &str, given_by: GivenBy, from: Timestamp) -> Consent {
    Consent {
        id: ConsentId::born(draw.0, home.now),
        purpose: Purpose::of(purpose),
        wording_version: 1,
        given_by,
        span: Span::since(from),
        ended: None,
    }
}

/// Some withdraw, a few leave for good.
fn change_of_mind(draw: Draw<'_>, home: &Home<'_>, record: &mut PersonRecord, joined: Timestamp) {
    let at = later(draw, home, joined);
    let ended = if draw.per_mille(share::LEAVES) {
        for tie in &mut record.ties {
            tie.span.until = Some(at.jst_date());
            tie.ended = Some(TieEnd::Left);
        }
        ConsentEnd::Left
    } else if draw.per_mille(share::WITHDRAWS) {
        ConsentEnd::WithdrawnBySelf
    } else {
        return;
    };
    for consent in &mut record.consents {
        consent.span.until = Some(at);
        consent.ended = Some(ended);
    }
}
