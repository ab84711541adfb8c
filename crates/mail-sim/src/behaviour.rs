//! How an address is treated on demand: refused, refused for now, bounced later, cut off, slow. Leaves the acting to `smtp`.
//! To add a treatment: a variant here, its arm in `smtp`.

use serde::{Deserialize, Serialize};

/// A step of a session at which an answer can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// `MAIL FROM`; the order's pattern is held against the sender's address.
    Sender,
    /// `RCPT TO`.
    Recipient,
    /// `DATA`.
    Data,
    /// The final dot.
    Dot,
}

/// A treatment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Behaviour {
    /// 550 at RCPT.
    Hard,
    /// 450 at RCPT.
    Soft,
    /// Accepted; a bounce with 5.1.1 comes afterwards.
    BounceLater,
    /// Accepted; a bounce with 4.2.2 comes afterwards.
    SoftBounceLater,
    /// Kept, but the connection is cut after the final dot without an answer.
    CutAfterDot,
    /// Not kept, and the connection is cut after the final dot without an answer.
    LoseAfterDot,
    /// Answers the final dot late by this many milliseconds.
    Delay(u64),
    /// Refuses at a step with this reply code and this enhanced status, if any.
    Refuse {
        /// At which.
        at: At,
        /// Three digits.
        code: u16,
        /// `[5, 7, 1]`.
        status: Option<[u16; 3]>,
    },
    /// Never answers at a step; what arrives is not kept.
    Hang(At),
}

/// A treatment for addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// An address, or a pattern with `*`, whatever the case.
    pub pattern: String,
    /// How.
    pub behaviour: Behaviour,
}

impl Order {
    /// Whether an address is meant.
    pub fn means(&self, address: &str) -> bool {
        let (pattern, address) = (self.pattern.to_lowercase(), address.to_lowercase());
        let mut parts = pattern.split('*');
        let Some(mut rest) = parts.next().and_then(|first| address.strip_prefix(first)) else { return false };
        let mut parts: Vec<_> = parts.collect();
        let Some(last) = parts.pop() else { return rest.is_empty() };
        for part in parts {
            match rest.find(part) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        rest.ends_with(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let order = |pattern: &str| Order { pattern: pattern.into(), behaviour: Behaviour::Hard };
        assert!(order("a@example.jp").means("A@EXAMPLE.jp"));
        assert!(!order("a@example.jp").means("aa@example.jp"));
        assert!(!order("a@example.jp").means("a@example.jp.org"));
        assert!(order("*@docomo.example").means("x..y@docomo.example"));
        assert!(order("bounce*@*.jp").means("bounce+1@example.jp"));
        assert!(!order("bounce*@*.jp").means("a-bounce@example.jp"));
        assert!(order("*").means("anyone@example.jp"));
        assert!(!order("aa*aa").means("aaa"));
    }
}
