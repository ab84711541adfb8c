//! LINE: the Messaging API client, LINE Login, webhooks, message objects and their limits.
//! Facts: LINE's published OpenAPI description (line/line-openapi) and developer documentation, as of 2026-08.
//! Leaves retry schedules, quotas over time and who may be written to, to `outreach` and `acts`.
//! To add a call: a method on `LineApi` in the file of its noun, going through `LineApi::call`.

mod call;
mod client;
mod fault;
pub mod limits;
pub mod login;
pub mod message;
mod messaging;
mod rich_menu;
mod token;
mod users;
pub mod webhook;
mod webhook_endpoint;

pub use client::{BadHost, HostSet, LineApi};
pub use fault::{Answer, ErrorDetail, Fault, LineError, NextStep};
pub use messaging::{
    Consumption, FrozenBody, MulticastBody, Notification, PushBody, Quota, ReplyBody, RetryKey, Sent, SentMessage,
    ValidateFor,
};
pub use rich_menu::{ImageKind, RichMenu, RichMenuAlias, RichMenuArea, RichMenuBounds, RichMenuSize};
pub use token::{StatelessToken, TokenCache};
pub use users::{BotInfo, FollowerPage, Profile};
pub use webhook_endpoint::{WebhookEndpoint, WebhookTest};
