//! A mail that came back is read: which delivery it was, and whether its address is dead. A dead address stops working from
//! then on, so the person is no longer counted as reached by it; a complaint ends it likewise. Fed by `tsunagari mail-in`.

use tsunagari_access::{Act, Machine};
use tsunagari_channels::email::bounce::{BounceKind, Returned, read};
use tsunagari_kernel::DispatchId;
use tsunagari_people::EndReason;

use crate::mail_gateway::verp;
use crate::{ActError, House};

/// What a mail from outside was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// An address stopped working.
    AddressEnded,
    /// Nothing to do: a soft bounce, a notice, or a delivery that is known no more.
    Noted,
    /// Not one of ours.
    Foreign,
}

/// Reads a mail as the mail server hands it over, and acts on it.
///
/// # Errors
/// Storage's; the mail server should try again.
pub async fn record_bounce(house: &House, raw: &[u8], recipient: Option<&str>) -> Result<Recorded, ActError> {
    let organisations = house.store.platform().await?.organisations().await?;
    for organisation in organisations {
        let mut reader = house.org(organisation.id).read().await?;
        let Some(channel) = reader.mail_channel().await? else { continue };
        let key = reader.sign("verp", "").await?;
        drop(reader);
        let (token, reason) = match read(raw, recipient, &verp(&key, &channel)) {
            Returned::Foreign => continue,
            Returned::Bounce(bounce) if bounce.kind == BounceKind::Hard => (bounce.token, EndReason::HardBounce),
            Returned::Complaint { token } => (token, EndReason::Complaint),
            Returned::Bounce(_) | Returned::Notice { .. } => return Ok(Recorded::Noted),
        };
        return end(house, organisation.id, &token, reason).await;
    }
    Ok(Recorded::Foreign)
}

async fn end(
    house: &House,
    org: tsunagari_kernel::OrgId,
    token: &str,
    reason: EndReason,
) -> Result<Recorded, ActError> {
    let Ok(dispatch) = token.parse::<DispatchId>() else { return Ok(Recorded::Noted) };
    let by = Machine::working(org, "mail_in");
    let mut tx = house.org(org).write().await?;
    let Some((campaign, _)) = tx.dispatch_origin(dispatch).await? else {
        tx.undo().await?;
        return Ok(Recorded::Noted);
    };
    let contacts = tx.contacts_of_dispatch(campaign, dispatch).await?;
    for (person, contact) in &contacts {
        tx.contact_fails(*person, *contact, house.now(), reason).await?;
    }
    tx.commit(&Act::named("record_bounce", by.actor(), house.operation()).on("campaign", campaign)).await?;
    Ok(if contacts.is_empty() { Recorded::Noted } else { Recorded::AddressEnded })
}
