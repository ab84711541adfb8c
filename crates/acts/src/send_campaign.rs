//! The job that sends a launched message: it claims batches, keeps many requests on the network at once, and commits their
//! outcomes together, until nothing waits; then the message is done. Two runs at the same time are harmless: claims exclude
//! each other. Where nothing can leave, the message stands still and the office is told; it is never left without a job. After
//! a message was called off, the job sees to it that nothing of it waits for ever. To add a channel: its way in outreach, its
//! claim in `send_batch`, its call in `make_request`.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{NaiveTime, TimeDelta};
use tokio::task::JoinSet;
use tsunagari_access::{Act, Machine};
use tsunagari_channels::line::Fault;
use tsunagari_jobs::{Handler, JobError};
use tsunagari_kernel::{CampaignId, OrgId, Timestamp};
use tsunagari_outreach::campaign::{CampaignState, PauseReason};
use tsunagari_outreach::dispatch::LEASE;
use tsunagari_outreach::pace::QuietHours;
use tsunagari_outreach::{Channel, Classified, Way};
use tsunagari_storage::campaign::KeptCampaign;
use tsunagari_storage::delivery::NextOpen;
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::dispatch::channel_of;
use tsunagari_storage::{Reader, StorageError};

use crate::campaign_refusal::refused;
use crate::cancel_campaign::settle_the_rest;
use crate::judge_audience::terms_of;
use crate::launch_campaign::{campaign_of, job_error};
use crate::line_gateway::GatewayError;
use crate::line_silence::{end_of_silence, tell_of_silence};
use crate::mail_gateway::{MailGateway, MailGatewayError};
use crate::make_request::{ANSWER_WITHIN, Attempt, Opened, make_request};
use crate::render_message::{Rendering, click_address};
use crate::send_batch::{Ready, send_batch};
use crate::settle_dispatch::{Aftermath, repeat_dispatches, settle_dispatches};
use crate::stand_still::stand_still;
use crate::stop_channel::why_line_stands_still;
use crate::{ActError, House};

/// The job's kind.
pub const KIND: &str = "send_campaign.1";
/// How long one run works before it makes room for other jobs.
const RUN: TimeDelta = TimeDelta::minutes(2);
/// How long a claim counts as just made.
const FRESH: TimeDelta = TimeDelta::seconds(1);
/// A request is not begun when its lease ends sooner than this: another run will make it.
const LEAST_LEASE: TimeDelta = TimeDelta::seconds(15);
/// The longest pause after a channel asked for time: one request it keeps failing on must not hold all the others back for
/// as long as it waits itself.
const REST: TimeDelta = TimeDelta::minutes(1);
/// When LINE is asked again for a token it could not give.
const TOKEN_AGAIN: TimeDelta = TimeDelta::minutes(3);

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
    /// How long one request may take: [`ANSWER_WITHIN`], because a withdrawal waits for it.
    pub answer_within: Duration,
}

impl Sender {
    /// For a house.
    pub fn of(house: House) -> Self {
        Self { house, mail: MailGateway::default(), guard: Guard::On, answer_within: ANSWER_WITHIN }
    }
}

/// The handler.
pub struct SendCampaign(pub Sender);

