//! The messages a town sent in the last year, to those who could be sent to then, with a few that did not arrive and the
//! clicks of the days after; and its named audiences. Nothing is sent.

use std::collections::BTreeMap;

use chrono::{NaiveTime, TimeDelta};
use tsunagari_acts::House;
use tsunagari_acts::load_campaign::{PastCampaign, PastOutcome, load_campaign};
use tsunagari_acts::load_segments::load_segments;
use tsunagari_kernel::{Chance, PersonId, Timestamp, UserId};
use tsunagari_outreach::Message;
use tsunagari_outreach::message::{Bubble, Button, ButtonTarget, Language, Mail};

use super::record::{CampaignWords, Record};
use crate::demo::people::draw::Draw;
use crate::demo::towns::{Town, machine};

/// Of a thousand, so many did not arrive.
const FAILED: u64 = 8;
/// The purpose past messages were sent under, the first of a town's.
const PURPOSE: usize = 0;

/// Who of a town's staff did the daily work.
fn editor(town: &Town) -> Option<UserId> {
    town.staff.iter().find(|it| it.staff.role.code() == "editor").map(|it| it.staff.id)
}

/// Enters the audiences.
///
/// # Errors
/// A rule cannot be read, or storage's.
pub async fn enter_segments(house: &House, record: &Record, town: &Town) -> anyhow::Result<()> {
    let Some(author) = editor(town) else { return Ok(()) };
    let segments: Vec<_> = record.segments.iter().map(super::record::SegmentWords::past).collect();
    Ok(load_segments(house, &machine(town.org.id), author, &segments).await?)
}

/// Enters the messages.
///
/// # Errors
/// A rule cannot be read, or storage's.
pub async fn enter(house: &House, record: &Record, town: &Town, chance: &Chance) -> anyhow::Result<()> {
    let Some(author) = editor(town) else { return Ok(()) };
    let purposes = house.org(town.org.id).read().await?.purposes().await?;
    let Some(purpose) = purposes.get(PURPOSE).map(|it| it.code.clone()) else { return Ok(()) };
    for it in &record.campaigns {
        let at = Timestamp::at_jst(it.day, NaiveTime::from_hms_opt(18, 0, 0).unwrap_or_default());
        let past = PastCampaign {
            title: it.title.clone(),
            purpose: purpose.clone(),
            rule: it.rule.clone(),
            message: message(it, &town.org.name),
            author,
            at,
        };
        let outcome = |sent: &[PersonId]| outcome(Draw(chance), sent, at, it.clicks);
        load_campaign(house, &machine(town.org.id), past, outcome).await?;
    }
    Ok(())
}

fn message(it: &CampaignWords, town: &str) -> Message {
    let text = it.text.replace("{town}", town);
    let button = Button { label: it.button.clone(), target: ButtonTarget::Link { url: it.url.clone() } };
    let body = format!("{text}\n\n{}: {}\n", it.button, it.url);
    let mail = Mail { subject: it.title.clone(), body, attachments: Vec::new() };
    Message {
        line: BTreeMap::from([(Language::Ja, vec![Bubble::Buttons { title: None, text, buttons: vec![button] }])]),
        email: BTreeMap::from([(Language::Ja, mail)]),
    }
}

fn outcome(draw: Draw<'_>, sent: &[PersonId], at: Timestamp, clicks: u64) -> PastOutcome {
    let mut outcome = PastOutcome { failed: (Vec::new(), "refused".into()), clicks: Vec::new() };
    for person in sent {
        if draw.per_mille(FAILED) {
            outcome.failed.0.push(*person);
        } else if draw.per_mille(clicks) {
            // Most open a message within hours; three days later hardly anybody does.
            let minutes = draw.below(12 * 60).min(draw.below(3 * 24 * 60));
            let later = TimeDelta::minutes(i64::try_from(minutes).unwrap_or(0) + 1);
            outcome.clicks.push((1, at.plus(later), *person));
        }
    }
    outcome
}
