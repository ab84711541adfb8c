//! A whole school joins at once: so many residents a second for a minute (as far as the limit of one address goes: 3,000
//! in ten minutes), all from one address, each opening the slip, going through LINE Login and answering every question.
//! Times are those of single pages of the server. Two such minutes: the first of the town, and one in a town where others
//! have begun before and the server has looked at its tables since (docs/decisions/0011); the goals are those of the second.

use std::net::Ipv4Addr;
use std::sync::Arc;

use anyhow::Result;
use async_trait::async_trait;
use tsunagari_kernel::Chance;
use tsunagari_load::visitors::only_begin;

use crate::arrivals::{OFFERED, arrive, client};
use crate::bench::Bench;
use crate::part::Part;
use crate::table::Figure;

const SECONDS: u32 = 58;
/// One address with an event's code may begin so often in ten minutes: each minute has its own.
const FIRST_ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const ADDRESS: Ipv4Addr = Ipv4Addr::LOCALHOST;
/// Who has begun before and gone no further.
const ONLY_BEGIN: u32 = 30;

/// The part.
pub struct Joining;

#[async_trait]
impl Part for Joining {
    fn name(&self) -> &'static str {
        "joining"
    }

    fn about(&self) -> &'static str {
        "residents joining for a minute, from one address"
    }

    async fn run(&self, bench: &Bench) -> Result<Vec<Figure>> {
        let town = bench.town().await?;
        let residents = OFFERED * SECONDS;
        town.know_phones(2 * residents)?;
        let server = town.serve().await?;
        let portal = Arc::new(town.portal());
        let chance = Chance::seeded(11);
        // The first minute of a town: nobody has begun before, and a server has not looked at the tables yet.
        let first = arrive(&portal, &chance, 0..residents, &[FIRST_ADDRESS]).await?;
        let http = client(ADDRESS)?;
        for _ in 0..ONLY_BEGIN {
            only_begin(&http, &portal).await.map_err(anyhow::Error::msg)?;
        }
        bench.settle()?;
        let used = server.processor()?;
        let later = arrive(&portal, &chance, residents..2 * residents - ONLY_BEGIN, &[ADDRESS]).await?;
        let used = server.processor()?.saturating_sub(used);
        let a_second = later.pages.len() as f64 / later.took.as_secs_f64();
        let of_first = format!("{:.0}/s, {} not finished", first.a_second(), first.wrong.len());
        let mut figures = vec![
            Figure::fact("joining: people who have joined in a town's first minute of all", of_first),
            Figure::times("joining: one page in that minute", &first.pages, &[]),
        ];
        figures.extend(later.promised("joining"));
        figures.push(Figure::fact("joining: pages", format!("{a_second:.0}/s")));
        figures.push(Figure::fact("processor time of the server", format!("{:.1} s", used.as_secs_f64())));
        Ok(figures)
    }
}
