//! The job that sends a launched message: it claims batches, keeps many requests on the network at once, and commits their
//! outcomes together, until nothing waits; then the message is done. Two runs at the same time are harmless: claims exclude
//! each other. To add a channel: its way in outreach, its claim in `send_batch`, its call in `make_request`.

use std::collections::{HashMap, VecDeque};

use async_trait::async_trait;
use chrono::{NaiveTime, TimeDelta};
use tokio::task::JoinSet;
use tsunagari_access::{Act, Machine};
use tsunagari_jobs::{Handler, JobError};
use tsunagari_kernel::{CampaignId, ChannelId, OrgId, Timestamp};
use tsunagari_outreach::campaign::{CampaignState, PauseReason};
use tsunagari_outreach::dispatch::LEASE;
use tsunagari_outreach::pace::QuietHours;
use tsunagari_outreach::{Channel, Way};
use tsunagari_storage::campaign::KeptCampaign;
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::line_channel::ChannelKind;

use crate::campaign_refusal::refused;
use crate::judge_audience::terms_of;
use crate::launch_campaign::{campaign_of, job_error};
use crate::line_gateway::GatewayError;
use crate::mail_gateway::MailGateway;
use crate::make_request::{Attempt, Opened, make_request};
use crate::render_message::{Rendering, click_address};
use crate::send_batch::{Ready, send_batch};
use crate::settle_dispatch::{Aftermath, repeat_dispatches, settle_dispatches};
use crate::{ActError, House};

/// The job's kind.
pub const KIND: &str = "send_campaign.1";
/// How long one run works before it makes room for other jobs.
const RUN: TimeDelta = TimeDelta::minutes(2);
/// How long a claim counts as just made.
const FRESH: TimeDelta = TimeDelta::seconds(1);
/// A request is not begun when its lease ends sooner than this: another run will make it.
const LEAST_LEASE: TimeDelta = TimeDelta::seconds(15);

/// The job's payload.
pub fn payload(campaign: CampaignId) -> String {
    crate::launch_campaign::payload(campaign)
}

/// Whether persons are judged again when they are claimed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Guard {
    /// Always.
    #[default]
    On,
    /// Never: the negative control of the withdrawal tests.
    #[cfg(any(test, feature = "testing"))]
    Off,
}

/// Everything sending needs.
#[derive(Clone)]
pub struct Sender {
    /// The house.
    pub house: House,
    /// The way to the mail server.
    pub mail: MailGateway,
    /// On, but for a negative control.
    pub guard: Guard,
}

/// The handler.
pub struct SendCampaign(pub Sender);

impl SendCampaign {
    /// For a house.
    pub fn of(house: House) -> Self {
        Self(Sender { house, mail: MailGateway::default(), guard: Guard::On })
    }
}

/// How many requests are on the network at once.
const fn at_once(way: Way) -> usize {
    match way {
        Way::Multicast => 8,
        Way::Push => 64,
        Way::Mail => 16,
    }
}

#[async_trait]
impl Handler for SendCampaign {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, org: OrgId, payload: &str) -> Result<(), JobError> {
        let id = campaign_of(payload)?;
        let by = Machine::working(org, "send_campaign");
        let house = &self.0.house;
        let mut reader = house.org(org).read().await.map_err(|error| job_error(error.into()))?;
        let kept = reader.campaign(id).await.map_err(|error| job_error(error.into()))?;
        let organisation = reader.organisation().await.map_err(|error| job_error(error.into()))?;
        drop(reader);
        if !matches!(kept.campaign.state, CampaignState::Sending { .. }) {
            return Ok(());
        }
        if let Some(at) = quiet_until(house, &organisation) {
            return Err(JobError::Later(at, "quiet hours".into()));
        }
        let opened = match open(&self.0, org, &kept).await {
            Ok(opened) => opened,
            Err(Closed::Pause(reason)) => return pause(house, &by, id, reason).await.map_err(job_error),
            Err(Closed::Wait(why)) => return Err(JobError::Retry(why)),
        };
        let rendering = rendering(house, org, &kept, &organisation).await.map_err(job_error)?;
        let mut run =
            Run { sender: &self.0, by: &by, kept: &kept, rendering, opened, until: house.real_clock.now().plus(RUN) };
        let aftermath = run.work().await.map_err(job_error)?;
        if aftermath.stopped.is_some() {
            return Ok(());
        }
        finish(house, &by, id).await
    }
}

