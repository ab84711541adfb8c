//! Somebody opens a counted link of a message: the click is counted and the reader sent on to where the link leads. Only
//! addresses written in the message are led to; who clicked is not known here.

use tsunagari_access::{Act, Machine};
use tsunagari_kernel::CampaignId;

use crate::signed_token::read_pair;
use crate::{ActError, House};

/// Counts the click; answers where the link leads.
///
/// # Errors
/// `NotFound` for what is no link of a launched message; storage's.
pub async fn record_click(house: &House, pair: &str, link: i64) -> Result<String, ActError> {
    let (org, campaign) = read_pair(pair).ok_or(ActError::NotFound)?;
    let campaign = CampaignId(campaign);
    let here = house.org(org);
    let links = here.read().await?.message_links(campaign).await?;
    let (_, url) = links.into_iter().find(|(no, _)| *no == link).ok_or(ActError::NotFound)?;
    let mut tx = here.write().await?;
    tx.add_click(campaign, link, None, house.now()).await?;
    let by = Machine::working(org, "record_click");
    tx.commit(&Act::named("record_click", by.actor(), house.operation()).on("campaign", campaign)).await?;
    Ok(url)
}
