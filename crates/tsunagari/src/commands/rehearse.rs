//! `rehearse`: plays programmes through a whole season with invented people, in an installation that is made for it and thrown away, and
//! prints what each came to. Leaves playing to `acts::rehearse`.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;
use tsunagari_acts::rehearse::{Rehearsal, rehearse};
use tsunagari_acts::{House, Outside};
use tsunagari_blueprints::{Blueprint, CaseFile, blueprint_by_slug, blueprints, cases};
use tsunagari_kernel::{Chance, FixedClock, Timestamp};

use crate::demo::place::Place;

/// Play programmes with invented people before anybody applies.
#[derive(Args)]
#[command(after_help = "Examples:
  tsunagari rehearse SLUG         (as `blueprint list` prints it)
  tsunagari rehearse --all
  tsunagari rehearse --all --json --people 60
  tsunagari rehearse --all --database postgres://postgres@localhost:5432/postgres

Nothing of an installation is read or changed. With --database, a database is made on that cluster and dropped again.")]
pub struct Rehearse {
    /// The programme.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    slug: Option<String>,
    /// Every programme shipped.
    #[arg(long)]
    all: bool,
    /// How many people besides those of the cases apply at once, at least.
    #[arg(long, default_value_t = 20)]
    people: usize,
    /// The super-user's URL of a PostgreSQL cluster; an embedded database otherwise.
    #[arg(long)]
    database: Option<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Answer<'a> {
    ok: bool,
    #[serde(flatten)]
    rehearsal: &'a Rehearsal,
}

impl Rehearse {
    /// Plays them; fails when one does not come to what it should.
    ///
    /// # Errors
    /// A slug nobody has, a database that cannot be made.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let chosen: Vec<Blueprint> = match &self.slug {
            Some(slug) => {
                let found = blueprint_by_slug(slug);
                let found = found.with_context(|| format!("no programme is called {slug}; see `blueprint list`"))?;
                vec![found?]
            }
            None => blueprints()?,
        };
        let chance = Chance::from_entropy(rand::random());
        let place = Place::make(None, self.database.as_deref(), &chance).await?;
        let played = self.play(&place, &chosen).await;
        // Also after a failure: nothing stays behind on somebody's cluster.
        let left = place.leave().await;
        let told = played?;
        left?;
        self.print(&told)?;
        Ok(if told.iter().all(Rehearsal::is_ok) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn play(&self, place: &Place, chosen: &[Blueprint]) -> anyhow::Result<Vec<Rehearsal>> {
        let calendar = Arc::new(FixedClock::at(Timestamp::from_micros(0)));
        let outside = Outside::this_machine(place.data.mail_secrets(), None);
        let house: House =
            crate::house::open(&place.data, &place.location, calendar.clone(), "http://localhost", outside).await?;
        let files: Vec<CaseFile> = cases()?;
        let mut told = Vec::with_capacity(chosen.len());
        for blueprint in chosen {
            let file = files.iter().find(|it| it.blueprint == blueprint.slug);
            let Some(file) = file else { bail!("{} has no cases to play", blueprint.slug) };
            told.push(rehearse(&house, &calendar, blueprint, &file.cases, self.people).await?);
        }
        house.store.close().await;
        Ok(told)
    }

    fn print(&self, told: &[Rehearsal]) -> anyhow::Result<()> {
        if self.json {
            let all: Vec<Answer<'_>> =
                told.iter().map(|rehearsal| Answer { ok: rehearsal.is_ok(), rehearsal }).collect();
            println!("{}", serde_json::to_string_pretty(&all)?);
            return Ok(());
        }
        for it in told {
            let state = if it.is_ok() { "ok" } else { "WRONG" };
            let refused: Vec<String> = it.refused.iter().map(|(why, n)| format!("{why} {n}")).collect();
            println!("{:5} {}", state, it.slug);
            println!(
                "      {} cases, {} people, {} applications; for the staff {}, waited {}, chosen {}, came {}, absent {}, given {}, notices {}",
                it.cases,
                it.people,
                it.applications,
                it.for_staff,
                it.waited,
                it.chosen,
                it.came,
                it.absent,
                it.fulfilled,
                it.notices
            );
            if !refused.is_empty() {
                println!("      refused: {}", refused.join(", "));
            }
            for wrong in &it.wrong {
                println!("      {wrong}");
            }
        }
        let ok = told.iter().filter(|it| it.is_ok()).count();
        println!("{ok} of {} are as they should be", told.len());
        Ok(())
    }
}
