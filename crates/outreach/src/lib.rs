//! Messages, campaigns, deliveries, quota and pace. Leaves who is reachable to people, sending to channels, storing to
//! storage, the order of steps to acts.

pub mod audience;
pub mod campaign;
pub mod delivery;
pub mod dispatch;
pub mod linter;
pub mod message;
pub mod pace;
pub mod quota;
pub mod rich_menu;

pub use audience::{AudiencePreview, Channel, SkipReason, Way};
pub use campaign::{Campaign, CampaignRefusal, CampaignState};
pub use delivery::{DeliveryState, Results};
pub use dispatch::{Classified, Dispatch, NextStep};
pub use linter::Violation;
pub use message::Message;
pub use quota::{Forecast, Plan};

#[cfg(test)]
mod tests;
