//! Sign-in throttle: who tried how often within the last hour, in the memory of the process, and from that to allow or wait.
//! A try counts as a failure from its beginning and is forgiven when it fits, so that tries at the same moment do not pass
//! a limit that each of them alone keeps. Names that nobody has count like those that somebody has. A restart forgets; that
//! costs a guesser more than it gives. Leaves checking to acts.

use std::collections::HashMap;
use std::net::IpAddr; // tidy: allow(purity) a type to read an address by, no network
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use tsunagari_kernel::Timestamp;

/// Failures within the last `WINDOW`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Failures {
    /// For the account name tried.
    pub of_account: u32,
    /// When the last of them was.
    pub last_of_account: Option<Timestamp>,
    /// From the network address.
    pub from_address: u32,
    /// When the last of them was.
    pub last_from_address: Option<Timestamp>,
}

/// How far back failures count.
pub const WINDOW: TimeDelta = TimeDelta::hours(1);
/// Failures of an account before waiting begins.
pub const FREE_OF_ACCOUNT: u32 = 5;
/// Failures from an address before waiting begins: a whole office stands behind one, comes in at the same minute, and some
/// mistype.
pub const FREE_FROM_ADDRESS: u32 = 100;
/// The longest wait.
pub const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);
/// How many names and addresses are remembered; the longest untried go first.
const MOST: usize = 50_000;

/// What to do with a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Check it.
    Allow,
    /// Refuse without checking, until then.
    WaitUntil(Timestamp),
}

/// Whether a try at `now` is checked. The wait doubles from 1 s with every failure beyond the free ones.
pub fn judge(failures: Failures, now: Timestamp) -> Verdict {
    let until = [
        (failures.of_account, FREE_OF_ACCOUNT, failures.last_of_account),
        (failures.from_address, FREE_FROM_ADDRESS, failures.last_from_address),
    ]
    .into_iter()
    .filter_map(|(n, free, last)| {
        let over = n.saturating_add(1).checked_sub(free).filter(|over| *over > 0)?;
        let wait = TimeDelta::seconds(1i64 << (over - 1).min(20)).min(LONGEST_WAIT);
        Some(last?.plus(wait))
    })
    .max();
    match until {
        Some(until) if now < until => Verdict::WaitUntil(until),
        Some(_) | None => Verdict::Allow,
    }
}

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Door {
    Account(String),
    Address(String),
}

#[derive(Debug, Clone, Copy)]
struct Count {
    n: u32,
    began: Timestamp,
    last: Timestamp,
}

/// Everybody's tries.
#[derive(Debug, Clone, Default)]
pub struct Tries(Arc<Mutex<HashMap<Door, Count>>>);

/// A try that is under way and counts as a failure until it is said to fit.
#[derive(Debug)]
#[must_use = "a try that is not said to fit counts as a failure"]
pub struct Try {
    tries: Tries,
    account: Door,
    address: Door,
}

impl Tries {
    fn counts(&self) -> MutexGuard<'_, HashMap<Door, Count>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many names and addresses are remembered.
    pub fn remembered(&self) -> usize {
        self.counts().len()
    }

    /// Begins a try at an account name from an address, and counts it; when to come back when it is not even checked. What
    /// is turned away does not count, so that waiting ends.
    ///
    /// # Errors
    /// When to come back.
    pub fn begin(&self, account: &str, address: &str, now: Timestamp) -> Result<Try, Timestamp> {
        let (account, address) = (Door::Account(account.to_owned()), Door::Address(network(address)));
        let mut counts = self.counts();
        let known = |door: &Door| counts.get(door).filter(|it| now < it.began.plus(WINDOW)).copied();
        let (of_account, from_address) = (known(&account), known(&address));
        let failures = Failures {
            of_account: of_account.map_or(0, |it| it.n),
            last_of_account: of_account.map(|it| it.last),
            from_address: from_address.map_or(0, |it| it.n),
            last_from_address: from_address.map(|it| it.last),
        };
        if let Verdict::WaitUntil(until) = judge(failures, now) {
            return Err(until);
        }
        for (door, before) in [(&account, of_account), (&address, from_address)] {
            let (n, began) = before.map_or((1, now), |it| (it.n.saturating_add(1), it.began));
            counts.insert(door.clone(), Count { n, began, last: now });
        }
        make_room(&mut counts, now);
        drop(counts);
        Ok(Try { tries: self.clone(), account, address })
    }
}

impl Try {
    /// It was not checked, for reasons that are not the visitor's: as if it had not been.
    pub fn taken_back(self) {
        let mut counts = self.tries.counts();
        for door in [&self.account, &self.address] {
            if let Some(count) = counts.get_mut(door) {
                count.n = count.n.saturating_sub(1);
            }
        }
    }

    /// It fits: the account's failures are forgotten, and the address is as before.
    pub fn fits(self) {
        let mut counts = self.tries.counts();
        counts.remove(&self.account);
        if let Some(count) = counts.get_mut(&self.address) {
            count.n = count.n.saturating_sub(1);
        }
    }
}

/// An address as it is counted: one IPv6 network has more addresses than could ever be counted out.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(it)) if it.to_ipv4_mapped().is_none() => {
            let [a, b, c, d, ..] = it.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}/64")
        }
        Ok(IpAddr::V4(_) | IpAddr::V6(_)) | Err(_) => address.to_owned(),
    }
}

fn make_room(counts: &mut HashMap<Door, Count>, now: Timestamp) {
    if counts.len() <= MOST {
        return;
    }
    counts.retain(|_, it| now < it.began.plus(WINDOW));
    if counts.len() > MOST {
        let mut lasts: Vec<Timestamp> = counts.values().map(|it| it.last).collect();
        let (_, oldest, _) = lasts.select_nth_unstable(MOST / 10);
        let oldest = *oldest;
        counts.retain(|_, it| it.last > oldest);
    }
}
