//! The ways out of the house and back in: LINE and e-mail. Typed clients, what comes in parsed, every failure classified
//! by what may be done next. Leaves *when* to send, and what an outcome means for a delivery, to `acts`; knows no storage.
//! To add a channel: a folder here with its client and its own outcome type; a trait only when two of them share one.

pub mod email;
pub mod line;
mod secret;

pub use secret::Secret;
