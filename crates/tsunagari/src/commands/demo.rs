//! `demo`: six towns, LINE and mail in one process, on a calendar that begins on 16 March 2026. Answers at once; the
//! people are loaded while it answers.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use chrono::{NaiveDate, NaiveTime};
use clap::Args;
use tokio::net::TcpListener;
use tsunagari_acts::Outside;
use tsunagari_kernel::{Chance, Clock, Timestamp};

use super::given;
use crate::config::{Log, LogFormat};
use crate::demo::announce::{self, Addresses};
use crate::demo::history::record::Record;
use crate::demo::history::strangers;
use crate::demo::lines::Lines;
use crate::demo::menus;
use crate::demo::people::load::Loading;
use crate::demo::people::size::Scale;
use crate::demo::place::Place;
use crate::demo::words::Words;
use crate::demo::{network, staff, towns, way_back};
use crate::real_clock::{RealClock, ShiftedClock};
use crate::running::Running;
use crate::signals::Signals;

/// Show six towns of Shimane with invented people; LINE and mail are simulated.
#[derive(Args)]
pub struct Demo {
    /// A directory to keep it in; a temporary one otherwise.
    #[arg(long)]
    data: Option<PathBuf>,
    /// The super-user's URL of a PostgreSQL cluster; the demo makes and drops a database of its own there.
    #[arg(long)]
    database_url: Option<String>,
    /// Listen on free ports instead of 8080, 8090 and 8091.
    #[arg(long)]
    listen_free_ports: bool,
    /// Write addresses and sign-ins to this file once everything answers and the people are there.
    #[arg(long)]
    ready_file: Option<PathBuf>,
    /// About how many people, 1 or more; the right size for the six plans otherwise.
    #[arg(long, value_parser = given::people)]
    people: Option<u64>,
    /// The seed everything is made from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What to log.
    #[arg(long, default_value = "warn")]
    log: String,
}

/// 2026-03-16 09:00 in Japan: the last weeks of R7.
fn beginning() -> Option<Timestamp> {
    Some(Timestamp::at_jst(NaiveDate::from_ymd_opt(2026, 3, 16)?, NaiveTime::from_hms_opt(9, 0, 0)?))
}

impl Demo {
    /// Runs until SIGINT or SIGTERM.
    ///
    /// # Errors
    /// A port is taken, a directory cannot be written, the cluster does not answer.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        crate::logging::start(&Log { format: LogFormat::Text, filter: self.log.clone() })?;
        let signals = Signals::listen();
        let entropy = Chance::from_entropy(rand::random());
        let place = Place::make(self.data.clone(), self.database_url.as_deref(), &entropy).await?;
        let shown = self.show(&place, &signals).await;
        // Also after a start that failed: nothing stays behind on somebody's cluster.
        let left = place.leave().await;
        shown?;
        left?;
        Ok(ExitCode::SUCCESS)
    }

    async fn show(&self, place: &Place, signals: &Signals) -> anyhow::Result<()> {
        let port = |wanted: u16| if self.listen_free_ports { 0 } else { wanted };
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port(8080))))
            .await
            .context("cannot listen on port 8080; is another program there? --listen-free-ports takes others")?;
        let lines = Lines::open(port(8090), port(8091), self.seed).await?;
        let origin = format!("http://localhost:{}", listener.local_addr()?.port());
        let at = beginning().context("the calendar has no 16 March 2026")?;
        let calendar = ShiftedClock::beginning(at);
        place.data.keep_calendar(calendar)?;
        let simulator = lines.line.base_url().trim_end_matches('/').to_owned();
        let outside = Outside::this_machine(place.data.mail_secrets(), Some(simulator));
        let house = crate::house::open(&place.data, &place.location, Arc::new(calendar), &origin, outside).await?;

        let words = Words::read()?;
        let seed = Chance::seeded(self.seed);
        let secrets = staff::role_secrets(&seed, RealClock.now())?;
        let plans = tsunagari_blueprints::plans()?;
        let scale = self.people.map_or(Scale::AS_PLANNED, |wanted| Scale::for_people(&plans, wanted));
        let mut towns = Vec::new();
        for plan in plans {
            let town = towns::found(&house, &seed, &words, &secrets, plan).await?;
            let account = lines.connect(&house, &seed, &town).await?;
            towns.push((town, account));
        }
        let network = network::found(&house, &seed, &words, &secrets, towns.iter().map(|(town, _)| town)).await?;
        let running = Running::start(house.clone(), &place.data, listener)?;
        tokio::spawn(way_back::deliver(house.clone(), lines.mail.way_back()));
        let addresses = Addresses {
            portal: origin.clone(),
            office: format!("{origin}/office"),
            line: lines.line.base_url().to_owned(),
            mail: lines.mail_url(),
        };
        let sign_ins = announce::sign_ins(&house, &addresses.office, &towns, &network, &secrets).await?;
        let t = announce::texts(|name| std::env::var(name).ok());
        print!("{}", announce::answering(t, &addresses));
        let record = Record::read()?;
        let sim = &lines.line.sim;
        let loading = Loading { house: &house, sim, words: &words, record: &record, scale, seed: self.seed, at };
        let filling = async {
            let people = loading.all(&towns).await?;
            let mut playing = Vec::new();
            for (town, _) in &towns {
                playing.extend(strangers::enter(&house, sim, &addresses.line, &record, town, self.seed).await?);
            }
            for (town, _) in &towns {
                menus::show(&house, town).await?;
            }
            let rest = place.data.sign_ins();
            std::fs::write(&rest, announce::everything(t, &sign_ins, &playing))
                .with_context(|| format!("cannot write {}", rest.display()))?;
            print!("{}", announce::beginning(t, people, &sign_ins, &playing, &rest));
            self.ready_file
                .as_deref()
                .map_or(Ok(()), |file| announce::write_ready(file, &addresses, &sign_ins, &playing))
        };
        let filled = tokio::select! {
            done = filling => done,
            () = signals.first() => Ok(()),
        };
        let told = async {
            // People that cannot be loaded end the demonstration, in good order.
            if filled.is_ok() {
                signals.first().await;
            }
        };
        running.until(told, signals.second()).await?;
        drop(lines);
        filled
    }
}
