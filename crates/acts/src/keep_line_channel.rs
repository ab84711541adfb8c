//! A connected channel's plan, secret and state are changed by the office. Stopping keeps everything and sends nothing;
//! resuming asks nothing of LINE. Leaves number and provider as they were connected, the mandate to `renew_mandate`.

use tsunagari_access::permission::ManageChannels;
use tsunagari_access::{Act, Granted};
use tsunagari_channels::Secret;
use tsunagari_kernel::{ChannelId, Yen};
use tsunagari_outreach::Channel;
use tsunagari_outreach::campaign::PauseReason;
use tsunagari_storage::line_channel::{ChannelKind, ChannelState, LinePlan};

use crate::stop_channel::{hold_messages, pause_all};
use crate::{ActError, House, Reason};

/// The most messages beyond the plan that may be allowed a month.
const MOST_CEILING: i64 = 1_000_000;

/// The highest price that is believed, in yen.
const MOST_YEN: i64 = 10_000_000;

/// A plan as the form brings it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanGiven {
    /// The plan's code.
    pub plan: String,
    /// Further messages a month that may be paid for.
    pub ceiling: i64,
    /// The month's fee as the contract says, in yen; nothing: LINE's price list.
    pub fee: Option<i64>,
    /// The price of a further message, in yen; nothing: LINE's price list.
    pub extra_price: Option<i64>,
}

/// Keeps plan, ceiling and what both cost.
///
/// # Errors
/// Reasons at `plan`, `plan_ceiling`, `plan_fee`, `plan_extra_price`; not found.
pub async fn keep_line_plan(
    house: &House,
    by: &Granted<ManageChannels>,
    id: ChannelId,
    given: &PlanGiven,
) -> Result<(), ActError> {
    let Ok(plan) = given.plan.parse::<LinePlan>() else { return Err(ActError::refused_at("plan", "choose_one")) };
    let bounds = [
        ("plan_ceiling", Some(given.ceiling), MOST_CEILING),
        ("plan_fee", given.fee, MOST_YEN),
        ("plan_extra_price", given.extra_price, MOST_YEN),
    ];
    let out = |(field, value, most): (&'static str, Option<i64>, i64)| {
        let fits = value.is_none_or(|value| (0..=most).contains(&value));
        (!fits).then(|| Reason::at(field, "number_out_of_range").with("least", 0).with("most", most))
    };
    let wrong: Vec<Reason> = bounds.into_iter().filter_map(out).collect();
    if !wrong.is_empty() {
        return Err(ActError::Refused(wrong));
    }
    if given.ceiling > 0 && plan != LinePlan::Standard {
        return Err(ActError::refused_at("plan_ceiling", "plan_without_more"));
    }
    let mut tx = house.org(by.org()).write().await?;
    let mut channel = tx.line_channel(id).await?;
    channel.plan = plan;
    channel.plan_ceiling = given.ceiling;
    tx.keep_line_channel(&channel).await?;
    let mut terms = tx.channel_terms(id).await?;
    (terms.fee, terms.extra_price) = (given.fee.map(Yen), given.extra_price.map(Yen));
    tx.keep_channel_terms(id, &terms).await?;
    tx.commit(&Act::named("keep_line_plan", by.actor(), house.operation()).on("channel", id)).await?;
    Ok(())
}

/// Keeps the LIFF id of a login channel; an empty one is forgotten.
///
/// # Errors
/// `liff_id_unfit` at `liff_id`; not found.
pub async fn keep_liff_id(
    house: &House,
    by: &Granted<ManageChannels>,
    id: ChannelId,
    liff_id: &str,
) -> Result<(), ActError> {
    let liff_id = liff_id.trim();
    if !liff_id.is_empty() && !is_liff_id(liff_id) {
        return Err(ActError::refused_at("liff_id", "liff_id_unfit"));
    }
    let mut tx = house.org(by.org()).write().await?;
    let mut terms = tx.channel_terms(id).await?;
    terms.liff_id = Some(liff_id.to_owned()).filter(|it| !it.is_empty());
    tx.keep_channel_terms(id, &terms).await?;
    tx.commit(&Act::named("keep_liff_id", by.actor(), house.operation()).on("channel", id)).await?;
    Ok(())
}

/// The login channel's number, a hyphen, eight letters or digits.
fn is_liff_id(text: &str) -> bool {
    text.split_once('-').is_some_and(|(number, rest)| {
        number.len() == 10
            && number.bytes().all(|b| b.is_ascii_digit())
            && rest.len() == 8
            && rest.bytes().all(|b| b.is_ascii_alphanumeric())
    })
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
    // Before the channel is changed: what an answer of LINE stops, it stops in this order too.
    let mut held = match state {
        ChannelState::Stopped => hold_messages(&mut tx, None).await?,
        ChannelState::Working => Vec::new(),
    };
    let mut channel = tx.line_channel(id).await?;
    let act = match state {
        ChannelState::Working => {
            (channel.stopped_reason, channel.stopped_at) = (None, None);
            Act::named("resume_line_channel", by.actor(), house.operation())
        }
        ChannelState::Stopped => {
            (channel.stopped_reason, channel.stopped_at) = (Some("by_office".to_owned()), Some(house.real_clock.now()));
            Act::named("stop_line_channel", by.actor(), house.operation())
        }
    };
    channel.state = state;
    tx.keep_line_channel(&channel).await?;
    match (channel.kind, state) {
        // Sent on without it, readers by LINE would be skipped as if they had blocked the account.
        (ChannelKind::Messaging, ChannelState::Stopped) => {
            pause_all(&mut tx, &mut held, Channel::Line, PauseReason::ChannelRefused, house.now()).await?;
        }
        (ChannelKind::Messaging, ChannelState::Working) => tx.close_work("channel_stopped", "line", by.user()).await?,
        (ChannelKind::Login, _) => {}
    }
    Ok(tx.commit(&act.on("channel", id)).await?)
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

#[cfg(test)]
mod tests {
    #[test]
    fn a_liff_id_is_told_from_an_address() {
        assert!(super::is_liff_id("1234567890-AbcdEfgh"));
        for wrong in
            ["", "1234567890", "https://liff.line.me/1234567890-AbcdEfgh", "123456789-AbcdEfgh", "1234567890-Abcd"]
        {
            assert!(!super::is_liff_id(wrong), "{wrong}");
        }
    }
}