impl SendCampaign {
    /// For a house.
    pub fn of(house: House) -> Self {
        Self(Sender::of(house))
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
        match kept.campaign.state {
            CampaignState::Sending { .. } => {}
            CampaignState::Cancelled { .. } => return end_called_off(house, &by, id).await,
            CampaignState::Draft
            | CampaignState::Submitted { .. }
            | CampaignState::Approved(_)
            | CampaignState::Launching { .. }
            | CampaignState::Paused { .. }
            | CampaignState::Done { .. }
            | CampaignState::Failed { .. } => return Ok(()),
        }
        if let Some(at) = quiet_until(house, &organisation) {
            return Err(JobError::Later(at, "quiet hours".into()));
        }
        let opened = match open(&self.0, org, &kept).await {
            Ok(opened) => opened,
            Err(Closed::Pause(reason)) => return pause(house, &by, id, reason).await.map_err(job_error),
            Err(Closed::Later(why)) => {
                tell_of_silence(house, &by, &kept).await.map_err(job_error)?;
                return Err(JobError::Later(house.real_clock.now().plus(TOKEN_AGAIN), why));
            }
            Err(Closed::Wait(why)) => return Err(JobError::Retry(why)),
        };
        if let Some(line) = &opened.line {
            end_of_silence(house, &by, line.channel.id).await.map_err(job_error)?;
        }
        let rendering = match rendering(house, org, &kept, &organisation).await {
            Ok(rendering) => rendering,
            // A picture that is gone: no try brings it back.
            Err(ActError::Refused(_) | ActError::NotFound) => {
                return pause(house, &by, id, PauseReason::CannotBeMade).await.map_err(job_error);
            }
            Err(error) => return Err(job_error(error)),
        };
        let mut run = Run {
            sender: &self.0,
            by: &by,
            kept: &kept,
            rendering,
            opened,
            until: house.real_clock.now().plus(RUN),
            cannot_be_made: false,
        };
        let aftermath = run.work().await.map_err(job_error)?;
        if aftermath.closed.contains(&Channel::Line) {
            run.opened.line = None;
        }
        if aftermath.stopped {
            return Ok(());
        }
        if run.cannot_be_made {
            return pause(house, &by, id, PauseReason::CannotBeMade).await.map_err(job_error);
        }
        finish(house, &by, id, &run.opened, &aftermath.slow).await
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
    /// A person has to look.
    Pause(PauseReason),
    /// Nothing can be said yet, and nothing is wrong here.
    Later(String),
    /// Something failed.
    Wait(String),
}

impl From<StorageError> for Closed {
    fn from(error: StorageError) -> Self {
        Self::Wait(error.to_string())
    }
}

impl From<GatewayError> for Closed {
    fn from(error: GatewayError) -> Self {
        match error {
            GatewayError::Stopped | GatewayError::Host(_) | GatewayError::NotAllowed(_) => {
                Self::Pause(PauseReason::ChannelRefused)
            }
            GatewayError::Storage(error) => error.into(),
            GatewayError::Line(error) => match error.fault {
                // Our number or secret: asking again brings the same.
                Fault::Unauthorised | Fault::Rejected { .. } => Self::Pause(PauseReason::ChannelRefused),
                Fault::RateLimited
                | Fault::MonthlyLimit
                | Fault::Retryable { .. }
                | Fault::AlreadyAccepted { .. }
                | Fault::Unreadable => Self::Later(error.to_string()),
            },
        }
    }
}

async fn open(sender: &Sender, org: OrgId, kept: &KeptCampaign) -> Result<Opened, Closed> {
    let here = sender.house.org(org);
    let (mut opened, mut stopped) = (Opened::default(), None);
    if !kept.message.line.is_empty() {
        let mut reader = here.read().await?;
        let account = reader.sending_line_channel().await?;
        // Readers by LINE wait for it: nothing is claimed by a channel that is not open, and once nothing else is left the
        // message stands still.
        if account.is_none() {
            stopped = stopped_line(&mut reader, kept.campaign.id).await?;
        }
        drop(reader);
        if let Some(account) = account {
            opened.line = Some(sender.house.line.open(&here, account.id).await?);
        }
    }
    if !kept.message.email.is_empty() {
        match sender.mail.open(&sender.house, org).await {
            Ok(mail) => opened.mail = Some(mail),
            Err(MailGatewayError::Storage(error)) => return Err(error.into()),
            // Readers by LINE need not wait for a mail server nobody has set up; once only mail waits, the message stands still.
            Err(error @ (MailGatewayError::Stopped | MailGatewayError::Settings(_))) => {
                tracing::warn!(%org, %error, "mail cannot leave");
            }
        }
    }
    if opened.line.is_none() && opened.mail.is_none() {
        Err(Closed::Pause(stopped.unwrap_or(PauseReason::ChannelRefused)))
    } else {
        Ok(opened)
    }
}

/// Why nobody can be written to by LINE although somebody of this message waits for it; `None`: nobody does.
async fn stopped_line(reader: &mut Reader, id: CampaignId) -> Result<Option<PauseReason>, StorageError> {
    let waits = |line: &tsunagari_storage::campaign_result::ResultLine| {
        line.channel == Channel::Line.code() && matches!(line.state.as_str(), "queued" | "retry" | "claimed")
    };
    if !reader.result_lines(id).await?.iter().any(waits) {
        return Ok(None);
    }
    Ok(Some(why_line_stands_still(reader).await?.unwrap_or(PauseReason::ChannelRefused)))
}

async fn pause(house: &House, by: &Machine, id: CampaignId, reason: PauseReason) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let kept = tx.campaign_for_move(id).await?;
    stand_still(house, by, tx, kept, reason).await
}

