//! A channel of another body goes on under a newer mandate; weeks before a mandate ends the office is told, once. Leaves
//! recording mandates to `record_mandate`; that nothing leaves under one that is over holds `sending_line_channel`.

use chrono::TimeDelta;
use tsunagari_access::permission::ManageChannels;
use tsunagari_access::{Act, Granted, Machine};
use tsunagari_kernel::{ChannelId, MandateId, OrgId};
use tsunagari_storage::line_channel::{ChannelKind, ChannelState};

use crate::{ActError, House};

/// The kind of the work item; its subject is the mandate.
const KIND: &str = "mandate_ends";
/// How long before a mandate ends the office is told: a council of another body may have to meet.
const AHEAD: TimeDelta = TimeDelta::weeks(8);

/// Puts a channel under another mandate.
///
/// # Errors
/// `mandate_needed`, `mandate_not_in_force` at `mandate`; not found.
pub async fn renew_mandate(
    house: &House,
    by: &Granted<ManageChannels>,
    id: ChannelId,
    mandate: Option<MandateId>,
) -> Result<(), ActError> {
    let Some(wanted) = mandate else { return Err(ActError::refused_at("mandate", "mandate_needed")) };
    let today = house.now().jst_date();
    let mut tx = house.org(by.org()).write().await?;
    let mut channel = tx.line_channel(id).await?;
    let holds = tx.mandates().await?.iter().any(|it| it.id == wanted && it.holds_on(today));
    if !holds {
        tx.undo().await?;
        return Err(ActError::refused_at("mandate", "mandate_not_in_force"));
    }
    if let Some(before) = channel.mandate.replace(wanted).filter(|before| *before != wanted) {
        tx.close_work(KIND, &before.to_string(), by.user()).await?;
    }
    tx.keep_line_channel(&channel).await?;
    let act = Act::named("renew_mandate", by.actor(), house.operation());
    Ok(tx.commit(&act.on("channel", id).on("mandate", wanted)).await?)
}

/// Tells the office of mandates that end soon or are over; each once.
///
/// # Errors
/// Storage's.
pub async fn tell_of_ending(house: &House, org: OrgId) -> Result<(), ActError> {
    let soon = house.now().plus(AHEAD).jst_date();
    let here = house.org(org);
    let mut reader = here.read().await?;
    let mandates = reader.mandates().await?;
    let mut ending = Vec::new();
    for channel in reader.line_channels().await? {
        let used = channel.kind == ChannelKind::Messaging && channel.state == ChannelState::Working;
        let found = mandates.iter().find(|it| used && Some(it.id) == channel.mandate);
        let Some((mandate, until)) = found.and_then(|it| Some((it.id.to_string(), it.until_on?))) else { continue };
        if until <= soon && !reader.work_was_known(KIND, &mandate).await? {
            ending.push((mandate, channel.id, until.pred_opt()));
        }
    }
    drop(reader);
    if ending.is_empty() {
        return Ok(());
    }
    let mut tx = here.write().await?;
    for (mandate, channel, last) in &ending {
        tx.add_work_item(KIND, mandate, None, &channel.to_string(), *last).await?;
    }
    let by = Machine::working(org, "tell_of_ending");
    Ok(tx.commit(&Act::named("tell_of_ending_mandate", by.actor(), house.operation())).await?)
}
