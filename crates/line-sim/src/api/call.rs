//! What every Messaging API call has passed before its handler: the token, the rate limit, the retry key's rule, and the body's checks.

use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;
use uuid::Uuid;

use super::error::ApiError;
use crate::faults::RequestId;
use crate::rules::explain::{INVALID_TYPE, explain};
use crate::rules::{Report, message, spec};
use crate::sim::Sim;
use crate::state::ChannelKey;

const BODY_BYTES: usize = 2 * 1024 * 1024;
const WITH_RETRY_KEY: [&str; 4] =
    ["/v2/bot/message/push", "/v2/bot/message/multicast", "/v2/bot/message/narrowcast", "/v2/bot/message/broadcast"];

/// An authenticated call within its rate limit.
pub struct Call {
    /// The channel of the token.
    pub channel: ChannelKey,
    /// Its request id.
    pub request_id: Uuid,
    /// Its retry key, if it has one.
    pub retry_key: Option<Uuid>,
    method: String,
    template: String,
    content_type: String,
}

/// The bearer token of a request.
pub fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get("authorization")?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

impl FromRequestParts<Sim> for Call {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, sim: &Sim) -> Result<Self, ApiError> {
        let token = bearer(&parts.headers).ok_or_else(|| ApiError::unauthorized("missing access token"))?;
        let channel = {
            let world = sim.world();
            let known = world.tokens.channel.get(&token).ok_or_else(|| ApiError::unauthorized("invalid token"))?;
            if known.ends_at.is_some_and(|end| end <= sim.now()) {
                return Err(ApiError::unauthorized("The access token expired"));
            }
            known.channel
        };
        let template = parts.extensions.get::<MatchedPath>().map(|p| p.as_str().to_owned()).unwrap_or_default();
        let method = parts.method.as_str().to_owned();
        if !sim.limits().admit(channel, &method, &template, sim.now()) {
            return Err(ApiError::rate_limit());
        }
        let retry_key = read_retry_key(&parts.headers, &template)?;
        let request_id = parts.extensions.get::<RequestId>().map_or_else(|| sim.chance().uuid(), |id| id.0);
        let header = |name| parts.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        Ok(Self { channel, request_id, retry_key, method, template, content_type: header("content-type") })
    }
}

fn read_retry_key(headers: &HeaderMap, template: &str) -> Result<Option<Uuid>, ApiError> {
    let Some(value) = headers.get("x-line-retry-key") else { return Ok(None) };
    if !WITH_RETRY_KEY.contains(&template) {
        return Err(ApiError::bad("The retry key is not supported in this API"));
    }
    let text = value.to_str().unwrap_or_default();
    let hyphenated = text.len() == 36;
    match Uuid::try_parse(text) {
        Ok(key) if hyphenated => Ok(Some(key)),
        Ok(_) | Err(_) => Err(ApiError::bad("The retry key is invalid")),
    }
}

impl Call {
    /// The checked JSON body.
    ///
    /// # Errors
    /// 413, 415 or 400 in LINE's words.
    pub fn body(&self, bytes: &[u8]) -> Result<Value, ApiError> {
        if bytes.len() > BODY_BYTES {
            return Err(ApiError::plain(StatusCode::PAYLOAD_TOO_LARGE, "The request body is too large"));
        }
        let kind = self.content_type.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            let text = format!("The content type, {kind}, is not supported");
            return Err(ApiError::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, text));
        }
        let mut body: Value = serde_json::from_slice(bytes).map_err(|e| {
            let text =
                format!("The request body could not be parsed as JSON (line: {}, column: {})", e.line(), e.column());
            ApiError::bad(text)
        })?;
        drop_nulls(&mut body);
        self.check(&body)?;
        Ok(body)
    }

    fn check(&self, body: &Value) -> Result<(), ApiError> {
        let mut report = Report::default();
        let spec = spec::spec();
        let operation = spec.operation(&self.method, &self.template);
        if let Some(validator) = operation.and_then(|o| spec.validator(o))
            && !validator.is_valid(body)
        {
            validator.iter_errors(body).for_each(|error| explain(&error, &mut report));
            if report.details.is_empty() {
                report.say("", "invalid");
            }
        } else {
            message::check_all(body, &mut report);
            units(body, &mut report);
        }
        match report.details.first() {
            None => Ok(()),
            Some(detail) if detail.message == INVALID_TYPE => Err(ApiError::property(&detail.property)),
            Some(_) => Err(ApiError::body(report.details)),
        }
    }
}

/// The aggregation unit of a push or multicast: at most one. The specification says it for one of them only.
fn units(body: &Value, report: &mut Report) {
    let Some(units) = body.get("customAggregationUnits").and_then(Value::as_array) else { return };
    if units.len() > 1 {
        report.say("customAggregationUnits", "Size must be between 0 and 1");
    }
    for (n, unit) in units.iter().enumerate() {
        let unit = unit.as_str().unwrap_or_default();
        let at = format!("customAggregationUnits[{n}]");
        if unit.is_empty() || unit.len() > 30 {
            report.say(at, "Length must be between 1 and 30");
        } else if !unit.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            report.say(at, "invalid format");
        }
    }
}

/// LINE reads an explicit null as an absent property; the official clients send some.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, v| !v.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        Value::Array(list) => list.iter_mut().for_each(drop_nulls),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
