//! The life of one graduate of the demonstration: birth, school, where they went, whether they joined, how they are
//! reached, what they agreed to, and what changed since. Leaves the guardian of a young one to `guardian`.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate, TimeDelta};
use tsunagari_kernel::{
    Chance, ConsentId, ContactPointId, EnrolmentId, FiscalYear, MunicipalityCode, PersonId, ResidenceId, Span, TieId,
    Timestamp, age,
};
use tsunagari_people::consent::ConsentEnd;
use tsunagari_people::contact_point::Working;
use tsunagari_people::residence::Place;
use tsunagari_people::{
    Consent, ContactKind, ContactPoint, EndReason, Enrolment, GivenBy, Interest, Person, PersonLocale, PersonRecord,
    Purpose, Residence, School, SchoolKind, Tie, TieEnd, TieKind,
};
use tsunagari_storage::line_follower::{Following, PastFollower};
use tsunagari_storage::person::Arrival;

use super::draw::Draw;
use super::name::{Name, name};
use super::size::SchoolYear;
use super::timetable::Timetable;
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
    /// Who joins in which year of the plan.
    pub timetable: Timetable,
}

impl Home<'_> {
    /// The id of the person with a running number: in their order, so that neighbours are written beside each other.
    pub fn person_id(&self, chance: &Chance, serial: u64) -> PersonId {
        let serial = i64::try_from(serial).unwrap_or(0);
        PersonId::born(chance, self.now.minus(TimeDelta::hours(24)).plus(TimeDelta::milliseconds(serial)))
    }

    /// How often the town's graduates go to a place.
    fn weight(&self, to: &Destination) -> u64 {
        to.from.get(&self.municipality.to_string()).copied().unwrap_or(to.weight)
    }
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
    /// Whose it is.
    pub person: PersonId,
    /// When the account was added.
    pub followed_at: Timestamp,
    /// When it was added or blocked last.
    pub last_event_at: Timestamp,
}

impl Phone {
    /// The same as the database keeps it.
    pub fn follower(&self) -> PastFollower {
        PastFollower {
            user_id: self.user_id.clone(),
            following: if self.blocked { Following::Not } else { Following::Follows },
            followed_at: self.followed_at,
            last_event_at: self.last_event_at,
            person: Some(self.person),
        }
    }
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
    pub const STUDIES: u64 = 760;
    pub const STAYS: u64 = 450;
    pub const REPEATS: u64 = 40;
    pub const LINE: u64 = 780;
    pub const EMAIL_TOO: u64 = 450;
    pub const BLOCKS: u64 = 110;
    pub const BOUNCES: u64 = 60;
    pub const WITHDRAWS: u64 = 35;
    pub const LEAVES: u64 = 12;
    pub const EVENTS_TOO: u64 = 600;
    pub const CONFIRMS: u64 = 650;
    pub const PLAIN_WORDS: u64 = 25;
    pub const PROTECTED: u64 = 4;
    pub const YOUNGER_JOIN: u64 = 300;
    pub const HOMECOMING: u64 = 930;
    pub const AT_OBON: u64 = 350;
    pub const AT_NEW_YEAR: u64 = 250;
}

