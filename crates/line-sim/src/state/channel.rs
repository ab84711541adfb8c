//! A Messaging API channel with its official account: friends, quota, retry keys, rich menus, ledger, webhook endpoint.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use super::people::PersonKey;
use super::quota::Quota;
use super::retry::RetryKeys;
use super::richmenu::RichMenus;
use super::sends::{Send, SendKind};
use super::tie::{ChatEntry, Standing, Tie};
use crate::clock::Millis;

/// Position of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChannelKey(pub usize);

/// Running totals of a channel.
#[derive(Debug, Default, Clone, Copy, serde::Serialize)]
pub struct Totals {
    /// Requests accepted.
    pub requests: u64,
    /// Recipients of accepted requests.
    pub accepted: u64,
    /// Recipients reached.
    pub delivered: u64,
    /// Recipients not reached (blocked, strangers).
    pub missed: u64,
    /// Requests answered 409 because their key was accepted before.
    pub replayed: u64,
}

/// A Messaging API channel.
pub struct Channel {
    /// Channel id (digits).
    pub id: String,
    /// Its provider.
    pub provider: String,
    /// Name of the official account.
    pub name: String,
    /// Basic id without `@`.
    pub basic_id: String,
    /// User id of the bot, `destination` of its webhooks.
    pub bot_user_id: String,
    /// Channel secret: key of the webhook signature.
    pub secret: String,
    /// Profile picture of the account, if any.
    pub picture_url: Option<String>,
    /// Webhook endpoint, once set.
    pub webhook_url: Option<String>,
    /// Whether "use webhook" is switched on in the console.
    pub webhook_active: bool,
    /// Whether the account is verified, which opens followers/ids.
    pub verified: bool,
    /// Who sent a picture, by message id.
    pub pictures: HashMap<u64, PersonKey>,
    /// When the channel was made; statistics before are out of service.
    pub made_at: Millis,
    /// Quota.
    pub quota: Quota,
    /// Retry keys.
    pub retry_keys: RetryKeys,
    /// Rich menus.
    pub rich_menus: RichMenus,
    /// Every accepted request.
    pub sends: Vec<Send>,
    /// Running totals.
    pub totals: Totals,
    ties: HashMap<PersonKey, Tie>,
    friends: BTreeSet<PersonKey>,
    per_day: HashMap<(SendKind, NaiveDate), u64>,
}

/// What a channel is made from.
pub struct NewChannel {
    /// Channel id.
    pub id: String,
    /// Provider id.
    pub provider: String,
    /// Account name.
    pub name: String,
    /// Basic id without `@`.
    pub basic_id: String,
    /// Bot user id.
    pub bot_user_id: String,
    /// Channel secret.
    pub secret: String,
    /// Quota.
    pub quota: Quota,
    /// Now.
    pub made_at: Millis,
}

impl Channel {
    /// A channel without friends.
    pub fn open(made: NewChannel) -> Self {
        Self {
            id: made.id,
            provider: made.provider,
            name: made.name,
            basic_id: made.basic_id,
            bot_user_id: made.bot_user_id,
            secret: made.secret,
            picture_url: None,
            webhook_url: None,
            webhook_active: true,
            verified: true,
            pictures: HashMap::new(),
            made_at: made.made_at,
            quota: made.quota,
            retry_keys: RetryKeys::default(),
            rich_menus: RichMenus::default(),
            sends: Vec::new(),
            totals: Totals::default(),
            ties: HashMap::new(),
            friends: BTreeSet::new(),
            per_day: HashMap::new(),
        }
    }

    /// The tie with a person, if there is any.
    pub fn tie(&self, person: PersonKey) -> Option<&Tie> {
        self.ties.get(&person)
    }

    /// The tie with a person, made when missing.
    pub fn tie_mut(&mut self, person: PersonKey) -> &mut Tie {
        self.ties.entry(person).or_default()
    }

    /// Where a person stands.
    pub fn standing(&self, person: PersonKey) -> Standing {
        self.tie(person).map_or(Standing::Stranger, |t| t.standing)
    }

    /// Moves a person; gives where they stood.
    pub fn stand(&mut self, person: PersonKey, standing: Standing) -> Standing {
        match standing {
            Standing::Friend => self.friends.insert(person),
            Standing::Blocked | Standing::Stranger => self.friends.remove(&person),
        };
        let tie = self.tie_mut(person);
        tie.revision += 1;
        std::mem::replace(&mut tie.standing, standing)
    }

    /// Friends in a stable order.
    pub fn friends(&self) -> &BTreeSet<PersonKey> {
        &self.friends
    }

    /// How many people have any tie.
    pub fn known(&self) -> usize {
        self.ties.len()
    }

    /// Everyone with a tie, in no order.
    pub fn ties(&self) -> impl Iterator<Item = (PersonKey, &Tie)> {
        self.ties.iter().map(|(k, t)| (*k, t))
    }

    /// Enters an accepted request in the ledger and in the chats it reached.
    pub fn enter(&mut self, send: Send, keep: usize) {
        let position = u32::try_from(self.sends.len()).unwrap_or(u32::MAX);
        let reached = (send.recipients.len() - send.missed.len()) as u64;
        for person in &send.recipients {
            let tie = self.ties.entry(*person).or_default();
            tie.sends.push(position);
            if send.missed.binary_search(person).is_err() {
                let side = super::tie::ChatSide::Account(std::sync::Arc::clone(&send.body));
                tie.record(ChatEntry { id: send.first_id, at: send.at, side, unsent: false }, keep);
            }
        }
        self.totals.requests += 1;
        self.totals.accepted += send.recipients.len() as u64;
        self.totals.delivered += reached;
        self.totals.missed += send.missed.len() as u64;
        *self.per_day.entry((send.kind, crate::clock::day(send.at))).or_insert(0) += reached;
        self.sends.push(send);
    }

    /// Messages delivered by a kind of call on a day.
    pub fn delivered_on(&self, kind: SendKind, day: NaiveDate) -> u64 {
        self.per_day.get(&(kind, day)).copied().unwrap_or(0)
    }
}
