//! A member of staff hands a message in for approval: everything is checked, the audience counted, the counts kept for the
//! approver. Leaves the second person to `approve_campaign`.

use tsunagari_access::permission::WriteMessages;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::CampaignId;
use tsunagari_outreach::linter::lint;
use tsunagari_storage::Reader;
use tsunagari_storage::campaign::{AudienceCounts, KeptCampaign};

use crate::campaign_refusal::{ill_timed, refused};
use crate::judge_audience::{capped_of, judge_audience, terms_of};
use crate::make_sample::can_be_made;
use crate::preview_campaign::{Held, cap_of};
use crate::{ActError, House, Reason};

/// Hands it in; answers who would get it.
///
/// # Errors
/// `campaign_everybody_capped`, `title_missing`, `purpose_missing`, `audience_missing`, `rule_unreadable`, `message_faulty`, `message_filled_too_long`, `no_line_channel`, `no_mail_channel`, `mail_stopped`, the domain's refusals; storage's.
pub async fn submit_campaign(
    house: &House,
    by: &Granted<WriteMessages>,
    id: CampaignId,
) -> Result<AudienceCounts, ActError> {
    let now = house.now();
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    let seen = reader.campaign(id).await?;
    let mut reasons = faults(&mut reader, &seen).await?;
    if lint(&seen.message).is_empty() && !can_be_made(house, by.org(), &seen).await? {
        reasons.push(Reason::of("message_filled_too_long"));
    }
    reasons.extend(ill_timed(seen.campaign.proposed, now));
    if !reasons.is_empty() {
        return Err(ActError::Refused(reasons));
    }
    let terms = terms_of(&mut reader, &seen, now).await?;
    let counts = judge_audience(&mut reader, &seen.rule, &terms).await?.counts;
    let cap = cap_of(&reader.organisation().await?);
    let capped = capped_of(&mut reader, &seen.rule, &terms, cap).await?;
    drop(reader);
    if (Held { capped, ..Held::default() }).leaves_nobody(counts.count(), &seen.campaign) {
        return Err(ActError::refused("campaign_everybody_capped"));
    }
    let mut tx = here.write().await?;
    let mut kept = tx.campaign_for_move(id).await?;
    if kept.version != seen.version {
        tx.undo().await?;
        return Err(ActError::Conflict);
    }
    let recipients = u64::try_from(counts.count()).unwrap_or(0);
    kept.campaign = kept.campaign.submit(by.user(), recipients, now).map_err(refused)?;
    kept.audience = Some(counts.clone());
    tx.keep_campaign(&kept, now).await?;
    let act = Act::named("submit_campaign", by.actor(), house.operation())
        .on("campaign", id)
        .counting("recipients", counts.count());
    tx.commit(&act).await?;
    Ok(counts)
}

/// What keeps a campaign from being handed in.
pub(crate) async fn faults(reader: &mut Reader, kept: &KeptCampaign) -> Result<Vec<Reason>, ActError> {
    let mut reasons = Vec::new();
    if kept.title.trim().is_empty() {
        reasons.push(Reason::at("title", "title_missing"));
    }
    if !reader.purposes().await?.iter().any(|purpose| purpose.code == kept.purpose) {
        reasons.push(Reason::at("purpose", "purpose_missing"));
    }
    if kept.rule.trim().is_empty() {
        reasons.push(Reason::at("segment", "audience_missing"));
    }
    if !lint(&kept.message).is_empty() {
        reasons.push(Reason::of("message_faulty"));
    }
    reasons.extend(channel_fault(reader, kept).await?);
    Ok(reasons)
}

/// Why a channel it is written for cannot be used.
async fn channel_fault(reader: &mut Reader, kept: &KeptCampaign) -> Result<Option<Reason>, ActError> {
    if !kept.message.line.is_empty() && reader.sending_line_channel().await?.is_none() {
        return Ok(Some(Reason::of("no_line_channel")));
    }
    if kept.message.email.is_empty() {
        return Ok(None);
    }
    Ok(match reader.mail_channel().await? {
        None => Some(Reason::of("no_mail_channel")),
        Some(settings) if !settings.works() => Some(Reason::of("mail_stopped")),
        Some(_) => None,
    })
}
