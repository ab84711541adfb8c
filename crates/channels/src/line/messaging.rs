//! Sending: push, multicast, reply, validate, quota. Bodies are frozen once, so that a retry sends identical bytes under
//! its key. Leaves storing the frozen body before the first attempt to `acts`.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::LineApi;
use super::call::Call;
use super::fault::{Answer, Fault, LineError};
use super::limits::{Violation, Violations, check_messages, check_recipients, check_units};
use super::message::Message;
use crate::Secret;

/// The key under which LINE accepts a request once in 24 h. A fresh random one per request, stored before the first attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RetryKey(pub Uuid);

impl fmt::Display for RetryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// Whether the phone makes a sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notification {
    /// As the phone is set.
    #[default]
    Aloud,
    /// Without a push notification.
    Silent,
}

/// The bytes of a request, checked and frozen.
#[derive(Clone, PartialEq, Eq)]
pub struct FrozenBody(Vec<u8>);

impl FrozenBody {
    /// A body that was frozen and stored before.
    pub fn thaw(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes, for storing.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for FrozenBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FrozenBody({} bytes)", self.0.len())
    }
}

/// A message to one user.
#[derive(Debug, Clone)]
pub struct PushBody {
    /// `U…`
    pub to: String,
    /// 1 to 5.
    pub messages: Vec<Message>,
    /// Sound or not.
    pub notification: Notification,
    /// A unit for LINE's own statistics, `[A-Za-z0-9_]{1,30}`.
    pub aggregation_unit: Option<String>,
}

/// The same message to up to 500 users.
#[derive(Debug, Clone)]
pub struct MulticastBody {
    /// 1 to 500 user ids.
    pub to: Vec<String>,
    /// 1 to 5.
    pub messages: Vec<Message>,
    /// Sound or not.
    pub notification: Notification,
    /// A unit for LINE's own statistics.
    pub aggregation_unit: Option<String>,
}

/// An answer to an event, within one minute of it; free of charge, never with a retry key.
#[derive(Debug, Clone)]
pub struct ReplyBody {
    /// From the event.
    pub reply_token: Secret,
    /// 1 to 5.
    pub messages: Vec<Message>,
    /// Sound or not.
    pub notification: Notification,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a, T: Serialize> {
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_token: Option<&'a str>,
    messages: &'a [Message],
    #[serde(skip_serializing_if = "is_false")]
    notification_disabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_aggregation_units: Option<[&'a str; 1]>,
}

fn is_false(value: &bool) -> bool {
    !*value
}

fn freeze<T: Serialize>(mut found: Vec<Violation>, wire: &Wire<'_, T>) -> Result<FrozenBody, Violations> {
    found.extend(check_messages(wire.messages));
    if !found.is_empty() {
        return Err(Violations(found));
    }
    // Serialising plain structs to memory cannot fail; a violation is the honest answer if it ever does.
    serde_json::to_vec(wire).map(FrozenBody).map_err(|_| Violations(vec![Violation::unserialisable()]))
}

impl PushBody {
    /// Checks LINE's documented limits and freezes the bytes.
    pub fn freeze(&self) -> Result<FrozenBody, Violations> {
        let mut found = check_recipients(std::slice::from_ref(&self.to), 1);
        found.extend(check_units(self.aggregation_unit.as_deref()));
        freeze(
            found,
            &Wire {
                to: Some(&self.to),
                reply_token: None,
                messages: &self.messages,
                notification_disabled: self.notification == Notification::Silent,
                custom_aggregation_units: self.aggregation_unit.as_deref().map(|unit| [unit]),
            },
        )
    }
}

impl MulticastBody {
    /// Checks LINE's documented limits and freezes the bytes.
    pub fn freeze(&self) -> Result<FrozenBody, Violations> {
        let mut found = check_recipients(&self.to, 500);
        found.extend(check_units(self.aggregation_unit.as_deref()));
        freeze(
            found,
            &Wire {
                to: Some(&self.to),
                reply_token: None,
                messages: &self.messages,
                notification_disabled: self.notification == Notification::Silent,
                custom_aggregation_units: self.aggregation_unit.as_deref().map(|unit| [unit]),
            },
        )
    }
}

impl ReplyBody {
    /// Checks LINE's documented limits and freezes the bytes.
    pub fn freeze(&self) -> Result<FrozenBody, Violations> {
        freeze(
            Vec::new(),
            &Wire::<()> {
                to: None,
                reply_token: Some(self.reply_token.reveal()),
                messages: &self.messages,
                notification_disabled: self.notification == Notification::Silent,
                custom_aggregation_units: None,
            },
        )
    }
}

/// A message as LINE accepted it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SentMessage {
    /// LINE's message id.
    pub id: String,
    /// For quoting it later.
    #[serde(default)]
    pub quote_token: Option<String>,
}

/// The accepted messages of a push or a reply; empty for a multicast. Accepted is not delivered: a push to somebody who
/// has blocked the account answers 200 too.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
pub struct Sent {
    /// One per message object.
    #[serde(default, rename = "sentMessages")]
    pub messages: Vec<SentMessage>,
}

/// Which endpoint a set of messages is validated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValidateFor {
    /// Reply.
    Reply,
    /// Push.
    Push,
    /// Multicast.
    Multicast,
}

