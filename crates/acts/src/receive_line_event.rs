//! A webhook of LINE arrives: its signature is checked over the raw bytes with the secret of the channel the path names,
//! its events are stored as received, once each, and a job is put in the queue. Nothing is decided here, so that the
//! answer comes in time. Leaves applying to `jobs::apply_line_events`.

use sha2::{Digest, Sha256};
use tsunagari_channels::Secret;
use tsunagari_channels::line::webhook::{Event, EventKind, Signature, WebhookBody, check_signature};
use tsunagari_kernel::Timestamp;
use tsunagari_storage::line_inbound::{Arrived, InboundState};

use crate::begin_join::hex;
use crate::jobs::apply_line_events;
use crate::{ActError, House};

/// The kind of what cannot be read.
const UNREADABLE: &str = "unreadable";
/// The kind of what names another account than the channel's.
const MISDIRECTED: &str = "misdirected";

/// What became of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// Its events are stored; some may have been there already.
    Stored {
        /// New ones.
        fresh: u64,
        /// Known ones.
        again: u64,
    },
    /// Genuine, but no webhook that can be read, or one for another account; kept as received.
    Unreadable,
    /// Not signed by this channel.
    Forged,
}

/// Receives a webhook.
///
/// # Errors
/// `NotFound` for a path that is nobody's; storage's.
pub async fn receive_line_event(
    house: &House,
    hook: &str,
    signature: Option<&str>,
    body: &[u8],
) -> Result<Received, ActError> {
    let (here, channel) = house.store.webhook_route(hook).await?.ok_or(ActError::NotFound)?;
    let (secret, bot) = here.read_by_key().await?.webhook_check(channel).await?;
    if check_signature(&Secret::of(secret), body, signature) == Signature::False {
        return Ok(Received::Forged);
    }
    let now = house.real_clock.now();
    let payload = apply_line_events::payload(channel);
    let job = (apply_line_events::KIND, payload.as_str());
    let parsed = match WebhookBody::parse(body) {
        Ok(parsed) if is_for(&parsed, bot.as_deref()) => parsed,
        other => {
            let kind = if other.is_ok() { MISDIRECTED } else { UNREADABLE };
            tracing::warn!(%channel, kind, "a webhook is kept but not applied");
            let kept = Arrived {
                key: format!("sha256:{}", hex(&Sha256::digest(body))),
                kind: kind.into(),
                at: now,
                raw: String::from_utf8_lossy(body).into_owned(),
                state: InboundState::Unreadable,
            };
            here.store_inbound(channel, &[kept], job, now).await?;
            return Ok(Received::Unreadable);
        }
    };
    let batch: Vec<Arrived> = parsed.events.iter().map(|event| arrived(event, now)).collect();
    if batch.is_empty() {
        return Ok(Received::Stored { fresh: 0, again: 0 });
    }
    let fresh = here.store_inbound(channel, &batch, job, now).await?;
    Ok(Received::Stored { fresh, again: (batch.len() as u64).saturating_sub(fresh) })
}

/// Whether the account the webhook names is this channel's. One that is not named, or not known yet, is taken to be.
fn is_for(body: &WebhookBody, bot: Option<&str>) -> bool {
    body.destination.is_empty() || bot.is_none_or(|bot| bot == body.destination)
}

fn arrived(event: &Event, now: Timestamp) -> Arrived {
    let (kind, state) = match &event.kind {
        EventKind::Unreadable => (UNREADABLE.to_owned(), InboundState::Unreadable),
        EventKind::Follow(_)
        | EventKind::Unfollow
        | EventKind::Text { .. }
        | EventKind::OtherMessage { .. }
        | EventKind::Postback { .. }
        | EventKind::AccountLink { .. }
        | EventKind::Unsend { .. }
        | EventKind::Unknown(_) => (word(event), InboundState::New),
    };
    Arrived { key: event.identity(), kind, at: event.timestamp.unwrap_or(now), raw: event.raw.clone(), state }
}

/// LINE's word for the kind.
fn word(event: &Event) -> String {
    let value: serde_json::Value = serde_json::from_str(&event.raw).unwrap_or_default();
    value["type"].as_str().unwrap_or("unknown").chars().take(40).collect()
}
