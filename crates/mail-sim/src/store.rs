//! What has arrived: the newest 100,000 mails within 128 MB, a ledger of counts for ever, orders, and bounces waiting.
//! In memory only. Leaves parsing to `pages`.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use mail_parser::MessageParser;
use tokio::sync::Notify;

use crate::behaviour::{Behaviour, Order};

const KEEP_MAILS: usize = 100_000;
const KEEP_BYTES: usize = 128 * 1024 * 1024;
const KEEP_BODY: usize = 512 * 1024;
const KEEP_BOUNCES: usize = 10_000;
/// Addresses that begin so are accepted and come back, without an order.
const GONE: &str = "gone-";

/// A mail as it was accepted for one recipient.
#[derive(Debug)]
pub struct Mail {
    /// Counted from 1.
    pub id: u64,
    /// When.
    pub received: DateTime<Utc>,
    /// The envelope sender, empty for `<>`.
    pub from: String,
    /// The envelope recipient, quotes around the local part taken off.
    pub to: String,
    /// Without angle brackets; empty when missing.
    pub message_id: String,
    /// Decoded.
    pub subject: String,
    /// As received, cut at 512 KB.
    pub raw: Vec<u8>,
}

/// A mail on its way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// The envelope recipient: the return path of the mail that could not be delivered.
    pub to: String,
    /// The notification, as `tsunagari mail-in` gets it on standard input.
    pub raw: Vec<u8>,
}

#[derive(Debug, Default)]
struct Shelves {
    mails: VecDeque<Arc<Mail>>,
    bytes: usize,
    total: u64,
    by_recipient: HashMap<String, u64>,
    by_message_id: HashMap<String, u64>,
    orders: Vec<Order>,
    bounces: VecDeque<Arc<Bounce>>,
    unread: VecDeque<Arc<Bounce>>,
}

/// All that is kept.
#[derive(Debug, Default)]
pub(crate) struct Store {
    shelves: Mutex<Shelves>,
    bounced: Notify,
}

impl Store {
    fn lock(&self) -> MutexGuard<'_, Shelves> {
        // A simulator goes on with what is there, even after a panic elsewhere.
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a mail and returns its number.
    pub(crate) fn keep(&self, from: &str, to: &str, mut raw: Vec<u8>) -> u64 {
        let parsed = MessageParser::default().parse_headers(&raw);
        let message_id = parsed.as_ref().and_then(|mail| mail.message_id()).unwrap_or_default().to_owned();
        let subject = parsed.as_ref().and_then(|mail| mail.subject()).unwrap_or_default().to_owned();
        raw.truncate(KEEP_BODY);
        let mut shelves = self.lock();
        shelves.total += 1;
        let id = shelves.total;
        *shelves.by_recipient.entry(to.to_lowercase()).or_default() += 1;
        if !message_id.is_empty() {
            *shelves.by_message_id.entry(message_id.clone()).or_default() += 1;
        }
        shelves.bytes += raw.len();
        let mail = Mail { id, received: Utc::now(), from: from.into(), to: to.into(), message_id, subject, raw };
        shelves.mails.push_back(Arc::new(mail));
        while shelves.mails.len() > KEEP_MAILS || shelves.bytes > KEEP_BYTES {
            let Some(oldest) = shelves.mails.pop_front() else { break };
            shelves.bytes -= oldest.raw.len();
        }
        id
    }

    pub(crate) fn find(&self, id: u64) -> Option<Arc<Mail>> {
        let shelves = self.lock();
        let at = shelves.mails.binary_search_by_key(&id, |mail| mail.id).ok()?;
        shelves.mails.get(at).cloned()
    }

    pub(crate) fn newest(&self, to: Option<&str>, limit: usize) -> Vec<Arc<Mail>> {
        let shelves = self.lock();
        let meant = |mail: &&Arc<Mail>| to.is_none_or(|to| mail.to.eq_ignore_ascii_case(to));
        shelves.mails.iter().rev().filter(meant).take(limit).cloned().collect()
    }

    /// Addresses with how many mails each has had, most recently written to first.
    pub(crate) fn mailboxes(&self, limit: usize) -> Vec<(String, u64)> {
        let shelves = self.lock();
        let mut seen = std::collections::HashSet::new();
        let newest = shelves.mails.iter().rev().take(5000);
        let addresses = newest.map(|mail| mail.to.to_lowercase()).filter(|to| seen.insert(to.clone())).take(limit);
        addresses.map(|to| (to.clone(), shelves.by_recipient.get(&to).copied().unwrap_or(0))).collect()
    }

    pub(crate) fn total(&self) -> u64 {
        self.lock().total
    }

    pub(crate) fn count_to(&self, address: &str) -> u64 {
        self.lock().by_recipient.get(&address.to_lowercase()).copied().unwrap_or(0)
    }

    pub(crate) fn count_of(&self, message_id: &str) -> u64 {
        self.lock().by_message_id.get(message_id).copied().unwrap_or(0)
    }

    /// Message-IDs that arrived more than once.
    pub(crate) fn duplicates(&self) -> Vec<(String, u64)> {
        self.lock().by_message_id.iter().filter(|(_, count)| **count > 1).map(|(id, n)| (id.clone(), *n)).collect()
    }

    pub(crate) fn order(&self, order: Order) {
        self.lock().orders.push(order);
    }

    pub(crate) fn orders(&self) -> Vec<Order> {
        self.lock().orders.clone()
    }

    pub(crate) fn clear_orders(&self) {
        self.lock().orders.clear();
    }

    /// An order wins; without one, whoever moved away is not found.
    pub(crate) fn behaviour_for(&self, address: &str) -> Option<Behaviour> {
        let ordered = self.lock().orders.iter().rev().find(|order| order.means(address)).map(|order| order.behaviour);
        let is_gone = address.get(..GONE.len()).is_some_and(|start| start.eq_ignore_ascii_case(GONE));
        ordered.or(is_gone.then_some(Behaviour::BounceLater))
    }

    pub(crate) fn bounce(&self, bounce: Bounce) {
        let raw = Arc::new(bounce);
        let mut shelves = self.lock();
        shelves.bounces.push_back(Arc::clone(&raw));
        shelves.unread.push_back(raw);
        if shelves.bounces.len() > KEEP_BOUNCES {
            shelves.bounces.pop_front();
        }
        if shelves.unread.len() > KEEP_BOUNCES {
            shelves.unread.pop_front();
        }
        drop(shelves);
        self.bounced.notify_one();
    }

    pub(crate) fn bounces(&self) -> Vec<Arc<Bounce>> {
        self.lock().bounces.iter().cloned().collect()
    }

    pub(crate) async fn next_bounce(&self) -> Bounce {
        loop {
            let told = self.bounced.notified();
            if let Some(bounce) = self.lock().unread.pop_front() {
                return Bounce::clone(&bounce);
            }
            told.await;
        }
    }
}