/// The month's allowance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quota {
    /// No upper limit (what the municipal plan presumably answers).
    Unlimited,
    /// Messages in this month, additional ones included.
    Limited(u64),
}

#[derive(Deserialize)]
struct QuotaWire {
    #[serde(rename = "type")]
    kind: String,
    value: Option<u64>,
}

/// Messages used in this month; approximate, says LINE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Consumption {
    /// Messages counted so far.
    #[serde(rename = "totalUsage")]
    pub total_usage: u64,
}

impl LineApi {
    /// Push: `POST /v2/bot/message/push`.
    pub async fn push(&self, token: &Secret, body: &FrozenBody, key: RetryKey) -> Result<Answer<Sent>, LineError> {
        self.send(token, "POST message/push", "push", body, Some(key)).await
    }

    /// Multicast: `POST /v2/bot/message/multicast`.
    pub async fn multicast(&self, token: &Secret, body: &FrozenBody, key: RetryKey) -> Result<Answer<Sent>, LineError> {
        self.send(token, "POST message/multicast", "multicast", body, Some(key)).await
    }

    /// Reply: `POST /v2/bot/message/reply`. Must not be retried blindly: a retry key is not allowed here.
    pub async fn reply(&self, token: &Secret, body: &FrozenBody) -> Result<Answer<Sent>, LineError> {
        self.send(token, "POST message/reply", "reply", body, None).await
    }

    async fn send(
        &self,
        token: &Secret,
        name: &'static str,
        kind: &str,
        body: &FrozenBody,
        key: Option<RetryKey>,
    ) -> Result<Answer<Sent>, LineError> {
        let path = ["v2", "bot", "message", kind];
        let mut call = Call::post(name, token, &path).json(body.bytes());
        call.retry_key = key;
        self.call(call).await
    }

    /// Has LINE check message objects without sending them.
    pub async fn validate(
        &self,
        token: &Secret,
        target: ValidateFor,
        messages: &[Message],
    ) -> Result<Answer<()>, LineError> {
        let (name, kind) = match target {
            ValidateFor::Reply => ("POST message/validate/reply", "reply"),
            ValidateFor::Push => ("POST message/validate/push", "push"),
            ValidateFor::Multicast => ("POST message/validate/multicast", "multicast"),
        };
        let body = serde_json::json!({ "messages": messages }).to_string();
        let path = ["v2", "bot", "message", "validate", kind];
        self.call_plain(Call::post(name, token, &path).json(body.as_bytes())).await
    }

    /// The month's allowance.
    pub async fn quota(&self, token: &Secret) -> Result<Answer<Quota>, LineError> {
        let call = Call::get("GET message/quota", token, &["v2", "bot", "message", "quota"]);
        let Answer { value, request_id } = self.call::<QuotaWire>(call).await?;
        let value = match (value.kind.as_str(), value.value) {
            ("none", _) => Quota::Unlimited,
            (_, Some(limit)) => Quota::Limited(limit),
            // A limit of unknown height must never be taken for none.
            (_, None) => return Err(LineError { call: "GET message/quota", request_id, fault: Fault::Unreadable }),
        };
        Ok(Answer { value, request_id })
    }

    /// What has been used of it.
    pub async fn consumption(&self, token: &Secret) -> Result<Answer<Consumption>, LineError> {
        let path = ["v2", "bot", "message", "quota", "consumption"];
        self.call(Call::get("GET message/quota/consumption", token, &path)).await
    }
}
