//! One organisation: rows that contradict each other, the audit record, keys that open, work that stands still, channels.

use tsunagari_acts::House;
use tsunagari_acts::line_gateway::webhook_url;
use tsunagari_kernel::{Clock, Timestamp};
use tsunagari_storage::audit_chain::ChainFault;
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::line_channel::{ChannelKind, ChannelState};
use tsunagari_storage::{Key, OrgStore, Reader, StorageError};

use super::{Complaint, Grade};
use crate::real_clock::RealClock;

/// Rows that wait for sealing are sealed within seconds; more than this means the sealer does not run.
const UNSEALED: i64 = 2_000;
/// The same in seconds.
const SEAL_LAG: i64 = 120;
/// How many persons' keys are tried.
const KEYS_TRIED: i64 = 2_000;
/// A due job that nobody has taken for so long, in seconds.
const STUCK: i64 = 600;
/// No webhook for so many days is a reason to look.
const SILENT_DAYS: i64 = 30;

/// Whether other machines may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// LINE is asked where it sends its webhooks.
    Network,
    /// Only what is here is looked at.
    Here,
}

/// Looks at everything of an organisation.
///
/// # Errors
/// The database does not answer.
pub async fn examine(
    house: &House,
    organisation: &Organisation,
    key: &Key,
    reach: Reach,
) -> Result<Vec<Complaint>, StorageError> {
    let here = house.org(organisation.id);
    let of = &organisation.code;
    let mut reader = here.read().await?;
    let mut complaints = Vec::new();
    for finding in reader.findings().await? {
        let (grade, advice) = advice(finding.code);
        let what = format!("{of}: {} ({} rows)", finding.code, finding.rows);
        complaints.push(Complaint { grade, what, advice: advice.to_owned() });
    }
    complaints.extend(record(&mut reader, of, key, organisation.demo).await?);
    complaints.extend(work(&mut reader, of).await?);
    let persons = reader.persons_with_contacts(KEYS_TRIED).await?;
    drop(reader);
    let keys = here.person_keys(&persons).await?;
    let locked = persons.iter().filter(|person| !keys.has(**person)).count();
    if locked > 0 {
        complaints.push(Complaint::broken(
            format!("{of}: {locked} persons' addresses do not open"),
            "restore keys/persons.db from the same day as the database; erased people have no contact points left",
        ));
    }
    complaints.extend(erasures(&here, of).await?);
    complaints.extend(webhooks(house, organisation, reach).await?);
    Ok(complaints)
}

/// Erasures held against the log beside the keys: people an older backup brought back, keys that are still there.
async fn erasures(here: &OrgStore, of: &str) -> Result<Option<Complaint>, StorageError> {
    let unsealed = here.unsealed_erasures().await?.len();
    let back = here.read().await?.unerased_among(&here.erasure_log().await?).await?.len();
    Ok((unsealed + back > 0).then(|| {
        Complaint::broken(
            format!("{of}: {back} erased people are back, {unsealed} erased people still have a key"),
            "start `tsunagari serve`: it erases them again; this is so after an older backup was restored",
        )
    }))
}

/// The audit record: waiting rows, faults of the chain, rows from a day to come.
async fn record(reader: &mut Reader, of: &str, key: &Key, demo: bool) -> Result<Vec<Complaint>, StorageError> {
    let mut complaints = Vec::new();
    let chain = reader.verify_chain(key).await?;
    let now = RealClock.now();
    let lag = reader.gauges(now).await?.oldest_unsealed.map_or(0, |at| seconds_between(at, now));
    // The demonstration's calendar is not this machine's.
    if chain.unsealed > UNSEALED || (lag > SEAL_LAG && !demo) {
        complaints.push(Complaint::look(
            format!("{of}: {} audit rows wait for sealing", chain.unsealed),
            "start `tsunagari serve`, which seals every second; when it runs, look for \"could not be sealed\" in its log",
        ));
    }
    if let Some(fault) = chain.fault {
        let what = match fault {
            ChainFault::Changed(id) => format!("{of}: audit row {id} was changed after it was sealed"),
            ChainFault::Gap(seq) => format!("{of}: audit row number {seq} is missing"),
            ChainFault::Head(day) => format!("{of}: the signed head of {day} does not fit the audit record"),
        };
        complaints.push(Complaint::broken(
            what,
            "somebody changed the database beside the program: keep it as it is, restore the last backup elsewhere, compare",
        ));
    }
    if !demo && reader.newest_audit_row().await?.is_some_and(|at| seconds_between(now, at) > 120) {
        complaints.push(Complaint::look(
            format!("{of}: the audit record holds rows from later than now"),
            "this machine's clock was ahead, or is behind now: compare it with a time server",
        ));
    }
    Ok(complaints)
}

