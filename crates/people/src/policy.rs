//! What an organisation has set about reach and job hunting. Leaves storing it to `storage`.

use chrono::{Months, NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use tsunagari_kernel::Moment;

use crate::JobHunting;
use crate::consent::OwnConsent;

/// The settings reach depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachPolicy {
    /// The age in years under which a guardian must consent.
    pub guardian_age: u8,
    /// Days after which an unconfirmed contact point is stale.
    pub stale_after_days: u32,
    /// Whether a stale contact point still counts as reachable.
    pub stale_counts: bool,
}

impl Default for ReachPolicy {
    fn default() -> Self {
        Self { guardian_age: 16, stale_after_days: 400, stale_counts: true }
    }
}

impl ReachPolicy {
    /// The span after which a contact point is stale: days of 24 hours.
    pub fn stale_after(&self) -> TimeDelta {
        TimeDelta::days(i64::from(self.stale_after_days))
    }

    /// The latest birth date with which a person's own consent suffices on a day. SQL binds this date.
    pub fn latest_birth(&self, day: NaiveDate) -> NaiveDate {
        day.checked_sub_months(Months::new(12 * u32::from(self.guardian_age))).unwrap_or(NaiveDate::MIN)
    }

    /// Whether a person's own consent suffices. An unknown birth date needs a guardian: closed on doubt.
    pub fn own_consent(&self, birth: Option<NaiveDate>, at: &Moment) -> OwnConsent {
        match birth {
            Some(birth) if birth <= self.latest_birth(at.date) => OwnConsent::Suffices,
            Some(_) | None => OwnConsent::NeedsGuardian,
        }
    }
}

/// All settings the facts about people depend on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Reach.
    pub reach: ReachPolicy,
    /// Job hunting.
    pub job_hunting: JobHunting,
}
