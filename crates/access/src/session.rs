//! A signed-in browser as a value: who, since when, last seen, ended. Tokens are 256 bits given by the caller and kept
//! only as SHA-256; the form token is an HMAC bound to the session (trust.md 11-12). Leaves cookies to web.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tsunagari_kernel::{PersonId, SessionId, Timestamp, UserId};

use crate::resident::SignInWay;

/// Staff: this long without a request ends the session.
pub const STAFF_IDLE: TimeDelta = TimeDelta::minutes(30);
/// Staff: this long after signing in the session ends.
pub const STAFF_ABSOLUTE: TimeDelta = TimeDelta::hours(12);
/// Residents: this long without a request.
pub const RESIDENT_IDLE: TimeDelta = TimeDelta::hours(24);
/// Residents: this long after signing in.
pub const RESIDENT_ABSOLUTE: TimeDelta = TimeDelta::days(30);
/// `last_seen` is written at most this often, so that reading pages does not write the database.
pub const TOUCH_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Who is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// Staff or a partner.
    Staff(UserId),
    /// A resident.
    Resident(PersonId, SignInWay),
}

/// A session as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// Its id (not the token).
    pub id: SessionId,
    /// Who.
    pub subject: Subject,
    /// Since when.
    pub opened_at: Timestamp,
    /// The last request.
    pub last_seen_at: Timestamp,
    /// When it was ended before its time.
    pub ended_at: Option<Timestamp>,
}

impl Session {
    /// Opened now.
    pub const fn opened(id: SessionId, subject: Subject, now: Timestamp) -> Self {
        Self { id, subject, opened_at: now, last_seen_at: now, ended_at: None }
    }

    /// The instant it ends if nobody uses it again.
    pub fn ends_at(&self) -> Timestamp {
        let (idle, absolute) = match self.subject {
            Subject::Staff(_) => (STAFF_IDLE, STAFF_ABSOLUTE),
            Subject::Resident(..) => (RESIDENT_IDLE, RESIDENT_ABSOLUTE),
        };
        let by_itself = self.last_seen_at.plus(idle).min(self.opened_at.plus(absolute));
        self.ended_at.map_or(by_itself, |ended| ended.min(by_itself))
    }

    /// Whether it still counts.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.ends_at()
    }

    /// Used now: the state to store, or `None` when there is nothing to write (dead, or touched a moment ago).
    pub fn touch(&self, now: Timestamp) -> Option<Self> {
        let due = self.is_live(now) && now.since(self.last_seen_at) >= TOUCH_EVERY;
        due.then_some(Self { last_seen_at: now, ..*self })
    }

    /// Ended now; an earlier end stays.
    #[must_use]
    pub fn end(self, now: Timestamp) -> Self {
        Self { ended_at: Some(self.ended_at.map_or(now, |at| at.min(now))), ..self }
    }
}

/// A token as it goes into the cookie: base64url of 32 random bytes.
pub fn token_text(random: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(random)
}

/// What is stored of a token; `None` when the text is no token.
pub fn token_hash(text: &str) -> Option<[u8; 32]> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == 32)?;
    Some(Sha256::digest(bytes).into())
}

fn form_mac(key: &[u8; 32], session: SessionId) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(b"tsunagari-form-1");
    mac.update(session.0.as_bytes());
    Some(mac)
}

/// The form token of a session, base64url.
pub fn csrf_token(key: &[u8; 32], session: SessionId) -> String {
    // HMAC takes a key of any length, so the empty fallback is never reached and would match nothing.
    form_mac(key, session).map(|mac| URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())).unwrap_or_default()
}

/// Whether a posted form token belongs to the session (constant time).
pub fn csrf_matches(key: &[u8; 32], session: SessionId, given: &str) -> bool {
    let Ok(given) = URL_SAFE_NO_PAD.decode(given) else { return false };
    form_mac(key, session).is_some_and(|mac| mac.verify_slice(&given).is_ok())
}
