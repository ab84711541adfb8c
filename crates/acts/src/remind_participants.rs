//! Whoever is expected somewhere is reminded on the day before, and whoever took part is asked afterwards how it was: once each, found every
//! ten minutes, told as every step is. Leaves quiet hours and ways to `tell_step`.

use async_trait::async_trait;
use chrono::TimeDelta;
use tsunagari_access::{Act, Machine};
use tsunagari_jobs::{Handler, JobError};
use tsunagari_kernel::{ApplicationId, OrgId, Timestamp};
use tsunagari_programmes::Notice;

use crate::tell_step::tell_applicant;
use crate::{ActError, House};

/// The kind of the job.
pub const KIND: &str = "remind_participants.1";
/// How often they are looked for.
const PAUSE: TimeDelta = TimeDelta::minutes(10);
/// So many of each in one run.
const AT_ONCE: i64 = 500;
/// Who got their place within so long knows of it.
const FRESH: TimeDelta = TimeDelta::hours(12);
/// Nobody is asked about what is longer ago.
const AFTERWARDS: TimeDelta = TimeDelta::days(7);

/// Reminds and asks; how many of each.
///
/// # Errors
/// Storage's.
pub async fn remind_participants(house: &House, org: OrgId) -> Result<(usize, usize), ActError> {
    let now = house.now();
    let after = |days: i64| Timestamp::start_of(now.jst_date() + TimeDelta::days(days));
    let mut reader = house.org(org).read().await?;
    let expected = reader.to_remind((after(1), after(2)), now.minus(FRESH), AT_ONCE).await?;
    let came = reader.to_ask_afterwards((now.minus(AFTERWARDS), now), AT_ONCE).await?;
    drop(reader);
    let reminded = tell(house, org, &expected, Notice::Tomorrow).await?;
    let asked = tell(house, org, &came, Notice::Afterwards).await?;
    Ok((reminded, asked))
}

async fn tell(house: &House, org: OrgId, which: &[ApplicationId], notice: Notice) -> Result<usize, ActError> {
    if which.is_empty() {
        return Ok(0);
    }
    let by = Machine::working(org, "remind_participants");
    let mut tx = house.org(org).write().await?;
    let mut told = 0;
    for id in which {
        // Another run may have been quicker.
        if tx.notices_of(*id).await?.iter().any(|it| it.notice == notice) {
            continue;
        }
        tell_applicant(house, &mut tx, *id, notice).await?;
        told += 1;
    }
    let act = Act::named("remind_participants", by.actor(), house.operation());
    tx.commit(&act.counting("told", i64::try_from(told).unwrap_or(i64::MAX))).await?;
    Ok(told)
}

/// The standing job: it stays in the queue.
pub struct RemindParticipants(
    /// The house it works in.
    pub House,
);

#[async_trait]
impl Handler for RemindParticipants {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, org: OrgId, _payload: &str) -> Result<(), JobError> {
        let again = self.0.real_clock.now().plus(PAUSE);
        match remind_participants(&self.0, org).await {
            Ok(_) => Err(JobError::Later(again, "every ten minutes".into())),
            Err(error) => Err(JobError::Later(again, error.to_string())),
        }
    }
}
