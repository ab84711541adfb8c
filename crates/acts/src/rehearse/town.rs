//! The town of a rehearsal: an organisation with one officer, the programme with a case's values, rounds, and invented people. Leaves what
//! they do to `play` and `season`.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use tsunagari_access::permission::Permission;
use tsunagari_access::{Granted, Machine, Officer, Resident, Role};
use tsunagari_blueprints::{BenefitKind, Blueprint, Case, CaseVerdict, JudgedOn, Values};
use tsunagari_kernel::{FiscalYear, FixedClock, OrgId, PersonId, ProgrammeId, RoundId, Span, Timestamp, UserId};
use tsunagari_people::PersonRecord;
use tsunagari_programmes::{About, Answers, Capacity, Named, Paper, Policy, Round, Stage, Venue};
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::person::Arrival;
use tsunagari_storage::staff::Staff;

use crate::adopt_blueprint::adopt;
use crate::found_organisation::{FirstStaff, Founding, found_organisation};
use crate::keep_programme::{ProgrammeGiven, keep_programme};
use crate::keep_round::{RoundStep, add_round, step_round};
use crate::load_people::load_people;
use crate::{ActError, House};

/// What somebody is known from before anybody asked: a day early enough for every rule, and one a database keeps.
const LONG_AGO: Option<NaiveDate> = NaiveDate::from_ymd_opt(1900, 1, 1);

/// The town.
pub struct Town<'r> {
    pub house: &'r House,
    pub calendar: &'r FixedClock,
    pub blueprint: &'r Blueprint,
    pub org: OrgId,
    officer: Officer,
}

impl<'r> Town<'r> {
    /// Founds it, or finds it where another of its programmes was rehearsed before.
    pub async fn found(house: &'r House, calendar: &'r FixedClock, blueprint: &'r Blueprint) -> Result<Self, ActError> {
        let code = &blueprint.organisation;
        // Several programmes are one town's.
        if let Some(known) = house.store.org_with_code(code).await? {
            let staff = known.read().await?.staff().await?;
            let user = staff.first().ok_or(ActError::NotFound)?.id;
            let officer = Officer::of(known.id(), user, vec![Role::Administrator]);
            return Ok(Self { house, calendar, blueprint, org: known.id(), officer });
        }
        let org = OrgId::born(&house.chance, house.now());
        let user = UserId::born(&house.chance, house.now());
        let organisation =
            Organisation { demo: true, ..Organisation::by_default(org, code, &blueprint.organisation_name, "") };
        let staff = Staff {
            id: user,
            login: format!("{user}@rehearsal.example"),
            name: blueprint.organisation_name.clone(),
            role: Role::Administrator,
            team: None,
            active: true,
        };
        let founding = Founding {
            organisation,
            teams: vec![],
            staff: vec![FirstStaff { staff, password_hash: String::new(), totp: house.chance.bytes() }],
            purposes: vec![],
            wordings: vec![],
            interests: vec![],
        };
        found_organisation(house, &Machine::working(org, "rehearse"), &founding).await?;
        let officer = Officer::of(org, user, vec![Role::Administrator]);
        Ok(Self { house, calendar, blueprint, org, officer })
    }

    /// The officer's proof.
    pub fn granted<P: Permission>(&self) -> Result<Granted<P>, ActError> {
        Ok(self.officer.grant(self.house.real_clock.now())?)
    }

    /// The proof of a second officer.
    pub fn granted_to_another<P: Permission>(&self) -> Result<Granted<P>, ActError> {
        let user = UserId::born(&self.house.chance, self.house.now());
        Ok(Officer::of(self.org, user, vec![Role::Approver]).grant(self.house.real_clock.now())?)
    }

    /// Somebody's proof.
    pub const fn resident(&self, person: PersonId) -> Resident {
        Resident::of_checked_link(self.org, person)
    }

    /// Nine in the morning of a day.
    pub fn turn_to(&self, day: NaiveDate) {
        self.calendar.set(Timestamp::at_jst(day, NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default()));
    }

    /// The programme with these values.
    pub async fn programme(&self, values: &Values) -> Result<ProgrammeId, ActError> {
        let by = self.granted()?;
        let id = adopt(self.house, &by, self.blueprint.clone()).await?;
        let given = ProgrammeGiven { title: self.blueprint.title.clone(), team: None, values: values.clone() };
        keep_programme(self.house, &by, id, 1, &given).await?;
        Ok(id)
    }

    /// An announced round of it that opens today.
    pub async fn round(
        &self,
        programme: ProgrammeId,
        policy: &Policy,
        values: &Values,
        event: Option<NaiveDate>,
    ) -> Result<Round, ActError> {
        let now = self.house.now();
        let by = self.granted()?;
        let venues = self.venues(values, event)?;
        // Where each venue has places of its own, the round has all of them.
        let own: Option<u32> = venues.iter().map(|it| it.places).sum();
        let capacity = own.filter(|_| !venues.is_empty()).map_or(policy.choosing.capacity, Capacity::Places);
        let round = Round {
            id: RoundId::born(&self.house.chance, now),
            programme,
            version_no: 1,
            title: self.blueprint.title.clone(),
            year: FiscalYear::of(now.jst_date()),
            edition: None,
            stage: Stage::Draft,
            opens: now,
            closes: Some(now.plus(TimeDelta::days(30))),
            capacity,
            waiting_list: policy.choosing.waiting_list,
            budget: None,
            also: String::new(),
            note: String::new(),
            venues,
        };
        let id = add_round(self.house, &by, &round).await?;
        step_round(self.house, &by, id, 1, RoundStep::Announce).await?;
        Ok(self.house.org(self.org).read().await?.round(id).await?.round)
    }

