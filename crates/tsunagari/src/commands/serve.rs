//! `serve`: the portal, the office, the webhooks and the worker in one process, until told to stop.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;

use crate::config::{Config, Log};
use crate::data_dir::DataDir;
use crate::real_clock::RealClock;
use crate::running::Running;

/// Serve the portal, the office and the webhooks.
#[derive(Args)]
pub struct Serve {
    /// The settings file.
    #[arg(long, env = "TSUNAGARI_CONFIG")]
    config: Option<PathBuf>,
}

impl Serve {
    /// Serves until SIGINT or SIGTERM, then finishes what is under way.
    ///
    /// # Errors
    /// Settings, keys, database or address cannot be used.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let config = Config::load(self.config.as_deref())?;
        start_logging(&config.log)?;
        let data = DataDir::open(&config.data_dir)?;
        let location = config.database(&data)?;
        let house = crate::house::open(&data, &location, Arc::new(RealClock), &config.origin).await?;
        let listener = tokio::net::TcpListener::bind(config.listen)
            .await
            .with_context(|| format!("cannot listen on {}; is another program there?", config.listen))?;
        tracing::info!(listen = %listener.local_addr()?, database = house.store.engine_name(), "serving");
        Running::start(house, &data, listener)?.until(told_to_stop()).await?;
        tracing::info!("stopped");
        Ok(ExitCode::SUCCESS)
    }
}

/// Waits for SIGINT or SIGTERM.
pub async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            }
            Err(_) => {
                let _ = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}

/// Starts structured logs on standard error.
pub fn start_logging(log: &Log) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&log.filter).context("log.filter cannot be read")?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match log.format.as_str() {
        "json" => builder.json().init(),
        "text" => builder.init(),
        other => anyhow::bail!("log.format is {other}; it can be text or json"),
    }
    Ok(())
}
