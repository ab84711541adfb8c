//! A member of staff writes a message: a new draft, or a change to one. Whatever was typed is kept, also what cannot be
//! sent yet; submission checks it. A change after submission or approval makes it a draft again and forgets who opened what.

use tsunagari_access::permission::WriteMessages;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{CampaignId, SegmentId, Timestamp};
use tsunagari_outreach::{Campaign, Message};
use tsunagari_storage::Reader;
use tsunagari_storage::campaign::KeptCampaign;

use crate::campaign_refusal::refused;
use crate::judge_audience::read_rule;
use crate::{ActError, House};

/// What was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// What the office calls it.
    pub title: String,
    /// The purpose it is sent under.
    pub purpose: String,
    /// A saved audience, whose rule is copied.
    pub segment: Option<SegmentId>,
    /// The rule's text when no saved audience is chosen.
    pub rule: String,
    /// The content.
    pub message: Message,
    /// When the writer would have it leave; nothing: once it is approved.
    pub proposed: Option<Timestamp>,
}

/// The longest title, in characters.
pub const LONGEST_TITLE: usize = 120;

/// Begins a draft.
///
/// # Errors
/// `title_too_long`; an unknown segment; storage's.
pub async fn begin_campaign(
    house: &House,
    by: &Granted<WriteMessages>,
    written: Written,
) -> Result<CampaignId, ActError> {
    let now = house.now();
    let id = CampaignId::born(&house.chance, house.real_clock.now());
    let mut tx = house.org(by.org()).write().await?;
    let mut campaign = Campaign::drafted(id, by.user());
    campaign.attachments = written.message.attachments().into_iter().collect();
    campaign.proposed = written.proposed;
    let (rule, rule_hash) = rule_of(&mut tx, &written).await?;
    check(&written)?;
    let kept = KeptCampaign {
        campaign,
        title: written.title,
        purpose: written.purpose,
        segment: written.segment,
        rule,
        rule_hash,
        message: written.message,
        audience: None,
        team: tx.staff_member(by.user()).await?.team,
        author: by.user(),
        created_at: now,
        updated_at: now,
        due_at: None,
        launched_at: None,
        version: 1,
    };
    tx.add_campaign(&kept).await?;
    tx.commit(&Act::named("write_campaign", by.actor(), house.operation()).on("campaign", id)).await?;
    Ok(id)
}

/// Changes a campaign that still has this version.
///
/// # Errors
/// `wrong_state` once it is launching; `Conflict` when somebody else changed it; as `begin_campaign`.
pub async fn write_campaign(
    house: &House,
    by: &Granted<WriteMessages>,
    id: CampaignId,
    version: i64,
    written: Written,
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let mut kept = tx.campaign_for_move(id).await?;
    if kept.version != version {
        tx.undo().await?;
        return Err(ActError::Conflict);
    }
    check(&written)?;
    let (rule, rule_hash) = rule_of(&mut tx, &written).await?;
    let attachments = written.message.attachments().into_iter().collect();
    kept.campaign = kept.campaign.edit(by.user(), attachments).map_err(refused)?;
    kept.campaign.proposed = written.proposed;
    kept.title = written.title;
    kept.purpose = written.purpose;
    kept.segment = written.segment;
    kept.rule = rule;
    kept.rule_hash = rule_hash;
    kept.message = written.message;
    kept.audience = None;
    tx.keep_campaign(&kept, house.now()).await?;
    tx.forget_opened(id).await?;
    Ok(tx.commit(&Act::named("write_campaign", by.actor(), house.operation()).on("campaign", id)).await?)
}

fn check(written: &Written) -> Result<(), ActError> {
    if written.title.chars().count() > LONGEST_TITLE {
        return Err(ActError::refused_at("title", "title_too_long"));
    }
    Ok(())
}

/// The canonical text and hash where the rule can be read, what was typed and no hash where not.
async fn rule_of(reader: &mut Reader, written: &Written) -> Result<(String, String), ActError> {
    let text = match written.segment {
        Some(segment) => reader.segment(segment).await?.rule,
        None => written.rule.clone(),
    };
    match read_rule(reader, &text).await {
        Ok(rule) => Ok((rule.to_string(), rule.hash())),
        Err(ActError::Refused(_)) => Ok((text, String::new())),
        Err(other) => Err(other),
    }
}
