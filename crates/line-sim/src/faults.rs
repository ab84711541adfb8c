//! Faults on demand: what is played, how often, to which calls. The middleware plays them around the handlers, so acceptance and the fault
//! stay apart ("accepted, then 500").

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use crate::api::error::ApiError;
use crate::sim::Sim;
use crate::wire::Cut;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// 429 `The API rate limit has been exceeded. Try again later.`
    RateLimit,
    /// 429 `You have reached your monthly limit.`
    MonthlyLimit,
    /// 500, and nothing was accepted.
    ErrorBefore,
    /// Accepted, then 500.
    ErrorAfter,
    /// Nothing accepted, and no answer for `millis`.
    TimeoutBefore,
    /// Accepted, and no answer for `millis`.
    TimeoutAfter,
    /// Nothing accepted, and the connection is cut without an answer.
    ResetBefore,
    /// Accepted, and the connection is cut without an answer.
    ResetAfter,
    /// 401.
    Unauthorized,
    /// The answer comes `millis` late.
    Slow,
    /// Nothing is decided until the faults are cleared; then it goes on as if nothing had been.
    Hold,
}

/// A fault and when it strikes: the next `next` matching calls, or each with `per_million`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// Strikes this many matching calls, then is gone.
    #[serde(default)]
    pub next: Option<u32>,
    /// Otherwise strikes each matching call with this chance in a million (seeded).
    #[serde(default)]
    pub per_million: Option<u32>,
    /// Only paths that start so.
    #[serde(default)]
    pub path: Option<String>,
    /// Only this channel's calls (channel id).
    #[serde(default)]
    pub channel: Option<String>,
    /// Milliseconds of `slow` and the time-outs; a time-out lasts 60,000 unless told.
    #[serde(default)]
    pub millis: Option<u64>,
}

impl Fault {
    /// A fault for the next `count` calls.
    pub fn next(kind: FaultKind, count: u32) -> Self {
        Self { kind, next: Some(count), per_million: None, path: None, channel: None, millis: None }
    }

    /// A fault that strikes with a chance in a million.
    pub fn sometimes(kind: FaultKind, per_million: u32) -> Self {
        Self { kind, next: None, per_million: Some(per_million), path: None, channel: None, millis: None }
    }

    /// Only for paths that start with `path`.
    #[must_use]
    pub fn on(mut self, path: &str) -> Self {
        self.path = Some(path.to_owned());
        self
    }

    /// With a length in milliseconds.
    #[must_use]
    pub fn lasting(mut self, millis: u64) -> Self {
        self.millis = Some(millis);
        self
    }
}

/// How far a call has come, for whoever watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It has arrived; nothing is decided.
    Arrived,
    /// It is decided; the answer has not left.
    Decided,
}

/// The faults in force.
#[derive(Default)]
pub struct Faults {
    rules: Mutex<Vec<Fault>>,
    cleared: tokio::sync::Notify,
    held: std::sync::atomic::AtomicUsize,
    watchers: Mutex<Vec<(String, mpsc::UnboundedSender<Stage>)>>,
}

impl Faults {
    fn rules(&self) -> std::sync::MutexGuard<'_, Vec<Fault>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds one.
    pub fn add(&self, fault: Fault) {
        self.rules().push(fault);
    }

    /// Tells of every call whose path starts so, twice: when it arrives and before its answer leaves. A test that kills its
    /// client at a chosen point waits for that.
    pub fn watch(&self, path: &str) -> mpsc::UnboundedReceiver<Stage> {
        let (tell, told) = mpsc::unbounded_channel();
        self.watchers.lock().unwrap_or_else(PoisonError::into_inner).push((path.to_owned(), tell));
        told
    }

    fn tell(&self, path: &str, stage: Stage) {
        let mut watchers = self.watchers.lock().unwrap_or_else(PoisonError::into_inner);
        watchers.retain(|(start, tell)| !path.starts_with(start) || tell.send(stage).is_ok());
    }

    /// Ends all, and lets calls that are held go on.
    pub fn clear(&self) {
        self.rules().clear();
        self.cleared.notify_waiters();
    }

