//! Messages from draft to settled, against the real LINE and mail simulators on both databases: exactly once under faults,
//! nothing after a withdrawal.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

mod bounce;
mod faults;
mod month;
mod pace;
mod restored;
mod story;
mod town;
mod trying;
mod waiting;
mod withdrawal;
mod written_for;
