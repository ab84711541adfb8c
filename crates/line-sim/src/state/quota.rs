//! The monthly quota of a messaging channel: one per delivered recipient and request, months in Japan.

use std::collections::HashMap;

use crate::clock::{self, Millis};

/// A price plan's quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "value")]
pub enum QuotaPlan {
    /// No limit (the plan for local public bodies).
    None,
    /// Target limit of a month: 200, 5,000, or 30,000 plus the additional messages chosen.
    Limited(u64),
}

/// Plan and use.
#[derive(Debug)]
pub struct Quota {
    /// The plan.
    pub plan: QuotaPlan,
    used: HashMap<(i32, u32), u64>,
}

impl Quota {
    /// An unused quota.
    pub fn on(plan: QuotaPlan) -> Self {
        Self { plan, used: HashMap::new() }
    }

    /// Messages used in the month of `now`.
    pub fn used(&self, now: Millis) -> u64 {
        self.used.get(&clock::month(now)).copied().unwrap_or(0)
    }

    /// Sets the use of this month (another tool of the account sent messages).
    pub fn set_used(&mut self, now: Millis, used: u64) {
        self.used.insert(clock::month(now), used);
    }

    /// Takes `count` if the month has them; otherwise takes nothing and says no.
    pub fn take(&mut self, now: Millis, count: u64) -> bool {
        let used = self.used.entry(clock::month(now)).or_insert(0);
        match self.plan {
            QuotaPlan::Limited(limit) if count > 0 && *used + count > limit => false,
            QuotaPlan::Limited(_) | QuotaPlan::None => {
                *used += count;
                true
            }
        }
    }
}
