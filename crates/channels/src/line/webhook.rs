//! Webhooks as they come in: the signature over the raw bytes, then events read as leniently as LINE's own samples need
//! (they lack properties LINE's description calls required). Leaves storing, once-only and order to `acts`.
//! To add an event kind: a variant of `EventKind` and its arm in `kind_of`; until then it is `Unknown` and kept raw.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use thiserror::Error;
use tsunagari_kernel::Timestamp;

use crate::Secret;

/// Whether the bytes were signed with this channel's secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// They were.
    Genuine,
    /// They were not, or the header is missing or unreadable.
    False,
}

/// Checks `x-line-signature`: base64 of HMAC-SHA256 over the raw body, compared in constant time on the decoded bytes.
pub fn check_signature(secret: &Secret, raw_body: &[u8], header: Option<&str>) -> Signature {
    let Some(claimed) = header.and_then(|text| STANDARD.decode(text.trim()).ok()) else {
        return Signature::False;
    };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes()) else {
        return Signature::False;
    };
    mac.update(raw_body);
    match mac.verify_slice(&claimed) {
        Ok(()) => Signature::Genuine,
        Err(_) => Signature::False,
    }
}

/// A body that is not a webhook at all. It is stored and counted, never answered with a 5xx.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not a LINE webhook body")]
pub struct NotAWebhook;

/// A webhook body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookBody {
    /// The bot's user id; empty when missing. Must be the channel's own.
    pub destination: String,
    /// May be empty ("Verify" in LINE's console).
    pub events: Vec<Event>,
}

/// Whether LINE has sent this event before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// The first time.
    First,
    /// Again.
    Redelivered,
}

/// Whether this channel may answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It may.
    Active,
    /// Another module has the talk: do not send.
    Standby,
}

/// One event.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    /// `webhookEventId` (a ULID), when given.
    pub id: Option<String>,
    /// When it happened, also for a redelivery; `None` when missing or absurd.
    pub timestamp: Option<Timestamp>,
    /// First or again.
    pub delivery: Delivery,
    /// Active or standby.
    pub mode: Mode,
    /// The user, when LINE names one.
    pub user_id: Option<String>,
    /// Whether it came from a group or room (the product talks one to one).
    pub from: Source,
    /// For a reply within one minute.
    pub reply_token: Option<Secret>,
    /// What happened.
    pub kind: EventKind,
    /// The event's JSON as received.
    pub raw: String,
}

// A person's words and ids stay out of debug prints.
impl std::fmt::Debug for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Event({})", self.id.as_deref().unwrap_or("without id"))
    }
}

/// Where an event came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A talk with one user.
    User,
    /// A group or a room.
    Many,
    /// Not said.
    Unsaid,
}

/// Whether a follow is a first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FollowKind {
    /// Added as a friend.
    Added,
    /// Unblocked (LINE: not fully accurate).
    Unblocked,
}

/// How an account link ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkResult {
    /// Linked.
    Ok,
    /// Not linked.
    Failed,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// The account was added or unblocked.
    Follow(FollowKind),
    /// The account was blocked.
    Unfollow,
    /// Somebody wrote.
    Text {
        /// LINE's message id.
        message_id: String,
        /// Their words.
        text: String,
    },
    /// A message of another kind: `image`, `sticker`, …
    OtherMessage {
        /// LINE's message id.
        message_id: String,
        /// LINE's word for the kind.
        kind: String,
    },
    /// A button was touched.
    Postback {
        /// Our data.
        data: String,
    },
    /// An account link ended.
    AccountLink {
        /// How.
        result: LinkResult,
        /// Ours.
        nonce: String,
    },
    /// A message was taken back: its text must be deleted.
    Unsend {
        /// Which.
        message_id: String,
    },
    /// Anything else, by LINE's word for it.
    Unknown(String),
    /// What is JSON by its brackets but cannot be read: half a character, a nesting without end.
    Unreadable,
}

