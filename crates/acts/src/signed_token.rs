//! Tokens in addresses that leave the house: the pair (organisation, campaign) of counted links, which is no secret, and the
//! signed unsubscribe token of one delivery (RFC 8058: it works without a sign-in, so it must not be guessable).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tsunagari_kernel::{CampaignId, OrgId, PersonId};
use uuid::Uuid;

use crate::{ActError, House};

const TAG: usize = 16;

/// Organisation and one more id, as text for an address.
pub fn pair(org: OrgId, other: Uuid) -> String {
    URL_SAFE_NO_PAD.encode([org.0.as_bytes().as_slice(), other.as_bytes()].concat())
}

/// Reads a pair back.
pub fn read_pair(text: &str) -> Option<(OrgId, Uuid)> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (org, other) = bytes.split_at_checked(16)?;
    Some((OrgId(Uuid::from_slice(org).ok()?), Uuid::from_slice(other).ok()?))
}

/// The token by which one person stops the messages of one campaign's purpose.
///
/// # Errors
/// The organisation's key does not open.
pub async fn unsubscribe_token(
    house: &House,
    org: OrgId,
    campaign: CampaignId,
    person: PersonId,
) -> Result<String, ActError> {
    let tag = tag(house, org, campaign, person).await?;
    let parts = [org.0.as_bytes().as_slice(), campaign.0.as_bytes(), person.0.as_bytes(), &tag];
    Ok(URL_SAFE_NO_PAD.encode(parts.concat()))
}

/// Whose token it is; nothing for a token that is not genuine.
///
/// # Errors
/// Storage's.
pub async fn read_unsubscribe_token(
    house: &House,
    token: &str,
) -> Result<Option<(OrgId, CampaignId, PersonId)>, ActError> {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else { return Ok(None) };
    if bytes.len() != 48 + TAG {
        return Ok(None);
    }
    let id = |from: usize| Uuid::from_slice(&bytes[from..from + 16]).unwrap_or(Uuid::nil());
    let (org, campaign, person) = (OrgId(id(0)), CampaignId(id(16)), PersonId(id(32)));
    let expected = match tag(house, org, campaign, person).await {
        Ok(tag) => tag,
        Err(ActError::NotFound) => return Ok(None),
        Err(other) => return Err(other),
    };
    // Compared whatever the first difference is, so that time tells nothing.
    let different = bytes[48..].iter().zip(&expected).fold(0_u8, |sum, (one, other)| sum | (one ^ other));
    Ok((different == 0).then_some((org, campaign, person)))
}

async fn tag(house: &House, org: OrgId, campaign: CampaignId, person: PersonId) -> Result<Vec<u8>, ActError> {
    let mut reader = house.org(org).read().await?;
    let mut tag = reader.sign("unsubscribe", &format!("{campaign}:{person}")).await?;
    tag.truncate(TAG);
    Ok(tag)
}
