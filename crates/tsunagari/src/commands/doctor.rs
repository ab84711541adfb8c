//! `doctor`: looks at an installation, also beside a running process, and says what is wrong and what to do. Changes
//! nothing. Exit code 0: nothing found; 1: something to look at; 2: something is broken. Leaves the looking to
//! `examination`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tsunagari_storage::Key;

use crate::config::Config;
use crate::data_dir::{self, DataDir};
use crate::examination::town::Reach;
use crate::examination::{Complaint, Grade, figures, mail, place, server, town};
use crate::real_clock::RealClock;

/// Look at this installation and say what is wrong and what to do; change nothing.
///
/// Exit code 0: nothing is wrong; 1: something to look at; 2: something is broken. Also beside a running `serve`.
#[derive(Args)]
#[command(after_help = "Examples:
  tsunagari doctor --config /etc/tsunagari.toml
  tsunagari doctor --offline --data /var/lib/tsunagari-new")]
pub struct Doctor {
    /// The settings file.
    #[arg(long, env = "TSUNAGARI_CONFIG")]
    config: Option<PathBuf>,
    /// A data directory, in place of the settings'.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Ask no other machine: LINE is not asked where it sends its webhooks.
    #[arg(long)]
    offline: bool,
}

impl Doctor {
    /// Looks at everything.
    ///
    /// # Errors
    /// The settings cannot be used, or there is no installation.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mut config = Config::load(self.config.as_deref())?;
        if let Some(data) = self.data {
            config.data_dir = data;
        }
        let data = DataDir::untouched(&config.data_dir)?;
        let location = config.database(&data)?;
        let mut complaints = place::examine(&config, &location);
        complaints.extend(place::files(&location, &config.data_dir).await);
        let mut lines = Vec::new();
        let mut demonstration = false;
        // What is broken here would only be told again, in darker words.
        if complaints.iter().all(|it| it.grade < Grade::Broken) {
            let reach = if self.offline { Reach::Here } else { Reach::Network };
            match inside(&config, &data, reach).await {
                Ok(inside) => {
                    complaints.extend(inside.complaints);
                    lines = inside.lines;
                    demonstration = inside.demonstration;
                }
                Err(error) => complaints.push(Complaint::broken(
                    format!("the database cannot be looked at: {error:#}"),
                    "mend what it says first; then run doctor again",
                )),
            }
        }
        if demonstration {
            println!("A demonstration: no backups are made of it, and its webhooks come from the simulator it starts.");
        } else {
            complaints.extend(place::kept(&config));
        }
        match data_dir::holder(&config.data_dir).filter(|_| data_dir::is_held(&config.data_dir)) {
            Some(holder) => println!("Running: {holder}."),
            None => println!("Not running."),
        }
        for line in lines {
            println!("{line}");
        }
        Ok(report(&complaints))
    }
}

/// What the database says.
struct Inside {
    complaints: Vec<Complaint>,
    /// What is worth knowing where nothing is wrong.
    lines: Vec<String>,
    /// Every organisation here is made up.
    demonstration: bool,
}

async fn inside(config: &Config, data: &DataDir, reach: Reach) -> anyhow::Result<Inside> {
    let house = crate::house::of(config, data, Arc::new(RealClock)).await?;
    let mut complaints = server::examine(config, &house.store).await?;
    let key = Key::new(data.key("audit")?);
    if let Some(of) = house.store.restored_of().await? {
        complaints.push(Complaint::look(
            format!("this database was restored from the backup of {} and not served since", of.rfc3339()),
            "start `tsunagari serve`: its messages then stand still until somebody in the office resumes or cancels each",
        ));
    }
    let organisations = house.store.platform().await?.organisations().await?;
    if organisations.is_empty() {
        complaints.push(Complaint::look(
            "no organisation is here",
            "`tsunagari found --code CODE --administrator-email ADDRESS --administrator-name NAME` makes the first one",
        ));
    }
    let mut lines = Vec::new();
    let demonstration = !organisations.is_empty() && organisations.iter().all(|it| it.demo);
    for organisation in organisations {
        complaints.extend(town::examine(&house, &organisation, &key, reach).await?);
        complaints.extend(mail::examine(&house, &organisation).await?);
        let found = figures::examine(&house, &organisation).await?;
        complaints.extend(found.complaints);
        lines.extend(found.line);
    }
    Ok(Inside { complaints, lines, demonstration })
}

fn report(complaints: &[Complaint]) -> ExitCode {
    for it in complaints {
        println!("{} {}\n    {}", if it.grade == Grade::Broken { "BROKEN" } else { "LOOK  " }, it.what, it.advice);
    }
    match complaints.iter().map(|it| it.grade).max() {
        None => {
            println!("Nothing is wrong.");
            ExitCode::SUCCESS
        }
        Some(Grade::Look) => ExitCode::from(1),
        Some(Grade::Broken) => ExitCode::from(2),
    }
}
