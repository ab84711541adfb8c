//! `figures`: prints what the dashboard shows, for one organisation or all: the moment (`now`), the years, what was withdrawn,
//! with the roll-up that adds people and never rates; for a network its own page, which holds what its members have published. Reads beside a running program;
//! publishes nothing.

mod now;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use chrono::NaiveDate;
use clap::Args;
use serde::Serialize;
use tsunagari_acts::read_dashboard::{Dashboard, read_dashboard};
use tsunagari_acts::read_rollup::{RollupOf, WITH_MEMBERS, rollup_of};
use tsunagari_acts::recount_figures::Recounts;
use tsunagari_figures::rollup::{Contribution, Rollup};
use tsunagari_kernel::{Clock, FiscalYear};
use tsunagari_people::Policy;
use tsunagari_storage::figure::KeptFigure;

use self::now::{Denominator, Now};
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::real_clock::RealClock;

/// Print the figures of indicators, as the dashboard shows them; publish nothing.
#[derive(Args)]
#[command(after_help = "Examples:
  tsunagari figures --config /etc/tsunagari.toml --org 322041 --fiscal-year 2025
  tsunagari figures --config /etc/tsunagari.toml --as-of 2026-03-31 --json
  tsunagari figures --data /tmp/demo --as-of 2026-03-16   (a demonstration, on its own calendar's day)")]
pub struct Figures {
    /// The settings file.
    #[arg(long, env = "TSUNAGARI_CONFIG")]
    config: Option<PathBuf>,
    /// The data directory, when it is not the settings' own.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Only the organisation with this code.
    #[arg(long)]
    org: Option<String>,
    /// Only this fiscal year, named by the western year of its April (2025 is R7).
    #[arg(long)]
    fiscal_year: Option<i32>,
    /// As of this day instead of today: 2026-03-16.
    #[arg(long)]
    as_of: Option<NaiveDate>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// One line.
#[derive(Debug, Serialize)]
struct Line {
    organisation: String,
    name: String,
    indicator: String,
    fiscal_year: i32,
    as_of: Option<NaiveDate>,
    target: Option<u64>,
    people: Option<u64>,
    rates: Vec<(String, Option<String>)>,
    /// What they are rates of, as it was frozen where it was published.
    denominators: Vec<Denominator>,
    /// What was published.
    published: Option<u64>,
    /// What a computation gives now.
    computed: Option<u64>,
    /// SHA-256 of the rule's text.
    rule_hash: Option<String>,
    /// What was set on the moment; nothing for a figure published before that was kept.
    set: Option<Policy>,
    /// What the computation is counted by now: something else when the past was put right since.
    computed_set: Option<Policy>,
    /// When it was published.
    published_on: Option<NaiveDate>,
    /// The seal of the published list.
    seal: Option<String>,
}

/// A figure that was published and withdrawn: it stands for no year any more, and nothing is added up with it.
#[derive(Debug, Serialize)]
struct Withdrawn {
    organisation: String,
    name: String,
    indicator: String,
    fiscal_year: i32,
    as_of: NaiveDate,
    published: u64,
    published_on: NaiveDate,
    seal: String,
    withdrawn_on: NaiveDate,
    why: String,
}

/// Everything that is printed.
#[derive(Debug, Serialize)]
struct Answer {
    now: Vec<Now>,
    figures: Vec<Line>,
    withdrawn: Vec<Withdrawn>,
    rollup: Vec<RollupLine>,
}

/// People of all organisations for an indicator and a year; no rate on purpose.
#[derive(Debug, Serialize)]
struct RollupLine {
    /// The network whose members are added; none when all organisations are.
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<String>,
    indicator: String,
    fiscal_year: i32,
    target: Rollup<String>,
    people: Rollup<String>,
}

impl Figures {
    /// Prints them.
    ///
    /// # Errors
    /// The database cannot be read, or no organisation has the code.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mut config = Config::load(self.config.as_deref())?;
        if let Some(data) = &self.data {
            config.data_dir.clone_from(data);
        }
        let data = DataDir::existing(&config.data_dir)?;
        // An as-of day later than the machine's calendar (the demo's lies in the past) is the machine's business.
        let clock: Arc<dyn Clock> = Arc::new(RealClock);
        let house = crate::house::open(&data, &config.database(&data)?, clock, &config.origin).await?;
        let mut organisations = house.store.platform().await?.organisations().await?;
        if let Some(code) = &self.org {
            organisations.retain(|it| it.code == *code);
            anyhow::ensure!(
                !organisations.is_empty(),
                "no organisation has the code {code}; `tsunagari figures` without --org lists all"
            );
        }
        let (mut now, mut lines, mut withdrawn, mut together) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for organisation in &organisations {
            if WITH_MEMBERS.contains(&organisation.kind.as_str()) {
                let it = rollup_of(&house, organisation.id, self.as_of).await?;
                together.extend(self.members(&organisation.code, &it));
            }
            let indicators = house.org(organisation.id).read().await?.indicators().await?;
            for indicator in &indicators {
                let dashboard = read_dashboard(&house, organisation.id, indicator, self.as_of, Recounts::Fresh)
                    .await
                    .with_context(|| format!("{} {}", organisation.name, indicator.definition.slug))?;
                if self.asks_for(dashboard.now.draft.fiscal_year) {
                    now.push(Now::of(&organisation.code, &organisation.name, &dashboard));
                }
                lines.extend(self.lines(&organisation.code, &organisation.name, &dashboard));
                withdrawn.extend(self.withdrawn(&organisation.code, &organisation.name, &dashboard));
            }
        }
        let mut rollup = rollups(&lines);
        rollup.extend(together);
        house.store.close().await;
        self.print(&Answer { now, figures: lines, withdrawn, rollup })?;
        Ok(ExitCode::SUCCESS)
    }

    fn asks_for(&self, year: FiscalYear) -> bool {
        self.fiscal_year.is_none_or(|asked| FiscalYear(asked) == year)
    }

    fn withdrawn(&self, code: &str, name: &str, it: &Dashboard) -> Vec<Withdrawn> {
        let line = |kept: &KeptFigure| {
            let (figure, withdrawal) = (kept.published.figure(), kept.withdrawal.as_ref()?);
            self.asks_for(figure.fiscal_year).then(|| Withdrawn {
                organisation: code.to_owned(),
                name: name.to_owned(),
                indicator: it.indicator.definition.slug.clone(),
                fiscal_year: figure.fiscal_year.0,
                as_of: figure.as_of.date,
                published: figure.people,
                published_on: kept.published.at().jst_date(),
                seal: kept.seal.as_str().to_owned(),
                withdrawn_on: withdrawal.at.jst_date(),
                why: withdrawal.why.clone(),
            })
        };
        it.withdrawn.iter().filter_map(line).collect()
    }

    fn lines(&self, code: &str, name: &str, it: &Dashboard) -> Vec<Line> {
        let wanted = it.years.iter().filter(|line| self.asks_for(line.year));
        wanted
            .map(|line| Line {
                organisation: code.to_owned(),
                name: name.to_owned(),
                indicator: it.indicator.definition.slug.clone(),
                fiscal_year: line.year.0,
                as_of: line.shown().map(|draft| draft.as_of.date),
                target: line.target.map(|target| target.people),
                people: line.shown().map(|draft| draft.people),
                rates: line
                    .denominators
                    .iter()
                    .map(|told| (told.slug.clone(), told.rate.map(|rate| rate.to_string())))
                    .collect(),
                denominators: line.denominators.iter().map(Denominator::of).collect(),
                published: line.published.as_ref().map(|kept| kept.published.figure().people),
                computed: line.computed.as_ref().map(|draft| draft.people),
                rule_hash: line.shown().map(|draft| draft.rule_hash.clone()),
                set: line.shown().and_then(|draft| draft.set),
                computed_set: line.computed.as_ref().and_then(|draft| draft.set),
                published_on: line.published.as_ref().map(|kept| kept.published.at().jst_date()),
                seal: line.published.as_ref().map(|kept| kept.seal.as_str().to_owned()),
            })
            .collect()
    }

    /// The lines of a network: published people of its members, added.
    fn members(&self, code: &str, it: &RollupOf) -> Vec<RollupLine> {
        let named = |rollup: &Rollup<usize>| Rollup {
            people: rollup.people,
            counted: rollup.counted,
            blank: rollup.blank.iter().map(|member| it.members[*member].code.clone()).collect(),
            kind: rollup.kind,
        };
        let years = it.indicators.iter().flat_map(|one| one.years.iter().map(move |line| (one, line)));
        years
            .filter(|(_, line)| self.fiscal_year.is_none_or(|year| FiscalYear(year) == line.year))
            .map(|(one, line)| RollupLine {
                network: Some(code.to_owned()),
                indicator: one.slug.clone(),
                fiscal_year: line.year.0,
                target: named(&line.target),
                people: named(&line.people),
            })
            .collect()
    }

    fn print(&self, answer: &Answer) -> anyhow::Result<()> {
        // What reads it may stop reading, as `head` does.
        match self.write(answer, &mut std::io::stdout().lock()) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            done => Ok(done?),
        }
    }

    fn write(&self, answer: &Answer, to: &mut impl std::io::Write) -> std::io::Result<()> {
        if self.json {
            return writeln!(to, "{}", serde_json::to_string_pretty(answer)?);
        }
        let shown = |n: Option<u64>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
        for it in &answer.now {
            it.write(to)?;
        }
        for line in &answer.figures {
            let rates: Vec<String> = line.denominators.iter().map(Denominator::words).collect();
            writeln!(
                to,
                "{} {}\t{}\t{}\ttarget {}\tpeople {}\t{}\tpublished {}\tcomputed {}",
                line.organisation,
                line.name,
                line.indicator,
                line.fiscal_year,
                shown(line.target),
                shown(line.people),
                rates.join(", "),
                shown(line.published),
                shown(line.computed)
            )?;
        }
        for line in &answer.withdrawn {
            writeln!(
                to,
                "{} {}\t{}\t{}\tpublished {} on {}\twithdrawn on {}: {}",
                line.organisation,
                line.name,
                line.indicator,
                line.fiscal_year,
                line.published,
                line.published_on,
                line.withdrawn_on,
                line.why
            )?;
        }
        for line in &answer.rollup {
            writeln!(
                to,
                "{} (repeats not removed)\t{}\t{}\ttarget {} of {} bodies\tpeople {} of {} bodies",
                line.network.as_deref().unwrap_or("all"),
                line.indicator,
                line.fiscal_year,
                shown(line.target.people),
                line.target.counted,
                shown(line.people.people),
                line.people.counted
            )?;
        }
        Ok(())
    }
}

/// What two neighbours have in common.
fn twice(pair: &[(String, i32)]) -> Option<(String, i32)> {
    match pair {
        [first, second] if first == second => Some(first.clone()),
        _ => None,
    }
}

/// Sums over the organisations printed; one alone is its own sum, and is not said twice.
fn rollups(lines: &[Line]) -> Vec<RollupLine> {
    let mut keys: Vec<(String, i32)> = lines.iter().map(|line| (line.indicator.clone(), line.fiscal_year)).collect();
    keys.sort();
    let several: BTreeSet<(String, i32)> = keys.windows(2).filter_map(twice).collect();
    several
        .into_iter()
        .filter_map(|(indicator, fiscal_year)| {
            let of = |people: fn(&Line) -> Option<u64>| {
                let these = lines.iter().filter(|line| line.indicator == indicator && line.fiscal_year == fiscal_year);
                Rollup::of(these.map(|line| Contribution { body: line.organisation.clone(), people: people(line) }))
            };
            let (target, people) = (of(|line| line.target)?, of(|line| line.people)?);
            Some(RollupLine { network: None, indicator, fiscal_year, target, people })
        })
        .collect()
}
