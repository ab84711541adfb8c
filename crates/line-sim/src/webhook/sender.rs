//! Delivery of webhook events: compact JSON, signature, two seconds, to loopback only; redelivery, duplicates, batches and disorder on demand.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::{Semaphore, watch};
use url::Url;

use crate::rules::message::is_loopback;
use crate::sim::Sim;
use crate::state::ChannelKey;

const LIMIT: Duration = Duration::from_secs(2);
const KEPT: usize = 1000;

/// How a channel's webhooks are delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Habits {
    /// Redeliveries after a failure; 0 is LINE's default, off.
    pub redeliveries: u32,
    /// Milliseconds before each redelivery (real time).
    pub interval_millis: u64,
    /// Each event is delivered this many extra times.
    pub duplicates: u32,
    /// Keeps events until they are released.
    pub hold: bool,
}

impl Default for Habits {
    fn default() -> Self {
        Self { redeliveries: 0, interval_millis: 500, duplicates: 0, hold: false }
    }
}

/// In which order held events are released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseOrder {
    /// As they happened.
    Happened,
    /// The last first.
    Reversed,
    /// By chance.
    Shuffled,
}

/// How a delivery ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// An HTTP status.
    Answered(u16),
    /// No answer within two seconds.
    TimedOut,
    /// No connection (also: an address that is not loopback).
    NotConnected,
}

impl Outcome {
    /// A 2xx.
    pub fn is_ok(self) -> bool {
        matches!(self, Self::Answered(code) if (200..300).contains(&code))
    }

    /// LINE's reason word.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Answered(_) if self.is_ok() => "OK",
            Self::Answered(_) => "ERROR_STATUS_CODE",
            Self::TimedOut => "REQUEST_TIMEOUT",
            Self::NotConnected => "COULD_NOT_CONNECT",
        }
    }
}

/// A signed body on its way.
#[derive(Debug, Clone)]
pub struct Delivery {
    url: String,
    body: Vec<u8>,
    signature: String,
}

impl Delivery {
    /// Signs events for an endpoint.
    pub fn signed(url: String, secret: &str, destination: &str, events: &[Value]) -> Self {
        let body = json!({"destination": destination, "events": events}).to_string().into_bytes();
        let signature = sign(secret, &body);
        Self { url, body, signature }
    }
}

