//! What the office sees of a message before it leaves: who gets it, ten of them by name, who does not and why, what it costs
//! against the month's quota, and what still keeps it from being handed in. Reads only; the quota is asked of LINE and
//! remembered for a minute, so that looking at a page twice does not ask twice.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use tsunagari_access::Granted;
use tsunagari_access::permission::ViewMessages;
use tsunagari_kernel::{CampaignId, ChannelId, Timestamp};
use tsunagari_outreach::linter::{Violation, lint};
use tsunagari_outreach::quota::{Forecast, Plan, forecast};
use tsunagari_storage::campaign::{AudienceCounts, KeptCampaign};
use tsunagari_storage::line_channel::{LineChannel, LinePlan};

use crate::judge_audience::{judge_audience, terms_of};
use crate::submit_campaign::faults;
use crate::{ActError, House, Reason};

/// How long what LINE said of the quota is believed.
const BELIEVED: TimeDelta = TimeDelta::minutes(1);
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// Consumption by channel, with the instant it was asked: process-wide because it is LINE's, not an act's.
static CONSUMED: LazyLock<Mutex<HashMap<ChannelId, (Timestamp, u64)>>> = LazyLock::new(Mutex::default);

/// The preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The campaign.
    pub kept: KeptCampaign,
    /// Who gets it, by channel, and why others not; nothing while the rule cannot be read.
    pub counts: Option<AudienceCounts>,
    /// Up to ten of them by name.
    pub sample: Vec<String>,
    /// What LINE's messages cost; nothing without LINE.
    pub cost: Option<Cost>,
    /// What is wrong with the content.
    pub violations: Vec<Violation>,
    /// What else keeps it from being handed in.
    pub faults: Vec<Reason>,
}

/// The month's LINE messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// The forecast.
    pub forecast: Forecast,
    /// Messages of the month already used; nothing when LINE did not say.
    pub used: Option<u64>,
    /// Messages a month in the plan; nothing is without limit.
    pub included: Option<u64>,
}

/// Looks.
///
/// # Errors
/// Unknown campaign; storage's.
pub async fn preview_campaign(house: &House, by: &Granted<ViewMessages>, id: CampaignId) -> Result<Preview, ActError> {
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    let kept = reader.campaign(id).await?;
    let terms = terms_of(&mut reader, &kept, house.now()).await?;
    let mut wrong = faults(&mut reader, &kept).await?;
    let seen = match judge_audience(&mut reader, &kept.rule, &terms).await {
        Ok(seen) => Some(seen),
        Err(ActError::Refused(reasons)) => {
            wrong.extend(reasons);
            None
        }
        Err(other) => return Err(other),
    };
    let mut sample = Vec::new();
    for person in seen.iter().flat_map(|seen| &seen.sample) {
        sample.push(reader.person(*person).await?.name());
    }
    let line = reader.sending_line_channel().await?;
    drop(reader);
    let counts = seen.map(|seen| seen.counts);
    let cost = match (line, &counts) {
        (Some(line), Some(counts)) if counts.by_line > 0 => {
            let used = consumed(house, by, &line).await;
            let plan = plan_of(&line);
            let recipients = u64::try_from(counts.by_line).unwrap_or(0);
            Some(Cost { forecast: forecast(recipients, used.unwrap_or(0), &plan), used, included: plan.included })
        }
        (Some(_) | None, _) => None,
    };
    Ok(Preview { violations: lint(&kept.message), kept, counts, sample, cost, faults: wrong })
}

fn plan_of(line: &LineChannel) -> Plan {
    let code = match line.plan {
        LinePlan::Municipal => "municipal",
        LinePlan::Communication => "free",
        LinePlan::Light => "light",
        LinePlan::Standard => "standard",
    };
    let shipped = Plan::all_shipped();
    let [first, ..] = shipped.clone();
    let mut plan = shipped.into_iter().find(|plan| plan.code == code).unwrap_or(first);
    plan.additional_ceiling = u64::try_from(line.plan_ceiling).unwrap_or(0);
    plan
}

async fn consumed(house: &House, by: &Granted<ViewMessages>, line: &LineChannel) -> Option<u64> {
    let now = house.real_clock.now();
    let known = CONSUMED.lock().unwrap_or_else(PoisonError::into_inner).get(&line.id).copied();
    if let Some((at, used)) = known
        && now.since(at) < BELIEVED
    {
        return Some(used);
    }
    let asked = async {
        let open = house.line.open(&house.org(by.org()), line.id).await.ok()?;
        Some(open.api.consumption(&open.token).await.ok()?.value.total_usage)
    };
    let used = tokio::time::timeout(ANSWER_WITHIN, asked).await.ok().flatten()?;
    CONSUMED.lock().unwrap_or_else(PoisonError::into_inner).insert(line.id, (now, used));
    Some(used)
}
