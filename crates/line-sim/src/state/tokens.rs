//! Channel access tokens, reply tokens and link tokens with their lives.

use std::collections::{HashMap, VecDeque};

use super::channel::ChannelKey;
use super::people::PersonKey;
use crate::clock::Millis;

const MINUTE: Millis = 60_000;

/// A channel access token.
#[derive(Debug, Clone)]
pub struct ChannelToken {
    /// Its channel.
    pub channel: ChannelKey,
    /// When it ends; a long-lived one never does.
    pub ends_at: Option<Millis>,
    /// Stateless tokens cannot be revoked.
    pub stateless: bool,
}

/// A reply token: once, within a minute of the delivery, at most twenty minutes after the event.
#[derive(Debug, Clone)]
pub struct ReplyToken {
    /// Its channel.
    pub channel: ChannelKey,
    /// Whom the reply goes to.
    pub person: PersonKey,
    /// When the event happened.
    pub event_at: Millis,
    /// When it was last delivered.
    pub delivered_at: Millis,
}

/// A link token: once, within ten minutes.
#[derive(Debug, Clone)]
pub struct LinkToken {
    /// Its channel.
    pub channel: ChannelKey,
    /// The user it was made for.
    pub person: PersonKey,
    /// When it ends.
    pub ends_at: Millis,
}

/// All tokens of the Messaging API.
#[derive(Default)]
pub struct Tokens {
    /// Channel access tokens.
    pub channel: HashMap<String, ChannelToken>,
    /// Link tokens.
    pub link: HashMap<String, LinkToken>,
    reply: HashMap<String, ReplyToken>,
    reply_order: VecDeque<(Millis, String)>,
}

impl Tokens {
    /// Keeps a reply token and forgets those whose events are over twenty minutes old.
    pub fn keep_reply(&mut self, token: &str, reply: ReplyToken) {
        let now = reply.delivered_at;
        while self.reply_order.front().is_some_and(|(at, _)| now - at > 20 * MINUTE) {
            if let Some((_, old)) = self.reply_order.pop_front() {
                self.reply.remove(&old);
            }
        }
        self.reply_order.push_back((reply.event_at, token.to_owned()));
        self.reply.insert(token.to_owned(), reply);
    }

    /// A redelivery opens an unused token for another minute.
    pub fn reopen_reply(&mut self, token: &str, now: Millis) {
        if let Some(reply) = self.reply.get_mut(token) {
            reply.delivered_at = now;
        }
    }

    /// The reply a token still allows to this channel; it stays until [`Tokens::use_reply`].
    pub fn reply(&self, token: &str, channel: ChannelKey, now: Millis) -> Option<ReplyToken> {
        let reply = self.reply.get(token)?;
        let fresh = now - reply.delivered_at <= MINUTE && now - reply.event_at <= 20 * MINUTE;
        (fresh && reply.channel == channel).then(|| reply.clone())
    }

    /// Uses a reply token up.
    pub fn use_reply(&mut self, token: &str) {
        self.reply.remove(token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> Tokens {
        let mut tokens = Tokens::default();
        let reply = ReplyToken { channel: ChannelKey(0), person: PersonKey(0), event_at: 0, delivered_at: 0 };
        tokens.keep_reply("t", reply);
        tokens
    }

    #[test]
    fn a_redelivery_opens_a_token_for_a_minute_but_not_after_twenty() {
        for (minutes, open) in [(5, true), (20, true), (21, false)] {
            let mut tokens = kept();
            let now = minutes * MINUTE;
            assert!(tokens.reply("t", ChannelKey(0), now).is_none());
            tokens.reopen_reply("t", now);
            assert_eq!(tokens.reply("t", ChannelKey(0), now).is_some(), open, "{minutes}");
        }
    }

    #[test]
    fn a_used_token_stays_used_after_a_redelivery_and_another_channel_never_had_it() {
        let mut tokens = kept();
        assert!(tokens.reply("t", ChannelKey(1), 0).is_none());
        tokens.use_reply("t");
        tokens.reopen_reply("t", 0);
        assert!(tokens.reply("t", ChannelKey(0), 0).is_none());
    }
}
