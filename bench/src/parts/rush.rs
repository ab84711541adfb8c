//! School after school joins, for ten minutes: whether the rate of one minute holds, nobody meets an error and nobody is
//! entered twice. Takes as long as it says, so it runs when it is named (`cargo xtask soak rush`), not with the table.

use std::net::Ipv4Addr;
use std::sync::Arc;

use anyhow::Result;
use async_trait::async_trait;
use tsunagari_kernel::Chance;
use tsunagari_storage::person_list::PeopleFilter;

use crate::arrivals::{OFFERED, arrive};
use crate::bench::Bench;
use crate::part::Part;
use crate::table::Figure;
use crate::town::Town;

const SECONDS: u32 = 600;
/// Schools, each behind an address of its own; an address with an event's code may begin 3,000 times in ten minutes.
const SCHOOLS: u8 = 15;

/// The part.
pub struct Rush;

async fn people(town: &Town) -> Result<i64> {
    Ok(town.house.org(town.org).read().await?.count_people(&PeopleFilter::default()).await?)
}

#[async_trait]
impl Part for Rush {
    fn name(&self) -> &'static str {
        "rush"
    }

    fn about(&self) -> &'static str {
        "residents joining for ten minutes, from fifteen addresses"
    }

    fn is_long(&self) -> bool {
        true
    }

    async fn run(&self, bench: &Bench) -> Result<Vec<Figure>> {
        let town = bench.town().await?;
        let residents = OFFERED * SECONDS;
        town.know_phones(residents)?;
        let before = people(town).await?;
        let server = town.serve().await?;
        let from: Vec<Ipv4Addr> = (1..=SCHOOLS).map(|n| Ipv4Addr::new(127, 0, 0, n)).collect();
        let all = arrive(&Arc::new(town.portal()), &Chance::seeded(12), 0..residents, &from).await?;
        let used = server.processor()?;
        let entered = people(town).await? - before;
        let mut figures = vec![Figure::fact("rush: people who came", residents.to_string())];
        figures.extend(all.promised("rush"));
        let minutes: Vec<String> = all.minutes.iter().map(|joined| format!("{:.0}", *joined as f64 / 60.0)).collect();
        figures.push(Figure::fact("rush: welcomed a second, minute by minute", minutes.join(" ")));
        figures.push(Figure::most(
            "rush: entered more or less than once",
            (entered - i64::try_from(all.entered)?).abs() as f64,
            0.0,
            "",
        ));
        figures.push(Figure::fact("processor time of the server", format!("{:.1} s", used.as_secs_f64())));
        Ok(figures)
    }
}
