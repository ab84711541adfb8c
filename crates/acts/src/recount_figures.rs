//! Counts past moments again, every night and when an officer asks: what a published figure would be today, and the years
//! nobody has published (docs/decisions/0009). Changes nothing that is published. Leaves showing to `read_dashboard`.

use async_trait::async_trait;
use chrono::{NaiveTime, TimeDelta};
use sha2::{Digest, Sha256};
use tsunagari_access::Granted;
use tsunagari_access::permission::ViewFigures;
use tsunagari_figures::Draft;
use tsunagari_jobs::{Handler, JobError};
use tsunagari_kernel::{FiscalYear, Moment, OrgId, Timestamp};
use tsunagari_people::Policy;
use tsunagari_storage::figure_recount::Recount;
use tsunagari_storage::indicator::KeptIndicator;

use crate::compute_figure::compute_draft;
use crate::read_dashboard::{of_day, past_moments};
use crate::{ActError, House};

/// The job's kind.
pub const KIND: &str = "recount_figures.1";
/// When it runs: hours and minutes in Japan, after what is too old was let go.
const AT: (u32, u32) = (4, 10);

/// Whether counts of past moments may be as old as last night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recounts {
    /// As last counted; what was never counted is counted now and kept.
    Kept,
    /// All counted now; nothing is kept.
    Fresh,
}

/// What goes into a count beside the people: the definition, what was set at the moment, and the moment.
pub(crate) fn basis(indicator: &KeptIndicator, policy: &Policy, at: &Moment) -> Result<String, ActError> {
    let all = serde_json::to_vec(&(&indicator.definition, policy, at))
        .map_err(|error| ActError::Broken(error.to_string()))?;
    Ok(Sha256::digest(all).iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Counts one past moment, or gives what was counted of the same before.
///
/// # Errors
/// As `compute_draft`.
pub async fn count_past(
    house: &House,
    org: OrgId,
    indicator: &KeptIndicator,
    year: FiscalYear,
    at: Moment,
    recounts: Recounts,
) -> Result<Draft, ActError> {
    if recounts == Recounts::Fresh {
        return compute_draft(house, org, indicator, year, at).await;
    }
    let here = house.org(org);
    let mut reader = here.read().await?;
    let basis = basis(indicator, &reader.policy_at(at.instant).await?, &at)?;
    if let Some(draft) = reader.recount(indicator.id, year, at.instant, &basis).await? {
        return Ok(draft);
    }
    drop(reader);
    let draft = compute_draft(house, org, indicator, year, at).await?;
    here.keep_recounts(&[Recount { basis, draft: draft.clone() }]).await?;
    Ok(draft)
}

/// Counts the day of a published figure again; today is counted now, whatever was kept.
///
/// # Errors
/// As `compute_draft`.
pub async fn count_day_again(
    house: &House,
    org: OrgId,
    indicator: &KeptIndicator,
    published: &Draft,
) -> Result<Draft, ActError> {
    let now = Moment::now(&*house.clock);
    let at = of_day(published.as_of.date, now);
    let recounts = if at == now { Recounts::Fresh } else { Recounts::Kept };
    count_past(house, org, indicator, published.fiscal_year, at, recounts).await
}

/// Counts every past moment of today's dashboards again.
///
/// # Errors
/// A rule no longer reads, or storage's; then the counts stay as they were.
pub async fn recount_figures(house: &House, by: &Granted<ViewFigures>) -> Result<(), ActError> {
    recount(house, by.org()).await
}

async fn recount(house: &House, org: OrgId) -> Result<(), ActError> {
    let here = house.org(org);
    let mut reader = here.read().await?;
    let indicators = reader.indicators().await?;
    drop(reader);
    let mut all = Vec::new();
    for indicator in &indicators {
        for (year, at) in past_moments(house, org, indicator).await? {
            let policy = here.read().await?.policy_at(at.instant).await?;
            let draft = compute_draft(house, org, indicator, year, at).await?;
            all.push(Recount { basis: basis(indicator, &policy, &at)?, draft });
        }
    }
    Ok(here.replace_recounts(&all).await?)
}

/// The next time it runs after an instant.
pub(crate) fn next_run(now: Timestamp) -> Timestamp {
    crate::apply_retention::next(now, NaiveTime::from_hms_opt(AT.0, AT.1, 0).unwrap_or_default())
}

/// The nightly job: it stays in the queue and runs again the next night.
pub struct RecountFigures(
    /// The house it works in.
    pub House,
);

#[async_trait]
impl Handler for RecountFigures {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, org: OrgId, _: &str) -> Result<(), JobError> {
        let now = self.0.real_clock.now();
        match recount(&self.0, org).await {
            // A rule that no longer reads stays so until somebody mends it: the dashboard says which.
            Ok(()) | Err(ActError::Refused(_)) => Err(JobError::Later(next_run(now), "daily".into())),
            Err(error) => Err(JobError::Later(now.plus(TimeDelta::minutes(10)), error.to_string())),
        }
    }
}
