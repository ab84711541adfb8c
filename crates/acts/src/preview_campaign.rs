//! What the office sees of a message before it leaves: who gets it, ten of them by name, who does not and why, what it costs
//! against the month's quota, whom frequency and quiet hours hold back, and what still keeps it from being handed in. Reads only; the quota is asked of LINE and
//! remembered for a minute, so that looking at a page twice does not ask twice.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use tsunagari_access::Granted;
use tsunagari_access::permission::ViewMessages;
use tsunagari_channels::line::Quota;
use tsunagari_kernel::{CampaignId, ChannelId, Timestamp};
use tsunagari_outreach::Campaign;
use tsunagari_outreach::campaign::CampaignState;
use tsunagari_outreach::linter::{Violation, lint};
use tsunagari_outreach::pace::FrequencyCap;
use tsunagari_outreach::quota::{Forecast, ForecastVerdict, Plan, forecast};
use tsunagari_storage::campaign::{AudienceCounts, KeptCampaign};
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::line_channel::{LineChannel, LinePlan};
use tsunagari_storage::line_greeting::ChannelTerms;

use crate::approve_campaign::window_of;
use crate::campaign_refusal::ill_timed;
use crate::forecast_month::{planned, same_month};
use crate::judge_audience::{capped_of, judge_audience, terms_of};
use crate::make_sample::can_be_made;
use crate::send_campaign::quiet_hours;
use crate::submit_campaign::faults;
use crate::{ActError, House, Reason};

/// How long what LINE said of the quota is believed.
const BELIEVED: TimeDelta = TimeDelta::minutes(1);
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// Consumption by channel, with the instant it was asked: process-wide because it is LINE's, not an act's.
static CONSUMED: LazyLock<Mutex<HashMap<ChannelId, (Timestamp, Month)>>> = LazyLock::new(Mutex::default);

/// The month as LINE tells it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Month {
    pub(crate) used: u64,
    pub(crate) allowed: Option<u64>,
}

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
    /// Whom frequency and quiet hours hold back.
    pub held: Held,
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
    /// The plan with what it costs: the contract's prices where the office has entered them, LINE's list otherwise.
    pub plan: Plan,
    /// The month it leaves in, when that is not this one.
    pub later: Option<Timestamp>,
    /// Messages of that month already used; nothing when LINE did not say.
    pub used: Option<u64>,
    /// Messages of others that are still to leave in it.
    pub planned: u64,
    /// Messages LINE allows this month, as LINE says; nothing is without limit or unknown.
    pub allowed: Option<u64>,
}

impl Cost {
    /// How many would go beyond what LINE allows; nothing where LINE sets no limit or did not say.
    pub fn beyond_allowed(&self) -> Option<u64> {
        let gone = self.used?.saturating_add(self.planned).saturating_add(self.forecast.messages);
        Some(gone.saturating_sub(self.allowed?).min(self.forecast.messages))
    }

    /// How many of its messages would not leave in the month: beyond what LINE allows, or beyond what the plan has and the
    /// organisation buys.
    pub fn short(&self) -> Option<u64> {
        let gone = self.used?.saturating_add(self.planned).saturating_add(self.forecast.messages);
        let bought = if self.plan.additional_at_most.is_some() { self.plan.additional_ceiling } else { 0 };
        let of_plan = self.plan.included.map(|included| included.saturating_add(bought));
        let least = self.allowed.into_iter().chain(of_plan).min()?;
        Some(gone.saturating_sub(least).min(self.forecast.messages))
    }
}

/// What the town's own rules of pace do to a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// How many the frequency cap would leave out now.
    pub capped: i64,
    /// The cap, when there is one: messages and days.
    pub cap: Option<(u32, u32)>,
    /// The earliest it could leave were it approved now, or the time it is scheduled for.
    pub leaves_at: Option<Timestamp>,
    /// When the quiet hours at that time end; nothing: it leaves at once.
    pub quiet_until: Option<Timestamp>,
}

