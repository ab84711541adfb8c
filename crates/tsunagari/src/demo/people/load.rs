//! Loading the demonstration's people, town by town in slices, with progress; and their phones into the simulator.

use std::time::Instant;

use tsunagari_acts::House;
use tsunagari_acts::load_followers::load_followers;
use tsunagari_acts::load_people::{PeopleLoad, know_schools};
use tsunagari_kernel::{Chance, FiscalYear, MunicipalityCode, SchoolId, Timestamp};
use tsunagari_line_sim::state::Standing;
use tsunagari_line_sim::{Friendship, Setup, Sim, UserSetup};
use tsunagari_people::{School, SchoolKind};

use super::graduate::{Home, Phone, graduate, twin};
use super::guardian::guardian;
use super::size::{Scale, cohort, school_years};
use super::timetable::Timetable;
use crate::demo::history;
use crate::demo::history::record::Record;
use crate::demo::lines::TownLine;
use crate::demo::towns::{Town, machine};
use crate::demo::words::Words;

/// How many people one transaction enters.
const SLICE: usize = 2_000;

/// Of so many graduates one stands in the lists twice.
const TWIN_EVERY: u64 = 240;

/// What is loaded.
pub struct Loading<'a> {
    /// The house.
    pub house: &'a House,
    /// The LINE simulator.
    pub sim: &'a Sim,
    /// Words.
    pub words: &'a Words,
    /// What the towns look back on.
    pub record: &'a Record,
    /// How large.
    pub scale: Scale,
    /// The seed.
    pub seed: u64,
    /// The moment everything was so: where the demonstration's calendar begins, not what its clock says by now. Dates are
    /// drawn from spans up to it, and the same seed has to draw the same ones.
    pub at: Timestamp,
}

impl Loading<'_> {
    /// Loads every town; how many people there are then.
    ///
    /// # Errors
    /// Storage's, or the simulator refuses.
    pub async fn all(&self, towns: &[(Town, TownLine)]) -> anyhow::Result<usize> {
        let begin = Instant::now();
        let (mut all, mut loaded) = (0, Vec::new());
        let mut load = PeopleLoad::begin(self.house).await?;
        for (index, (town, line)) in towns.iter().enumerate() {
            let people = self.town(&mut load, town, line, self.seed.wrapping_add(index as u64 + 1)).await?;
            all += people;
            loaded.push(people);
            println!("  {} {people}  ({:.1} s)", town.org.name, begin.elapsed().as_secs_f64());
        }
        load.finish().await?;
        println!("  … indexes  ({:.1} s)", begin.elapsed().as_secs_f64());
        for (index, ((town, _), people)) in towns.iter().zip(loaded).enumerate() {
            history::enter(self.house, self.record, town, people, self.seed.wrapping_add(index as u64 + 101)).await?;
        }
        println!("  … history  ({:.1} s)", begin.elapsed().as_secs_f64());
        self.house.store.analyse().await?;
        Ok(all)
    }

    async fn town(&self, load: &mut PeopleLoad<'_>, town: &Town, line: &TownLine, seed: u64) -> anyhow::Result<usize> {
        let chance = Chance::seeded(seed);
        let home = self.home(&chance, town, line).await?;
        let (mut slice, mut phones, mut serial) = (Vec::with_capacity(SLICE + 1), Vec::new(), 0);
        for year in school_years(&town.plan, self.scale) {
            for _ in 0..year.people {
                serial += 1;
                let mut made = graduate(&chance, &home, &year, serial);
                slice.extend(guardian(&chance, &home, &mut made, serial));
                phones.extend(made.phone.take());
                slice.extend((serial % TWIN_EVERY == TWIN_EVERY / 2).then(|| twin(&chance, &home, &made)));
                slice.push(made.arrival);
                if slice.len() >= SLICE {
                    load.enter(&machine(town.org.id), &slice).await?;
                    slice.clear();
                }
            }
        }
        let rest = slice.len();
        load.enter(&machine(town.org.id), &slice).await?;
        load.written().await?;
        self.sim.set_up(&phones_of(&phones, line))?;
        self.follow(town, line, &phones).await?;
        Ok(usize::try_from(serial).unwrap_or(rest))
    }

    /// The account's followers, as its webhooks would have told over the years.
    async fn follow(&self, town: &Town, line: &TownLine, phones: &[Phone]) -> anyhow::Result<()> {
        for slice in phones.chunks(SLICE) {
            let followers: Vec<_> = slice.iter().map(Phone::follower).collect();
            load_followers(self.house, &machine(town.org.id), line.provider, line.channel, &followers).await?;
        }
        Ok(())
    }

    async fn home<'w>(&'w self, chance: &Chance, town: &Town, line: &TownLine) -> anyhow::Result<Home<'w>> {
        let municipality: MunicipalityCode = town.org.code.parse()?;
        let wanted: Vec<(School, u64)> = self
            .words
            .high_schools
            .iter()
            .filter(|it| it.municipality == town.org.code)
            .map(|it| {
                let id = SchoolId::born(chance, self.at);
                let kind = SchoolKind::HighSchool;
                (School { id, name: it.name.clone(), kind, municipality: Some(municipality), years: 3 }, it.share)
            })
            .collect();
        let schools: Vec<School> = wanted.iter().map(|(school, _)| school.clone()).collect();
        let known = know_schools(self.house, &machine(town.org.id), &schools).await?;
        Ok(Home {
            words: self.words,
            municipality,
            schools: known.into_iter().zip(wanted.iter().map(|(_, share)| *share)).collect(),
            line: line.clone(),
            guardian_age: i32::try_from(town.org.guardian_age)?,
            now: self.at,
            began: FiscalYear(town.plan.fiscal_years[0]).first_day(),
            timetable: Timetable::of(&town.plan, cohort(&town.plan)),
        })
    }
}

/// The simulator's people: each with the user id the database knows, friend of the town's account or having blocked it.
fn phones_of(phones: &[Phone], line: &TownLine) -> Setup {
    let handle = |index: usize| format!("p{}-{}", line.number, index + 1);
    Setup {
        users: phones
            .iter()
            .enumerate()
            .map(|(index, phone)| UserSetup {
                handle: handle(index),
                name: phone.name.clone(),
                ids: vec![(line.provider_number.clone(), phone.user_id.clone())],
                ..UserSetup::default()
            })
            .collect(),
        friendships: phones
            .iter()
            .enumerate()
            .map(|(index, phone)| Friendship {
                user: handle(index),
                channel: line.number.clone(),
                standing: if phone.blocked { Standing::Blocked } else { Standing::Friend },
            })
            .collect(),
        ..Setup::default()
    }
}
