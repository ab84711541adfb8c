//! `line-sim`: the LINE platform simulator alone, for developing against it.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use clap::Args;
use tsunagari_line_sim::{LineSim, SimConfig};

use crate::signals::Signals;

/// Run the simulator of LINE alone, on loopback, for developing against it.
#[derive(Args)]
#[command(after_help = "Example:
  tsunagari line-sim --port 8090")]
pub struct LineSimCommand {
    /// The port.
    #[arg(long, default_value_t = 8090)]
    port: u16,
    /// The seed of ids and tokens.
    #[arg(long)]
    seed: Option<u64>,
}

impl LineSimCommand {
    /// Runs until told to stop.
    ///
    /// # Errors
    /// The port is taken.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let handle = LineSim::start(SimConfig { listen, seed: self.seed, ..SimConfig::default() }).await?;
        println!("{}", handle.base_url());
        Signals::listen().first().await;
        handle.stop().await;
        Ok(ExitCode::SUCCESS)
    }
}
