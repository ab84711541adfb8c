//! A message with a button to everybody's own page: one push a person, each answered by the platform after 50 ms.

use std::time::Duration;

use anyhow::Result;
use async_trait::async_trait;
use tsunagari_line_sim::faults::{Fault, FaultKind};
use tsunagari_outreach::Message;
use tsunagari_outreach::message::{Bubble, Button, ButtonTarget, Language};

use super::campaign::send;
use crate::bench::Bench;
use crate::part::Part;
use crate::people::Known;
use crate::table::Figure;

const PEOPLE: u64 = 20_000;
const LATENCY_MS: u64 = 50;
const CERTAIN: u32 = 1_000_000;

/// The part.
pub struct Personal;

#[async_trait]
impl Part for Personal {
    fn name(&self) -> &'static str {
        "personal"
    }

    fn about(&self) -> &'static str {
        "personal pushes with 50 ms upstream latency"
    }

    async fn run(&self, bench: &Bench) -> Result<Vec<Figure>> {
        let people = PEOPLE.min(bench.people);
        let town = bench.fresh(people, Known::ThisYear).await?;
        let slow = Fault::sometimes(FaultKind::Slow, CERTAIN).on("/v2/bot/message/push").lasting(LATENCY_MS);
        town.line.sim.faults().add(slow);
        let server = town.serve().await?;
        let used = server.processor()?;
        let sent = send(&town, personal()).await?;
        let used = server.processor()?.saturating_sub(used);
        let what = format!("{people} personal pushes with {LATENCY_MS} ms upstream latency, settled");
        Ok(vec![
            Figure::took(what, sent.delivery, Duration::from_secs(60)),
            Figure::fact("processor time of the server", format!("{:.1} s", used.as_secs_f64())),
            Figure::fact("in the simulator's ledger", sent.ledger),
        ])
    }
}

fn personal() -> Message {
    let button = Button { label: "見る".into(), target: ButtonTarget::PersonalPage { path: "/me".into() } };
    let bubble = Bubble::Buttons {
        title: None, text: "マイページに予定があります。".into(), buttons: vec![button]
    };
    let mut message = Message::default();
    message.line.insert(Language::Ja, vec![bubble]);
    message
}
