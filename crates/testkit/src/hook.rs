//! LINE's side of a channel's webhook in tests: events as LINE writes them, bodies, signatures. Leaves the simulator's own
//! webhooks (habits, redelivery, order) to line-sim.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What an event says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// The account was added.
    Follow,
    /// It was blocked.
    Unfollow,
    /// Something was written.
    Text,
}

/// One event as LINE writes it. `id` makes it the same as another one, `at_ms` is when it happened.
pub fn event(happened: Happened, user_id: &str, id: &str, at_ms: i64) -> String {
    let what = match happened {
        Happened::Follow => r#""type":"follow","follow":{"isUnblocked":false},"replyToken":"r""#.to_owned(),
        Happened::Unfollow => r#""type":"unfollow""#.to_owned(),
        Happened::Text => format!(
            r#""type":"message","message":{{"type":"text","id":"{at_ms}","quoteToken":"q","text":"はい"}},"replyToken":"r""#
        ),
    };
    format!(
        r#"{{{what},"mode":"active","timestamp":{at_ms},"source":{{"type":"user","userId":"{user_id}"}},"webhookEventId":"{id}","deliveryContext":{{"isRedelivery":false}}}}"#
    )
}

/// A body of some events.
pub fn body(events: &[String]) -> String {
    format!(r#"{{"destination":"U00000000000000000000000000000000","events":[{}]}}"#, events.join(","))
}

/// The signature of a body.
#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
pub fn signature(secret: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
    mac.update(body.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
