//! Somebody reaches the age from which their own consent suffices while a guardian's stands: they are asked at once by
//! message whether it shall go on (trust.md 6), but for the quiet hours. The message is a notice with a link, nothing
//! personal. Whom no message can reach, who does not answer in thirty days, and whom nobody asked when they reached the age
//! (it was lowered, the service stood still) stands on the office's work list. Leaves answering to `reconfirm_consent`.

use std::collections::HashSet;

use async_trait::async_trait;
use chrono::{Days, TimeDelta};
use serde::{Deserialize, Serialize};
use tsunagari_access::{Act, Machine};
use tsunagari_jobs::{Handler, JobError};
use tsunagari_kernel::{Moment, OrgId, PersonId};
use tsunagari_people::{PersonRecord, ReachPolicy};
use tsunagari_storage::Reader;
use tsunagari_storage::reconfirmation::AskedHow;
use uuid::Uuid;

use crate::jobs::send_letter::{LetterKind, enqueue};
use crate::join::policy_of;
use crate::keep_line_greeting::my_page_address;
use crate::reconfirm_consent::open_purposes;
use crate::send_one::{OneMessage, WentOut, Whom, quiet_for, send_one, way};
use crate::{ActError, House};

/// The kind of the job that looks for birthdays, every hour.
pub const KIND: &str = "ask_reconfirmation.1";
/// The kind of the job that asks one person.
pub const SEND: &str = "send_asking.1";
/// Who reached the age longer ago is the office's to ask: a programme that begins does not write to everybody at once.
const BACK: Days = Days::new(30);
/// Nothing after this many days: the office asks.
const ANSWER_WITHIN: TimeDelta = TimeDelta::days(30);
/// People asked in one run.
const AT_ONCE: usize = 500;
/// People looked at in one question.
const PAGE: i64 = 500;

#[derive(Serialize, Deserialize)]
struct Payload {
    person: PersonId,
    key: Uuid,
}

/// Somebody to be asked, and whether it is just now that they reached the age.
struct Waiting {
    record: PersonRecord,
    just_now: bool,
}

/// Whom nobody has asked yet of those who have reached the age while a guardian's consent stands.
async fn waiting(
    reader: &mut Reader,
    policy: &ReachPolicy,
    at: &Moment,
    asked: &HashSet<PersonId>,
) -> Result<Vec<Waiting>, ActError> {
    let until = policy.latest_birth(at.date);
    let from = policy.latest_birth(at.date.checked_sub_days(BACK).unwrap_or(at.date));
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = reader.guardian_consented(until, after, at.instant, PAGE).await?;
        let Some(last) = page.last().copied() else { break };
        after = Some(last);
        let fresh: Vec<PersonId> = page.into_iter().map(|it| it.1).filter(|person| !asked.contains(person)).collect();
        let records = reader.person_records(&fresh).await?;
        let open = records.into_iter().filter(|record| !open_purposes(record, policy, at).is_empty());
        found.extend(open.map(|record| {
            let just_now = record.person.birth_date.is_some_and(|birth| birth >= from);
            Waiting { record, just_now }
        }));
        if found.len() >= AT_ONCE {
            found.truncate(AT_ONCE);
            break;
        }
    }
    Ok(found)
}

/// Asks everybody who has reached the age since the last time, and puts who did not answer on the work list. How many
/// were asked.
///
/// # Errors
/// Storage's.
pub async fn ask_reconfirmation(house: &House, org: OrgId) -> Result<usize, ActError> {
    let at = Moment::now(&*house.clock);
    let here = house.org(org);
    let by = Machine::working(org, "ask_reconfirmation");
    let mut reader = here.read().await?;
    let policy = policy_of(&reader.organisation().await?);
    let line = reader.sending_line_channel().await?.map(|channel| channel.provider);
    let askings = reader.askings().await?;
    let asked: HashSet<PersonId> = askings.iter().map(|it| it.person).collect();
    let waiting = waiting(&mut reader, &policy, &at, &asked).await?;
    let late: Vec<PersonId> = askings
        .iter()
        .filter(|it| !it.open && at.instant.minus(ANSWER_WITHIN) > it.since)
        .map(|it| it.person)
        .collect();
    let late = reader.person_records(&late).await?;
    drop(reader);
    let mut count = 0;
    for Waiting { record, just_now } in &waiting {
        let person = record.person.id;
        let reachable = *just_now && way(record, &policy, &at, line, Whom::Tied).is_some();
        let how = if reachable { AskedHow::Message } else { AskedHow::Office };
        let mut tx = here.write().await?;
        let due = (at.instant.plus(ANSWER_WITHIN)).jst_date();
        if !tx.add_asking(person, how, Some(due), at.instant).await? {
            tx.undo().await?;
            continue;
        }
        if how == AskedHow::Message {
            let now = house.real_clock.now();
            let payload = Payload { person, key: house.chance.uuid_at(now) };
            let json = serde_json::to_string(&payload).map_err(|error| ActError::Broken(error.to_string()))?;
            tx.enqueue(SEND, &json, now, None).await?;
        }
        tx.commit(&Act::named("ask_reconfirmation", by.actor(), house.operation()).on("person", person)).await?;
        count += 1;
    }
    for record in late.iter().filter(|record| !open_purposes(record, &policy, &at).is_empty()) {
        let mut tx = here.write().await?;
        tx.reopen_asking(record.person.id).await?;
        let act = Act::named("reconfirmation_unanswered", by.actor(), house.operation());
        tx.commit(&act.on("person", record.person.id)).await?;
    }
    Ok(count)
}