/// The hours in which an organisation sends nothing.
pub(crate) fn quiet_hours(organisation: &Organisation) -> Option<QuietHours> {
    let at = |minute: i64| {
        let seconds = u32::try_from(minute.rem_euclid(1_440) * 60).unwrap_or(0);
        NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0)
    };
    Some(QuietHours { from: at(organisation.quiet_from_minute)?, until: at(organisation.quiet_until_minute)? })
}

fn quiet_until(house: &House, organisation: &Organisation) -> Option<Timestamp> {
    let hours = quiet_hours(organisation)?;
    let now = house.now();
    let allowed = hours.next_allowed(now);
    (allowed > now).then(|| house.real_clock.now().plus(allowed.since(now)))
}

enum Closed {
    Pause(PauseReason),
    Wait(String),
}

async fn open(sender: &Sender, org: OrgId, kept: &KeptCampaign) -> Result<Opened, Closed> {
    let here = sender.house.org(org);
    let wait = |error: String| Closed::Wait(error);
    let mut opened = Opened::default();
    if !kept.message.line.is_empty() {
        let mut reader = here.read().await.map_err(|error| wait(error.to_string()))?;
        let account = reader.sending_line_channel().await.map_err(|error| wait(error.to_string()))?;
        // Sent on without its channel, readers by LINE would be skipped as if they had blocked it.
        if account.is_none()
            && let Some(reason) = stopped_line(&mut reader, kept.campaign.id).await.map_err(wait_for)?
        {
            return Err(Closed::Pause(reason));
        }
        drop(reader);
        match account {
            None => {}
            Some(account) => match sender.house.line.open(&here, account.id).await {
                Ok(line) => opened.line = Some(line),
                Err(GatewayError::Stopped | GatewayError::Host(_)) => {
                    return Err(Closed::Pause(PauseReason::ChannelRefused));
                }
                Err(error @ (GatewayError::Line(_) | GatewayError::Storage(_))) => return Err(wait(error.to_string())),
            },
        }
    }
    if !kept.message.email.is_empty() {
        match sender.mail.open(&here).await {
            Ok(mail) => opened.mail = Some(mail),
            // Readers by LINE need not wait for a mail server nobody has set up.
            Err(error) => tracing::warn!(%org, %error, "mail cannot leave"),
        }
    }
    if opened.line.is_none() && opened.mail.is_none() {
        Err(Closed::Pause(PauseReason::ChannelRefused))
    } else {
        Ok(opened)
    }
}

fn wait_for(error: tsunagari_storage::StorageError) -> Closed {
    Closed::Wait(error.to_string())
}

/// Why nobody can be written to by LINE although somebody of this message waits for it; `None`: nobody does.
async fn stopped_line(
    reader: &mut tsunagari_storage::Reader,
    id: CampaignId,
) -> Result<Option<PauseReason>, tsunagari_storage::StorageError> {
    let waits = |line: &tsunagari_storage::campaign_result::ResultLine| {
        line.channel == Channel::Line.code() && matches!(line.state.as_str(), "queued" | "retry" | "claimed")
    };
    if !reader.result_lines(id).await?.iter().any(waits) {
        return Ok(None);
    }
    let stopped = reader.line_channels().await?.into_iter().find(|it| it.kind == ChannelKind::Messaging);
    Ok(Some(match stopped.and_then(|it| it.stopped_reason) {
        Some(reason) if reason == PauseReason::MonthlyLimit.code() => PauseReason::MonthlyLimit,
        Some(_) | None => PauseReason::ChannelRefused,
    }))
}

