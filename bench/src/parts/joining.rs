//! A whole school joins at once: so many residents a second for a minute (as far as the limit of one address goes: 3,000
//! in ten minutes), all from one address, each opening the slip, going through LINE Login and answering every question.
//! Times are those of single pages of the server. Two such minutes: the first of the town, and one in a town where others
//! have begun before and the server has looked at its tables since (docs/decisions/0011); the goals are those of the second.

use std::net::{IpAddr, Ipv4Addr};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use async_trait::async_trait;
use tokio::task::JoinSet;
use tsunagari_kernel::Chance;
use tsunagari_line_sim::Setup;
use tsunagari_line_sim::setup::BulkUsers;
use tsunagari_load::visitors::{Joining as Joined, Portal, Resident, join, only_begin};
use tsunagari_load::{Pace, Times};

use crate::bench::Bench;
use crate::part::Part;
use crate::table::{Figure, Of};

/// Arrivals a second; a little more than promised.
const OFFERED: f64 = 51.0;
const SECONDS: u64 = 58;
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
        let residents = OFFERED as u32 * SECONDS as u32;
        let bulk = BulkUsers { prefix: "joins".into(), count: 2 * residents, friends_of: Vec::new() };
        town.line.sim.set_up(&Setup { bulk_users: vec![bulk], ..Setup::default() })?;
        let server = town.serve().await?;
        let portal = Arc::new(town.portal());
        let chance = Chance::seeded(11);
        // The first minute of a town: nobody has begun before, and a server has not looked at the tables yet.
        let first = minute(&portal, &chance, FIRST_ADDRESS, 0..residents).await?;
        let http = client(ADDRESS)?;
        for _ in 0..ONLY_BEGIN {
            only_begin(&http, &portal).await.map_err(anyhow::Error::msg)?;
        }
        bench.settle()?;
        let used = server.processor()?;
        let later = minute(&portal, &chance, ADDRESS, residents..2 * residents - ONLY_BEGIN).await?;
        let used = server.processor()?.saturating_sub(used);
        let a_second = later.pages.len() as f64 / later.took.as_secs_f64();
        let errors = Figure::most("joining: not finished", later.wrong.len() as f64, 0.0, "");
        let of_first = format!("{:.0}/s, {} not finished", first.a_second(), first.wrong.len());
        Ok(vec![
            Figure::fact("joining: people who have joined in a town's first minute of all", of_first),
            Figure::times("joining: one page in that minute", &first.pages, &[]),
            Figure::rate("joining: people who have joined", later.a_second(), 50.0),
            Figure::times("joining: one page", &later.pages, &[(Of::P99, Duration::from_millis(500))]),
            errors.why_not(later.wrong.first().cloned().unwrap_or_default()),
            Figure::times("joining: from the slip to the welcome", &later.whole, &[]),
            Figure::fact("joining: pages", format!("{a_second:.0}/s")),
            Figure::fact("processor time of the server", format!("{:.1} s", used.as_secs_f64())),
        ])
    }
}

/// What one minute brought.
struct Minute {
    joined: usize,
    wrong: Vec<String>,
    pages: Times,
    whole: Times,
    took: Duration,
}

impl Minute {
    fn a_second(&self) -> f64 {
        self.joined as f64 / self.took.as_secs_f64()
    }
}

fn client(from: Ipv4Addr) -> Result<reqwest::Client> {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(512)
        .local_address(IpAddr::from(from));
    Ok(client.build()?)
}

/// These residents come, so many a second, from one address.
async fn minute(portal: &Arc<Portal>, chance: &Chance, from: Ipv4Addr, who: Range<u32>) -> Result<Minute> {
    let (http, pace) = (client(from)?, Pace::of(OFFERED));
    let begin = tokio::time::Instant::now();
    let mut coming: JoinSet<Joined> = JoinSet::new();
    for (n, at) in who.zip(0..) {
        pace.arrival(at).await;
        let (http, portal, who) = (http.clone(), portal.clone(), resident(chance, n));
        coming.spawn(async move { join(&http, &portal, &who).await });
    }
    let all: Vec<Joined> = coming.join_all().await;
    let took = begin.elapsed();
    let wrong: Vec<String> = all.iter().filter_map(|it| it.wrong.clone()).collect();
    Ok(Minute {
        joined: all.len() - wrong.len(),
        wrong,
        pages: Times::of(all.iter().flat_map(|it| it.pages.iter().copied()).collect()),
        whole: Times::of(all.iter().map(|it| it.whole).collect()),
        took,
    })
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
