//! The tie between one person and one official account: friend or not, the chat, the linked rich menu.

use std::collections::VecDeque;
use std::sync::Arc;

use super::bodies::Body;
use crate::clock::Millis;

/// Where a person stands with an official account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Never added it.
    Stranger,
    /// Added it.
    Friend,
    /// Blocked it.
    Blocked,
}

/// Who wrote a chat entry, and what.
#[derive(Debug, Clone)]
pub enum ChatSide {
    /// One request of the account: its message objects, with the id of the first.
    Account(Arc<Body>),
    /// Text of the user.
    User(Arc<str>),
    /// A picture sent by the user, fetched through the content endpoint.
    Picture,
    /// A line of the phone itself (added, blocked, sent a postback).
    Notice(Arc<str>),
}

/// One entry of a chat.
#[derive(Debug, Clone)]
pub struct ChatEntry {
    /// Id of the (first) message.
    pub id: u64,
    /// When, in milliseconds.
    pub at: Millis,
    /// Who and what.
    pub side: ChatSide,
    /// Taken back by the user.
    pub unsent: bool,
}

/// A person and an account.
#[derive(Debug, Clone)]
pub struct Tie {
    /// Friend, blocked or neither.
    pub standing: Standing,
    /// When the user last wrote in this chat: opens seven days of pushes to non-friends.
    pub wrote_at: Option<Millis>,
    /// The last entries of the chat.
    pub chat: VecDeque<ChatEntry>,
    /// Positions in the channel's sends: every one accepted for this person, also undelivered ones.
    pub sends: Vec<u32>,
    /// Rich menu linked to this user.
    pub rich_menu: Option<Arc<str>>,
    /// Grows with each change, for live pages.
    pub revision: u32,
}

impl Default for Tie {
    fn default() -> Self {
        Self {
            standing: Standing::Stranger,
            wrote_at: None,
            chat: VecDeque::new(),
            sends: Vec::new(),
            rich_menu: None,
            revision: 0,
        }
    }
}

const WRITING_OPENS: Millis = 7 * 24 * 3600 * 1000;

impl Tie {
    /// Whether a push reaches this person now: friends, and non-friends who wrote within seven days.
    pub fn receives(&self, now: Millis) -> bool {
        match self.standing {
            Standing::Friend => true,
            Standing::Blocked => false,
            Standing::Stranger => self.wrote_at.is_some_and(|at| now - at <= WRITING_OPENS),
        }
    }

    /// Adds to the chat and forgets the oldest beyond `keep`.
    pub fn record(&mut self, entry: ChatEntry, keep: usize) {
        self.chat.push_back(entry);
        while self.chat.len() > keep {
            self.chat.pop_front();
        }
        self.revision += 1;
    }
}
