//! Tokens in addresses that leave the house: the pair (organisation, campaign) of counted links, which is no secret; the signed
//! unsubscribe token of one delivery (RFC 8058: it works without a sign-in, so it must not be guessable); and the signed tokens
//! on the card in a parcel and on a ticket.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tsunagari_kernel::{ApplicationId, CampaignId, OrgId, PersonId};
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
    Ok(same(&bytes[48..], &expected).then_some((org, campaign, person)))
}

/// The token on the card in a parcel.
///
/// # Errors
/// The organisation's key does not open.
pub async fn card_token(house: &House, org: OrgId, parcel: u32) -> Result<String, ActError> {
    let tag = signed(house, org, "parcel_card", &parcel.to_string()).await?;
    Ok(URL_SAFE_NO_PAD.encode([org.0.as_bytes().as_slice(), &parcel.to_be_bytes(), &tag].concat()))
}

/// Whose parcel a card's token is of; nothing for a token that is not genuine.
///
/// # Errors
/// Storage's.
pub async fn read_card_token(house: &House, token: &str) -> Result<Option<(OrgId, u32)>, ActError> {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else { return Ok(None) };
    let Some((org, rest)) = bytes.split_first_chunk::<16>() else { return Ok(None) };
    let Some((parcel, given)) = rest.split_first_chunk::<4>() else { return Ok(None) };
    let (org, parcel) = (OrgId(Uuid::from_bytes(*org)), u32::from_be_bytes(*parcel));
    let expected = match signed(house, org, "parcel_card", &parcel.to_string()).await {
        Ok(tag) => tag,
        Err(ActError::NotFound) => return Ok(None),
        Err(other) => return Err(other),
    };
    Ok(same(given, &expected).then_some((org, parcel)))
}

/// The token of the ticket to an application's place.
///
/// # Errors
/// The organisation's key does not open.
pub async fn ticket_token(house: &House, org: OrgId, application: ApplicationId) -> Result<String, ActError> {
    let tag = signed(house, org, "ticket", &application.to_string()).await?;
    Ok(URL_SAFE_NO_PAD.encode([org.0.as_bytes().as_slice(), application.0.as_bytes(), &tag].concat()))
}

/// Whose ticket it is; nothing for one that is not genuine.
///
/// # Errors
/// Storage's.
pub async fn read_ticket_token(house: &House, token: &str) -> Result<Option<(OrgId, ApplicationId)>, ActError> {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else { return Ok(None) };
    let Some((org, rest)) = bytes.split_first_chunk::<16>() else { return Ok(None) };
    let Some((application, given)) = rest.split_first_chunk::<16>() else { return Ok(None) };
    let (org, application) = (OrgId(Uuid::from_bytes(*org)), ApplicationId(Uuid::from_bytes(*application)));
    let expected = match signed(house, org, "ticket", &application.to_string()).await {
        Ok(tag) => tag,
        Err(ActError::NotFound) => return Ok(None),
        Err(other) => return Err(other),
    };
    Ok(same(given, &expected).then_some((org, application)))
}

/// Compared whatever the first difference is, so that time tells nothing.
fn same(given: &[u8], expected: &[u8]) -> bool {
    let different = given.iter().zip(expected).fold(0_u8, |sum, (one, other)| sum | (one ^ other));
    given.len() == expected.len() && different == 0
}

async fn tag(house: &House, org: OrgId, campaign: CampaignId, person: PersonId) -> Result<Vec<u8>, ActError> {
    signed(house, org, "unsubscribe", &format!("{campaign}:{person}")).await
}

async fn signed(house: &House, org: OrgId, purpose: &str, text: &str) -> Result<Vec<u8>, ActError> {
    let mut reader = house.org(org).read().await?;
    let mut tag = reader.sign(purpose, text).await?;
    tag.truncate(TAG);
    Ok(tag)
}
