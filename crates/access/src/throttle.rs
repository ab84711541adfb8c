//! Sign-in throttle: from counted failures to allow or wait. Leaves counting to storage.

use chrono::TimeDelta;
use tsunagari_kernel::Timestamp;

/// Failures within the last `WINDOW`, counted by storage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Failures {
    /// For the account name tried.
    pub of_account: u32,
    /// From the network address.
    pub from_address: u32,
    /// When the last of them was.
    pub last_at: Option<Timestamp>,
}

/// How far back failures count.
pub const WINDOW: TimeDelta = TimeDelta::hours(1);
/// Failures of an account before waiting begins.
pub const FREE_OF_ACCOUNT: u32 = 5;
/// Failures from an address before waiting begins (an office shares one).
pub const FREE_FROM_ADDRESS: u32 = 30;
/// The longest wait.
pub const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);

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
    let over = (failures.of_account + 1)
        .saturating_sub(FREE_OF_ACCOUNT)
        .max((failures.from_address + 1).saturating_sub(FREE_FROM_ADDRESS));
    let (Some(last), 1..) = (failures.last_at, over) else { return Verdict::Allow };
    let wait = TimeDelta::seconds(1i64 << (over - 1).min(20)).min(LONGEST_WAIT);
    let until = last.plus(wait);
    if now >= until { Verdict::Allow } else { Verdict::WaitUntil(until) }
}
