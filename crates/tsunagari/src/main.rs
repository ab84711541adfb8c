//! The binary: one program for serving, demonstrating and looking after an installation. Leaves everything it does to
//! the crates; a command is a file in `commands/`.

mod archive;
mod backups;
mod commands;
mod config;
mod data_dir;
mod demo;
mod examination;
mod house;
mod logging;
mod metrics;
mod pg_service;
mod real_clock;
mod running;
mod sealer;
mod signals;
mod starter;

use clap::Parser;

/// Keeps the tie between towns and the young people who leave them.
#[derive(Parser)]
#[command(name = "tsunagari", version, about)]
struct Cli {
    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> anyhow::Result<std::process::ExitCode> {
    let cli = Cli::parse();
    // Several crates make HTTP clients; each takes the process's one provider of TLS. A second call changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(cli.command.run())
}
