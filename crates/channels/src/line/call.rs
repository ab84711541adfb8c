//! One call: builds the request, sends it, reads the answer with its ids and classifies what went wrong.
//! Leaves paths and bodies to the files of the nouns. Logs request id, call, status and nothing else.

use std::pin::Pin;

use reqwest::{Method, RequestBuilder, Response, header::HeaderMap};
use serde::de::DeserializeOwned;
use url::Url;

use super::fault::{Answer, Fault, LineError, classify};
use super::{LineApi, RetryKey};
use crate::Secret;

/// No documented answer comes near this; what is longer is not read.
const ANSWER_MAX_BYTES: usize = 4 * 1024 * 1024;

/// Which of LINE's two API hosts.
#[derive(Debug, Clone, Copy)]
pub(super) enum At {
    Api,
    Data,
}

/// An answer under way, its type forgotten, so that the compiler does not walk through the client for everything that calls.
type Pending<'a> = Pin<Box<dyn Future<Output = Result<Answer<Vec<u8>>, LineError>> + Send + 'a>>;

/// What is sent.
pub(super) enum Body<'a> {
    None,
    Json(&'a [u8]),
    Form(&'a [(&'a str, &'a str)]),
    Raw(&'static str, Vec<u8>),
}

/// A call before it is sent. `name` is method and path template, for logs and errors.
pub(super) struct Call<'a> {
    pub name: &'static str,
    pub at: At,
    pub method: Method,
    pub path: &'a [&'a str],
    pub query: &'a [(&'a str, &'a str)],
    pub token: Option<&'a Secret>,
    pub retry_key: Option<RetryKey>,
    pub body: Body<'a>,
}

impl<'a> Call<'a> {
    pub fn get(name: &'static str, token: &'a Secret, path: &'a [&'a str]) -> Self {
        Self::with(name, Method::GET, Some(token), path)
    }

    pub fn post(name: &'static str, token: &'a Secret, path: &'a [&'a str]) -> Self {
        Self::with(name, Method::POST, Some(token), path)
    }

    pub fn with(name: &'static str, method: Method, token: Option<&'a Secret>, path: &'a [&'a str]) -> Self {
        Self { name, at: At::Api, method, path, query: &[], token, retry_key: None, body: Body::None }
    }

    pub fn json(mut self, body: &'a [u8]) -> Self {
        self.body = Body::Json(body);
        self
    }

    pub fn form(mut self, fields: &'a [(&'a str, &'a str)]) -> Self {
        self.body = Body::Form(fields);
        self
    }

    pub fn query(mut self, query: &'a [(&'a str, &'a str)]) -> Self {
        self.query = query;
        self
    }
}

impl LineApi {
    /// Sends a call and reads its JSON answer.
    pub(super) async fn call<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<Answer<T>, LineError> {
        let name = call.name;
        let Answer { value, request_id } = self.call_raw(call).await?;
        match serde_json::from_slice(&value) {
            Ok(value) => Ok(Answer { value, request_id }),
            Err(_) => Err(LineError { call: name, request_id, fault: Fault::Unreadable }),
        }
    }

    /// Sends a call whose answer carries nothing of interest.
    pub(super) async fn call_plain(&self, call: Call<'_>) -> Result<Answer<()>, LineError> {
        let Answer { request_id, .. } = self.call_raw(call).await?;
        Ok(Answer { value: (), request_id })
    }

    fn call_raw<'a>(&'a self, call: Call<'a>) -> Pending<'a> {
        Box::pin(self.exchange(call))
    }

    async fn exchange(&self, call: Call<'_>) -> Result<Answer<Vec<u8>>, LineError> {
        let name = call.name;
        let lost = |request_id, why: String| LineError {
            call: name,
            request_id,
            fault: Fault::Retryable { status: None, why },
        };
        let response = match self.request(call).send().await {
            Ok(response) => response,
            Err(error) => {
                let fault = lost(None, short(&error));
                tracing::info!(call = name, fault = %fault.fault, "line call");
                return Err(fault);
            }
        };
        let status = response.status().as_u16();
        let request_id = header(response.headers(), "x-line-request-id");
        let accepted = header(response.headers(), "x-line-accepted-request-id");
        // LINE's support asks for the request id of what went wrong.
        if (200..=299).contains(&status) {
            tracing::debug!(call = name, status, request_id, "line call");
        } else {
            tracing::info!(call = name, status, request_id, accepted, "line call");
        }
        let body = read_capped(response).await;
        match (status, body) {
            (200..=299, Ok(value)) => Ok(Answer { value, request_id }),
            // Accepted, the body lost on the way: the status is what counts for the sender.
            (200..=299, Err(_)) => Err(LineError { call: name, request_id, fault: Fault::Unreadable }),
            (_, body) => {
                let fault = classify(status, accepted, &body.unwrap_or_default());
                Err(LineError { call: name, request_id, fault })
            }
        }
    }

    fn request(&self, call: Call<'_>) -> RequestBuilder {
        let base = match call.at {
            At::Api => &self.hosts.api,
            At::Data => &self.hosts.data,
        };
        let mut request = self.http.request(call.method, target(base, call.path, call.query));
        if let Some(token) = call.token {
            request = request.bearer_auth(token.reveal());
        }
        if let Some(key) = call.retry_key {
            request = request.header("x-line-retry-key", key.to_string());
        }
        match call.body {
            Body::None => request,
            Body::Json(bytes) => request.header("content-type", "application/json").body(bytes.to_vec()),
            Body::Form(fields) => request.form(fields),
            Body::Raw(kind, bytes) => request.header("content-type", kind).body(bytes),
        }
    }
}

/// Path segments are escaped one by one, so that an id can never become a path.
fn target(base: &Url, path: &[&str], query: &[(&str, &str)]) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

async fn read_capped(mut response: Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > ANSWER_MAX_BYTES {
            break;
        }
    }
    Ok(body)
}

/// The kind of failure only: reqwest's own words carry the URL, and the URL carries ids.
fn short(error: &reqwest::Error) -> String {
    let words = if error.is_timeout() {
        "timed out"
    } else if error.is_connect() {
        "could not connect"
    } else if error.is_builder() {
        "request could not be built"
    } else {
        "connection broke"
    };
    words.to_owned()
}
