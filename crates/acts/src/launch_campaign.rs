//! The machine launches an approved message when its time has come: the audience becomes a fact, one delivery a person, in
//! short slices so that webhooks still answer; then the sending is put in the queue. After a crash it goes on where it was:
//! a slice that was made is not made twice. An audience that cannot be computed fails the launch; it never means everybody.
//! While the LINE account stands still nothing is launched that is written for it: its readers would be left out for good.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tsunagari_access::{Act, Machine};
use tsunagari_jobs::{Handler, JobError};
use tsunagari_kernel::{CampaignId, OrgId};
use tsunagari_outreach::CampaignRefusal;
use tsunagari_outreach::campaign::{ApprovalRule, CampaignState, PauseReason};
use tsunagari_storage::campaign::{AudienceCounts, KeptCampaign};
use tsunagari_storage::delivery::Slice;
use tsunagari_storage::recipient::{Among, Terms};
use tsunagari_storage::{Reader, StorageError};

use crate::campaign_refusal::refused;
use crate::judge_audience::{read_rule, terms_of};
use crate::render_message::links_of;
use crate::stand_still::stand_still;
use crate::stop_channel::why_line_stands_still;
use crate::{ActError, House, send_campaign};

/// The job's kind.
pub const KIND: &str = "launch_campaign.1";
/// The kind of work item that says a second person is needed after all.
pub(crate) const GREW: &str = "message_grew";
/// How many persons of the organisation one slice looks at.
const SLICE: i64 = 4_000;

#[derive(Serialize, Deserialize)]
struct Payload {
    campaign: CampaignId,
}

/// The job's payload.
pub fn payload(campaign: CampaignId) -> String {
    serde_json::json!({ "campaign": campaign }).to_string()
}

/// Reads a payload that names a campaign.
pub(crate) fn campaign_of(payload: &str) -> Result<CampaignId, JobError> {
    serde_json::from_str::<Payload>(payload).map(|it| it.campaign).map_err(|error| JobError::Fail(error.to_string()))
}

/// How an act's failure ends a job.
pub(crate) fn job_error(error: ActError) -> JobError {
    match error {
        ActError::Busy | ActError::Full | ActError::Conflict | ActError::Broken(_) => {
            JobError::Retry(error.to_string())
        }
        ActError::NotFound | ActError::Refused(_) => JobError::Fail(error.to_string()),
    }
}

/// The handler.
pub struct LaunchCampaign(pub House);

#[async_trait]
impl Handler for LaunchCampaign {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, org: OrgId, payload: &str) -> Result<(), JobError> {
        let id = campaign_of(payload)?;
        let house = &self.0;
        let by = Machine::working(org, "launch_campaign");
        let Some(kept) = begin(house, &by, id).await? else { return Ok(()) };
        let launched = match freeze(house, &by, &kept).await {
            Ok(launched) => launched,
            Err(ActError::Refused(_)) => Launched::Uncomputable,
            Err(other) => return Err(job_error(other)),
        };
        end(house, &by, id, launched).await.map_err(job_error)
    }
}

/// What came of a launch.
enum Launched {
    /// The audience is a fact.
    Frozen(AudienceCounts),
    /// Its channel stopped before the first slice was made.
    PutOff(PauseReason),
    /// More people than one, and one person alone approved it.
    Grew(AudienceCounts),
    /// Its rule cannot be read.
    Uncomputable,
}

/// Why it cannot be launched now although its time has come.
async fn put_off_by(reader: &mut Reader, kept: &KeptCampaign) -> Result<Option<PauseReason>, StorageError> {
    if kept.message.line.is_empty() { Ok(None) } else { why_line_stands_still(reader).await }
}

/// Moves it to launching; nothing when there is nothing to launch (cancelled, edited, launched before).
async fn begin(house: &House, by: &Machine, id: CampaignId) -> Result<Option<KeptCampaign>, JobError> {
    let now = house.now();
    let broken = |error: StorageError| job_error(error.into());
    let mut tx = house.org(by.org()).write().await.map_err(broken)?;
    let mut kept = tx.campaign_for_move(id).await.map_err(broken)?;
    let put_off_by = put_off_by(&mut tx, &kept).await.map_err(broken)?;
    match kept.campaign.state {
        CampaignState::Launching { .. } => {
            tx.undo().await.map_err(broken)?;
            return Ok(Some(kept));
        }
        CampaignState::Approved(approval) => match (kept.campaign.clone().launch(now), put_off_by) {
            (Ok(_), Some(reason)) => {
                stand_still(house, by, tx, kept, reason).await.map_err(job_error)?;
                return Ok(None);
            }
            (Ok(moved), None) => {
                kept.campaign = moved;
                kept.launched_at = Some(now);
                tx.keep_campaign(&kept, now).await.map_err(broken)?;
                kept.version += 1;
                let act = Act::named("launch_campaign", by.actor(), house.operation()).on("campaign", id);
                tx.commit(&act).await.map_err(broken)?;
                return Ok(Some(kept));
            }
            (Err(CampaignRefusal::WindowOpen | CampaignRefusal::NotYet), _) => {
                let at = house.real_clock.now().plus(approval.scheduled_for.since(now));
                tx.undo().await.map_err(broken)?;
                return Err(JobError::Later(at, "its time has not come".into()));
            }
            (Err(_), _) => {}
        },
        CampaignState::Draft
        | CampaignState::Submitted { .. }
        | CampaignState::Sending { .. }
        | CampaignState::Paused { .. }
        | CampaignState::Done { .. }
        | CampaignState::Cancelled { .. }
        | CampaignState::Failed { .. } => {}
    }
    tx.undo().await.map_err(broken)?;
    Ok(None)
}

