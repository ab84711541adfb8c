//! Load generators: real HTTP from outside, used by `bench` (how fast) and by the longer tests (whether everything stays
//! right). `times` collects how long things took, `pace` spreads arrivals over time, `webhooks` plays LINE's side of a
//! channel, `visitors` joins as a resident does, form by form, `officer` sits at a desk. They know addresses and secrets
//! only, nothing of how the server is made; what the answers mean is the caller's. To add one: a file here that takes
//! addresses and gives `Times` and counts.

pub mod officer;
pub mod pace;
pub mod times;
pub mod visitors;
pub mod webhooks;

pub use pace::Pace;
pub use times::Times;
