//! `doctor`: looks at an installation, also beside a running process, and says what is wrong and what to do. Changes
//! nothing. Exit code 0: nothing found; 1: something to look at; 2: something is broken.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tsunagari_acts::House;
use tsunagari_storage::audit_chain::ChainFault;
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::{Key, Location};

use crate::config::Config;
use crate::data_dir::DataDir;
use crate::real_clock::RealClock;

/// Look at this installation and say what is wrong and what to do.
#[derive(Args)]
pub struct Doctor {
    /// The settings file.
    #[arg(long, env = "TSUNAGARI_CONFIG")]
    config: Option<PathBuf>,
    /// A data directory, in place of the settings'.
    #[arg(long)]
    data: Option<PathBuf>,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    Look,
    Broken,
}

struct Complaint {
    grade: Grade,
    what: String,
    advice: &'static str,
}

/// Rows that wait for sealing are sealed within seconds; more than this means the sealer does not run.
const UNSEALED: i64 = 2_000;
/// How many persons' keys are tried.
const KEYS_TRIED: i64 = 2_000;
/// Less space than this and the next backup may fail.
const LEAST_SPACE: u64 = 500 * 1024 * 1024;

impl Doctor {
    /// Looks at everything.
    ///
    /// # Errors
    /// The installation cannot be opened at all: the reason says what to do.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mut config = Config::load(self.config.as_deref())?;
        if let Some(data) = self.data {
            config.data_dir = data;
        }
        let mut complaints = Vec::new();
        let data = DataDir::look(&config.data_dir)?;
        for key in ["wrapping", "audit", "forms"] {
            if !config.data_dir.join("keys").join(format!("{key}.key")).exists() {
                let grade = if key == "forms" { Grade::Look } else { Grade::Broken };
                let advice = "put the key back from where you keep keys; without the wrapping key nothing sealed opens";
                complaints.push(Complaint { grade, what: format!("keys/{key}.key is missing"), advice });
            }
        }
        let location = config.database(&data)?;
        if complaints.iter().all(|it| it.grade < Grade::Broken) {
            let house = crate::house::open(&data, &location, Arc::new(RealClock), &config.origin).await?;
            let key = Key::new(data.key("audit")?);
            for organisation in house.store.platform().await?.organisations().await? {
                examine(&house, &organisation, &key, &mut complaints).await?;
            }
        }
        space(&location, &config.data_dir, &mut complaints);
        Ok(report(&complaints))
    }
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

async fn examine(
    house: &House,
    organisation: &Organisation,
    key: &Key,
    complaints: &mut Vec<Complaint>,
) -> anyhow::Result<()> {
    let here = house.org(organisation.id);
    let of = &organisation.code;
    let mut reader = here.read().await?;
    for finding in reader.findings().await? {
        let (grade, advice) = advice(finding.code);
        complaints.push(Complaint { grade, what: format!("{of}: {} ({} rows)", finding.code, finding.rows), advice });
    }
    let chain = reader.verify_chain(key).await?;
    if chain.unsealed > UNSEALED {
        let what = format!("{of}: {} audit rows wait for sealing", chain.unsealed);
        complaints.push(Complaint {
            grade: Grade::Look,
            what,
            advice: "start `tsunagari serve`; it seals every second",
        });
    }
    if let Some(fault) = chain.fault {
        let what = match fault {
            ChainFault::Changed(id) => format!("{of}: audit row {id} was changed after it was sealed"),
            ChainFault::Gap(seq) => format!("{of}: audit row number {seq} is missing"),
            ChainFault::Head(day) => format!("{of}: the signed head of {day} does not fit the audit record"),
        };
        let advice = "somebody changed the database beside the program: keep it as it is, restore the last backup elsewhere, compare";
        complaints.push(Complaint { grade: Grade::Broken, what, advice });
    }
    let persons = reader.persons_with_contacts(KEYS_TRIED).await?;
    drop(reader);
    let keys = here.person_keys(&persons).await?;
    let locked = persons.iter().filter(|person| !keys.has(**person)).count();
    if locked > 0 {
        let advice =
            "restore keys/persons.db from the same day as the database; erased people have no contact points left";
        complaints.push(Complaint {
            grade: Grade::Broken,
            what: format!("{of}: {locked} persons' addresses do not open"),
            advice,
        });
    }
    Ok(())
}

fn advice(code: &str) -> (Grade, &'static str) {
    match code {
        "job_given_up" => {
            (Grade::Look, "see the reason in the office under Today; mend it, then ask for the work again")
        }
        "channel_stopped" => {
            (Grade::Look, "see the reason under Settings and start the channel again when it is mended")
        }
        "unfindable_person" => (Grade::Look, "open the person's card and save it: the search entries are written anew"),
        "overlap_residence" | "overlap_consent" | "overlap_working" | "backward_interval" => (
            Grade::Broken,
            "two facts contradict each other; report this with the version of the program, and keep a backup from before",
        ),
        _ => (
            Grade::Broken,
            "rows without what they belong to: restore the last backup that is whole, and report this with the version of the program",
        ),
    }
}

fn space(location: &Location, data: &std::path::Path, complaints: &mut Vec<Complaint>) {
    let Some(free) = free_space(data) else { return };
    let size = match location {
        Location::File(file) => std::fs::metadata(file).map_or(0, |it| it.len()),
        Location::Server(_) => 0,
    };
    if free < LEAST_SPACE.max(size * 2) {
        let what = format!("only {} MB are free where the data directory is", free / 1_048_576);
        complaints.push(Complaint {
            grade: Grade::Look,
            what,
            advice: "make room: a backup needs as much space as the database has",
        });
    }
}

/// Free bytes as `df` tells them; nothing where there is no `df`.
fn free_space(path: &std::path::Path) -> Option<u64> {
    let out = std::process::Command::new("df").args(["--output=avail", "-B1"]).arg(path).output().ok()?;
    String::from_utf8(out.stdout).ok()?.lines().nth(1)?.trim().parse().ok()
}
