//! A person decides what became of deliveries nobody can say anything about: sent, not sent and to be sent again (then they
//! are judged anew like every waiting one), or not sent and left at that, as of a message that was called off.

use tsunagari_access::permission::ResolveUnknown;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{CampaignId, PersonId};
use tsunagari_storage::delivery::Decided;

use crate::campaign_refusal::refused;
use crate::{ActError, House, send_campaign};

/// The decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It arrived.
    Sent,
    /// It did not: send it again.
    SendAgain,
    /// It did not, and is not sent any more.
    NotSent,
}

/// Decides for these persons; answers how many were still undecided.
///
/// # Errors
/// `campaign_wrong_state` when it was cancelled; storage's.
pub async fn resolve_unknown(
    house: &House,
    by: &Granted<ResolveUnknown>,
    id: CampaignId,
    persons: &[PersonId],
    decision: Decision,
) -> Result<i64, ActError> {
    let now = house.now();
    let mut tx = house.org(by.org()).write().await?;
    let mut kept = tx.campaign_for_move(id).await?;
    let mut decided = 0;
    for person in persons {
        let done = match decision {
            Decision::Sent => tx.settle_unknown(id, *person, Decided::Sent, now).await?,
            Decision::SendAgain => tx.settle_unknown_as_waiting(id, *person).await?,
            Decision::NotSent => tx.settle_unknown(id, *person, Decided::NotSent, now).await?,
        };
        decided += i64::from(done);
    }
    if decision == Decision::SendAgain && decided > 0 {
        kept.campaign = kept.campaign.reopen(now).map_err(refused)?;
        tx.keep_campaign(&kept, now).await?;
        tx.enqueue(send_campaign::KIND, &send_campaign::payload(id), house.real_clock.now(), None).await?;
    }
    if !tx.result_lines(id).await?.iter().any(|line| line.state == "unknown") {
        tx.close_work("unknown_deliveries", &id.to_string(), by.user()).await?;
    }
    let act = match decision {
        Decision::Sent => Act::named("resolve_unknown_sent", by.actor(), house.operation()),
        Decision::SendAgain => Act::named("resolve_unknown_again", by.actor(), house.operation()),
        Decision::NotSent => Act::named("resolve_unknown_not_sent", by.actor(), house.operation()),
    };
    tx.commit(&act.on("campaign", id).counting("deliveries", decided)).await?;
    Ok(decided)
}
