//! One message to one person: its state, and the counts of a campaign. The key is (organisation, campaign, person).
//! Leaves requests to `dispatch`.

use serde::{Deserialize, Serialize};
use tsunagari_kernel::{DispatchId, Timestamp};

use crate::audience::SkipReason;

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DeliveryState {
    /// Waits for a worker.
    Queued,
    /// Belongs to a dispatch.
    Claimed {
        /// Which.
        dispatch: DispatchId,
        /// Until then no other worker touches it.
        lease_until: Timestamp,
        /// From 1.
        attempt: u32,
        /// When the first request left; later than 23 h after it nothing is repeated.
        first_attempt_at: Timestamp,
    },
    /// Waits to repeat the same dispatch.
    Retry {
        /// Which.
        dispatch: DispatchId,
        /// Not before.
        at: Timestamp,
        /// How many have been made.
        attempt: u32,
        /// When the first request left.
        first_attempt_at: Timestamp,
    },
    /// Accepted by the channel.
    Sent {
        /// When.
        at: Timestamp,
    },
    /// Refused for good.
    Failed {
        /// When.
        at: Timestamp,
    },
    /// Nobody can say; a person decides.
    Unknown {
        /// Since.
        at: Timestamp,
    },
    /// Not sent on purpose.
    Skipped {
        /// Why.
        reason: SkipReason,
    },
}

impl DeliveryState {
    /// The public code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Claimed { .. } => "claimed",
            Self::Retry { .. } => "retry",
            Self::Sent { .. } => "sent",
            Self::Failed { .. } => "failed",
            Self::Unknown { .. } => "unknown",
            Self::Skipped { .. } => "skipped",
        }
    }

    /// Whether a worker still has something to do.
    pub const fn is_open(&self) -> bool {
        match self {
            Self::Queued | Self::Claimed { .. } | Self::Retry { .. } => true,
            Self::Sent { .. } | Self::Failed { .. } | Self::Unknown { .. } | Self::Skipped { .. } => false,
        }
    }
}

/// A campaign's counts. `unknown` is never counted as sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Results {
    /// Not begun.
    pub queued: u64,
    /// Claimed or waiting to be repeated.
    pub in_flight: u64,
    /// Accepted.
    pub sent: u64,
    /// Refused.
    pub failed: u64,
    /// For a person to decide.
    pub unknown: u64,
    /// Left out.
    pub skipped: u64,
    /// Clicks on the campaign's links.
    pub clicks: u64,
    /// Who left through it.
    pub unsubscribed: u64,
}

impl Results {
    /// All deliveries.
    pub const fn total(&self) -> u64 {
        self.queued + self.in_flight + self.sent + self.failed + self.unknown + self.skipped
    }

    /// Whether every delivery has an outcome.
    pub const fn is_settled(&self) -> bool {
        self.queued == 0 && self.in_flight == 0
    }
}