async fn pause(house: &House, by: &Machine, id: CampaignId, reason: PauseReason) -> Result<(), ActError> {
    let now = house.now();
    let mut tx = house.org(by.org()).write().await?;
    let mut kept = tx.campaign_for_move(id).await?;
    kept.campaign = kept.campaign.pause(reason, now).map_err(refused)?;
    tx.keep_campaign(&kept, now).await?;
    tx.add_work_item("channel_stopped", "campaign", kept.team, reason.code(), None).await?;
    Ok(tx.commit(&Act::named("pause_campaign", by.actor(), house.operation()).on("campaign", id)).await?)
}

/// Addresses of media and links, names: what filling in needs.
///
/// # Errors
/// Storage's.
pub async fn rendering(
    house: &House,
    org: OrgId,
    kept: &KeptCampaign,
    organisation: &Organisation,
) -> Result<Rendering, ActError> {
    let mut reader = house.org(org).read().await?;
    let mut media = HashMap::new();
    for id in kept.message.attachments() {
        let it = reader.media(id).await?;
        let original = format!("{}/media/{}", house.origin, it.public_name);
        let preview = if it.preview_file.is_some() { format!("{original}/preview") } else { original.clone() };
        media.insert(id, (original, preview));
    }
    let links = crate::render_message::links_of(&kept.message);
    let counted =
        (1..).zip(links).map(|(n, url)| (url, click_address(&house.origin, org, kept.campaign.id, n))).collect();
    Ok(Rendering {
        origin: house.origin.clone(),
        my_page: crate::keep_line_greeting::my_page_address(house, organisation),
        organisation: organisation.name.clone(),
        contact: organisation.contact.clone(),
        media,
        links: counted,
    })
}

struct Run<'r> {
    sender: &'r Sender,
    by: &'r Machine,
    kept: &'r KeptCampaign,
    rendering: Rendering,
    opened: Opened,
    until: Timestamp,
}

