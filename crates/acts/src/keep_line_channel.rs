//! A connected channel's plan, secret and state are changed by the office. Stopping keeps everything and sends nothing;
//! resuming asks nothing of LINE. Leaves number, provider and mandate as they were connected.

use tsunagari_access::permission::ManageChannels;
use tsunagari_access::{Act, Granted};
use tsunagari_channels::Secret;
use tsunagari_kernel::ChannelId;
use tsunagari_outreach::Channel;
use tsunagari_outreach::campaign::PauseReason;
use tsunagari_storage::line_channel::{ChannelKind, ChannelState, LinePlan};

use crate::settle_dispatch::pause_all;
use crate::{ActError, House, Reason};

/// The most messages beyond the plan that may be allowed a month.
const MOST_CEILING: i64 = 1_000_000;

/// Keeps plan and ceiling.
///
/// # Errors
/// Reasons at `plan`, `plan_ceiling`; not found.
pub async fn keep_line_plan(
    house: &House,
    by: &Granted<ManageChannels>,
    id: ChannelId,
    plan: &str,
    ceiling: i64,
) -> Result<(), ActError> {
    let Ok(plan) = plan.parse::<LinePlan>() else { return Err(ActError::refused_at("plan", "choose_one")) };
    if !(0..=MOST_CEILING).contains(&ceiling) {
        return Err(ActError::Refused(vec![
            Reason::at("plan_ceiling", "number_out_of_range").with("least", 0).with("most", MOST_CEILING),
        ]));
    }
    if ceiling > 0 && plan != LinePlan::Standard {
        return Err(ActError::refused_at("plan_ceiling", "plan_without_more"));
    }
    let mut tx = house.org(by.org()).write().await?;
    let mut channel = tx.line_channel(id).await?;
    channel.plan = plan;
    channel.plan_ceiling = ceiling;
    tx.keep_line_channel(&channel).await?;
    tx.commit(&Act::named("keep_line_plan", by.actor(), house.operation()).on("channel", id)).await?;
    Ok(())
}

/// Stops a channel or lets it work again.
///
/// # Errors
/// Not found.
pub async fn keep_line_state(
    house: &House,
    by: &Granted<ManageChannels>,
    id: ChannelId,
    state: ChannelState,
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let mut channel = tx.line_channel(id).await?;
    let code = match state {
        ChannelState::Working => {
            (channel.stopped_reason, channel.stopped_at) = (None, None);
            "resume_line_channel"
        }
        ChannelState::Stopped => {
            (channel.stopped_reason, channel.stopped_at) = (Some("by_office".to_owned()), Some(house.real_clock.now()));
            "stop_line_channel"
        }
    };
    channel.state = state;
    tx.keep_line_channel(&channel).await?;
    match (channel.kind, state) {
        // Sent on without it, readers by LINE would be skipped as if they had blocked the account.
        (ChannelKind::Messaging, ChannelState::Stopped) => {
            pause_all(&mut tx, Channel::Line, PauseReason::ChannelRefused, house.now()).await?;
        }
        (ChannelKind::Messaging, ChannelState::Working) => tx.close_work("channel_stopped", "line", by.user()).await?,
        (ChannelKind::Login, _) => {}
    }
    tx.commit(&Act::named(code, by.actor(), house.operation()).on("channel", id)).await?;
    Ok(())
}

/// Replaces the secret after LINE accepted the new one (LINE ends an old secret at once when it issues a new one).
///
/// # Errors
/// `line_secret_unfit`, `line_secret_refused` or LINE's failure at `secret`; not found.
pub async fn keep_line_secret(
    house: &House,
    by: &Granted<ManageChannels>,
    id: ChannelId,
    secret: &str,
) -> Result<(), ActError> {
    let secret = secret.trim();
    if secret.len() != 32 || !secret.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(ActError::refused_at("secret", "line_secret_unfit"));
    }
    let channel = house.org(by.org()).read().await?.line_channel(id).await?;
    if let Err(error) = house.line.prove(channel, Secret::of(secret)).await {
        let code = match error.code() {
            "line_rejected" | "line_unauthorised" => "line_secret_refused",
            other => other,
        };
        return Err(ActError::refused_at("secret", code));
    }
    let mut tx = house.org(by.org()).write().await?;
    tx.set_line_secret(id, secret).await?;
    tx.commit(&Act::named("keep_line_secret", by.actor(), house.operation()).on("channel", id)).await?;
    house.line.forget(id);
    Ok(())
}