/// Makes one.
pub fn graduate(chance: &Chance, home: &Home<'_>, year: &SchoolYear, serial: u64) -> Graduate {
    let draw = Draw(chance);
    let name = name(draw, home.words);
    let birth = draw.day(NaiveDate::from_ymd_opt(year.leaves.0 - 18, 4, 2).unwrap_or_default(), 365);
    let person = person(chance, home, &name, birth, serial);
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
    let joined = joining(draw, home, year);
    arrival.record.person.created_at = entered(home, year, joined);
    if let Some(joined) = joined {
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

fn person(chance: &Chance, home: &Home<'_>, name: &Name, birth: NaiveDate, serial: u64) -> Person {
    let plain = Draw(chance).per_mille(share::PLAIN_WORDS);
    Person {
        id: home.person_id(chance, serial),
        family: name.family.clone(),
        given: name.given.clone(),
        family_kana: name.family_kana.clone(),
        given_kana: name.given_kana.clone(),
        birth_date: Some(birth),
        locale: if plain { PersonLocale::JaEasy } else { PersonLocale::Ja },
        address_protected: Draw(chance).per_mille(share::PROTECTED),
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
        draw.weighted(&home.words.destinations, |it| home.weight(it)).map(|it| studies(draw, home, year, it, record))
    } else if draw.per_mille(share::STAYS) {
        None
    } else {
        let towns = &home.words.destinations;
        draw.weighted(towns, |it| home.weight(it))
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

/// When they joined, if they did by now: as the town's timetable says; pupils who are still younger, lately.
fn joining(draw: Draw<'_>, home: &Home<'_>, year: &SchoolYear) -> Option<Timestamp> {
    let place = draw.below(year.places.max(1));
    let joined = if year.leaves > super::size::THIS_YEAR {
        if !draw.per_mille(share::YOUNGER_JOIN) {
            return None;
        }
        draw.moment(draw.day(home.now.jst_date() - TimeDelta::days(150), 149))
    } else {
        let index = home.timetable.year_of(year.leaves, place)?;
        let of = FiscalYear::of(home.began).plus(i32::try_from(index).unwrap_or(0));
        draw.moment(day_of_joining(draw, year, of))
    };
    (joined < home.now).then_some(joined)
}

/// Pupils join within half a year of being told; whoever has left comes home at Obon and New Year, or at any time.
fn day_of_joining(draw: Draw<'_>, year: &SchoolYear, of: FiscalYear) -> NaiveDate {
    let day = |year: i32, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    if year.leaves == of {
        draw.day(day(of.0, 10, 1), 160)
    } else if draw.per_mille(share::AT_OBON) {
        draw.day(day(of.0, 8, 8), 11)
    } else if draw.per_mille(share::AT_NEW_YEAR) {
        draw.day(day(of.0 + 1, 1, 2), 11)
    } else {
        draw.day(day(of.0, 6, 1), 275)
    }
}

/// When the town first heard of somebody: by the school's list of the year they leave in, or by their joining.
fn entered(home: &Home<'_>, year: &SchoolYear, joined: Option<Timestamp>) -> Timestamp {
    let list = match year.leaves {
        later if later > super::size::THIS_YEAR => NaiveDate::from_ymd_opt(super::size::THIS_YEAR.0, 5, 20),
        it if it.first_day() < home.began => Some(home.began + TimeDelta::days(61)),
        it => NaiveDate::from_ymd_opt(it.0 + 1, 2, 10),
    };
    let list = list.map_or(home.now, |day| Timestamp::start_of(day).plus(TimeDelta::hours(10)));
    joined.map_or(list, |joined| joined.min(list)).min(home.now)
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
        phone = Some(Phone {
            user_id: user_id.clone(),
            name: format!("{} {}", name.family, name.given),
            blocked,
            person: arrival.record.person.id,
            followed_at: joined,
            last_event_at: point.working.iter().filter_map(|it| it.span.until).max().unwrap_or(joined),
        });
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
    let until = ends.map(|_| since(draw, home, joined));
    let lately = joined.max(home.now.minus(TimeDelta::days(365)));
    let confirmed = draw.per_mille(share::CONFIRMS).then(|| since(draw, home, lately));
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

/// An instant after another one and before now.
fn since(draw: Draw<'_>, home: &Home<'_>, from: Timestamp) -> Timestamp {
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
        (0..draw.below(3)).filter_map(|_| draw.one(&home.words.interests)).map(|it| it.code.as_str()).collect();
    // What everybody asks for first stands first in the list of kinds.
    if liked.is_empty() || draw.per_mille(share::HOMECOMING) {
        liked.extend(home.words.interests.first().map(|it| it.code.as_str()));
    }
    liked.sort_unstable();
    liked.dedup();
    record.interests.extend(liked.into_iter().map(|code| Interest { code: code.into(), span: Span::since(joined) }));
}

/// The same graduate entered a second time, by a list that named no school: what the office finds as a duplicate.
pub fn twin(chance: &Chance, home: &Home<'_>, of: &Graduate) -> Arrival {
    let person =
        Person { id: PersonId::born(chance, home.now), created_at: home.now, ..of.arrival.record.person.clone() };
    let mut record = PersonRecord::of(person);
    let ties = of.arrival.record.ties.iter().take(1);
    record.ties.extend(ties.map(|tie| Tie { id: TieId::born(chance, home.now), ..tie.clone() }));
    Arrival { record, source: "demo".into(), addresses: HashMap::new() }
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
    let at = since(draw, home, joined);
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
