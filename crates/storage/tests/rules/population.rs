//! Random people whose days and instants often fall exactly on the bounds a question asks about: gaps, missing values,
//! merged entries, stays that overlap, contact points in every state.

use std::collections::{BTreeSet, HashMap};

use chrono::{NaiveDate, TimeDelta};
use tsunagari_kernel::*;
use tsunagari_people::consent::ConsentEnd;
use tsunagari_people::contact_point::Working;
use tsunagari_people::residence::Place;
use tsunagari_people::*;
use tsunagari_rules::Catalogue;
use tsunagari_storage::person::Arrival;
use uuid::Uuid;

pub const PURPOSES: [&str; 2] = ["news", "jobs"];
pub const INTERESTS: [&str; 3] = ["homecoming", "jobs", "culture"];
const PLACES: [&str; 5] = ["322041", "271004", "270008", "260002", "320005"];
const DAYS: [&str; 12] = [
    "2008-02-29",
    "2008-04-01",
    "2008-04-02",
    "2010-03-01",
    "2024-03-31",
    "2024-04-01",
    "2025-02-28",
    "2025-03-01",
    "2026-02-28",
    "2026-03-01",
    "2026-04-01",
    "2028-02-29",
];

pub fn school(n: u128) -> SchoolId {
    SchoolId(Uuid::from_u128(0x5c00_0000 + n))
}

pub fn catalogue() -> Catalogue {
    Catalogue::of(&[FACTS])
        .unwrap()
        .with_codes("purposes", PURPOSES)
        .with_codes("interests", INTERESTS)
        .with_codes("schools", (0..3).map(|n| school(n).to_string()))
        .with_codes("prefectures", ["270008", "260002", "320005"])
        .with_codes("municipalities", ["322041", "271004"])
}

/// A world of people with the moments and settings to ask about them.
pub struct Population<'c> {
    chance: &'c Chance,
    pub moments: Vec<Moment>,
    pub policy: Policy,
    pub arrivals: Vec<Arrival>,
}

impl<'c> Population<'c> {
    pub fn random(chance: &'c Chance, people: u64) -> Self {
        let mut it = Self { chance, moments: Vec::new(), policy: Policy::default(), arrivals: Vec::new() };
        it.policy = Policy {
            reach: ReachPolicy {
                guardian_age: it.one(&[0, 16, 18]),
                stale_after_days: it.one(&[0, 30, 400]),
                stale_counts: it.coin(),
            },
            job_hunting: JobHunting { years_before_last: it.one(&[0, 1, 2]), month: it.one(&[1, 3, 4, 10]) },
        };
        it.moments = (0..3)
            .map(|_| {
                let date = it.day();
                let end = Moment::end_of(date);
                if it.coin() { end } else { Moment { date, instant: end.instant.minus(TimeDelta::hours(13)) } }
            })
            .collect();
        for _ in 0..people {
            let arrival = it.arrival();
            it.arrivals.push(arrival);
        }
        it
    }

    pub fn below(&self, bound: u64) -> u64 {
        self.chance.below(bound)
    }

    fn coin(&self) -> bool {
        self.below(2) == 0
    }

