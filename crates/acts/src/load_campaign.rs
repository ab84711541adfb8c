//! A message that was sent before this installation knew it is entered with its history: to whom it went is asked of the
//! rule as of its own moment, as a launch does, then all of it is settled. Nothing is sent. Leaves messages from now on to
//! `write_campaign` and what follows it.

use tsunagari_access::{Act, Machine};
use tsunagari_kernel::{CampaignId, PersonId, Timestamp, UserId};
use tsunagari_outreach::campaign::CampaignState;
use tsunagari_outreach::{Campaign, Message};
use tsunagari_storage::campaign::KeptCampaign;
use tsunagari_storage::delivery::Slice;
use tsunagari_storage::recipient::Among;

use crate::judge_audience::{read_rule, terms_of};
use crate::render_message::links_of;
use crate::{ActError, House};

/// A message of the past.
#[derive(Debug, Clone)]
pub struct PastCampaign {
    /// What the office called it.
    pub title: String,
    /// The purpose it was sent under.
    pub purpose: String,
    /// The rule's text.
    pub rule: String,
    /// What was written.
    pub message: Message,
    /// Who wrote it.
    pub author: UserId,
    /// When it was sent, in the programme's calendar.
    pub at: Timestamp,
}

/// What became of it besides arriving.
#[derive(Debug, Clone, Default)]
pub struct PastOutcome {
    /// To whom it did not arrive, with one public reason code for all.
    pub failed: (Vec<PersonId>, String),
    /// Clicks: link (from 1), when, who.
    pub clicks: Vec<(i64, Timestamp, PersonId)>,
}

/// Enters it; `outcome` is told to whom it went and says what became of it.
///
/// # Errors
/// `rule_unreadable`, or storage's.
pub async fn load_campaign(
    house: &House,
    by: &Machine,
    past: PastCampaign,
    outcome: impl FnOnce(&[PersonId]) -> PastOutcome,
) -> Result<CampaignId, ActError> {
    let here = house.org(by.org());
    let id = CampaignId::born(&house.chance, past.at);
    let mut kept = KeptCampaign {
        campaign: Campaign { state: CampaignState::Done { at: past.at }, ..Campaign::drafted(id, past.author) },
        title: past.title,
        purpose: past.purpose,
        segment: None,
        rule: String::new(),
        rule_hash: String::new(),
        message: past.message,
        audience: None,
        team: None,
        author: past.author,
        created_at: past.at,
        updated_at: past.at,
        due_at: Some(past.at),
        launched_at: Some(past.at),
        version: 1,
    };
    let mut reader = here.read().await?;
    let rule = read_rule(&mut reader, &past.rule).await?;
    (kept.rule, kept.rule_hash) = (rule.to_string(), rule.hash());
    let terms = terms_of(&mut reader, &kept, past.at).await?;
    let among = Among::rule(&rule, &terms)?;
    let mut counts = reader.judge_counts(&terms, &among).await?;
    drop(reader);

    let mut tx = here.write().await?;
    tx.add_campaign(&kept).await?;
    tx.freeze_slice(id, &terms, &among, Slice { after: None, until: None }).await?;
    tx.settle_past_deliveries(id, past.at).await?;
    tx.keep_message_links(id, &links_of(&kept.message)).await?;
    let outcome = outcome(&tx.sent_to(id).await?);
    tx.fail_past_deliveries(id, &outcome.failed.0, &outcome.failed.1).await?;
    tx.add_past_clicks(id, &outcome.clicks).await?;
    let lines = tx.result_lines(id).await?;
    let of = |channel: &str| lines.iter().filter(|line| line.channel == channel).map(|line| line.n).sum();
    (counts.by_line, counts.by_email) = (of("line"), of("email"));
    let people = counts.count();
    kept.audience = Some(counts);
    tx.keep_campaign(&kept, past.at).await?;
    let act = Act::named("load_campaign", by.actor(), house.operation()).on("campaign", id);
    tx.commit(&act.counting("people", people)).await?;
    Ok(id)
}
