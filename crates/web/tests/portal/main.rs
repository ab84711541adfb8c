//! The portal's stories at the HTTP door, on both databases, with the simulated LINE and a simulated mailbox.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that cannot go on ends")]

mod browser;
mod contacts;
mod forgetting;
mod friendship;
mod guardians_links;
mod house;
mod joining;
mod line;
mod next_step;
mod protected;
mod talk;
