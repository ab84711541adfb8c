//! The portal's stories at the HTTP door, on both databases, with the simulated LINE and a simulated mailbox.

mod browser;
mod house;
mod joining;
mod line;
