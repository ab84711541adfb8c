//! A step of an application is written in its ledger and, where it settles something, told to whoever applied, as is what else they are
//! to know of it: the notice is written with the step and sent afterwards, once. It says that there is news and where, nothing personal. A reply to what somebody asked
//! of the office rests on no consent; a protected address is written to by no message. Leaves what is told to `Notice`.

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use tsunagari_access::{Act, Actor, Machine};
use tsunagari_jobs::{Handler, JobError};
use tsunagari_kernel::{ApplicationId, OrgId, Timestamp};
use tsunagari_programmes::{Event, Notice, Refusal, Standing, Went};
use tsunagari_storage::Tx;
use uuid::Uuid;

use crate::jobs::send_letter::{Letter, LetterKind, enqueue};
use crate::keep_line_greeting::my_page_address;
use crate::send_one::{OneMessage, WentOut, Whom, quiet_for, send_one};
use crate::{ActError, House};

/// The kind of the job that tells one step.
pub const KIND: &str = "tell_step.1";

#[derive(Serialize, Deserialize)]
struct Payload {
    application: ApplicationId,
    /// The notice's number; under its former name in jobs that an older version left.
    #[serde(alias = "seq")]
    no: u32,
    key: Uuid,
}

/// Appends to a ledger, and has the applicant told what it comes to.
///
/// # Errors
/// The inner one: a move is refused, and nothing was written. `Conflict`; storage's.
pub(crate) async fn take_step(
    house: &House,
    tx: &mut Tx,
    id: ApplicationId,
    events: &[Event],
    by: &Actor,
) -> Result<Result<Standing, Refusal>, ActError> {
    take_step_at(house, tx, id, events, (by, house.now())).await
}

/// The same for what happened a while ago.
///
/// # Errors
/// As `take_step`.
pub(crate) async fn take_step_at(
    house: &House,
    tx: &mut Tx,
    id: ApplicationId,
    events: &[Event],
    (by, at): (&Actor, Timestamp),
) -> Result<Result<Standing, Refusal>, ActError> {
    let moved = tx.append_to_ledger(id, events, at, by).await?;
    if let Ok(standing) = &moved {
        has_told(house, tx, id, events, standing).await?;
    }
    Ok(moved)
}

/// Has the applicant told what was just written in the ledger comes to.
pub(crate) async fn has_told(
    house: &House,
    tx: &mut Tx,
    id: ApplicationId,
    events: &[Event],
    standing: &Standing,
) -> Result<(), ActError> {
    match Notice::of(events, standing) {
        Some(notice) => tell_applicant(house, tx, id, notice).await,
        None => Ok(()),
    }
}

/// Has the applicant told something about their application.
pub(crate) async fn tell_applicant(
    house: &House,
    tx: &mut Tx,
    id: ApplicationId,
    notice: Notice,
) -> Result<(), ActError> {
    let no = tx.add_notice(id, notice, house.now()).await?;
    let now = house.real_clock.now();
    let payload = Payload { application: id, no, key: house.chance.uuid_at(now) };
    let json = serde_json::to_string(&payload).map_err(|error| ActError::Broken(error.to_string()))?;
    Ok(tx.enqueue(KIND, &json, now, None).await?)
}

/// The text on LINE, and the body of the letter.
pub(crate) const fn words(notice: Notice) -> &'static str {
    match notice {
        Notice::Received => "step-received",
        Notice::Held => "step-held",
        Notice::Waiting => "step-waiting",
        Notice::Offered => "step-offered",
        Notice::SentBack => "step-sent-back",
        Notice::NotChosen => "step-not-chosen",
        Notice::Lapsed => "step-lapsed",
        Notice::CalledOff => "step-called-off",
        Notice::AddressAsked => "step-address-asked",
        Notice::Sent => "step-sent",
        Notice::CameBack => "step-came-back",
        Notice::AccountAsked => "step-account-asked",
        Notice::MoneyPaid => "step-money-paid",
        Notice::MoneyCameBack => "step-money-came-back",
        Notice::Tomorrow => "step-tomorrow",
        Notice::Afterwards => "step-afterwards",
    }
}

/// Tells one step.
pub struct TellStep(
    /// The house it works in.
    pub House,
);

#[async_trait]
impl Handler for TellStep {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, org: OrgId, payload: &str) -> Result<(), JobError> {
        let payload: Payload = serde_json::from_str(payload).map_err(|error| JobError::Fail(error.to_string()))?;
        match tell(&self.0, org, &payload).await {
            Ok(None) | Err(ActError::NotFound) => Ok(()),
            Ok(Some(quiet)) => Err(JobError::Later(self.0.real_clock.now().plus(quiet), "quiet hours".into())),
            // What the channel refuses for good is the office's to tell.
            Err(ActError::Refused(_)) => settle(&self.0, org, &payload, Went::Nowhere, None)
                .await
                .map_err(|error| JobError::Retry(error.to_string())),
            Err(error) => Err(JobError::Retry(error.to_string())),
        }
    }
}

/// Tells it, or says for how long nobody may be written to.
async fn tell(house: &House, org: OrgId, it: &Payload) -> Result<Option<TimeDelta>, ActError> {
    let mut reader = house.org(org).read().await?;
    let application = reader.application(it.application).await?;
    let notices = reader.notices_of(it.application).await?;
    let organisation = reader.organisation().await?;
    let due = notices.iter().find(|kept| kept.no == it.no && kept.went == Went::Due);
    let (Some(due), Some(applicant)) = (due, application.applicant) else { return Ok(None) };
    let record = reader.person_record(applicant).await?;
    drop(reader);
    if !due.notice.holds(&application.standing) {
        settle(house, org, it, Went::Overtaken, None).await?;
        return Ok(None);
    }
    // Whoever just applied is awake.
    let awake = due.notice == Notice::Received && house.now().since(due.due) < TimeDelta::minutes(5);
    let quiet = if awake { TimeDelta::zero() } else { quiet_for(house, org).await? };
    if quiet > TimeDelta::zero() {
        return Ok(Some(quiet));
    }
    let link = format!("{}/applications/{}", my_page_address(house, &organisation), it.application);
    let letter = LetterKind::Step(due.notice);
    let message = OneMessage { words: words(due.notice), letter, link, key: it.key, whom: Whom::Anybody };
    let (went, letter) = match send_one(house, org, &record, message).await? {
        WentOut::Line => (Went::Line, None),
        WentOut::Mail(letter) => (Went::Mail, Some(letter)),
        WentOut::Nowhere => (Went::Nowhere, None),
    };
    settle(house, org, it, went, letter.as_ref()).await?;
    Ok(None)
}

async fn settle(house: &House, org: OrgId, it: &Payload, went: Went, letter: Option<&Letter>) -> Result<(), ActError> {
    let mut tx = house.org(org).write().await?;
    // Told by another run meanwhile: then there is one letter already.
    if !tx.settle_notice(it.application, it.no, went, house.now()).await? {
        tx.undo().await?;
        return Ok(());
    }
    if let Some(letter) = letter {
        enqueue(house, &mut tx, letter, house.real_clock.now()).await?;
    }
    let by = Machine::working(org, "tell_step");
    Ok(tx.commit(&Act::named("tell_step", by.actor(), house.operation()).on("application", it.application)).await?)
}