impl Held {
    /// Whether the cap leaves out everybody there is. One that leaves on a day to come is not judged by today's.
    pub(crate) fn leaves_nobody(&self, recipients: i64, campaign: &Campaign) -> bool {
        recipients > 0 && self.capped >= recipients && campaign.proposed.is_none()
    }
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
    if !is_over(&kept.campaign.state) && lint(&kept.message).is_empty() && !can_be_made(house, by.org(), &kept).await? {
        wrong.push(Reason::of("message_filled_too_long"));
    }
    let seen = match judge_audience(&mut reader, &kept.rule, &terms).await {
        Ok(seen) => Some(seen),
        // Nothing chosen is a fault of its own already, told in the words of the form.
        Err(ActError::Refused(_)) if kept.rule.trim().is_empty() => None,
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
    let prices = match &line {
        Some(line) => reader.channel_terms(line.id).await?,
        None => ChannelTerms::default(),
    };
    let mut held = Held::default();
    if !is_over(&kept.campaign.state) {
        let organisation = reader.organisation().await?;
        let cap = cap_of(&organisation);
        held = pace_of(&organisation, &kept.campaign, house.now());
        held.cap = (cap.most > 0).then_some((cap.most, cap.days));
        if seen.is_some() {
            held.capped = capped_of(&mut reader, &kept.rule, &terms, cap).await?;
        }
    }
    let leaves = held.leaves_at.unwrap_or_else(|| house.now());
    let planned = planned(&mut reader, (leaves, house.now()), Some(id)).await?;
    drop(reader);
    let counts = seen.map(|seen| seen.counts);
    if let CampaignState::Draft = kept.campaign.state {
        wrong.extend(ill_timed(kept.campaign.proposed, house.now()));
        if counts.as_ref().is_some_and(|counts| held.leaves_nobody(counts.count(), &kept.campaign)) {
            wrong.push(Reason::of("campaign_everybody_capped"));
        }
    }
    let cost = match (line, &counts) {
        (Some(line), Some(counts)) if counts.by_line > 0 => {
            let told = told(house, by, &line).await;
            let plan = plan_of(&line, &prices);
            let recipients = u64::try_from(counts.by_line).unwrap_or(0);
            let later = Some(leaves).filter(|at| !same_month(*at, house.now()));
            // A month that has not begun has used nothing.
            let used = if later.is_some() { Some(0) } else { told.map(|told| told.used) };
            let allowed = told.and_then(|told| told.allowed);
            let gone = used.map(|used| used.saturating_add(planned));
            let mut forecast = forecast(recipients, gone, &plan);
            // What LINE itself allows is less than what the plan says when nobody has raised it in LINE's console.
            if let (Some(allowed), Some(gone)) = (allowed, gone)
                && gone.saturating_add(recipients) > allowed
            {
                forecast.verdict = ForecastVerdict::DoesNotFit;
            }
            Some(Cost { forecast, plan, later, used, planned, allowed })
        }
        (Some(_) | None, _) => None,
    };
    Ok(Preview { violations: lint(&kept.message), kept, counts, sample, cost, held, faults: wrong })
}

const fn is_over(state: &CampaignState) -> bool {
    match state {
        CampaignState::Draft | CampaignState::Submitted { .. } | CampaignState::Approved(_) => false,
        CampaignState::Launching { .. }
        | CampaignState::Sending { .. }
        | CampaignState::Paused { .. }
        | CampaignState::Done { .. }
        | CampaignState::Cancelled { .. }
        | CampaignState::Failed { .. } => true,
    }
}

pub(crate) fn cap_of(organisation: &Organisation) -> FrequencyCap {
    FrequencyCap {
        most: u32::try_from(organisation.cap_messages).unwrap_or(0),
        days: u32::try_from(organisation.cap_days).unwrap_or(0),
    }
}

/// When it would leave, and whether that falls into the quiet hours.
fn pace_of(organisation: &Organisation, campaign: &Campaign, now: Timestamp) -> Held {
    let leaves = match &campaign.state {
        CampaignState::Approved(approval) => approval.scheduled_for,
        CampaignState::Draft
        | CampaignState::Submitted { .. }
        | CampaignState::Launching { .. }
        | CampaignState::Sending { .. }
        | CampaignState::Paused { .. }
        | CampaignState::Done { .. }
        | CampaignState::Cancelled { .. }
        | CampaignState::Failed { .. } => {
            let earliest = now.plus(window_of(organisation).span());
            campaign.proposed.map_or(earliest, |proposed| proposed.max(earliest))
        }
    };
    let quiet = quiet_hours(organisation).map(|hours| hours.next_allowed(leaves)).filter(|allowed| *allowed > leaves);
    Held { leaves_at: Some(leaves), quiet_until: quiet, ..Held::default() }
}

pub(crate) fn plan_of(line: &LineChannel, prices: &ChannelTerms) -> Plan {
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
    plan.monthly_fee = prices.fee.unwrap_or(plan.monthly_fee);
    if plan.additional_at_most.is_some() {
        plan.additional_at_most = prices.extra_price.or(plan.additional_at_most);
    }
    plan
}

pub(crate) async fn told(house: &House, by: &Granted<ViewMessages>, line: &LineChannel) -> Option<Month> {
    let now = house.real_clock.now();
    let known = CONSUMED.lock().unwrap_or_else(PoisonError::into_inner).get(&line.id).copied();
    if let Some((at, month)) = known
        && now.since(at) < BELIEVED
    {
        return Some(month);
    }
    let asked = async {
        let open = house.line.open(&house.org(by.org()), line.id).await.ok()?;
        let used = open.api.consumption(&open.token).await.ok()?.value.total_usage;
        let allowed = match open.api.quota(&open.token).await.ok()?.value {
            Quota::Unlimited => None,
            Quota::Limited(n) => Some(n),
        };
        Some(Month { used, allowed })
    };
    let month = tokio::time::timeout(ANSWER_WITHIN, asked).await.ok().flatten()?;
    CONSUMED.lock().unwrap_or_else(PoisonError::into_inner).insert(line.id, (now, month));
    Some(month)
}
