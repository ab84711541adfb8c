//! `line-sim`: the LINE platform simulator alone, for developing against it.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::LazyLock;

use clap::Args;
use tsunagari_line_sim::setup::EXAMPLE;
use tsunagari_line_sim::{LineSim, SimConfig};

use crate::signals::Signals;

/// How to use it, with a body to begin with.
static AFTER: LazyLock<String> = LazyLock::new(|| {
    let how = "Example:
  tsunagari line-sim --port 8090

It begins empty. A body to begin with, one town with its account and one phone; save it as setup.json, then
  curl --json @setup.json http://localhost:8090/_sim/setup

Settings of an installation that may connect it: [line] simulator = \"http://localhost:8090\"\n\n";
    format!("{how}{EXAMPLE}")
});

/// Run the simulator of LINE alone, on loopback, for developing against it.
#[derive(Args)]
#[command(after_help = AFTER.as_str())]
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
        println!("It is empty; its first page and `tsunagari help line-sim` give a body for /_sim/setup.");
        Signals::listen().first().await;
        handle.stop().await;
        Ok(ExitCode::SUCCESS)
    }
}
