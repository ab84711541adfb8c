//! One message to everybody in town by LINE, the same for all: its launch (the audience becomes deliveries), then its
//! sending by multicast to the simulator until everything is settled. Instants are the server's own; the simulator's
//! ledger says whether everybody got it once.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use async_trait::async_trait;
use tsunagari_access::Role;
use tsunagari_access::permission::{ApproveMessages, WriteMessages};
use tsunagari_acts::approve_campaign::approve_campaign;
use tsunagari_acts::submit_campaign::submit_campaign;
use tsunagari_acts::write_campaign::{Written, begin_campaign};
use tsunagari_kernel::{CampaignId, Timestamp};
use tsunagari_outreach::Message;
use tsunagari_outreach::campaign::CampaignState;
use tsunagari_outreach::message::{Bubble, Language};

use crate::bench::Bench;
use crate::part::Part;
use crate::people::PURPOSES;
use crate::table::Figure;
use crate::town::{NUMBER, Town};

/// Longer than this, and it is given up.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(900);

/// The part.
pub struct Campaign;

#[async_trait]
impl Part for Campaign {
    fn name(&self) -> &'static str {
        "campaign"
    }

    fn about(&self) -> &'static str {
        "launch of a message to everybody, and its delivery by multicast"
    }

    async fn run(&self, bench: &Bench) -> Result<Vec<Figure>> {
        let town = bench.town().await?;
        let server = town.serve().await?;
        let used = server.processor()?;
        let sent = send(town, text()).await?;
        let used = server.processor()?.saturating_sub(used);
        let people = town.people;
        let load = Figure::fact(
            format!("loading {people} people, before"),
            format!("{:.0}/s", people as f64 / town.loaded_in.as_secs_f64()),
        );
        Ok(vec![
            load,
            Figure::took(format!("launch to {people}"), sent.launch, Duration::from_secs(5)),
            Figure::took(format!("delivery to {people} by multicast, settled"), sent.delivery, Duration::from_secs(60)),
            Figure::fact("processor time of the server for both", format!("{:.1} s", used.as_secs_f64())),
            Figure::fact("in the simulator's ledger", sent.ledger),
        ])
    }
}

/// How long a message took.
pub struct Sent {
    /// From launching to sending.
    pub launch: Duration,
    /// From sending to done.
    pub delivery: Duration,
    /// What the simulator counted.
    pub ledger: String,
}

/// The same words for all.
fn text() -> Message {
    let mut message = Message::default();
    let words = "夏の帰省イベントのお知らせです。くわしくはマイページをごらんください。";
    message.line.insert(Language::Ja, vec![Bubble::Text { text: words.to_owned() }]);
    message
}

/// Writes, submits and approves a message to everybody, and waits until the server has sent it.
///
/// # Errors
/// It failed, stands still, or did not reach everybody once.
pub async fn send(town: &Town, message: Message) -> Result<Sent> {
    let written = Written {
        title: "帰省".into(),
        purpose: PURPOSES[0].into(),
        segment: None,
        rule: "everyone".into(),
        message,
        proposed: None,
    };
    let (writer, approver) =
        (town.granted::<WriteMessages>(&Role::Editor)?, town.granted::<ApproveMessages>(&Role::Approver)?);
    let before = counts(town)?;
    let id = begin_campaign(&town.house, &writer, written).await?;
    submit_campaign(&town.house, &writer, id).await?;
    let version = town.house.org(town.org).read().await?.campaign(id).await?.version;
    approve_campaign(&town.house, &approver, (id, version), None).await?;
    let (launched, sending, done) = wait(town, id).await?;
    let after = counts(town)?;
    let delivered = after.delivered - before.delivered;
    ensure!(
        delivered == town.people && after.repeated == before.repeated,
        "{delivered} of {} delivered, {} twice",
        town.people,
        after.repeated
    );
    let between = |from: Timestamp, until: Timestamp| until.since(from).to_std().unwrap_or_default();
    Ok(Sent {
        launch: between(launched, sending),
        delivery: between(sending, done),
        ledger: format!("{delivered} delivered, nobody twice, {} requests", after.requests - before.requests),
    })
}

struct Counts {
    delivered: u64,
    repeated: u64,
    requests: u64,
}

fn counts(town: &Town) -> Result<Counts> {
    let sim = &town.line.sim;
    let key = sim.channel_key(NUMBER).context("the simulator knows the channel")?;
    let counted = sim.ledger_counts(key);
    let world = sim.world();
    let channel = world.channel(key);
    let delivered = channel.sends.iter().map(|send| send.recipients.len() - send.missed.len()).sum::<usize>();
    Ok(Counts {
        delivered: delivered as u64,
        repeated: counted["repeated"].as_u64().unwrap_or(u64::MAX),
        requests: channel.sends.len() as u64,
    })
}

/// When it was launched, began to be sent, and was done.
async fn wait(town: &Town, id: CampaignId) -> Result<(Timestamp, Timestamp, Timestamp)> {
    let here = town.house.org(town.org);
    let (begin, mut sending) = (Instant::now(), None);
    loop {
        ensure!(begin.elapsed() < GIVEN_UP_AFTER, "not done after {} s", GIVEN_UP_AFTER.as_secs());
        let kept = here.read().await?.campaign(id).await?;
        match kept.campaign.state {
            CampaignState::Draft
            | CampaignState::Submitted { .. }
            | CampaignState::Approved(_)
            | CampaignState::Launching { .. } => {}
            CampaignState::Sending { at, .. } => sending = sending.or(Some(at)),
            CampaignState::Done { at } => {
                let launched = kept.launched_at.context("it was launched")?;
                return Ok((launched, sending.context("its sending was not seen")?, at));
            }
            CampaignState::Paused { .. } | CampaignState::Cancelled { .. } | CampaignState::Failed { .. } => {
                anyhow::bail!("it is {}", kept.campaign.state.code())
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
