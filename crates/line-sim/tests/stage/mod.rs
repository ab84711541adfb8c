//! A stage for the tests: one running simulator with two municipalities, a few people, and a receiver of webhooks.

#![allow(dead_code, reason = "each test binary uses a part of the stage")]

use std::net::SocketAddr;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tsunagari_line_sim::{LineSim, RateLimits, Setup, Sim, SimConfig, SimHandle};

pub const CHANNEL: &str = "1000000001";
pub const TOKEN: &str = "token-masuda";
pub const SECRET: &str = "8c570fa6dd201bb328f1c1eac23a96d8";
pub const LOGIN: &str = "2000000001";
pub const LOGIN_SECRET: &str = "fedcba9876543210fedcba9876543210";
pub const CALLBACK: &str = "http://localhost:8080/callback";

pub struct Stage {
    pub handle: SimHandle,
    pub http: Client,
}

pub async fn stage() -> Stage {
    open(SimConfig { rate_limits: RateLimits::Off, ..SimConfig::default() }).await
}

pub async fn open(config: SimConfig) -> Stage {
    let config = SimConfig { seed: Some(7), host: "127.0.0.1".into(), ..config };
    let handle = LineSim::start(config).await.unwrap();
    let setup = json!({
        "providers": [{"id": "masuda", "name": "益田市"}, {"id": "hamada", "name": "浜田市"}],
        "messaging_channels": [
            {"id": CHANNEL, "provider": "masuda", "name": "益田市", "basic_id": "masuda", "secret": SECRET, "access_token": TOKEN},
            {"id": "1000000002", "provider": "hamada", "name": "浜田市", "basic_id": "hamada", "secret": "b", "access_token": "token-hamada"}],
        "login_channels": [{"id": LOGIN, "provider": "masuda", "name": "益田市 ログイン", "secret": LOGIN_SECRET,
            "callbacks": [CALLBACK], "linked_account": CHANNEL}],
        "users": [{"handle": "hanako", "name": "花子", "email": "hanako@example.jp"}, {"handle": "taro", "name": "太郎"},
            {"handle": "jiro", "name": "次郎"}],
        "friendships": [
            {"user": "hanako", "channel": CHANNEL, "standing": "friend"},
            {"user": "taro", "channel": CHANNEL, "standing": "blocked"},
            {"user": "jiro", "channel": CHANNEL, "standing": "stranger"}]
    });
    handle.sim.set_up(&serde_json::from_value::<Setup>(setup).unwrap()).unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    Stage { handle, http }
}

impl Stage {
    pub fn sim(&self) -> &Sim {
        &self.handle.sim
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.handle.base_url())
    }

    pub fn id(&self, handle: &str) -> String {
        self.sim().user_id("masuda", handle).unwrap()
    }

    pub async fn post(&self, path: &str, body: &Value) -> Response {
        self.http.post(self.url(path)).bearer_auth(TOKEN).json(body).send().await.unwrap()
    }

    pub async fn post_with_key(&self, path: &str, body: &Value, key: &str) -> Response {
        let request = self.http.post(self.url(path)).bearer_auth(TOKEN).header("x-line-retry-key", key);
        request.json(body).send().await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Response {
        self.http.get(self.url(path)).bearer_auth(TOKEN).send().await.unwrap()
    }

    pub async fn control(&self, path: &str, body: &Value) -> Value {
        let answer = self.http.post(self.url(path)).json(body).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    pub async fn counts(&self) -> Value {
        self.get(&format!("/_sim/ledger/counts?channel={CHANNEL}")).await.json().await.unwrap()
    }

    pub async fn push(&self, handle: &str, text: &str) -> Response {
        self.post("/v2/bot/message/push", &self.push_body(handle, text)).await
    }

    pub fn push_body(&self, handle: &str, text: &str) -> Value {
        json!({"to": self.id(handle), "messages": [{"type": "text", "text": text}]})
    }
}

/// Status and JSON body.
pub async fn told(answer: Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap())
}

/// A webhook as received: signature and raw body.
pub struct Received {
    pub signature: String,
    pub body: Vec<u8>,
}

impl Received {
    pub fn events(&self) -> Vec<Value> {
        let body: Value = serde_json::from_slice(&self.body).unwrap();
        body["events"].as_array().unwrap().clone()
    }
}

#[derive(Clone)]
struct Inbox {
    send: mpsc::UnboundedSender<Received>,
    refuse_first: std::sync::Arc<std::sync::atomic::AtomicU32>,
}

/// A receiver that refuses the first `refuse_first` webhooks with 500.
pub async fn receiver(refuse_first: u32) -> (String, mpsc::UnboundedReceiver<Received>) {
    let (send, inbox) = mpsc::unbounded_channel();
    let state = Inbox { send, refuse_first: std::sync::Arc::new(refuse_first.into()) };
    let app = Router::new().route("/webhook", post(receive)).with_state(state);
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let url = format!("http://{}/webhook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, inbox)
}

async fn receive(State(inbox): State<Inbox>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers["x-line-signature"].to_str().unwrap().to_owned();
    let _ = inbox.send.send(Received { signature, body: body.to_vec() });
    let left = &inbox.refuse_first;
    let order = std::sync::atomic::Ordering::SeqCst;
    if left.fetch_update(order, order, |n| n.checked_sub(1)).is_ok() {
        StatusCode::INTERNAL_SERVER_ERROR
    } else {
        StatusCode::OK
    }
}