/// What a worker left that died before the message was called off: settled once nobody can be making it any more.
async fn end_called_off(house: &House, by: &Machine, id: CampaignId) -> Result<(), JobError> {
    let broken = |error: StorageError| job_error(error.into());
    let mut tx = house.org(by.org()).write().await.map_err(broken)?;
    let kept = tx.campaign_for_move(id).await.map_err(broken)?;
    let rest = settle_the_rest(house, &mut tx, &kept).await.map_err(job_error)?;
    if rest.settled == 0 {
        tx.undo().await.map_err(broken)?;
    } else {
        let act = Act::named("settle_dispatch", by.actor(), house.operation()).on("campaign", id);
        let settled = i64::try_from(rest.settled).unwrap_or(i64::MAX);
        tx.commit(&act.counting("deliveries", settled)).await.map_err(broken)?;
    }
    match rest.under_way_until {
        None => Ok(()),
        // The end of a lease; should anything keep it from being given up then, this does not go round and round.
        Some(at) => {
            let soonest = house.real_clock.now().plus(FRESH);
            Err(JobError::Later(at.max(soonest), "a request may be under way".into()))
        }
    }
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
    /// A channel would refuse what was written for it; the others went on.
    cannot_be_made: bool,
}

impl Run<'_> {
    /// Works until nothing waits, every channel asked for patience, or the run has lasted long enough.
    async fn work(&mut self) -> Result<Aftermath, ActError> {
        let mut lanes: Vec<Channel> = self.kept.message.channels();
        lanes.retain(|channel| self.opened.has(*channel));
        let mut queue: VecDeque<Ready> = repeat_dispatches(self.sender, self.by, self.kept, 500).await?.into();
        let mut flying: JoinSet<Attempt> = JoinSet::new();
        let mut all = Aftermath::default();
        loop {
            lanes.retain(|channel| !all.slow.contains(channel) && !all.closed.contains(channel) && !all.stopped);
            self.refill(&mut queue, &mut lanes).await?;
            self.take_off(&mut queue, &mut flying).await?;
            let Some(first) = flying.join_next().await else {
                if queue.is_empty() && (lanes.is_empty() || self.is_over()) {
                    return Ok(all);
                }
                continue;
            };
            let mut landed = vec![of_task(first)?];
            while let Some(next) = flying.try_join_next() {
                landed.push(of_task(next)?);
            }
            all.add(settle_dispatches(self.sender, self.by, self.kept, &landed).await?);
            let refused = |it: &Attempt| it.outcome == Classified::ChannelRefused && it.ready.way != Way::Mail;
            if landed.iter().any(refused)
                && let Some(line) = &self.opened.line
            {
                self.sender.house.line.forget(line.channel.id);
            }
            let back = given_back(&mut queue, &all);
            if !back.is_empty() {
                all.add(settle_dispatches(self.sender, self.by, self.kept, &back).await?);
            }
        }
    }

    fn is_over(&self) -> bool {
        tsunagari_jobs::is_stopping() || self.sender.house.real_clock.now() >= self.until
    }

    async fn refill(&mut self, queue: &mut VecDeque<Ready>, lanes: &mut Vec<Channel>) -> Result<(), ActError> {
        if self.is_over() {
            return Ok(());
        }
        let line = self.opened.line.as_ref().map(|line| line.channel.id);
        while queue.len() < 64 {
            let Some(channel) = lanes.first().copied() else { return Ok(()) };
            let batch = match send_batch(self.sender, self.by, self.kept, &self.rendering, line, channel).await {
                Ok(batch) => batch,
                // What is on the network still comes to its end.
                Err(ActError::Refused(_) | ActError::NotFound) => {
                    lanes.remove(0);
                    self.cannot_be_made = true;
                    continue;
                }
                Err(other) => return Err(other),
            };
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
            // Too late to come to its end under this lease, or the process stops: what has not left yet is given back, what is
            // on the network comes to its end. Left alone, it would be taken for made once its lease is over.
            if ready.lease_until < now.plus(LEAST_LEASE) || tsunagari_jobs::is_stopping() {
                flying.spawn(async move { Attempt::not_made(ready) });
                continue;
            }
            let (opened, within) = (self.opened.clone(), self.sender.answer_within);
            if ready.lease_until.since(now) < LEASE - FRESH && !self.still_consents(&ready).await? {
                flying.spawn(async move { Attempt::not_made(ready) });
            } else {
                flying.spawn(async move { make_request(&opened, within, ready).await });
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

/// What of the queue is not made now: everything once the message stands still, what a channel that stopped would refuse; mail once its server is in trouble, because a
/// mail that breaks off is in doubt for good, where LINE can be asked again under the same key.
fn given_back(queue: &mut VecDeque<Ready>, all: &Aftermath) -> Vec<Attempt> {
    let slow_mail = all.slow.contains(&Channel::Email);
    let goes_back =
        |it: &Ready| all.stopped || all.closed.contains(&channel_of(it.way)) || slow_mail && it.way == Way::Mail;
    let (back, stays): (Vec<Ready>, Vec<Ready>) = queue.drain(..).partition(goes_back);
    queue.extend(stays);
    back.into_iter().map(Attempt::not_made).collect()
}

/// When the job comes back; `None`: what is open waits for a channel that is closed. A channel that asked for time is left
/// alone until its next request is due.
fn comes_back(
    open: &BTreeMap<Channel, NextOpen>,
    opened: &Opened,
    slow: &BTreeSet<Channel>,
    now: Timestamp,
) -> Option<Timestamp> {
    let of = |(channel, next): (&Channel, &NextOpen)| {
        if !opened.has(*channel) {
            return None;
        }
        if slow.contains(channel) {
            let rested = now.plus(REST);
            return Some(next.request.unwrap_or(rested).min(rested));
        }
        next.first()
    };
    open.iter().filter_map(of).min().map(|at| at.max(now))
}

/// Done when nothing is open; otherwise the job comes back when the next delivery or request may leave. What waits for a
/// closed channel alone stands still: nothing here would ever open it.
async fn finish(
    house: &House,
    by: &Machine,
    id: CampaignId,
    opened: &Opened,
    slow: &BTreeSet<Channel>,
) -> Result<(), JobError> {
    let broken = |error: StorageError| job_error(error.into());
    let (now, calendar) = (house.real_clock.now(), house.now());
    let mut tx = house.org(by.org()).write().await.map_err(broken)?;
    let mut kept = tx.campaign_for_move(id).await.map_err(broken)?;
    let CampaignState::Sending { .. } = kept.campaign.state else { return tx.undo().await.map_err(broken) };
    let open = tx.open_by_channel(id).await.map_err(broken)?;
    if open.is_empty() {
        kept.campaign = kept.campaign.finish(calendar).map_err(|refusal| job_error(refused(refusal)))?;
        tx.keep_campaign(&kept, calendar).await.map_err(broken)?;
        let act = Act::named("finish_campaign", by.actor(), house.operation()).on("campaign", id);
        return tx.commit(&act).await.map_err(broken);
    }
    match comes_back(&open, opened, slow, now) {
        Some(at) => {
            tx.undo().await.map_err(broken)?;
            Err(JobError::Later(at, "something waits".into()))
        }
        None => {
            let line = open.contains_key(&Channel::Line) && !opened.has(Channel::Line);
            let why = if line { why_line_stands_still(&mut tx).await.map_err(broken)? } else { None };
            stand_still(house, by, tx, kept, why.unwrap_or(PauseReason::ChannelRefused)).await.map_err(job_error)
        }
    }
}
