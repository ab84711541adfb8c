//! `invite`: a new link for a member of staff who can no longer sign in, when nobody in the office can make one: a first
//! link that ran out, an administrator without telephone and recovery codes. It takes the second factor away and ends the
//! sessions. It is on record like every act.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use tsunagari_access::Machine;
use tsunagari_acts::ActError;
use tsunagari_acts::let_in_again::let_in_again;

use crate::commands::found::{in_words, print_link};
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::real_clock::RealClock;

/// Make a new one-time link for a member of staff who can no longer sign in.
///
/// It takes their second factor away and ends their sessions, and it is on record.
#[derive(Args)]
#[command(after_help = "Example:
  tsunagari invite --config /etc/tsunagari.toml --code 322041 --login hana@town.example")]
pub struct Invite {
    /// The settings file.
    #[arg(long, env = "TSUNAGARI_CONFIG")]
    config: Option<PathBuf>,
    /// The organisation's code.
    #[arg(long)]
    code: String,
    /// The sign-in name.
    #[arg(long)]
    login: String,
}

impl Invite {
    /// Prints the link.
    ///
    /// # Errors
    /// No such organisation or member of staff.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let config = Config::load(self.config.as_deref())?;
        let data = DataDir::existing(&config.data_dir)?;
        let house = crate::house::of(&config, &data, Arc::new(RealClock)).await?;
        let organisation = house.store.platform().await?.organisation_by_code(self.code.trim()).await?;
        let organisation = organisation.with_context(|| format!("no organisation has the code {}", self.code))?;
        let by = Machine::working(organisation.id, "invite");
        let invitation = let_in_again(&house, &by, &self.login).await.map_err(|error| match error {
            ActError::NotFound => anyhow::anyhow!("nobody in {} signs in as {}", organisation.name, self.login),
            other => in_words(other),
        })?;
        println!("This link works once, within seven days:");
        print_link(&house, organisation.id, &invitation.token);
        house.store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
