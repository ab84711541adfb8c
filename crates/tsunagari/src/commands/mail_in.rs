//! `mail-in`: takes one mail from the mail server on standard input: bounces, absence notices and complaints that come
//! back to the signed return paths of outgoing mail. Started by the mail server for each such mail, also beside a running
//! `serve`. It answers by the exit codes of sysexits.h, which every mail server understands: whatever is wrong on our side
//! is a temporary failure, so that the mail server keeps the mail and tries again. Leaves what follows to the act.

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use tsunagari_acts::ActError;
use tsunagari_acts::record_bounce::{Recorded, record_bounce};

use crate::config::Config;
use crate::data_dir::DataDir;
use crate::logging;

/// No such recipient here: the mail server refuses the mail.
const EX_NOUSER: u8 = 67;
/// Try again later.
pub const EX_TEMPFAIL: u8 = 75;
/// As much of a mail as is read; what a server sends back whole stands behind the part that matters.
const MOST_BYTES: u64 = 10 * 1024 * 1024;

/// Take one mail that came back, from standard input; the mail server calls this.
///
/// Exit code 0: taken; 67: not for us; 75: try again later (docs/operations/mail.md).
#[derive(Args)]
#[command(after_help = "Example:
  tsunagari mail-in --config /etc/tsunagari.toml --recipient bounce+…@bounce.town.example < mail")]
pub struct MailIn {
    /// The settings file.
    #[arg(long, env = "TSUNAGARI_CONFIG")]
    config: Option<PathBuf>,
    /// The address the mail was sent to, as the mail server knows it (Postfix: `${original_recipient}`).
    #[arg(long)]
    recipient: String,
}

impl MailIn {
    /// Takes it: 0 recorded, 67 no return path of ours, 75 try again later.
    ///
    /// # Errors
    /// None: every failure is an exit code, with a line on standard error that the mail server logs.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        Ok(match self.take().await {
            Ok(Recorded::AddressEnded | Recorded::Noted) => ExitCode::SUCCESS,
            Ok(Recorded::Foreign) => {
                eprintln!("tsunagari: no such return path");
                ExitCode::from(EX_NOUSER)
            }
            Err(error) => {
                eprintln!("tsunagari: try again later: {error:#}");
                ExitCode::from(EX_TEMPFAIL)
            }
        })
    }

    async fn take(&self) -> anyhow::Result<Recorded> {
        let config = Config::load(self.config.as_deref())?;
        logging::start(&config.log)?;
        let data = DataDir::existing(&config.data_dir)?;
        let mut raw = Vec::new();
        let mut input = std::io::stdin().lock();
        (&mut input).take(MOST_BYTES).read_to_end(&mut raw)?;
        // A mail server that cannot write the rest would call it a failure.
        std::io::copy(&mut input, &mut std::io::sink())?;
        let house = crate::house::of(&config, &data, crate::house::calendar(&data)?).await?;
        let recorded = record_bounce(&house, &raw, Some(&self.recipient)).await;
        house.store.close().await;
        match recorded {
            Ok(recorded) => Ok(recorded),
            Err(ActError::Busy) => anyhow::bail!("the database is busy, or the mail's own delivery is not settled yet"),
            Err(error) => Err(error.into()),
        }
    }
}