async fn freeze(house: &House, by: &Machine, kept: &KeptCampaign) -> Result<Launched, ActError> {
    let here = house.org(by.org());
    let CampaignState::Launching { at, approval } = kept.campaign.state else { return Err(ActError::Conflict) };
    let mut reader = here.read().await?;
    // Once more, and by the same look at the database as the terms: the account may have stopped since the launch began.
    if let Some(reason) = put_off_by(&mut reader, kept).await? {
        return Ok(Launched::PutOff(reason));
    }
    let terms: Terms = terms_of(&mut reader, kept, at).await?;
    let rule = read_rule(&mut reader, &kept.rule).await?;
    let mut among = Among::rule(&rule, &terms)?;
    let mut counts = reader.judge_counts(&terms, &among).await?;
    if approval.under == ApprovalRule::OneIsEnough {
        if counts.count() > 1 {
            return Ok(Launched::Grew(counts));
        }
        // Nobody who comes to match the rule between this look and the slices.
        among = Among::persons(&reader.judge_sample(&terms, &among, 1).await?);
    }
    drop(reader);
    let mut slice = here.read().await?.slice_of_people(None, SLICE).await?;
    loop {
        let mut tx = here.write().await?;
        let made = tx.freeze_slice(kept.campaign.id, &terms, &among, slice).await?;
        let made = i64::try_from(made).unwrap_or(i64::MAX);
        let act = Act::named("freeze_audience", by.actor(), house.operation())
            .on("campaign", kept.campaign.id)
            .counting("deliveries", made);
        tx.commit(&act).await?;
        let Slice { until: Some(last), .. } = slice else { break };
        slice = here.read().await?.slice_of_people(Some(last), SLICE).await?;
    }
    // The numbers kept are those of the rows that stand.
    let lines = here.read().await?.result_lines(kept.campaign.id).await?;
    let of = |channel: &str| lines.iter().filter(|line| line.channel == channel).map(|line| line.n).sum();
    counts.by_line = of("line");
    counts.by_email = of("email");
    Ok(Launched::Frozen(counts))
}

async fn end(house: &House, by: &Machine, id: CampaignId, launched: Launched) -> Result<(), ActError> {
    let now = house.now();
    let mut tx = house.org(by.org()).write().await?;
    let mut kept = tx.campaign_for_move(id).await?;
    let mut act = Act::named("launched_campaign", by.actor(), house.operation()).on("campaign", id);
    match launched {
        Launched::PutOff(reason) => return stand_still(house, by, tx, kept, reason).await,
        Launched::Frozen(counts) => {
            act = act.counting("deliveries", counts.count()).counting("left_out", counts.excluded());
            kept.campaign = kept.campaign.launched(now).map_err(refused)?;
            kept.audience = Some(counts);
            tx.keep_message_links(id, &links_of(&kept.message)).await?;
            tx.enqueue(send_campaign::KIND, &send_campaign::payload(id), house.real_clock.now(), None).await?;
        }
        Launched::Grew(counts) => {
            let recipients = u64::try_from(counts.count()).unwrap_or(0);
            act = Act::named("launch_needs_another", by.actor(), house.operation()).on("campaign", id);
            act = act.counting("recipients", counts.count());
            kept.campaign = kept.campaign.grew(recipients, now).map_err(refused)?;
            (kept.audience, kept.launched_at) = (Some(counts), None);
            tx.add_work_item(GREW, &id.to_string(), kept.team, "", None).await?;
        }
        Launched::Uncomputable => {
            kept.campaign = kept.campaign.fail(now).map_err(refused)?;
            tx.add_work_item("campaign_failed", &id.to_string(), kept.team, "", None).await?;
        }
    }
    tx.keep_campaign(&kept, now).await?;
    Ok(tx.commit(&act).await?)
}
