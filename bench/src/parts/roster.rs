//! A list of many graduates is imported through the office: uploaded, previewed, applied. Webhooks come in all the while
//! and must be answered; so must a page of the office.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use async_trait::async_trait;
use tsunagari_access::Role;
use tsunagari_kernel::{Chance, ImportId};
use tsunagari_load::Times;
use tsunagari_load::officer::Desk;
use tsunagari_load::webhooks::{Answered, Hook};
use tsunagari_storage::import_file::ImportState;

use super::webhooks::bodies;
use crate::bench::Bench;
use crate::part::Part;
use crate::table::{Figure, Of, short};
use crate::town::Town;

/// Webhooks a second beside it.
const WEBHOOKS: f64 = 20.0;
/// Longer than this, and it is given up.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(900);

/// The part.
pub struct Roster;

#[async_trait]
impl Part for Roster {
    fn name(&self) -> &'static str {
        "roster"
    }

    fn about(&self) -> &'static str {
        "import of a list, and what else is answered meanwhile"
    }

    async fn run(&self, bench: &Bench) -> Result<Vec<Figure>> {
        let town = bench.town().await?;
        let rows = bench.people;
        let file = list(rows);
        let server = town.serve().await?;
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
        let link = town.sign_in(&Role::Administrator).await?;
        let desk = Desk::sign_in(http.clone(), &town.origin(), &link).await;
        let mut desk = desk.map_err(|answer| anyhow::anyhow!("signing in: {}", answer.status))?;
        let stop = Arc::new(AtomicBool::new(false));
        let (hook, flag) = (town.hook(), stop.clone());
        let rounds: Vec<Vec<String>> = (0..GIVEN_UP_AFTER.as_secs()).map(|n| round(town, n)).collect();
        let beside = tokio::spawn(async move { beside(&hook, &http, rounds, &flag).await });
        let used = server.processor()?;
        let steps = import(town, &mut desk, &file).await;
        stop.store(true, Ordering::Relaxed);
        let answered = beside.await?;
        let used = server.processor()?.saturating_sub(used);
        let steps = steps?;
        Ok(figures(rows, &steps, &answered, used))
    }
}

/// How long each step took.
struct Steps {
    taken_in: Duration,
    previewed: Duration,
    applied: Duration,
    pages: Times,
    entered: i64,
}

fn figures(rows: u64, steps: &Steps, answered: &Answered, used: Duration) -> Vec<Figure> {
    let all = steps.taken_in + steps.previewed + steps.applied;
    vec![
        Figure::took(format!("import of {rows} rows, from upload to written"), all, Duration::from_secs(30)),
        Figure::fact("import: uploaded, read and kept", short(steps.taken_in)),
        Figure::fact("import: preview of every row", short(steps.previewed)),
        Figure::fact("import: written", format!("{}, {} new people", short(steps.applied), steps.entered)),
        Figure::times("import: webhooks meanwhile", &answered.times, &[(Of::Max, Duration::from_secs(2))]),
        Figure::most("import: webhooks not acknowledged", answered.refused as f64, 0.0, ""),
        Figure::times("import: its own page meanwhile", &steps.pages, &[]),
        Figure::fact("processor time of the server", format!("{:.1} s", used.as_secs_f64())),
    ]
}

fn round(town: &Town, n: u64) -> Vec<String> {
    bodies(town, &format!("beside-{n}"), WEBHOOKS as u64)
}

/// Webhooks, a second's worth at a time, until told to stop.
async fn beside(hook: &Hook, http: &reqwest::Client, rounds: Vec<Vec<String>>, stop: &AtomicBool) -> Answered {
    let mut all = Answered::default();
    for bodies in rounds {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let one = hook.at_pace(http, WEBHOOKS, bodies).await;
        all.acknowledged += one.acknowledged;
        all.refused += one.refused;
        all.times = all.times.and(one.times);
    }
    all
}