/// The hourly job: it stays in the queue.
pub struct AskReconfirmation(
    /// The house it works in.
    pub House,
);

#[async_trait]
impl Handler for AskReconfirmation {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, org: OrgId, _: &str) -> Result<(), JobError> {
        let again = self.0.real_clock.now().plus(TimeDelta::hours(1));
        match ask_reconfirmation(&self.0, org).await {
            Ok(_) => Err(JobError::Later(again, "hourly".into())),
            Err(error) => Err(JobError::Later(again, error.to_string())),
        }
    }
}

/// Asks one person.
pub struct SendAsking {
    house: House,
}

impl SendAsking {
    /// For a house.
    pub const fn of(house: House) -> Self {
        Self { house }
    }
}

#[async_trait]
impl Handler for SendAsking {
    fn kind(&self) -> &'static str {
        SEND
    }

    async fn run(&self, org: OrgId, payload: &str) -> Result<(), JobError> {
        let payload: Payload = serde_json::from_str(payload).map_err(|error| JobError::Fail(error.to_string()))?;
        // A birthday begins at midnight.
        let quiet = quiet_for(&self.house, org).await.map_err(|error| JobError::Retry(error.to_string()))?;
        if quiet > TimeDelta::zero() {
            return Err(JobError::Later(self.house.real_clock.now().plus(quiet), "quiet hours".into()));
        }
        match send(&self.house, org, &payload).await {
            Ok(()) | Err(ActError::NotFound) => Ok(()),
            // What the channel refuses for good is the office's to ask.
            Err(ActError::Refused(_)) => leave_to_office(&self.house, org, payload.person)
                .await
                .map_err(|error| JobError::Retry(error.to_string())),
            Err(error) => Err(JobError::Retry(error.to_string())),
        }
    }
}

async fn leave_to_office(house: &House, org: OrgId, person: PersonId) -> Result<(), ActError> {
    let mut tx = house.org(org).write().await?;
    tx.reopen_asking(person).await?;
    let by = Machine::working(org, "ask_reconfirmation");
    Ok(tx.commit(&Act::named("reconfirmation_unsent", by.actor(), house.operation()).on("person", person)).await?)
}

async fn send(house: &House, org: OrgId, it: &Payload) -> Result<(), ActError> {
    let at = Moment::now(&*house.clock);
    let mut reader = house.org(org).read().await?;
    let organisation = reader.organisation().await?;
    let record = reader.person_record(it.person).await?;
    drop(reader);
    if open_purposes(&record, &policy_of(&organisation), &at).is_empty() {
        return Ok(());
    }
    let link = my_page_address(house, &organisation);
    let message =
        OneMessage { words: "line-reconfirm", letter: LetterKind::Reconfirm, link, key: it.key, whom: Whom::Tied };
    match send_one(house, org, &record, message).await? {
        WentOut::Line => Ok(()),
        WentOut::Mail(letter) => {
            let mut tx = house.org(org).write().await?;
            enqueue(house, &mut tx, &letter, house.real_clock.now()).await?;
            let by = Machine::working(org, "ask_reconfirmation");
            let act = Act::named("mail_reconfirmation", by.actor(), house.operation()).on("person", it.person);
            Ok(tx.commit(&act).await?)
        }
        WentOut::Nowhere => leave_to_office(house, org, it.person).await,
    }
}
