//! Webhooks of LINE, one event each, at a steady rate from outside: acknowledged in time, and how long after the last one
//! everything has taken effect.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use async_trait::async_trait;
use tsunagari_load::webhooks::{Happened, body, event};

use crate::bench::Bench;
use crate::part::Part;
use crate::table::{Figure, Of};
use crate::town::{MachineClock, Town};
use tsunagari_kernel::Clock;

/// Offered a second; a little more than promised.
const OFFERED: f64 = 1_100.0;
const SECONDS: u64 = 20;

/// The part.
pub struct Webhooks;

#[async_trait]
impl Part for Webhooks {
    fn name(&self) -> &'static str {
        "webhooks"
    }

    fn about(&self) -> &'static str {
        "webhooks acknowledged, and applied"
    }

    async fn run(&self, bench: &Bench) -> Result<Vec<Figure>> {
        let town = bench.town().await?;
        let server = town.serve().await?;
        let events = OFFERED as u64 * SECONDS;
        let bodies = bodies(town, "bench", events);
        let client = reqwest::Client::builder().pool_max_idle_per_host(512).build()?;
        let warm = town.hook().at_pace(&client, 100.0, bodies_of_warm_up(town)).await;
        ensure!(warm.refused == 0, "{} webhooks of the warm-up were not acknowledged", warm.refused);
        applied(town).await?;
        bench.settle()?;
        let used = server.processor()?;
        let answered = town.hook().at_pace(&client, OFFERED, bodies).await;
        let applied = applied(town).await?;
        let used = server.processor()?.saturating_sub(used);
        let rate = answered.acknowledged as f64 / answered.took.as_secs_f64();
        Ok(vec![
            Figure::rate(format!("webhooks acknowledged, {OFFERED:.0} events/s offered"), rate, 1_000.0),
            Figure::times("webhooks: time to the answer", &answered.times, &[(Of::P99, Duration::from_millis(300))]),
            Figure::most("webhooks not acknowledged", answered.refused as f64, 0.0, ""),
            Figure::fact("webhooks: all have taken effect after the last answer", crate::table::short(applied)),
            Figure::fact("processor time of the server", format!("{:.1} s", used.as_secs_f64())),
        ])
    }
}

/// So many bodies of one event each; half of them follows, half of them words.
pub fn bodies(town: &Town, run: &str, events: u64) -> Vec<String> {
    let now = MachineClock.now().micros() / 1_000;
    (0..events)
        .map(|n| {
            let user = town.user_id(n.wrapping_mul(7_919) % town.people.max(1));
            let happened = if n % 2 == 0 { Happened::Follow } else { Happened::Text };
            body(&[event(happened, &user, &format!("{run}-{now}-{n}"), now + i64::try_from(n).unwrap_or(0))])
        })
        .collect()
}

fn bodies_of_warm_up(town: &Town) -> Vec<String> {
    bodies(town, "warm-up", 200)
}

/// Waits until nothing waits any more.
async fn applied(town: &Town) -> Result<Duration> {
    let here = town.house.org(town.org);
    let begin = Instant::now();
    let channel = here.read().await?.sending_line_channel().await?.context("a channel")?.id;
    loop {
        let counts = here.read().await?.inbound_counts(channel).await?;
        if counts.iter().all(|(state, n)| state != "new" || *n == 0) {
            return Ok(begin.elapsed());
        }
        ensure!(begin.elapsed() < Duration::from_secs(300), "still waiting after five minutes: {counts:?}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
