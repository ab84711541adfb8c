//! A mail that came back is read: which delivery it was, and whether its address is dead. A dead address stops working from
//! then on, so the person is no longer counted as reached by it, and the delivery has failed after all; a complaint ends
//! the address likewise. Soft bounces and notices are put on record and change nothing. Fed by `tsunagari mail-in`, and by
//! the demo's mailbox.

use tsunagari_access::{Act, Machine};
use tsunagari_channels::email::bounce::{BounceKind, Returned, read};
use tsunagari_kernel::{DispatchId, OrgId};
use tsunagari_people::EndReason;
use tsunagari_storage::Tx;

use crate::mail_gateway::verp;
use crate::{ActError, House};

/// What a mail from outside was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// An address stopped working.
    AddressEnded,
    /// Nothing to do: a soft bounce, a notice, or a delivery that is known no more.
    Noted,
    /// Not one of ours: no return path that this installation signed.
    Foreign,
}

/// What a mail of ours says about its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Dead(EndReason),
    Alive(&'static str),
}

/// Reads a mail as the mail server hands it over, and acts on it. `recipient`: the address it was sent to.
///
/// # Errors
/// `Busy` when the delivery it speaks of has no outcome yet, and storage's: the mail server should try again later.
pub async fn record_bounce(house: &House, raw: &[u8], recipient: Option<&str>) -> Result<Recorded, ActError> {
    let organisations = house.store.platform().await?.organisations().await?;
    for organisation in organisations {
        let mut reader = house.org(organisation.id).read().await?;
        let Some(channel) = reader.mail_channel().await? else { continue };
        let key = reader.sign("verp", "").await?;
        drop(reader);
        let (token, verdict) = match read(raw, recipient, &verp(&key, &channel)) {
            Returned::Foreign => continue,
            Returned::Complaint { token } => (token, Verdict::Dead(EndReason::Complaint)),
            Returned::Notice { token } => (token, Verdict::Alive("notices")),
            Returned::Bounce(bounce) => {
                tracing::info!(org = %organisation.id, status = bounce.status, "a mail came back");
                match bounce.kind {
                    BounceKind::Hard => (bounce.token, Verdict::Dead(EndReason::HardBounce)),
                    BounceKind::Soft => (bounce.token, Verdict::Alive("soft")),
                }
            }
        };
        return record(house, organisation.id, &token, verdict).await;
    }
    Ok(Recorded::Foreign)
}

async fn record(house: &House, org: OrgId, token: &str, verdict: Verdict) -> Result<Recorded, ActError> {
    let by = Machine::working(org, "mail_in");
    let act = Act::named("record_bounce", by.actor(), house.operation());
    // Letters with a link have tokens of their own and belong to no message.
    let Ok(dispatch) = token.parse::<DispatchId>() else {
        let tx = house.org(org).write().await?;
        tx.commit(&act.counting("letters", 1)).await?;
        return Ok(Recorded::Noted);
    };
    let mut tx = house.org(org).write().await?;
    let Some((campaign, _)) = tx.dispatch_origin(dispatch).await? else {
        tx.undo().await?;
        return Ok(Recorded::Noted);
    };
    let act = act.on("campaign", campaign);
    match verdict {
        Verdict::Alive(what) => {
            tx.commit(&act.counting(what, 1)).await?;
            Ok(Recorded::Noted)
        }
        Verdict::Dead(_) if tx.unsettled_of_dispatch(campaign, dispatch).await? > 0 => {
            tx.undo().await?;
            Err(ActError::Busy)
        }
        Verdict::Dead(reason) => {
            let ended = end(house, &mut tx, campaign, dispatch, reason).await?;
            tx.commit(&act.counting("ended", i64::try_from(ended).unwrap_or(0))).await?;
            Ok(if ended > 0 { Recorded::AddressEnded } else { Recorded::Noted })
        }
    }
}

/// Ends the address of every delivery of the request; how many there were.
async fn end(
    house: &House,
    tx: &mut Tx,
    campaign: tsunagari_kernel::CampaignId,
    dispatch: DispatchId,
    reason: EndReason,
) -> Result<usize, ActError> {
    let contacts = tx.contacts_of_dispatch(campaign, dispatch).await?;
    for (person, contact) in &contacts {
        // The entry may have been merged since: the address went with it.
        let person = tx.living_entry(*person).await?;
        tx.contact_fails(person, *contact, house.now(), reason).await?;
    }
    // Who complains has received it.
    if reason == EndReason::HardBounce {
        tx.delivery_came_back(campaign, dispatch, house.now()).await?;
    }
    Ok(contacts.len())
}
