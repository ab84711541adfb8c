//! `figures`: prints what the dashboard shows, for one organisation or all: the moment (`now`), the years, what was withdrawn,
//! with the roll-up (`together`) that adds people and never rates; for a network its own page, which holds what its members have published. Reads beside a running program;
//! publishes nothing.

mod now;
mod together;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use chrono::NaiveDate;
use clap::Args;
use serde::Serialize;
use tsunagari_acts::read_dashboard::{Dashboard, read_dashboard};
use tsunagari_acts::read_rollup::{WITH_MEMBERS, rollup_of};
use tsunagari_acts::recount_figures::Recounts;
use tsunagari_kernel::FiscalYear;
use tsunagari_people::Policy;
use tsunagari_storage::figure::KeptFigure;

use self::now::{Denominator, Now, Promise};
use self::together::{RollupLine, members, rollups};
use super::given;
use crate::config::Config;
use crate::data_dir::DataDir;

/// Print the figures of indicators, as the dashboard shows them; publish nothing.
#[derive(Args)]
#[command(after_help = "Examples:
  tsunagari figures --config /etc/tsunagari.toml --org 322041 --fiscal-year 2025
  tsunagari figures --config /etc/tsunagari.toml --as-of 2026-03-31 --json
  tsunagari figures --data /tmp/demo   (a demonstration, on today of its own calendar)")]
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
    /// Only this fiscal year, named by the year of its April: 2025, R7 or 令和7.
    #[arg(long, value_parser = given::fiscal_year)]
    fiscal_year: Option<FiscalYear>,
    /// As of this day instead of today, not later: 2026-03-16.
    #[arg(long, value_parser = given::day)]
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
    #[serde(flatten)]
    target: Promise,
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
    /// What the publisher wrote beside it.
    note: Option<String>,
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
    note: Option<String>,
    seal: String,
    withdrawn_on: NaiveDate,
    why: String,
}

/// Whose today it is.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum Calendar {
    Machine,
    Demonstration,
}

/// The day that was counted.
#[derive(Debug, Serialize)]
struct Counted {
    as_of: NaiveDate,
    /// Whether the day was named; else it is today.
    named: bool,
    calendar: Calendar,
}

impl Counted {
    fn words(&self) -> String {
        let whose = match (self.named, self.calendar) {
            (true, _) => "the day asked for",
            (false, Calendar::Machine) => "today",
            (false, Calendar::Demonstration) => "today on the demonstration's calendar",
        };
        format!("counted as of {} ({whose})", self.as_of)
    }
}

/// Everything that is printed.
#[derive(Debug, Serialize)]
struct Answer {
    counted: Counted,
    now: Vec<Now>,
    figures: Vec<Line>,
    withdrawn: Vec<Withdrawn>,
    /// How the totals below are made.
    rollup_means: &'static str,
    rollup: Vec<RollupLine>,
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
        let clock = crate::house::calendar(&data)?;
        let today = clock.today();
        let counted = Counted {
            as_of: self.as_of.unwrap_or(today),
            named: self.as_of.is_some(),
            calendar: if data.own_calendar()?.is_some() { Calendar::Demonstration } else { Calendar::Machine },
        };
        anyhow::ensure!(
            counted.as_of <= today,
            "--as-of {} is a day to come, of which nothing is known yet; today is {today}",
            counted.as_of
        );
        let house = crate::house::of(&config, &data, clock).await?;
        let mut organisations = house.store.platform().await?.organisations().await?;
        if let Some(code) = &self.org {
            organisations.retain(|it| it.code == *code);
            anyhow::ensure!(
                !organisations.is_empty(),
                "no organisation has the code {code}; `tsunagari figures` without --org lists all"
            );
        }
        let (mut now, mut lines, mut withdrawn, mut together) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut known: Vec<FiscalYear> = Vec::new();
        for organisation in &organisations {
            if WITH_MEMBERS.contains(&organisation.kind.as_str()) {
                let it = rollup_of(&house, organisation.id, self.as_of).await?;
                together.extend(members(&organisation.code, &it, |year| self.asks_for(year)));
            }
            let indicators = house.org(organisation.id).read().await?.indicators().await?;
            for indicator in &indicators {
                let dashboard = read_dashboard(&house, organisation.id, indicator, self.as_of, Recounts::Fresh)
                    .await
                    .with_context(|| format!("{} {}", organisation.name, indicator.definition.slug))?;
                known.extend(dashboard.years.iter().map(|line| line.year));
                known.push(dashboard.now.draft.fiscal_year);
                if self.asks_for(dashboard.now.draft.fiscal_year) {
                    now.push(Now::of(&organisation.code, &organisation.name, &dashboard));
                }
                lines.extend(self.lines(&organisation.code, &organisation.name, &dashboard));
                withdrawn.extend(self.withdrawn(&organisation.code, &organisation.name, &dashboard));
            }
        }
        self.refuse_unknown_year(&known)?;
        let mut rollup = rollups(&lines);
        rollup.extend(together);
        house.store.close().await;
        let rollup_means = together::MEANS;
        self.print(&Answer { counted, now, figures: lines, withdrawn, rollup_means, rollup })?;
        Ok(ExitCode::SUCCESS)
    }

    fn asks_for(&self, year: FiscalYear) -> bool {
        self.fiscal_year.is_none_or(|asked| asked == year)
    }

    /// A year of which no line can stand is a mistake, and silence would look like zero.
    fn refuse_unknown_year(&self, known: &[FiscalYear]) -> anyhow::Result<()> {
        if let (Some(asked), Some(first), Some(last)) = (self.fiscal_year, known.iter().min(), known.iter().max()) {
            anyhow::ensure!(
                (first..=last).contains(&&asked),
                "--fiscal-year {} has no figures; there are {} to {}",
                asked.0,
                first.0,
                last.0
            );
        }
        Ok(())
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
                note: written(kept),
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
                target: Promise::of(line.target),
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
                note: line.published.as_ref().and_then(written),
                seal: line.published.as_ref().map(|kept| kept.seal.as_str().to_owned()),
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
        writeln!(to, "{}", answer.counted.words())?;
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
                line.target.words(),
                shown(line.people),
                rates.join(", "),
                shown(line.published),
                shown(line.computed)
            )?;
            if let Some(note) = &line.note {
                writeln!(to, "\tnote of the publisher: {note}")?;
            }
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
        if !answer.rollup.is_empty() {
            writeln!(to, "totals: {}", answer.rollup_means)?;
        }
        answer.rollup.iter().try_for_each(|line| line.write(to))
    }
}

/// What the publisher wrote beside a figure, where there is something.
fn written(kept: &KeptFigure) -> Option<String> {
    Some(kept.note.clone()).filter(|note| !note.is_empty())
}
