//! Residents who come to join, so many a second whatever became of those before: each opens the slip, goes through LINE Login
//! and answers every question. Leaves what is promised of them to the parts.

use std::net::{IpAddr, Ipv4Addr};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::task::JoinSet;
use tsunagari_kernel::Chance;
use tsunagari_load::visitors::{Joining, Portal, Resident, join};
use tsunagari_load::{Pace, Times};

use crate::table::{Figure, Of};

/// Arrivals a second; a little more than promised.
pub const OFFERED: u32 = 51;
/// How many join in a second, as promised.
const PROMISED: f64 = 50.0;

/// What they met.
pub struct Arrivals {
    /// How many are in.
    pub joined: usize,
    /// What kept the others.
    pub wrong: Vec<String>,
    /// How many were told to come back before they began.
    pub turned_away: usize,
    /// How long each page of the server took.
    pub pages: Times,
    /// How long each took from the slip to the welcome.
    pub whole: Times,
    /// How many were entered; of these one may have met an error afterwards.
    pub entered: usize,
    /// How many were welcomed in each minute.
    pub minutes: Vec<usize>,
    /// From the first arrival to the last welcome.
    pub took: Duration,
}

impl Arrivals {
    /// How many joined in a second.
    pub fn a_second(&self) -> f64 {
        self.joined as f64 / self.took.as_secs_f64()
    }

    /// What is promised of them, in rows that begin with the name of the part.
    pub fn promised(&self, part: &str) -> Vec<Figure> {
        let errors = Figure::most(format!("{part}: not finished"), self.wrong.len() as f64, 0.0, "");
        vec![
            Figure::rate(format!("{part}: people who have joined"), self.a_second(), PROMISED),
            Figure::times(format!("{part}: one page"), &self.pages, &[(Of::P99, Duration::from_millis(500))]),
            errors.why_not(self.wrong.first().cloned().unwrap_or_default()),
            Figure::most(format!("{part}: told to come back before they began"), self.turned_away as f64, 0.0, ""),
            Figure::times(format!("{part}: from the slip to the welcome"), &self.whole, &[]),
        ]
    }
}

/// A browser's connections, from an address.
///
/// # Errors
/// The client cannot be made.
pub fn client(from: Ipv4Addr) -> Result<reqwest::Client> {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(512)
        .local_address(IpAddr::from(from));
    Ok(client.build()?)
}

/// These residents come, the first of them from the first address, the last from the last.
///
/// # Errors
/// A client cannot be made; what the residents meet is told in what comes back.
pub async fn arrive(portal: &Arc<Portal>, chance: &Chance, who: Range<u32>, from: &[Ipv4Addr]) -> Result<Arrivals> {
    let clients = from.iter().map(|address| client(*address)).collect::<Result<Vec<_>>>()?;
    let behind_one = who.len().div_ceil(clients.len().max(1)).max(1);
    let pace = Pace::of(f64::from(OFFERED));
    let begin = tokio::time::Instant::now();
    let mut coming: JoinSet<(Joining, Duration)> = JoinSet::new();
    let behind = clients.iter().flat_map(|client| std::iter::repeat_n(client, behind_one));
    for ((n, at), http) in who.zip(0..).zip(behind) {
        pace.arrival(at).await;
        let (http, portal, who) = (http.clone(), portal.clone(), resident(chance, n));
        coming.spawn(async move { (join(&http, &portal, &who).await, begin.elapsed()) });
    }
    let all = coming.join_all().await;
    let took = begin.elapsed();
    let mut minutes = vec![0; usize::try_from(took.as_secs() / 60 + 1)?];
    for (_, at) in all.iter().filter(|(it, _)| it.wrong.is_none()) {
        if let Some(minute) = minutes.get_mut(usize::try_from(at.as_secs() / 60)?) {
            *minute += 1;
        }
    }
    let all: Vec<Joining> = all.into_iter().map(|(it, _)| it).collect();
    let wrong: Vec<String> = all.iter().filter_map(|it| it.wrong.clone()).collect();
    Ok(Arrivals {
        entered: all.iter().filter(|it| it.entered).count(),
        turned_away: all.iter().filter(|it| it.turned_away > 0).count(),
        minutes,
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