    /// How many calls are held now: a test that acts while something is on its way waits for that.
    pub fn held(&self) -> usize {
        self.held.load(std::sync::atomic::Ordering::SeqCst)
    }

    async fn hold(&self) {
        let cleared = self.cleared.notified();
        tokio::pin!(cleared);
        cleared.as_mut().enable();
        // Cleared between the strike and here: nobody would wake this call.
        if self.rules().iter().all(|fault| fault.kind != FaultKind::Hold) {
            return;
        }
        self.held.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        cleared.await;
        self.held.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
    }

    /// Those in force.
    pub fn list(&self) -> Vec<Fault> {
        self.rules().clone()
    }

    fn strike(&self, sim: &Sim, path: &str, channel: Option<&str>) -> Vec<Fault> {
        let mut rules = self.rules();
        let mut struck = Vec::new();
        for fault in rules.iter_mut() {
            let fits = fault.path.as_deref().is_none_or(|p| path.starts_with(p))
                && fault.channel.as_deref().is_none_or(|c| channel == Some(c));
            let hit = match (&mut fault.next, fault.per_million) {
                _ if !fits => false,
                (Some(0), _) => false,
                (Some(left), _) => {
                    *left -= 1;
                    true
                }
                (None, chance) => sim.chance().strikes(chance.unwrap_or(1_000_000)),
            };
            if hit {
                struck.push(fault.clone());
            }
        }
        rules.retain(|f| f.next != Some(0));
        struck
    }
}

/// Plays the faults around an API call and stamps `x-line-request-id`.
pub async fn play(State(sim): State<Sim>, mut request: Request, next: Next) -> Response {
    let id = sim.chance().uuid();
    request.extensions_mut().insert(RequestId(id));
    let path = request.uri().path().to_owned();
    let token = crate::api::call::bearer(request.headers());
    let channel = token.and_then(|t| {
        let world = sim.world();
        world.tokens.channel.get(&t).map(|c| world.channel(c.channel).id.clone())
    });
    let struck = sim.faults().strike(&sim, &path, channel.as_deref());
    sim.faults().tell(&path, Stage::Arrived);
    let mut response = around(&sim, &path, &struck, request, next).await;
    if let Ok(value) = id.to_string().parse() {
        response.headers_mut().insert("x-line-request-id", value);
    }
    response
}

/// Request id of a call, in its extensions.
#[derive(Debug, Clone, Copy)]
pub struct RequestId(pub uuid::Uuid);

async fn around(sim: &Sim, path: &str, struck: &[Fault], request: Request, next: Next) -> Response {
    let wire = request.extensions().get::<ConnectInfo<Cut>>().cloned();
    let cut = || {
        if let Some(ConnectInfo(wire)) = &wire {
            wire.cut();
        }
        StatusCode::BAD_GATEWAY.into_response()
    };
    let pause = |f: &Fault, usual| tokio::time::sleep(Duration::from_millis(f.millis.unwrap_or(usual)));
    for fault in struck {
        match fault.kind {
            FaultKind::RateLimit => return ApiError::rate_limit().into_response(),
            FaultKind::MonthlyLimit => return ApiError::monthly_limit().into_response(),
            FaultKind::ErrorBefore => return ApiError::internal().into_response(),
            FaultKind::Unauthorized => return ApiError::unauthorized("invalid token").into_response(),
            FaultKind::TimeoutBefore => {
                pause(fault, 60_000).await;
                return StatusCode::GATEWAY_TIMEOUT.into_response();
            }
            FaultKind::ResetBefore => return cut(),
            FaultKind::Slow => pause(fault, 0).await,
            FaultKind::Hold => sim.faults().hold().await,
            FaultKind::ErrorAfter | FaultKind::TimeoutAfter | FaultKind::ResetAfter => {}
        }
    }
    let response = next.run(request).await;
    sim.faults().tell(path, Stage::Decided);
    for fault in struck {
        match fault.kind {
            FaultKind::ErrorAfter if response.status().is_success() => return ApiError::internal().into_response(),
            FaultKind::ResetAfter => return cut(),
            FaultKind::TimeoutAfter => {
                pause(fault, 60_000).await;
                return StatusCode::GATEWAY_TIMEOUT.into_response();
            }
            _ => {}
        }
    }
    response
}
