//! The commands of the shell, one file each. To add one: a file, a variant, an arm.

mod backup;
mod blueprint;
mod demo;
mod doctor;
mod draw;
mod figures;
mod found;
mod given;
mod invite;
mod line_sim;
mod mail_in;
mod migrate;
mod rehearse;
mod restore;
mod restored;
mod serve;

pub use mail_in::EX_TEMPFAIL;

use std::process::ExitCode;

use clap::Subcommand;

/// What to do. The sentence of a command and its examples stand at its arguments, in its file; `--help` lists them in this
/// order: trying, beginning, running, looking after.
#[derive(Subcommand)]
pub enum Command {
    Demo(demo::Demo),
    Found(found::Found),
    Invite(invite::Invite),
    Serve(serve::Serve),
    Doctor(doctor::Doctor),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Restored(restored::Restored),
    Migrate(migrate::Migrate),
    Figures(figures::Figures),
    Blueprint(blueprint::BlueprintCommand),
    Rehearse(rehearse::Rehearse),
    Draw(draw::DrawCommand),
    MailIn(mail_in::MailIn),
    LineSim(line_sim::LineSimCommand),
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    /// What went wrong, in words for the person at the shell.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Demo(it) => it.run().await,
            Self::Backup(it) => it.run().await,
            Self::Restore(it) => it.run().await,
            Self::Restored(it) => it.run().await,
            Self::LineSim(it) => it.run().await,
            Self::Doctor(it) => it.run().await,
            Self::Figures(it) => it.run().await,
            Self::Blueprint(it) => it.run(),
            Self::Draw(it) => it.run(),
            Self::Rehearse(it) => it.run().await,
            Self::Found(it) => it.run().await,
            Self::Invite(it) => it.run().await,
            Self::MailIn(it) => it.run().await,
            Self::Serve(it) => it.run().await,
            Self::Migrate(it) => it.run().await,
        }
    }
}
