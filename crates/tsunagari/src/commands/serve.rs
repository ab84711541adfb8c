//! `serve`: the portal, the office, the webhooks and the worker in one process, with scheduled backups and metrics where
//! the settings ask for them, until told to stop.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;

use crate::backups::{self, Schedule};
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::real_clock::RealClock;
use crate::running::{Ended, Running};
use crate::signals::Signals;
use crate::{logging, metrics, upkeep};

/// Serve the portal, the office and the webhooks, until told to stop.
///
/// One process serves a data directory. It sends what waits, backs up in a rhythm, and stops within ten seconds of SIGTERM.
#[derive(Args)]
#[command(after_help = "Example:
  tsunagari serve --config /etc/tsunagari.toml")]
pub struct Serve {
    /// The settings file.
    #[arg(long, env = "TSUNAGARI_CONFIG")]
    config: Option<PathBuf>,
}

impl Serve {
    /// Serves until SIGINT or SIGTERM, then finishes what is under way for at most ten seconds; a second signal ends it
    /// at once. Exit code 0, or 1 when something was left to the next start.
    ///
    /// # Errors
    /// Settings, keys, database or address cannot be used.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let config = Config::load(self.config.as_deref())?;
        logging::start(&config.log)?;
        let signals = Signals::listen();
        let data = DataDir::reopen(&config.data_dir)?;
        let recorded = config.metrics_address()?.map(|listen| metrics::record().map(|handle| (listen, handle)));
        let house = crate::house::of(&config, &data, Arc::new(RealClock)).await?;
        upkeep::settle_marked(&house).await?;
        upkeep::forget_again(&house).await;
        let listener = tokio::net::TcpListener::bind(config.listen)
            .await
            .with_context(|| format!("cannot listen on {}; is another program there?", config.listen))?;
        tracing::info!(listen = %listener.local_addr()?, database = house.store.engine_name(), "serving");
        if house.store.platform().await?.organisations().await?.is_empty() {
            tracing::warn!("no organisation is here yet; `tsunagari found` makes the first one");
        }
        let mut running = Running::start(house.clone(), &data, listener)?;
        let archives = backups::directory(&config, &data);
        if let Some(recorded) = recorded {
            let (listen, handle) = recorded?;
            running.beside(metrics::serve(listen, handle, house.clone(), archives.clone(), running.stop()).await?);
        }
        if config.backup.scheduled {
            let schedule = Schedule { config, house, archives };
            running.beside(tokio::spawn(backups::keep_up(schedule, running.stop())));
        }
        let ended = running.until(signals.first(), signals.second()).await?;
        tracing::info!("stopped");
        Ok(match ended {
            Ended::Whole => ExitCode::SUCCESS,
            Ended::Cut => ExitCode::FAILURE,
        })
    }
}
