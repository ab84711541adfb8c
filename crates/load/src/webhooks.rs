//! LINE's side of a channel's webhook: bodies as LINE writes them, signed, posted at a pace or as fast as answers come.
//! Leaves the simulator's own webhooks (habits, redelivery, order) to line-sim.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::task::JoinSet;

use crate::{Pace, Times};

/// Where a channel's webhooks go, and how they are signed.
#[derive(Debug, Clone)]
pub struct Hook {
    /// The whole address.
    pub url: String,
    /// The channel's secret.
    pub secret: String,
}

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
        Happened::Follow => {
            r#""type":"follow","follow":{"isUnblocked":false},"replyToken":"0f3779fba3b349968c5d07db31eab56f""#
                .to_owned()
        }
        Happened::Unfollow => r#""type":"unfollow""#.to_owned(),
        Happened::Text => format!(
            r#""type":"message","message":{{"type":"text","id":"{at_ms}","quoteToken":"q","text":"yes"}},"replyToken":"0f3779fba3b349968c5d07db31eab56f""#
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
///
/// # Panics
/// Never: every length is a key's.
#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
pub fn signature(secret: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any length");
    mac.update(body.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// What became of some webhooks.
#[derive(Debug, Clone, Default)]
pub struct Answered {
    /// How long each answer took.
    pub times: Times,
    /// Answered 200.
    pub acknowledged: u64,
    /// Anything else, a lost connection among it.
    pub refused: u64,
    /// From the first to the last answer.
    pub took: Duration,
}

impl Hook {
    /// Posts one body; the status, 0 when there was no answer.
    pub async fn post(&self, client: &reqwest::Client, body: String, signature: String) -> u16 {
        let request =
            client.post(&self.url).header("x-line-signature", signature).header("content-type", "application/json");
        match request.body(body).send().await {
            Ok(answer) => {
                let status = answer.status().as_u16();
                // The body is read so that the connection can be used again.
                let _ = answer.bytes().await;
                status
            }
            Err(_) => 0,
        }
    }

    /// Posts bodies at a steady rate, whether or not earlier ones are answered; times count from when each was due.
    pub async fn at_pace(&self, client: &reqwest::Client, a_second: f64, bodies: Vec<String>) -> Answered {
        let hook = Arc::new(self.clone());
        let signed: Vec<(String, String)> =
            bodies.into_iter().map(|body| (signature(&self.secret, &body), body)).map(|(s, b)| (b, s)).collect();
        let (pace, begin) = (Pace::of(a_second), tokio::time::Instant::now());
        let mut flying: JoinSet<(u16, Duration)> = JoinSet::new();
        for (n, (body, signature)) in (0..).zip(signed) {
            let due = pace.arrival(n).await;
            let (hook, client) = (hook.clone(), client.clone());
            flying.spawn(async move {
                let status = hook.post(&client, body, signature).await;
                (status, due.elapsed())
            });
        }
        let mut answered = Answered::default();
        let mut times = Vec::with_capacity(flying.len());
        while let Some(one) = flying.join_next().await {
            let Ok((status, took)) = one else {
                answered.refused += 1;
                continue;
            };
            times.push(took);
            if status == 200 {
                answered.acknowledged += 1;
            } else {
                answered.refused += 1;
            }
        }
        answered.took = begin.elapsed();
        answered.times = Times::of(times);
        answered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_json_that_line_could_have_sent() {
        let events = [Happened::Follow, Happened::Unfollow, Happened::Text].map(|it| event(it, "U1", "01H", 5));
        let read: serde_json::Value = serde_json::from_str(&body(&events)).unwrap();
        assert_eq!(read["events"].as_array().unwrap().len(), 3);
        assert_eq!(read["events"][2]["message"]["text"], "yes");
    }
}