impl Run<'_> {
    /// Works until nothing waits, the channel asks for patience, or the run has lasted long enough.
    async fn work(&mut self) -> Result<Aftermath, ActError> {
        let mut lanes: Vec<Channel> = self.kept.message.channels();
        let line = self.opened.line.as_ref().map(|line| line.channel.id);
        let mut queue: VecDeque<Ready> = repeat_dispatches(self.sender, self.by, self.kept, 500).await?.into();
        let mut flying: JoinSet<Attempt> = JoinSet::new();
        let mut all = Aftermath::default();
        loop {
            self.refill(&mut queue, &mut lanes, line, all).await?;
            self.take_off(&mut queue, &mut flying).await?;
            let Some(first) = flying.join_next().await else {
                if queue.is_empty() && (lanes.is_empty() || all.slow_down || all.stopped.is_some() || self.is_over()) {
                    return Ok(all);
                }
                continue;
            };
            let mut landed = vec![of_task(first)?];
            while let Some(next) = flying.try_join_next() {
                landed.push(of_task(next)?);
            }
            let after = settle_dispatches(self.sender, self.by, self.kept, &landed).await?;
            if landed.iter().any(|it| it.outcome == tsunagari_outreach::Classified::ChannelRefused)
                && let Some(line) = &self.opened.line
            {
                self.sender.house.line.forget(line.channel.id);
            }
            all = Aftermath { slow_down: all.slow_down || after.slow_down, stopped: all.stopped.or(after.stopped) };
            if all.stopped.is_some() {
                // What was claimed and not yet made keeps its lease and is judged again after the pause.
                queue.clear();
            }
        }
    }

    fn is_over(&self) -> bool {
        tsunagari_jobs::is_stopping() || self.sender.house.real_clock.now() >= self.until
    }

    async fn refill(
        &self,
        queue: &mut VecDeque<Ready>,
        lanes: &mut Vec<Channel>,
        line: Option<ChannelId>,
        all: Aftermath,
    ) -> Result<(), ActError> {
        if all.slow_down || all.stopped.is_some() || self.is_over() {
            return Ok(());
        }
        while queue.len() < 64 {
            let Some(channel) = lanes.first().copied() else { return Ok(()) };
            let is_open = match channel {
                Channel::Line => self.opened.line.is_some(),
                Channel::Email => self.opened.mail.is_some(),
            };
            if !is_open {
                lanes.remove(0);
                continue;
            }
            let batch = send_batch(self.sender, self.by, self.kept, &self.rendering, line, channel).await?;
            if batch.looked_at == 0 {
                lanes.remove(0);
            }
            let multicast = batch.ready.iter().any(|it| it.way == Way::Multicast);
            queue.extend(batch.ready);
            if multicast && queue.len() >= at_once(Way::Multicast) {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn take_off(&self, queue: &mut VecDeque<Ready>, flying: &mut JoinSet<Attempt>) -> Result<(), ActError> {
        while let Some(ready) = queue.pop_front() {
            if flying.len() >= at_once(ready.way) {
                queue.push_front(ready);
                return Ok(());
            }
            let now = self.sender.house.real_clock.now();
            if ready.lease_until < now.plus(LEAST_LEASE) {
                continue;
            }
            // The process stops: what has not left yet is given back, what is on the network comes to its end.
            if tsunagari_jobs::is_stopping() {
                flying.spawn(async move { Attempt::not_made(ready) });
                continue;
            }
            let opened = self.opened.clone();
            if ready.lease_until.since(now) < LEASE - FRESH && !self.still_consents(&ready).await? {
                flying.spawn(async move { Attempt::not_made(ready) });
            } else {
                flying.spawn(async move { make_request(&opened, ready).await });
            }
        }
        Ok(())
    }

    /// Asked again when a request has waited: a withdrawal is acknowledged after ten seconds, so whatever leaves must have
    /// been allowed just before.
    async fn still_consents(&self, ready: &Ready) -> Result<bool, ActError> {
        let house = &self.sender.house;
        let mut reader = house.org(self.by.org()).read().await?;
        let terms = terms_of(&mut reader, self.kept, house.now()).await?;
        Ok(reader.named_still_consent(ready.id, &terms).await?)
    }
}

fn of_task(joined: Result<Attempt, tokio::task::JoinError>) -> Result<Attempt, ActError> {
    joined.map_err(|error| ActError::Broken(error.to_string()))
}

/// Done when nothing is open; otherwise the job comes back when the next delivery or request may leave.
async fn finish(house: &House, by: &Machine, id: CampaignId) -> Result<(), JobError> {
    let broken = |error: tsunagari_storage::StorageError| job_error(error.into());
    let (now, calendar) = (house.real_clock.now(), house.now());
    let mut tx = house.org(by.org()).write().await.map_err(broken)?;
    let mut kept = tx.campaign_for_move(id).await.map_err(broken)?;
    let next = tx.next_open(id).await.map_err(broken)?;
    let sending = matches!(kept.campaign.state, CampaignState::Sending { .. });
    match next {
        Some(at) if sending => {
            tx.undo().await.map_err(broken)?;
            Err(JobError::Later(at.max(now), "something waits".into()))
        }
        None if sending => {
            kept.campaign = kept.campaign.finish(calendar).map_err(|refusal| job_error(refused(refusal)))?;
            tx.keep_campaign(&kept, calendar).await.map_err(broken)?;
            tx.commit(&Act::named("finish_campaign", by.actor(), house.operation()).on("campaign", id))
                .await
                .map_err(broken)
        }
        Some(_) | None => tx.undo().await.map_err(broken),
    }
}
