//! LINE gives no token although number and secret may be right: messages wait and go on by themselves, but after an hour a
//! person is told, and once LINE answers nobody need look after it any more. Leaves asking again to `send_campaign`.

use chrono::TimeDelta;
use tsunagari_access::{Act, Machine};
use tsunagari_kernel::ChannelId;
use tsunagari_storage::campaign::KeptCampaign;

use crate::{ActError, House};

/// The kind of work item that tells it.
const WORK: &str = "line_silent";
/// After how long without a token.
const TOLD_AFTER: TimeDelta = TimeDelta::hours(1);

/// LINE has given no token for an hour or longer: the office is told, once.
pub(crate) async fn tell_of_silence(house: &House, by: &Machine, kept: &KeptCampaign) -> Result<(), ActError> {
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    let Some(account) = reader.sending_line_channel().await? else { return Ok(()) };
    let Some(since) = house.line.silent_since(account.id) else { return Ok(()) };
    let subject = account.id.to_string();
    if house.real_clock.now().since(since) < TOLD_AFTER || reader.work_is_open(WORK, &subject).await? {
        return Ok(());
    }
    drop(reader);
    let mut tx = here.write().await?;
    tx.add_work_item(WORK, &subject, kept.team, "", None).await?;
    Ok(tx.commit(&Act::named("tell_of_silence", by.actor(), house.operation()).on("channel", account.id)).await?)
}

/// LINE answers again: nobody need look after it any more.
pub(crate) async fn end_of_silence(house: &House, by: &Machine, account: ChannelId) -> Result<(), ActError> {
    let (here, subject) = (house.org(by.org()), account.to_string());
    if !here.read().await?.work_is_open(WORK, &subject).await? {
        return Ok(());
    }
    let mut tx = here.write().await?;
    tx.close_work(WORK, &subject, None).await?;
    Ok(tx.commit(&Act::named("end_of_silence", by.actor(), house.operation()).on("channel", account)).await?)
}