fn seconds_between(from: Timestamp, until: Timestamp) -> i64 {
    (until.micros() - from.micros()) / 1_000_000
}

/// Background work that stands still.
async fn work(reader: &mut Reader, of: &str) -> Result<Vec<Complaint>, StorageError> {
    let mut complaints = Vec::new();
    let now = RealClock.now();
    let gauges = reader.gauges(now).await?;
    let waited = gauges.oldest_due.map_or(0, |at| seconds_between(at, now));
    if waited > STUCK {
        complaints.push(Complaint::look(
            format!("{of}: a job has been due for {} minutes", waited / 60),
            "start `tsunagari serve`; when it runs, look for \"looking for jobs failed\" in its log and restart it",
        ));
    }
    if gauges.jobs_overdue > 0 {
        complaints.push(Complaint::look(
            format!("{of}: {} jobs were begun and not ended", gauges.jobs_overdue),
            "their process died; a running `tsunagari serve` takes them over within a minute",
        ));
    }
    Ok(complaints)
}

/// Where LINE sends its events, as LINE says, and when one came last.
async fn webhooks(house: &House, organisation: &Organisation, reach: Reach) -> Result<Vec<Complaint>, StorageError> {
    let (here, of) = (house.org(organisation.id), &organisation.code);
    let mut complaints = Vec::new();
    let mut reader = here.read().await?;
    let channels = reader.line_channels().await?;
    let mut heard = Vec::new();
    for channel in &channels {
        heard.push(reader.newest_inbound(channel.id).await?);
    }
    drop(reader);
    let now = RealClock.now();
    for (channel, heard) in channels.into_iter().zip(heard) {
        if channel.kind != ChannelKind::Messaging || channel.state != ChannelState::Working {
            continue;
        }
        if !organisation.demo && heard.is_some_and(|at| seconds_between(at, now) > SILENT_DAYS * 86_400) {
            complaints.push(Complaint::look(
                format!("{of}: no webhook of {} has come for {SILENT_DAYS} days", channel.name),
                "open Settings, LINE, and let LINE test the webhook there",
            ));
        }
        // The simulator a demonstration starts itself sends to where that listens, which is in no settings.
        if reach == Reach::Here || organisation.demo {
            continue;
        }
        let wanted = webhook_url(house, &channel);
        let told = match house.line.open(&here, channel.id).await {
            Ok(open) => open.api.webhook_endpoint(&open.token).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        let what = match told {
            Ok(answer) if answer.value.endpoint != wanted => format!("LINE sends them to {}", answer.value.endpoint),
            Ok(answer) if !answer.value.active => "the switch \"use webhook\" is off in LINE's console".to_owned(),
            Ok(_) => continue,
            Err(why) => format!("LINE could not be asked: {why}"),
        };
        complaints.push(Complaint::look(
            format!("{of}: webhooks of {} do not arrive: {what}", channel.name),
            format!("open Settings, LINE, and set the webhook there; it must be {wanted}"),
        ));
    }
    Ok(complaints)
}

fn advice(code: &str) -> (Grade, &'static str) {
    match code {
        "job_given_up" => {
            (Grade::Look, "see the reason in the office under Today; mend it, then ask for the work again")
        }
        "channel_stopped" => {
            (Grade::Look, "see the reason under Settings and start the channel again when it is mended")
        }
        "erased_left" => (
            Grade::Broken,
            "somebody who was erased is still named: report this with the version of the program, and delete nothing by hand",
        ),
        "unfindable_person" => (Grade::Look, "open the person's card and save it: the search entries are written anew"),
        "person_state_differs" | "person_without_state" => (
            Grade::Broken,
            "audiences may be counted wrongly: run `tsunagari doctor` again after a restart, and report this with the version of the program",
        ),
        "ledger_differs" => (
            Grade::Broken,
            "an application does not stand where its ledger puts it: decide nothing about it by hand, keep a backup, and report this with the version of the program",
        ),
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