/// Base64 of HMAC-SHA256 with the channel secret over the raw body.
pub fn sign(secret: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length; the error of the interface cannot happen.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// One attempt, as the admin page lists it.
#[derive(Debug, Clone, Serialize)]
pub struct Attempt {
    /// Channel id.
    pub channel: String,
    /// Events in the body.
    pub events: usize,
    /// Whether it was a redelivery.
    pub redelivery: bool,
    /// LINE's reason word.
    pub reason: &'static str,
    /// HTTP status, 0 when none.
    pub status: u16,
}

/// The sender of all channels.
pub struct Sender {
    client: reqwest::Client,
    room: Arc<Semaphore>,
    habits: Mutex<HashMap<ChannelKey, Habits>>,
    held: Mutex<HashMap<ChannelKey, Vec<Value>>>,
    attempts: Mutex<VecDeque<Attempt>>,
    delivered: AtomicU64,
    open: watch::Sender<usize>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sender {
    /// A sender with nothing to send.
    ///
    /// # Errors
    /// When the HTTP client cannot be built.
    pub fn build() -> Result<Self, reqwest::Error> {
        // Built together with crates that bring TLS, the client asks for a provider although it only speaks plain http.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().timeout(LIMIT).redirect(reqwest::redirect::Policy::none()).no_proxy();
        Ok(Self {
            client: client.build()?,
            room: Arc::new(Semaphore::new(32)),
            habits: Mutex::default(),
            held: Mutex::default(),
            attempts: Mutex::default(),
            delivered: AtomicU64::new(0),
            open: watch::Sender::new(0),
        })
    }

    /// Sets a channel's habits.
    pub fn set_habits(&self, channel: ChannelKey, habits: Habits) {
        lock(&self.habits).insert(channel, habits);
    }

    /// A channel's habits.
    pub fn habits(&self, channel: ChannelKey) -> Habits {
        lock(&self.habits).get(&channel).cloned().unwrap_or_default()
    }

    /// The last attempts, oldest first.
    pub fn attempts(&self) -> Vec<Attempt> {
        lock(&self.attempts).iter().cloned().collect()
    }

    /// Deliveries answered with 2xx since the start.
    pub fn delivered(&self) -> u64 {
        self.delivered.load(Ordering::Relaxed)
    }

    /// Queues an event of a channel, or holds it.
    pub fn queue(&self, sim: &Sim, channel: ChannelKey, event: Value) {
        let habits = self.habits(channel);
        if habits.hold {
            lock(&self.held).entry(channel).or_default().push(event);
            return;
        }
        for _ in 0..=habits.duplicates {
            self.dispatch(sim, channel, vec![event.clone()]);
        }
    }

    /// Releases held events in an order, so many in a body, each `1 + duplicates` times; gives how many there were.
    pub fn release(&self, sim: &Sim, channel: ChannelKey, order: ReleaseOrder, batch: usize) -> usize {
        let mut events = lock(&self.held).remove(&channel).unwrap_or_default();
        let count = events.len();
        let copies = 1 + self.habits(channel).duplicates as usize;
        events = events.into_iter().flat_map(|e| std::iter::repeat_n(e, copies)).collect();
        match order {
            ReleaseOrder::Happened => {}
            ReleaseOrder::Reversed => events.reverse(),
            ReleaseOrder::Shuffled => sim.chance().shuffle(&mut events),
        }
        for part in events.chunks(batch.max(1)) {
            self.dispatch(sim, channel, part.to_vec());
        }
        count
    }

    /// Waits until no delivery (or redelivery) is under way.
    pub async fn idle(&self) {
        let mut open = self.open.subscribe();
        // The sender lives as long as self, so waiting cannot fail.
        let _ = open.wait_for(|n| *n == 0).await;
    }

    fn dispatch(&self, sim: &Sim, channel: ChannelKey, events: Vec<Value>) {
        self.open.send_modify(|n| *n += 1);
        let sim = sim.clone();
        tokio::spawn(async move {
            sim.sender().deliver(&sim, channel, events).await;
            sim.sender().open.send_modify(|n| *n -= 1);
        });
    }

    async fn deliver(&self, sim: &Sim, channel: ChannelKey, mut events: Vec<Value>) {
        let habits = self.habits(channel);
        for round in 0..=habits.redeliveries {
            if round > 0 {
                tokio::time::sleep(Duration::from_millis(habits.interval_millis)).await;
                mark_redelivery(sim, &mut events);
            }
            let delivery = {
                let world = sim.world();
                let account = world.channel(channel);
                let url = account.webhook_url.clone().filter(|_| account.webhook_active);
                let Some(url) = url else { return };
                Delivery::signed(url, &account.secret, &account.bot_user_id, &events)
            };
            let outcome = self.post(&delivery).await;
            self.note(sim, channel, events.len(), round, outcome);
            if outcome.is_ok() {
                return;
            }
        }
    }

    fn note(&self, sim: &Sim, channel: ChannelKey, events: usize, round: u32, outcome: Outcome) {
        if outcome.is_ok() {
            self.delivered.fetch_add(1, Ordering::Relaxed);
        }
        let status = match outcome {
            Outcome::Answered(code) => code,
            Outcome::TimedOut | Outcome::NotConnected => 0,
        };
        let id = sim.world().channel(channel).id.clone();
        let mut attempts = lock(&self.attempts);
        attempts.push_back(Attempt { channel: id, events, redelivery: round > 0, reason: outcome.reason(), status });
        while attempts.len() > KEPT {
            attempts.pop_front();
        }
    }

    /// Posts once.
    pub async fn post(&self, delivery: &Delivery) -> Outcome {
        let Ok(_room) = self.room.acquire().await else { return Outcome::NotConnected };
        match Url::parse(&delivery.url) {
            Ok(url) if is_loopback(&url) => {}
            Ok(_) | Err(_) => return Outcome::NotConnected,
        }
        let request = self.client.post(&delivery.url).header("content-type", "application/json; charset=utf-8");
        let request =
            request.header("user-agent", "LineBotWebhook/2.0").header("x-line-signature", &delivery.signature);
        match request.body(delivery.body.clone()).send().await {
            Ok(response) => Outcome::Answered(response.status().as_u16()),
            Err(error) if error.is_timeout() => Outcome::TimedOut,
            Err(_) => Outcome::NotConnected,
        }
    }
}

fn mark_redelivery(sim: &Sim, events: &mut [Value]) {
    let now = sim.now();
    let mut world = sim.world();
    for event in events {
        event["deliveryContext"]["isRedelivery"] = json!(true);
        if let Some(token) = event.get("replyToken").and_then(Value::as_str) {
            world.tokens.reopen_reply(token, now);
        }
    }
}