async fn import(town: &Town, desk: &mut Desk, file: &[u8]) -> Result<Steps> {
    let begin = Instant::now();
    let csrf = desk.get("/office/import").await.csrf().to_owned();
    let fields = [
        ("csrf", csrf.as_str()),
        ("school", "new"),
        ("school_name", "架空第一高等学校"),
        ("year", "2025"),
        ("sheet", ""),
    ];
    let answer = desk.upload("/office/import", &fields, "meibo.csv", file).await;
    ensure!(answer.status == 303, "the upload answers {}: {}", answer.status, answer.body);
    let taken_in = begin.elapsed();
    let id = answer.to.split('/').nth(3).context("no import in the address")?.to_owned();
    let import: ImportId = id.parse()?;
    let mapping = town.house.org(town.org).read().await?.import_file(import).await?;
    let begin = Instant::now();
    let columns = format!("/office/import/{id}/columns");
    let csrf = desk.get(&columns).await.csrf().to_owned();
    let mut form = vec![("csrf".to_owned(), csrf), ("graduation".to_owned(), "2025".to_owned())];
    form.push(("school".to_owned(), mapping.school.map(|it| it.to_string()).unwrap_or_default()));
    form.extend(mapping.mapping.iter().enumerate().map(|(n, slug)| (format!("c{n}"), slug.clone())));
    let answer = desk.post(&columns, &form).await;
    ensure!(answer.status == 303, "the columns answer {}: {}", answer.status, answer.body);
    let mut pages = Vec::new();
    wait(town, desk, import, ImportState::Previewed, &mut pages).await?;
    let previewed = begin.elapsed();
    let begin = Instant::now();
    let page = desk.get(&format!("/office/import/{id}")).await;
    let form = [("csrf".to_owned(), page.csrf().to_owned())];
    let answer = desk.post(&format!("/office/import/{id}/apply"), &form).await;
    ensure!(answer.status == 303, "applying answers {}: {}", answer.status, answer.body);
    let entered = wait(town, desk, import, ImportState::Applied, &mut pages).await?;
    Ok(Steps { taken_in, previewed, applied: begin.elapsed(), pages: Times::of(pages), entered })
}

/// Waits for a state, looking at the page as an officer would; how many new people the file has.
async fn wait(
    town: &Town,
    desk: &mut Desk,
    import: ImportId,
    state: ImportState,
    pages: &mut Vec<Duration>,
) -> Result<i64> {
    let begin = Instant::now();
    loop {
        let file = town.house.org(town.org).read().await?.import_file(import).await?;
        if file.state == state {
            return Ok(file.summary.new);
        }
        if begin.elapsed() > GIVEN_UP_AFTER {
            bail!("still {:?} after {} s", file.state, GIVEN_UP_AFTER.as_secs());
        }
        let page = desk.get(&format!("/office/import/{import}")).await;
        ensure!(page.status == 200, "the import's page answers {}: {}", page.status, page.body);
        pages.push(page.took);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// A list as a school would hand it in, of people nobody knows.
fn list(rows: u64) -> Vec<u8> {
    const KANA: &[char] =
        &['カ', 'キ', 'ク', 'サ', 'シ', 'ス', 'タ', 'チ', 'ツ', 'ナ', 'ニ', 'ハ', 'ヒ', 'マ', 'ミ', 'ラ'];
    let chance = Chance::seeded(23);
    let syllables = |many: usize| -> String {
        (0..many).map(|_| KANA[usize::try_from(chance.below(KANA.len() as u64)).unwrap_or(0)]).collect()
    };
    let mut text = String::from("組,番号,氏名,フリガナ,生年月日,メールアドレス,進学先\n");
    for n in 0..rows {
        let (family, given) = (syllables(4), syllables(4));
        let (month, day) = (4 + chance.below(9), 1 + chance.below(28));
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{},{},{family}　{given},{family} {given},2007年{month}月{day}日,list{n}@people.example,架空大学",
            n / 40 + 1,
            n % 40 + 1
        );
    }
    text.into_bytes()
}
