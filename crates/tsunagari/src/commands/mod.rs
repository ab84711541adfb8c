//! The commands of the shell, one file each. To add one: a file, a variant, an arm.

mod backup;
mod demo;
mod doctor;
mod figures;
mod found;
mod invite;
mod line_sim;
mod mail_in;
mod migrate;
mod restore;
mod serve;

pub use mail_in::EX_TEMPFAIL;

use std::process::ExitCode;

use clap::Subcommand;

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Show six towns with invented people; LINE and mail are simulated.
    Demo(demo::Demo),
    /// Back up the database, the files and the person keys into sealed archives.
    Backup(backup::Backup),
    /// Restore archives into a new directory, or verify that they are whole.
    Restore(restore::Restore),
    /// Begin with a town: its organisation and its first administrator.
    Found(found::Found),
    /// Make a new one-time link for a member of staff who can no longer sign in.
    Invite(invite::Invite),
    /// Run the LINE simulator alone, on loopback.
    LineSim(line_sim::LineSimCommand),
    /// Look at this installation and say what is wrong and what to do.
    Doctor(doctor::Doctor),
    /// Print the figures of indicators.
    Figures(figures::Figures),
    /// Take one mail that came back, from standard input (for the mail server).
    MailIn(mail_in::MailIn),
    /// Serve the portal, the office and the webhooks.
    Serve(serve::Serve),
    /// Bring the database to this program's version, after a snapshot.
    Migrate(migrate::Migrate),
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
            Self::LineSim(it) => it.run().await,
            Self::Doctor(it) => it.run().await,
            Self::Figures(it) => it.run().await,
            Self::Found(it) => it.run().await,
            Self::Invite(it) => it.run().await,
            Self::MailIn(it) => it.run().await,
            Self::Serve(it) => it.run().await,
            Self::Migrate(it) => it.run().await,
        }
    }
}
