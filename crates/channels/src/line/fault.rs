//! What LINE answered: a value with its request id, or a fault classified by what may be done next.
//! Leaves the waiting and the counting of attempts to the worker.

use serde::Deserialize;
use thiserror::Error;

/// A successful answer. The request id is what LINE's support asks for; LINE keeps no log for its customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T> {
    /// What was answered.
    pub value: T,
    /// `x-line-request-id`.
    pub request_id: Option<String>,
}

/// A call that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("LINE {call}: {fault} (request {})", request_id.as_deref().unwrap_or("without id"))]
pub struct LineError {
    /// Method and path template, never with ids in it.
    pub call: &'static str,
    /// `x-line-request-id`, when an answer came.
    pub request_id: Option<String>,
    /// What happened.
    pub fault: Fault,
}

/// One entry of `details` in LINE's error body.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ErrorDetail {
    /// LINE's words.
    #[serde(default)]
    pub message: String,
    /// The property they speak of, such as `messages[0].text`.
    #[serde(default)]
    pub property: Option<String>,
}

/// Why a call did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// 429: too many requests in a short time. Nothing was sent.
    #[error("too many requests")]
    RateLimited,
    /// 429 with LINE's words for the month's quota. Nothing was sent, nothing will be until the month ends or the plan changes.
    #[error("monthly limit reached")]
    MonthlyLimit,
    /// 5xx, a time-out or a broken connection: the request may or may not have been accepted.
    #[error("no certain answer: {why}")]
    Retryable {
        /// HTTP status, `None` when no answer came.
        status: Option<u16>,
        /// A few words for the log.
        why: String,
    },
    /// 409: this retry key was accepted before. For a sender this is success.
    #[error("already accepted as {}", accepted_request_id.as_deref().unwrap_or("unknown"))]
    AlreadyAccepted {
        /// `x-line-accepted-request-id`: the id of the request that was accepted.
        accepted_request_id: Option<String>,
        /// The messages of that request (push only).
        sent: Vec<super::SentMessage>,
    },
    /// Any other 4xx: the same request will never succeed.
    #[error("refused with {status}: {message}")]
    Rejected {
        /// HTTP status.
        status: u16,
        /// LINE's words.
        message: String,
        /// Per property.
        details: Vec<ErrorDetail>,
    },
    /// 401: the access token is wrong, expired or revoked.
    #[error("access token refused")]
    Unauthorised,
    /// A 2xx whose body is not what the documentation promises. The request *was* accepted: never send it again.
    #[error("accepted, but the answer could not be read")]
    Unreadable,
}

/// What may be done after a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// Nothing: it has been sent.
    Done,
    /// The same bytes with the same retry key, after a growing pause, before 23 h have passed.
    Retry,
    /// Wait, then go on with everything of this channel.
    BackOff,
    /// Stop this channel and tell the office.
    StopChannel,
    /// Get another access token, then retry.
    RenewToken,
    /// Give this request up.
    GiveUp,
}

impl Fault {
    /// What may be done next.
    pub fn next_step(&self) -> NextStep {
        match self {
            Self::AlreadyAccepted { .. } | Self::Unreadable => NextStep::Done,
            Self::Retryable { .. } => NextStep::Retry,
            Self::RateLimited => NextStep::BackOff,
            Self::MonthlyLimit => NextStep::StopChannel,
            Self::Unauthorised => NextStep::RenewToken,
            Self::Rejected { .. } => NextStep::GiveUp,
        }
    }
}

#[derive(Deserialize, Default)]
struct ErrorBody {
    #[serde(default)]
    message: String,
    #[serde(default)]
    details: Vec<ErrorDetail>,
    #[serde(default, rename = "sentMessages")]
    sent: Vec<super::SentMessage>,
    // LINE's OAuth endpoints answer in the words of RFC 6749 instead.
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
}

/// Classifies an answer that is not 2xx.
pub(super) fn classify(status: u16, accepted_request_id: Option<String>, body: &[u8]) -> Fault {
    let read: ErrorBody = serde_json::from_slice(body).unwrap_or_default();
    match status {
        401 => Fault::Unauthorised,
        409 => Fault::AlreadyAccepted { accepted_request_id, sent: read.sent },
        // LINE tells its two 429 apart only by their words.
        429 if read.message.to_ascii_lowercase().contains("monthly limit") => Fault::MonthlyLimit,
        429 => Fault::RateLimited,
        500.. => Fault::Retryable { status: Some(status), why: format!("HTTP {status}") },
        _ => Fault::Rejected {
            status,
            message: match (read.message.is_empty(), read.error.is_empty()) {
                (false, _) => read.message,
                (true, false) => format!("{}: {}", read.error, read.error_description),
                (true, true) => String::new(),
            },
            details: read.details,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_meanings_of_429_are_told_apart_by_their_words() {
        assert_eq!(classify(429, None, br#"{"message":"You have reached your monthly limit."}"#), Fault::MonthlyLimit);
        let rate = br#"{"message":"The API rate limit has been exceeded. Try again later."}"#;
        assert_eq!(classify(429, None, rate), Fault::RateLimited);
        assert_eq!(classify(429, None, b"<html>"), Fault::RateLimited, "without words, the milder reading");
    }

    #[test]
    fn a_replay_is_success_and_keeps_the_first_request_id() {
        let fault = classify(
            409,
            Some("first".into()),
            br#"{"message":"The retry key is already accepted","sentMessages":[{"id":"1"}]}"#,
        );
        let Fault::AlreadyAccepted { accepted_request_id, sent } = &fault else { panic!("{fault:?}") };
        assert_eq!(accepted_request_id.as_deref(), Some("first"));
        assert_eq!(sent.len(), 1);
        assert_eq!(fault.next_step(), NextStep::Done);
    }

    #[test]
    fn only_uncertain_answers_are_retried() {
        for status in [500, 502, 503, 504] {
            assert_eq!(classify(status, None, b"").next_step(), NextStep::Retry);
        }
        for status in [400, 403, 404, 410, 413, 415, 422] {
            assert_eq!(classify(status, None, b"").next_step(), NextStep::GiveUp);
        }
        assert_eq!(classify(401, None, b"").next_step(), NextStep::RenewToken);
    }

    #[test]
    fn oauth_errors_keep_their_words() {
        let body = br#"{"error":"invalid_request","error_description":"IdToken expired."}"#;
        let Fault::Rejected { message, .. } = classify(400, None, body) else { panic!() };
        assert_eq!(message, "invalid_request: IdToken expired.");
    }
}