    /// The blueprint's venues, or one of its own where somebody goes somewhere.
    fn venues(&self, values: &Values, event: Option<NaiveDate>) -> Result<Vec<Venue>, ActError> {
        let known = self.blueprint.venues_with(values).map_err(|error| ActError::Broken(error.to_string()))?;
        let seat = self.blueprint.gets.iter().any(|it| it.kind == BenefitKind::Seat);
        let goes = event.is_some() || seat || self.blueprint.who.judged_on == JudgedOn::EventDay;
        let usual = self.house.now().plus(TimeDelta::days(40));
        let starts =
            event.map_or(usual, |day| Timestamp::at_jst(day, NaiveTime::from_hms_opt(13, 0, 0).unwrap_or_default()));
        let venue = |no: usize, name: String, places: Option<u32>| Venue {
            no: u16::try_from(no).unwrap_or(u16::MAX),
            name,
            address: String::new(),
            online: String::new(),
            starts: Some(starts),
            ends: Some(starts.plus(TimeDelta::hours(2))),
            places,
        };
        if known.is_empty() && goes {
            return Ok(vec![venue(1, self.blueprint.organisation_name.clone(), None)]);
        }
        // Places of its own are those that differ from the round's.
        let own = |it: &tsunagari_blueprints::VenuePlaces| it.places;
        Ok(known.iter().enumerate().map(|(n, it)| venue(n + 1, it.name.clone(), own(it))).collect())
    }

    /// The number of a venue by the blueprint's code.
    pub fn venue_no(&self, code: Option<&str>) -> Option<u16> {
        let at = match code {
            Some(code) => self.blueprint.venues.iter().position(|it| it.code == code)?,
            None if self.blueprint.venues.is_empty() => return None,
            None => 0,
        };
        u16::try_from(at + 1).ok()
    }

    /// So many people like somebody, each with a name of their own.
    pub async fn people(&self, like: &PersonRecord, many: usize) -> Result<Vec<PersonId>, ActError> {
        let now = self.house.now();
        let arrival = |n: usize| {
            let id = PersonId::born(&self.house.chance, now);
            Arrival { record: self.renamed(like, id, n), source: "office".into(), addresses: HashMap::new() }
        };
        let arrivals: Vec<Arrival> = (0..many).map(arrival).collect();
        load_people(self.house, &Machine::working(self.org, "rehearse"), &arrivals).await?;
        Ok(arrivals.into_iter().map(|it| it.record.person.id).collect())
    }

    fn renamed(&self, like: &PersonRecord, id: PersonId, n: usize) -> PersonRecord {
        let mut it = like.clone();
        let fresh = || self.house.chance.uuid_at(self.house.now());
        it.person.id = id;
        it.person.family = "rehearsal".into();
        it.person.given = format!("{n}-{}", id.0.as_simple());
        it.person.created_at = self.house.now();
        let since = |span: Span<NaiveDate>| Span { from: span.from.max(LONG_AGO.unwrap_or(span.from)), ..span };
        for stay in &mut it.residences {
            (stay.id, stay.span) = (fresh().into(), since(stay.span));
        }
        for tie in &mut it.ties {
            (tie.id, tie.span) = (fresh().into(), since(tie.span));
        }
        for stay in &mut it.enrolments {
            stay.id = fresh().into();
        }
        it
    }

    /// What somebody hands in for a case; `n` tells them from others.
    pub fn paper(&self, case: &Case, policy: &Policy, n: usize) -> Result<Paper, String> {
        let involved = case.involved(self.blueprint);
        let of_group = policy.conditions.iter().filter(|it| it.about == About::Group);
        let by_age = of_group.flat_map(|it| it.rule.asked()).any(|fact| fact == "age");
        let some = NaiveDate::from_ymd_opt(2005, 4, 2);
        let named = |it: &PersonRecord, n: usize, birth: Option<NaiveDate>| Named {
            family: "rehearsal".into(),
            given: format!("{n}"),
            birth: it.person.birth_date.or(birth),
            lives: it.residences.first().and_then(|stay| stay.place.municipality().or(stay.place.prefecture())),
            studies: it.enrolments.first().map(|stay| stay.kind),
            ..Named::default()
        };
        let birth = if by_age { None } else { some };
        Ok(Paper {
            answers: self.answers(case, policy)?,
            named: involved.beneficiary.as_ref().map(|it| named(it, n, some)),
            group: format!("group {n}"),
            members: involved.group.iter().enumerate().map(|(at, it)| named(it, at, birth)).collect(),
            sent_back: Vec::new(),
        })
    }

    /// What a case answers, and something for what it leaves out: only what it is asked about stays unanswered.
    fn answers(&self, case: &Case, policy: &Policy) -> Result<Answers, String> {
        let mut answers = case.answers(&policy.form)?;
        let conditions = self.blueprint.who.conditions.iter();
        let about: Vec<&str> =
            conditions.filter(|it| case.because.contains(&it.code)).map(|it| it.rule.as_str()).collect();
        let asked = |code: &str| case.verdict == CaseVerdict::Asks && about.iter().any(|rule| rule.contains(code));
        // An answer can lead to another question.
        for _ in 0..policy.form.0.len() {
            let open = policy
                .form
                .asked(&answers)
                .find(|field| field.required && answers.get(&field.code).is_none() && !asked(&field.code.0));
            let Some(field) = open else { break };
            let example = field.kind.example().ok_or_else(|| format!("{} has no example", field.code.0))?;
            let code = field.code.clone();
            answers.0.insert(code, example);
        }
        Ok(answers)
    }
}
