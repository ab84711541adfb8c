//! A whole school joins at once: so many residents a second for a minute (as far as the limit of one address goes: 3,000
//! in ten minutes), all from one address, each opening the slip, going through LINE Login and answering every question.
//! Times are those of single pages of the server.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use async_trait::async_trait;
use tokio::task::JoinSet;
use tsunagari_kernel::Chance;
use tsunagari_line_sim::Setup;
use tsunagari_line_sim::setup::BulkUsers;
use tsunagari_load::visitors::{Joining as Joined, Resident, join, only_begin};
use tsunagari_load::{Pace, Times};

use crate::bench::Bench;
use crate::part::Part;
use crate::table::{Figure, Of};

/// Arrivals a second; a little more than promised.
const OFFERED: f64 = 51.0;
const SECONDS: u64 = 58;
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
        let residents = OFFERED as u32 * SECONDS as u32;
        let bulk = BulkUsers { prefix: "joins".into(), count: residents, friends_of: Vec::new() };
        town.line.sim.set_up(&Setup { bulk_users: vec![bulk], ..Setup::default() })?;
        let server = town.serve().await?;
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(512)
            .build()?;
        let portal = Arc::new(town.portal());
        let chance = Chance::seeded(11);
        let warm = join(&http, &portal, &resident(&chance, 0)).await;
        ensure!(warm.wrong.is_none(), "the first one could not join: {}", warm.wrong.unwrap_or_default());
        for _ in 0..ONLY_BEGIN {
            only_begin(&http, &portal).await.map_err(anyhow::Error::msg)?;
        }
        bench.settle()?;
        let used = server.processor()?;
        let (pace, begin) = (Pace::of(OFFERED), tokio::time::Instant::now());
        let mut coming: JoinSet<Joined> = JoinSet::new();
        for n in 1..residents {
            pace.arrival(n - 1).await;
            let (http, portal, who) = (http.clone(), portal.clone(), resident(&chance, n));
            coming.spawn(async move { join(&http, &portal, &who).await });
        }
        let all: Vec<Joined> = coming.join_all().await;
        let took = begin.elapsed();
        let used = server.processor()?.saturating_sub(used);
        let wrong: Vec<&String> = all.iter().filter_map(|it| it.wrong.as_ref()).collect();
        let joined = all.len() - wrong.len();
        let pages = Times::of(all.iter().flat_map(|it| it.pages.iter().copied()).collect());
        let whole = Times::of(all.iter().map(|it| it.whole).collect());
        let a_second = pages.len() as f64 / took.as_secs_f64();
        let errors = Figure::most("joining: not finished", wrong.len() as f64, 0.0, "");
        Ok(vec![
            Figure::rate("joining: people who have joined", joined as f64 / took.as_secs_f64(), 50.0),
            Figure::times("joining: one page", &pages, &[(Of::P99, Duration::from_millis(500))]),
            errors.why_not(wrong.first().map_or_else(String::new, |it| (*it).clone())),
            Figure::times("joining: from the slip to the welcome", &whole, &[]),
            Figure::fact("joining: pages", format!("{a_second:.0}/s")),
            Figure::fact("processor time of the server", format!("{:.1} s", used.as_secs_f64())),
        ])
    }
}

/// Names that are nobody's; two of the same name and birthday are as rare as they are.
fn resident(chance: &Chance, n: u32) -> Resident {
    const KANA: &[char] =
        &['カ', 'キ', 'ク', 'サ', 'シ', 'ス', 'タ', 'チ', 'ツ', 'ナ', 'ニ', 'ハ', 'ヒ', 'マ', 'ミ', 'ラ'];
    let syllables = |many: usize| -> String {
        (0..many).map(|_| KANA[usize::try_from(chance.below(KANA.len() as u64)).unwrap_or(0)]).collect()
    };
    let (family_kana, given_kana) = (syllables(4), syllables(3));
    let draw = |bound: u64| u32::try_from(chance.below(bound)).unwrap_or(0);
    Resident {
        phone: format!("joins{}", n + 1),
        name: [family_kana.clone(), given_kana.clone()],
        kana: [family_kana, given_kana],
        birth: [2007, 4 + draw(9), 2 + draw(26)],
    }
}