    pub fn one<T: Copy>(&self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    fn maybe<T>(&self, it: impl FnOnce() -> T) -> Option<T> {
        (self.below(3) > 0).then(it)
    }

    fn times<T>(&self, at_most: u64, mut it: impl FnMut() -> T) -> Vec<T> {
        (0..self.below(at_most + 1)).map(|_| it()).collect()
    }

    fn id<T: From<Uuid>>(&self) -> T {
        T::from(Uuid::from_bytes(self.chance.bytes()))
    }

    fn day(&self) -> NaiveDate {
        if !self.moments.is_empty() && self.coin() {
            let date = self.one(&self.moments).date;
            return if self.coin() { date } else { date.succ_opt().unwrap() };
        }
        self.one(&DAYS).parse().unwrap()
    }

    fn days(&self) -> Span<NaiveDate> {
        Span { from: self.day(), until: self.maybe(|| self.day()) }
    }

    /// Often exactly a moment's instant or the limit of staleness before it, or a microsecond beside.
    fn instant(&self) -> Timestamp {
        let beside = self.one(&[-1, 0, 0, 1]);
        let moment = self.one(&self.moments).instant;
        let point = match self.below(4) {
            0 => moment,
            1 => moment.minus(self.policy.reach.stale_after()),
            _ => Timestamp::start_of(self.day()),
        };
        Timestamp::from_micros(point.micros() + beside)
    }

    fn instants(&self) -> Span<Timestamp> {
        Span { from: self.instant(), until: self.maybe(|| self.instant()) }
    }

    fn place(&self) -> MunicipalityCode {
        self.one(&PLACES).parse().unwrap()
    }

    fn person(&self) -> Person {
        Person {
            id: self.id(),
            family: self.one(&["髙橋", "佐藤", "𠮷野"]).into(),
            given: self.one(&["花", "太郎", ""]).into(),
            family_kana: self.one(&["タカハシ", "サトウ", ""]).into(),
            given_kana: String::new(),
            birth_date: self.maybe(|| self.day()),
            locale: self.one(PersonLocale::ALL),
            address_protected: self.coin(),
            team: None,
            merged_into: (self.below(8) == 0).then(|| self.id()),
            created_at: self.instant(),
        }
    }

    fn enrolment(&self) -> Enrolment {
        let years = self.one(&[1, 2, 3, 4, 6]);
        let kind = if self.coin() { SchoolKind::HighSchool } else { self.one(SchoolKind::ALL) };
        Enrolment {
            id: self.id(),
            school: self.maybe(|| school(u128::from(self.below(3)))),
            school_name: "架空高等学校".into(),
            kind,
            place: self.maybe(|| self.place()),
            years,
            start_fy: FiscalYear(2023),
            end_fy: FiscalYear(self.one(&[2008, 2009, 2023, 2024, 2025, 2026, 2027, 2028])),
            pause_years: 0,
            from_on: self.day(),
            until_on: self.day(),
            left_on: if self.below(3) == 0 { Some(self.day()) } else { None },
        }
    }

    fn residence(&self) -> Residence {
        let code = self.place();
        let place = match self.below(6) {
            0 => Place::Abroad("AU".into()),
            _ if code.is_prefecture() => Place::Prefecture(code),
            _ => Place::Municipality(code),
        };
        Residence { id: self.id(), place, span: self.days() }
    }

    /// Intervals that do not overlap, some of them empty.
    fn working(&self) -> Vec<Working> {
        let points: BTreeSet<Timestamp> = self.times(4, || self.instant()).into_iter().collect();
        let points: Vec<Timestamp> = points.into_iter().collect();
        let mut out = Vec::new();
        for (n, from) in points.iter().enumerate() {
            let next = points.get(n + 1).copied();
            let until = match self.below(4) {
                0 => Some(*from),
                1 => next,
                _ => next.map(|next| Timestamp::from_micros(from.micros() + (next.micros() - from.micros()) / 2)),
            };
            out.push(Working { span: Span { from: *from, until }, ended: self.maybe(|| self.one(EndReason::ALL)) });
        }
        out
    }

    fn contact(&self) -> ContactPoint {
        let confirmed: BTreeSet<Timestamp> = self.times(2, || self.instant()).into_iter().collect();
        ContactPoint {
            id: self.id(),
            kind: self.one(ContactKind::ALL),
            provider: None,
            kept: self.instants(),
            verified_at: self.maybe(|| self.instant()),
            working: self.working(),
            confirmed: confirmed.into_iter().collect(),
        }
    }

    fn consent(&self) -> Consent {
        let guardian = GivenBy::Guardian(self.maybe(|| self.id()));
        Consent {
            id: self.id(),
            purpose: Purpose::of(self.one(&PURPOSES)),
            wording_version: 1,
            given_by: if self.below(3) == 0 { guardian } else { GivenBy::Myself },
            span: self.instants(),
            ended: self.maybe(|| self.one(ConsentEnd::ALL)),
        }
    }

    fn interests(&self) -> Vec<Interest> {
        let mut seen = BTreeSet::new();
        let all = self.times(3, || Interest { code: self.one(&INTERESTS).into(), span: self.instants() });
        all.into_iter().filter(|it| seen.insert((it.code.clone(), it.span.from))).collect()
    }

    fn arrival(&self) -> Arrival {
        let mut record = PersonRecord::of(self.person());
        record.ties = self.times(2, || Tie {
            id: self.id(),
            kind: self.one(TieKind::ALL),
            span: self.days(),
            ended: self.maybe(|| self.one(TieEnd::ALL)),
        });
        record.households =
            self.maybe(|| HouseholdMember { household: self.id(), span: self.days() }).into_iter().collect();
        record.guardianships = self.times(1, || Guardianship { id: self.id(), guardian: self.id(), span: self.days() });
        record.enrolments = self.times(3, || self.enrolment());
        record.residences = self.times(3, || self.residence());
        record.occupations = self
            .maybe(|| Occupation { id: self.id(), kind: self.one(OccupationKind::ALL), span: self.days() })
            .into_iter()
            .collect();
        record.contact_points = self.times(3, || self.contact());
        record.consents = self.times(3, || self.consent());
        record.interests = self.interests();
        let addresses: HashMap<ContactPointId, String> =
            record.contact_points.iter().map(|point| (point.id, format!("{}@example.jp", point.id))).collect();
        Arrival { record, source: "demo".into(), addresses }
    }
}

/// The same record with its lists in a fixed order.
pub fn sorted(mut it: PersonRecord) -> PersonRecord {
    it.ties.sort_by_key(|x| x.id);
    it.households.sort_by_key(|x| x.household);
    it.guardianships.sort_by_key(|x| x.id);
    it.enrolments.sort_by_key(|x| x.id);
    it.residences.sort_by_key(|x| x.id);
    it.occupations.sort_by_key(|x| x.id);
    it.contact_points.sort_by_key(|x| x.id);
    it.consents.sort_by_key(|x| x.id);
    it.interests.sort_by_key(|x| (x.code.clone(), x.span.from));
    it
}
