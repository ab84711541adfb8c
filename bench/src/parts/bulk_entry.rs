//! Entering very many people at once into a database without any, as the demonstration does; at the end the checks of
//! `doctor` over what was loaded.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use async_trait::async_trait;
use chrono::TimeDelta;
use tsunagari_acts::load_people::PeopleLoad;
use tsunagari_kernel::{Chance, PersonId, ProviderId};
use tsunagari_storage::person::Arrival;

use crate::bench::Bench;
use crate::part::Part;
use crate::people::{Home, Known};
use crate::table::Figure;
use crate::town::CODE;

const SLICE: u64 = 5_000;
/// People a second, with inventing them.
const GOAL: f64 = 20_000.0;

/// The part.
pub struct BulkEntry;

#[async_trait]
impl Part for BulkEntry {
    fn name(&self) -> &'static str {
        "bulk-entry"
    }

    fn about(&self) -> &'static str {
        "entering very many people at once"
    }

    async fn run(&self, bench: &Bench) -> Result<Vec<Figure>> {
        let town = bench.fresh(0, Known::ThisYear).await?;
        let (chance, now) = (Chance::seeded(3), town.house.now());
        let home = Home {
            chance: &chance,
            now,
            provider: ProviderId::born(&chance, now),
            known: Known::ThisYear,
            town: CODE.parse()?,
            schools: &[],
        };
        let (begin, mut inventing, mut entered) = (Instant::now(), Duration::ZERO, 0);
        let mut load = PeopleLoad::begin(&town.house).await?;
        while entered < bench.people {
            let (until, invents) = (bench.people.min(entered + SLICE), Instant::now());
            let slice: Vec<Arrival> = (entered..until).map(|n| arrival(&home, n)).collect();
            inventing += invents.elapsed();
            load.enter(&town.machine(), &slice).await?;
            entered = until;
        }
        let ending = Instant::now();
        load.finish().await?;
        let (whole, ending) = (begin.elapsed(), ending.elapsed());
        let found = town.house.org(town.org).read().await?.findings().await?;
        ensure!(found.is_empty(), "what was loaded is not whole: {found:?}");
        let rate = entered as f64 / whole.as_secs_f64();
        let seconds = |it: Duration| format!("{:.1} s", it.as_secs_f64());
        Ok(vec![
            Figure::rate(format!("entering {entered} people at once"), rate, GOAL),
            Figure::fact("of it inventing them", seconds(inventing)),
            Figure::fact("of it building what is built at the end", seconds(ending)),
        ])
    }
}

/// In the order of their ids, as a load should bring them: neighbours are written beside each other.
fn arrival(home: &Home<'_>, n: u64) -> Arrival {
    let mut arrival = home.person(n, format!("U{n:032x}"));
    let at = home.now.minus(TimeDelta::days(1)).plus(TimeDelta::milliseconds(i64::try_from(n).unwrap_or(0)));
    arrival.record.person.id = PersonId::born(home.chance, at);
    arrival
}
