//! Young people of a school's list who have not joined: in the database as the list knows them, in the simulator with a
//! phone of their own. Whoever tries the demonstration plays them. Leaves printing to `announce`.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;
use tsunagari_acts::House;
use tsunagari_acts::load_people::load_people;
use tsunagari_kernel::{Chance, EnrolmentId, MunicipalityCode, PersonId, ResidenceId, Span, TieId, Timestamp};
use tsunagari_line_sim::{Setup, Sim, UserSetup};
use tsunagari_people::residence::Place;
use tsunagari_people::{Enrolment, Person, PersonLocale, PersonRecord, Residence, School, SchoolKind, Tie, TieKind};
use tsunagari_storage::person::Arrival;

use super::record::{Record, StrangerWords};
use crate::demo::people::size::THIS_YEAR;
use crate::demo::towns::{Town, machine};

/// Somebody to play, as printed and written to the ready file.
#[derive(Debug, Clone, Serialize)]
pub struct Stranger {
    /// The organisation's code.
    pub organisation: String,
    /// The phone's name in the simulator.
    pub handle: String,
    /// The name to answer with.
    pub name: String,
    /// Its reading.
    pub kana: String,
    /// The birth date.
    pub birth: NaiveDate,
    /// The school.
    pub school: String,
    /// The phone's address.
    pub phone: String,
    /// The address in the school's QR code.
    pub join: String,
    /// Where a guardian is reached; empty for somebody who needs none.
    pub guardian_mail: String,
}

/// Gives the strangers of a town a phone and a place in the school's list.
///
/// # Errors
/// Storage's, or the simulator refuses.
pub async fn enter(
    house: &House,
    sim: &Sim,
    line_url: &str,
    record: &Record,
    town: &Town,
    seed: u64,
) -> anyhow::Result<Vec<Stranger>> {
    let here: Vec<&StrangerWords> = record.strangers.iter().filter(|it| it.municipality == town.org.code).collect();
    let chance = Chance::seeded(seed);
    let mut reader = house.org(town.org.id).read().await?;
    let schools = reader.schools().await?;
    let events = reader.join_events().await?;
    drop(reader);
    let joined = |it: &StrangerWords| {
        let school = schools.iter().find(|school| school.name == it.school)?;
        let event = events.iter().find(|event| event.school == Some(school.id) && event.is_open(house.now()))?;
        Some((school, format!("{}/j/{}", house.origin, event.code)))
    };
    let here: Vec<(&StrangerWords, &School, String)> =
        here.into_iter().filter_map(|it| joined(it).map(|(school, join)| (it, school, join))).collect();
    let arrivals: Vec<Arrival> = here.iter().map(|(it, school, _)| arrival(house, &chance, town, school, it)).collect();
    load_people(house, &machine(town.org.id), &arrivals).await?;
    let users = here.iter().map(|(it, ..)| UserSetup {
        handle: it.handle.clone(),
        name: format!("{} {}", it.family, it.given),
        ..UserSetup::default()
    });
    sim.set_up(&Setup { users: users.collect(), ..Setup::default() })?;
    let port = line_url.rsplit(':').next().unwrap_or_default().trim_end_matches('/').to_owned();
    let told = here.iter().map(|(it, school, join)| Stranger {
        organisation: town.org.code.clone(),
        handle: it.handle.clone(),
        name: format!("{} {}", it.family, it.given),
        kana: format!("{} {}", it.family_kana, it.given_kana),
        birth: it.birth,
        school: school.name.clone(),
        phone: format!("http://{}.localhost:{port}/", it.handle),
        join: join.clone(),
        guardian_mail: it.guardian_mail.clone(),
    });
    Ok(told.collect())
}

fn arrival(house: &House, chance: &Chance, town: &Town, school: &School, it: &StrangerWords) -> Arrival {
    let now = house.now();
    let listed = NaiveDate::from_ymd_opt(THIS_YEAR.0 + 1, 2, 10).unwrap_or_default();
    let mut record = PersonRecord::of(Person {
        id: PersonId::born(chance, now),
        family: it.family.clone(),
        given: it.given.clone(),
        family_kana: it.family_kana.clone(),
        given_kana: it.given_kana.clone(),
        birth_date: Some(it.birth),
        locale: PersonLocale::Ja,
        address_protected: false,
        team: None,
        merged_into: None,
        created_at: Timestamp::start_of(listed).plus(TimeDelta::hours(10)).min(now),
    });
    let stay = EnrolmentId::born(chance, now);
    let mut stay = Enrolment::ending(stay, SchoolKind::HighSchool, school.name.clone(), THIS_YEAR, 3);
    stay.school = Some(school.id);
    record.enrolments.push(stay);
    let tie = TieId::born(chance, now);
    let since = THIS_YEAR.plus(-2).first_day();
    record.ties.push(Tie { id: tie, kind: TieKind::Origin, span: Span::since(since), ended: None });
    if let Ok(municipality) = town.org.code.parse::<MunicipalityCode>() {
        record.residences.push(Residence {
            id: ResidenceId::born(chance, now),
            place: Place::Municipality(municipality),
            span: Span::since(it.birth),
        });
    }
    // Their own page tells them where the town knows them from.
    Arrival { record, source: "import".into(), addresses: HashMap::new() }
}
