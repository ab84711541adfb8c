//! A person decides what became of deliveries nobody can say anything about: sent, or not sent and to be sent again (then they
//! are judged anew like every waiting one).

use tsunagari_access::permission::ResolveUnknown;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{CampaignId, PersonId};
use tsunagari_outreach::campaign::CampaignState;

use crate::{ActError, House, send_campaign};

/// The decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It arrived.
    Sent,
    /// It did not: send it again.
    SendAgain,
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
    if decision == Decision::SendAgain
        && matches!(kept.campaign.state, CampaignState::Cancelled { .. } | CampaignState::Failed { .. })
    {
        tx.undo().await?;
        return Err(ActError::refused("campaign_wrong_state"));
    }
    let mut decided = 0;
    for person in persons {
        let done = match decision {
            Decision::Sent => tx.settle_unknown_as_sent(id, *person, now).await?,
            Decision::SendAgain => tx.settle_unknown_as_waiting(id, *person).await?,
        };
        decided += i64::from(done);
    }
    if decision == Decision::SendAgain && decided > 0 {
        if matches!(kept.campaign.state, CampaignState::Done { .. }) {
            kept.campaign.state = CampaignState::Sending { at: now };
            tx.keep_campaign(&kept, now).await?;
        }
        tx.enqueue(send_campaign::KIND, &send_campaign::payload(id), house.real_clock.now(), None).await?;
    }
    let code = match decision {
        Decision::Sent => "resolve_unknown_sent",
        Decision::SendAgain => "resolve_unknown_again",
    };
    tx.commit(&Act::named(code, by.actor(), house.operation()).on("campaign", id).counting("deliveries", decided))
        .await?;
    Ok(decided)
}
