//! One click ends the messages of a purpose: by the signed token of a delivery, without signing in (RFC 8058). The same
//! token used again changes nothing more. Leaves making the token to `signed_token`.

use tsunagari_access::{Act, Actor};
use tsunagari_kernel::{CampaignId, Moment, OrgId, PersonId};
use tsunagari_people::Purpose;
use tsunagari_people::consent::ConsentEnd;

use crate::signed_token::read_unsubscribe_token;
use crate::withdraw_consent::wait_for_requests;
use crate::{ActError, House};

/// What a token would end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Whose organisation.
    pub org: OrgId,
    /// From which message.
    pub campaign: CampaignId,
    /// Who.
    pub person: PersonId,
    /// Which purpose's messages.
    pub purpose: String,
}

/// Reads a token without using it.
///
/// # Errors
/// `NotFound` for a token that is nobody's; storage's.
pub async fn look(house: &House, token: &str) -> Result<Subscription, ActError> {
    let (org, campaign, person) = read_unsubscribe_token(house, token).await?.ok_or(ActError::NotFound)?;
    let purpose = house.org(org).read().await?.campaign(campaign).await?.purpose;
    Ok(Subscription { org, campaign, person, purpose })
}

/// Ends the messages.
///
/// # Errors
/// `NotFound` for a token that is nobody's; storage's.
pub async fn unsubscribe(house: &House, token: &str) -> Result<Subscription, ActError> {
    let it = look(house, token).await?;
    let at = Moment::now(&*house.clock);
    let mut tx = house.org(it.org).write().await?;
    // The mail may be older than a merge.
    let person = tx.living_entry(it.person).await?;
    tx.withdraw_consent(person, &Purpose::of(it.purpose.as_str()), at.instant, ConsentEnd::WithdrawnBySelf).await?;
    tx.note_unsubscribed(it.campaign, it.person, at.instant).await?;
    tx.commit(&Act::named("unsubscribe", Actor::Resident(person), house.operation()).on("person", person)).await?;
    wait_for_requests(house, it.org, &[it.person, person]).await?;
    Ok(it)
}