#[derive(Deserialize)]
struct Shell<'a> {
    #[serde(default)]
    destination: Option<String>,
    #[serde(borrow, default)]
    events: Option<Vec<&'a RawValue>>,
}

impl WebhookBody {
    /// Reads a body whose signature has been checked.
    pub fn parse(raw_body: &[u8]) -> Result<Self, NotAWebhook> {
        let shell: Shell<'_> = serde_json::from_slice(raw_body).map_err(|_| NotAWebhook)?;
        if shell.destination.is_none() && shell.events.is_none() {
            return Err(NotAWebhook);
        }
        let events = shell.events.unwrap_or_default().into_iter().map(Event::read).collect();
        Ok(Self { destination: shell.destination.unwrap_or_default(), events })
    }
}

impl Event {
    fn read(raw: &RawValue) -> Self {
        let Ok(value) = serde_json::from_str::<Value>(raw.get()) else { return Self::unreadable(raw) };
        let millis = value["timestamp"].as_i64().and_then(|millis| millis.checked_mul(1000));
        Self {
            id: text_at(&value, "/webhookEventId"),
            timestamp: millis.map(Timestamp::from_micros),
            delivery: match value.pointer("/deliveryContext/isRedelivery") {
                Some(Value::Bool(true)) => Delivery::Redelivered,
                _ => Delivery::First,
            },
            mode: if value["mode"] == "standby" { Mode::Standby } else { Mode::Active },
            user_id: text_at(&value, "/source/userId"),
            from: match value.pointer("/source/type").and_then(Value::as_str) {
                Some("user") => Source::User,
                Some(_) => Source::Many,
                None => Source::Unsaid,
            },
            reply_token: text_at(&value, "/replyToken").map(Secret::of),
            kind: kind_of(&value),
            raw: raw.get().to_owned(),
        }
    }

    fn unreadable(raw: &RawValue) -> Self {
        Self {
            id: None,
            timestamp: None,
            delivery: Delivery::First,
            mode: Mode::Active,
            user_id: None,
            from: Source::Unsaid,
            reply_token: None,
            kind: EventKind::Unreadable,
            raw: raw.get().to_owned(),
        }
    }

    /// What makes this event the same as an earlier one: its id, or for an event without one a hash over everything but
    /// the delivery context (which differs when LINE sends it again); of what cannot be read, over the bytes themselves.
    pub fn identity(&self) -> String {
        if let Some(id) = &self.id {
            return id.clone();
        }
        let hash = |text: &str| format!("sha256:{}", hex::encode(Sha256::digest(text.as_bytes())));
        let Ok(mut value) = serde_json::from_str::<Value>(&self.raw) else { return hash(&self.raw) };
        if let Some(object) = value.as_object_mut() {
            object.remove("deliveryContext");
        }
        hash(&value.to_string())
    }
}

fn kind_of(event: &Value) -> EventKind {
    let name = event["type"].as_str().unwrap_or_default();
    let text = |pointer| text_at(event, pointer).unwrap_or_default();
    match name {
        "follow" if event.pointer("/follow/isUnblocked") == Some(&Value::Bool(true)) => {
            EventKind::Follow(FollowKind::Unblocked)
        }
        "follow" => EventKind::Follow(FollowKind::Added),
        "unfollow" => EventKind::Unfollow,
        "message" => match (text("/message/type").as_str(), text_at(event, "/message/text")) {
            ("text", Some(words)) => EventKind::Text { message_id: text("/message/id"), text: words },
            (kind, _) => EventKind::OtherMessage { message_id: text("/message/id"), kind: kind.to_owned() },
        },
        "postback" => EventKind::Postback { data: text("/postback/data") },
        "accountLink" => EventKind::AccountLink {
            result: if text("/link/result") == "ok" { LinkResult::Ok } else { LinkResult::Failed },
            nonce: text("/link/nonce"),
        },
        "unsend" => EventKind::Unsend { message_id: text("/unsend/messageId") },
        other => EventKind::Unknown(other.to_owned()),
    }
}

fn text_at(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests;
