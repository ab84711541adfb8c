//! The binary: one program for serving, demonstrating and looking after an installation. Leaves everything it does to
//! the crates; a command is a file in `commands/`.

mod archive;
mod backups;
mod commands;
mod config;
mod data_dir;
mod demo;
mod examination;
mod file_error;
mod house;
mod logging;
mod metrics;
mod pg_service;
mod real_clock;
mod running;
mod sealer;
mod settler;
mod signals;
mod starter;
mod upkeep;
mod workplace;

use std::process::ExitCode;

use clap::Parser;

/// The command line.
#[derive(Parser)]
#[command(
    name = "tsunagari",
    version,
    about = "Tsunagari keeps the tie between towns and the young people who leave them.",
    after_help = "See the examples of a command with `tsunagari help COMMAND`. A look first: `tsunagari demo`. A town of your \
                  own: `tsunagari help found`."
)]
struct Cli {
    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> ExitCode {
    // Before anything is made: databases, their side files, archives, dumps of PostgreSQL's tools are their owner's only.
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(code_of(&error));
        }
    };
    // Several crates make HTTP clients; each takes the process's one provider of TLS. A second call changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let done = runtime.block_on(cli.command.run());
    // Whoever was told to stop does not wait for a backup that is being sealed.
    runtime.shutdown_background();
    done.unwrap_or_else(|error| failed(&error))
}

/// One line for the person at the shell: what went wrong and what to do.
fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("tsunagari: {error:#}");
    ExitCode::FAILURE
}

/// A command line that is not understood; a mail server that calls with one must not lose the mail for it.
fn code_of(error: &clap::Error) -> u8 {
    match error.use_stderr() {
        false => 0,
        true if std::env::args().nth(1).as_deref() == Some("mail-in") => commands::EX_TEMPFAIL,
        true => 2,
    }
}
